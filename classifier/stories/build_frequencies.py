"""Count hashed features over a pile of articles.

`python -m classifier.stories.build_frequencies IN.jsonl.gz … -o OUT.npz`

Each line of an input is an object with `title`, `sapo`, `text`. Only counts per slot leave this program.
"""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np

from classifier.stories.features import every_slot
from classifier.stories.frequencies import RELEASED, SLOTS, levels_of
from classifier.stories.records import StoryDoc


def documents(path: Path) -> Iterator[StoryDoc]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            yield StoryDoc(row["id"], row.get("title") or "", row.get("sapo") or "", row.get("text") or "")


@click.command()
@click.argument("inputs", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("-o", "--out", default=RELEASED, type=click.Path(path_type=Path))
def build(inputs: tuple[Path, ...], out: Path) -> None:
    counts = np.zeros(SLOTS, np.int64)
    total = 0
    for path in inputs:
        for doc in documents(path):
            total += 1
            counts[every_slot(doc)] += 1
    np.savez_compressed(out, levels=levels_of(counts), documents=np.int64(total))


if __name__ == "__main__":
    build()
