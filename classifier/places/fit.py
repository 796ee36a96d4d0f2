"""Fit the weights of gazetteer/weights.tsv:  python -m classifier.places.fit LABELS.jsonl … -o weights.tsv

The labels are lines of JSON with title, sapo or text, published, flag, kind, story and province (as the article
names it). A conditional logit over the provinces that an article names: L2 keeps rare features small. With
`--folds` it prints how often the province is right on stories that were left out. Only figures are written.
"""

import argparse
import json
import math
import sys
import zlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.places.finder import PLACELESS, PlaceFinder
from classifier.places.fold import name_key
from classifier.places.incident import Candidate, candidates, measure
from models.records import Reading

L2 = 3.0
STEPS = 400
Floats = NDArray[np.float64]
Example = tuple[str, list[Candidate], int]
"""(story or id, candidates, index of the right one)"""


def examples(paths: Iterable[Path], finder: PlaceFinder) -> list[Example]:
    named = {name_key(u.name): u.index for u in finder.gazetteer.units if u.level == "province"}
    named |= {text: name.provinces[0] for text, name in finder.lexicon.spellings.items() if name.provinces}
    found = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            province = (row.get("province") or "").removesuffix(" cũ").strip()
            want = named.get(province, named.get(name_key(province)))
            if want is None or row.get("kind") in PLACELESS:
                continue
            reading = as_reading(row)
            read = finder.read(reading)
            era = finder.era(reading, read)
            ones = candidates(read, finder.provinces, era)
            measure(ones)
            right = [i for i, one in enumerate(ones) if one.node in finder.provinces.of(want, era)]
            if right and len(ones) > 1:
                found.append((str(row.get("story") or row["id"]), ones, right[0]))
    return found


def as_reading(row: dict[str, Any]) -> Reading:
    published = datetime.fromisoformat(row["published"]) if row.get("published") else None
    return Reading(
        id=row["id"], title=row.get("title") or "", sapo=row.get("sapo") or "", text=row.get("text") or "",
        url=row.get("url") or "", source=row.get("source") or "", published=published,
    )  # fmt: skip


def matrix(found: Sequence[Example], names: dict[str, int]) -> tuple[Floats, NDArray[np.int64], Floats]:
    """(rows of features, where each example begins, weight of each example: a story counts as three articles)"""
    rows = np.zeros((sum(len(ones) for _, ones, _ in found), len(names)))
    starts, at = [], 0
    stories: dict[str, int] = {}
    for story, ones, _ in found:
        stories[story] = stories.get(story, 0) + 1
        starts.append(at)
        for one in ones:
            for name, value in one.features.items():
                if name in names:
                    rows[at, names[name]] = value
            at += 1
    return rows, np.array(starts), np.array([min(1.0, 3 / stories[story]) for story, _, _ in found])


def fit(found: Sequence[Example], names: dict[str, int]) -> Floats:
    """Weights by Adam on the penalised likelihood."""
    rows, starts, counts = matrix(found, names)
    right = starts + np.array([right for _, _, right in found])
    group = np.repeat(np.arange(len(found)), np.diff([*starts, len(rows)]))
    weights, mean, square = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    aim = (rows[right] * counts[:, None]).sum(0)
    for step in range(1, STEPS + 1):
        scores = rows @ weights
        likely = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        likely *= counts[group] / np.add.reduceat(likely, starts)[group]
        slope = rows.T @ likely - aim + L2 * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= 0.05 * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def right_on(found: Sequence[Example], names: dict[str, int], weights: Floats) -> int:
    def score(one: Candidate) -> float:
        return math.fsum(weights[names[n]] * v for n, v in one.features.items() if n in names)

    return sum(max(range(len(ones)), key=lambda i: score(ones[i])) == right for _, ones, right in found)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the weights that choose an article's province.")
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("-o", "--out", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    chosen = parser.parse_args()
    found = examples(chosen.labels, PlaceFinder.load())
    names = {n: i for i, n in enumerate(sorted({n for _, ones, _ in found for one in ones for n in one.features}))}
    if chosen.folds:
        fold = [zlib.crc32(story.encode()) % chosen.folds for story, _, _ in found]
        right = 0
        for left_out in range(chosen.folds):
            weights = fit([e for e, f in zip(found, fold, strict=True) if f != left_out], names)
            right += right_on([e for e, f in zip(found, fold, strict=True) if f == left_out], names, weights)
        sys.stderr.write(f"left out: {right} of {len(found)} articles with several provinces right\n")
    if chosen.out:
        weights = fit(found, names)
        lines = ["# Written by classifier.places.fit: how much each feature speaks for a province.", "feature\tweight"]
        lines += [f"{name}\t{weights[i]:.3f}" for name, i in names.items()]
        chosen.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
