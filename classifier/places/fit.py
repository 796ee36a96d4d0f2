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
from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.places.chains import PROVINCE, Chain, chains
from classifier.places.finder import PLACELESS, PlaceFinder
from classifier.places.finest import Option, options
from classifier.places.fold import name_key
from classifier.places.incident import ABROAD, Candidate, candidates, measure
from classifier.places.mentions import scan
from models.records import Reading

L2 = {"province": 2.0, "finest": 10.0}
"""Penalties, chosen on stories left out."""
STEPS = 400
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Example = tuple[str, Sequence[Candidate | Option], list[int]]
"""(story or id, candidates, those that are right)"""


def examples(paths: Iterable[Path], finder: PlaceFinder) -> list[Example]:
    named = {name_key(u.name): u.index for u in finder.gazetteer.units if u.level == "province"}
    named |= {text: name.provinces[0] for text, name in finder.lexicon.spellings.items() if name.provinces}
    found: list[Example] = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            province = (row.get("province") or "").removesuffix(" cũ").strip()
            want = named.get(province, named.get(name_key(province)))
            abroad = row.get("kind") == "nuoc_ngoai"
            if not abroad and (want is None or row.get("kind") in PLACELESS):
                continue
            reading = as_reading(row)
            read = finder.read(reading)
            era = finder.era(reading, read)
            ones = candidates(read, finder.provinces, era)
            measure(ones)
            nodes = {ABROAD} if abroad or want is None else finder.provinces.of(want, era)
            right = [i for i, one in enumerate(ones) if one.node in nodes]
            if 0 < len(right) < len(ones):
                found.append((str(row.get("story") or row["id"]), ones, right))
    return found


def fine_examples(paths: Iterable[Path], finder: PlaceFinder) -> list[Example]:
    """Which commune or district of the right province is the place, where the label's `place` says so."""
    found: list[Example] = []
    for path in paths:
        for line in path.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            place = row.get("place") or ""
            label = next(chains(place, scan(place, finder.lexicon), finder.lexicon), None)
            if label is None or label.levels[0] == PROVINCE or row.get("kind") in PLACELESS:
                continue
            reading = as_reading(row)
            read = finder.read(reading)
            era = finder.era(reading, read)
            nodes = finder.provinces.nodes(label, era)
            for one in candidates(read, finder.provinces, era):
                ones = options(one.chains, finder.gazetteer) if one.node in nodes else []
                right = [i for i, option in enumerate(ones) if _agrees(option, label)]
                if 0 < len(right) < len(ones):
                    found.append((str(row.get("story") or row["id"]), ones, right))
    return found


def _agrees(option: Option, label: Chain) -> bool:
    """A commune agrees with a label that stops at its district."""
    level = label.levels[0]
    return label.key(level) == (option.key if option.level == level else option.district)


def as_reading(row: dict[str, Any]) -> Reading:
    published = datetime.fromisoformat(row["published"]) if row.get("published") else None
    return Reading(
        id=row["id"], title=row.get("title") or "", sapo=row.get("sapo") or "", text=row.get("text") or "",
        url=row.get("url") or "", source=row.get("source") or "", published=published,
    )  # fmt: skip


def matrix(found: Sequence[Example], names: dict[str, int]) -> tuple[Floats, Ints, Floats, Floats]:
    """(features of each candidate, where each example begins, weight of each example, 1.0 for right candidates).

    A story counts as three articles at most.
    """
    rows = np.zeros((sum(len(ones) for _, ones, _ in found), len(names)))
    good = np.zeros(len(rows))
    starts, at = [], 0
    stories = Counter(story for story, _, _ in found)
    for _, ones, right in found:
        starts.append(at)
        good[[at + i for i in right]] = 1.0
        for one in ones:
            for name, value in one.features.items():
                if name in names:
                    rows[at, names[name]] = value
            at += 1
    return rows, np.array(starts), np.array([min(1.0, 3 / stories[story]) for story, _, _ in found]), good


def fit(found: Sequence[Example], names: dict[str, int], penalty: float) -> Floats:
    """Weights by Adam on the penalised likelihood that one of the right candidates is chosen."""
    rows, starts, counts, good = matrix(found, names)
    group = np.repeat(np.arange(len(found)), np.diff([*starts, len(rows)]))
    weights, mean, square = np.zeros(len(names)), np.zeros(len(names)), np.zeros(len(names))
    for step in range(1, STEPS + 1):
        scores = rows @ weights
        all_of = np.exp(scores - np.maximum.reduceat(scores, starts)[group])
        right_of = all_of * good
        likely = all_of / np.add.reduceat(all_of, starts)[group]
        wanted = right_of / np.maximum(np.add.reduceat(right_of, starts), 1e-12)[group]
        slope = rows.T @ ((likely - wanted) * counts[group]) + penalty * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= 0.05 * mean / (1 - 0.9**step) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return weights


def right_on(found: Sequence[Example], names: dict[str, int], weights: Floats) -> int:
    def score(one: Candidate | Option) -> float:
        return math.fsum(weights[names[n]] * v for n, v in one.features.items() if n in names)

    return sum(max(range(len(ones)), key=lambda i: score(ones[i])) in right for _, ones, right in found)


def main() -> None:
    parser = argparse.ArgumentParser(description="Fit the weights that choose an article's province.")
    parser.add_argument("labels", nargs="+", type=Path)
    parser.add_argument("-o", "--out", type=Path)
    parser.add_argument("--folds", type=int, default=0)
    chosen = parser.parse_args()
    finder = PlaceFinder.load()
    lines = [
        "# Written by classifier.places.fit: how much each feature speaks for a province, a commune or a district."
    ]
    lines.append("feature\tweight")
    for what, found in (
        ("province", examples(chosen.labels, finder)),
        ("finest", fine_examples(chosen.labels, finder)),
    ):
        names = {n: i for i, n in enumerate(sorted({n for _, ones, _ in found for one in ones for n in one.features}))}
        if chosen.folds:
            sys.stderr.write(
                f"{what}: {left_out(found, names, chosen.folds, L2[what])} of {len(found)} right when left out\n"
            )
        weights = fit(found, names, L2[what])
        lines += [f"{name}\t{weights[i]:.3f}" for name, i in names.items()]
    if chosen.out:
        chosen.out.write_text("\n".join(lines) + "\n", encoding="utf-8")


def left_out(found: Sequence[Example], names: dict[str, int], folds: int, penalty: float) -> int:
    fold = [zlib.crc32(story.encode()) % folds for story, _, _ in found]
    right = 0
    for one in range(folds):
        weights = fit([e for e, f in zip(found, fold, strict=True) if f != one], names, penalty)
        right += right_on([e for e, f in zip(found, fold, strict=True) if f == one], names, weights)
    return right


if __name__ == "__main__":
    main()
