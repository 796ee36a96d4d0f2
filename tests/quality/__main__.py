"""`python -m tests.quality`: refit the recipe per fold, score with the corpus's scorers, fail below the pinned floors.

python -m tests.quality                     check
python -m tests.quality --pin               write floors from this run (raises only)
python -m tests.quality --pin --lower WHY   floors may go down; WHY is kept in the file
python -m tests.quality --keep FOLDER       leave the verdicts there
python -m tests.quality --workers 2         folds in so many processes; the figures are the same
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
import tomllib
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import click

from classifier import corpus as data
from classifier import evaluate
from classifier.figures import Judged, recall_by_group, with_intervals
from classifier.recipe import Recipe, read_recipe
from classifier.recipes import RELEASED_RECIPE
from classifier.train import read_facts, read_labels
from models.records import Reading
from pipeline.judging_file import as_row
from tests.quality.floors import FLOORS, Floors, read_floors, write_floors

SHARED = Path(__file__).resolve().parents[2] / "../shared"
CORPUS = SHARED / "corpus"


def write_held(held: list[evaluate.Held], path: Path) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for fold in held:
            for reading, verdict in zip(fold.readings, fold.verdicts, strict=True):
                lines.write(json.dumps(as_row(reading, verdict, None, None), ensure_ascii=False) + "\n")


def scored(tool: str, *arguments: str | Path) -> dict[str, float]:
    """Figures of one of the corpus's scorers."""
    command = [sys.executable, str(SHARED / "tools" / tool), *map(str, arguments), "--json"]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return {name: float(value) for name, (value, _) in json.loads(answer.stdout).items()}


@cache
def material() -> tuple[list[data.Label], list[Reading], dict[str, dict[str, Any]], Recipe]:
    return read_labels(CORPUS), data.stream(CORPUS), read_facts(CORPUS), read_recipe(RELEASED_RECIPE)


def fold(name: str) -> evaluate.Held:
    """A month, or the number of a fold of stories; says when it is done, for all of them take long."""
    labels, stream, facts, recipe = material()
    began = time.process_time()
    if name in evaluate.MONTHS:
        held = evaluate.forwards(labels, stream, recipe, name)
    else:
        held = evaluate.story_apart(labels, stream, facts, recipe, int(name))
    click.echo(f"quality: {name} judged, {time.process_time() - began:.0f} s of processor time", err=True)
    return held


def measure(folder: Path, workers: int) -> dict[str, dict[str, float]]:
    """Figures by group: feed (forwards in time), full (stories apart), facts (stories apart)."""
    labels, _, _, recipe = material()
    numbers = [str(number) for number in range(len(evaluate.story_folds(labels, recipe)))]
    if workers > 1:
        with ProcessPoolExecutor(workers, get_context("fork")) as pool:
            held = list(pool.map(fold, (*evaluate.MONTHS, *numbers)))
    else:
        held = [fold(name) for name in (*evaluate.MONTHS, *numbers)]
    months, articles = held[: len(evaluate.MONTHS)], held[len(evaluate.MONTHS) :]
    write_held(months, folder / "feed.jsonl")
    write_held(articles, folder / "full.jsonl")
    found = figures(folder, months)
    card = {
        "data": data.data_digest(CORPUS),
        "feed": for_card(months, labels, found["feed"]),
        "full": for_card(articles, labels, found["full"] | found["facts"]),
    }
    (folder / "measured.json").write_text(json.dumps(card, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return found


def for_card(held: list[evaluate.Held], labels: list[data.Label], found: dict[str, float]) -> dict[str, Any]:
    verdicts = {r.id: v for fold in held for r, v in zip(fold.readings, fold.verdicts, strict=True)}
    judged = [Judged(label, verdicts[label.reading.id]) for label in labels if label.reading.id in verdicts]
    return {
        "with_95_interval": with_intervals(judged, seed=1),
        "recall_of_flag_by_group": recall_by_group(judged),
        "figures": {name: round(value, 4) for name, value in found.items()},
    }


def figures(folder: Path, months: list[evaluate.Held]) -> dict[str, dict[str, float]]:
    judged = {reading.id for fold in months for reading in fold.readings}
    kept = [row for row in data.rows(CORPUS / "labels_feed.jsonl") if row["id"] in judged]
    part = folder / "labels.jsonl"
    part.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), encoding="utf-8")
    days = len({r.published.date() for fold in months for r in fold.readings if r.published})
    full, read = CORPUS / "labels_full.jsonl", CORPUS / "facts.jsonl"
    return {
        "feed": scored("score_flags.py", part, folder / "feed.jsonl", "--stream", str(days)),
        "full": scored("score_flags.py", full, folder / "full.jsonl"),
        "facts": scored("score_facts.py", full, read, folder / "full.jsonl"),
    }


def failures(found: dict[str, dict[str, float]], floors: Floors) -> list[str]:
    said = []
    for group, wanted in floors.figures.items():
        for name, (sense, bound) in wanted.items():
            value = found[group][name]
            if (sense == "at least" and value < bound) or (sense == "at most" and value > bound):
                said.append(f"{group}: {name} is {value:.4f}, must be {sense} {bound:.4f}")
    return said


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pin", action="store_true")
    parser.add_argument("--lower", metavar="WHY", default="")
    parser.add_argument("--keep", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    args = parser.parse_args()
    if not CORPUS.is_dir():
        click.echo(f"quality: {CORPUS} is not here; nothing was checked", err=True)
        return 1
    floors, digest = read_floors(FLOORS), data.data_digest(CORPUS)
    if not args.pin and floors.digest != digest:
        click.echo("quality: the floors were pinned on other data; pin them again", err=True)
        return 1
    with tempfile.TemporaryDirectory() as scratch:
        folder = args.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        found: dict[str, Any] = measure(folder, args.workers)
    for group, values in found.items():
        for name, value in values.items():
            click.echo(f"{group:6s} {name:46s} {value:.4f}")
    if args.pin:
        write_floors(FLOORS, floors, found, digest, args.lower)
        return 0
    said = failures(found, floors)
    click.echo("\n".join(said) or "quality: every figure is at or above its floor")
    return 1 if said else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (OSError, tomllib.TOMLDecodeError) as error:
        sys.exit(f"quality: {error}")
