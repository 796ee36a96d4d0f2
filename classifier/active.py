"""Which unread articles teach most: the uncertain, those unlike anything seen, those near a rare type; and random ones.

Random picks are drawn first and from everything, each with the same known chance, so that what people say of them is
an honest sample of the day; whatever else is picked is on top of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.features import Floats, Matrix
from models.records import TYPES

RANDOM, UNCERTAIN, UNLIKE, RARE = "random", "uncertain", "unlike", "rare"
CRITERIA = (UNCERTAIN, UNLIKE, RARE)
CHUNK = 512
TINY = 1e-6


@dataclass(frozen=True, slots=True)
class Pool:
    """What can be picked: flag scores with the score from which one is flagged, chance of each type, and how far each
    is from all that was read (0 the same, 1 nothing in common)."""

    score: Floats
    threshold: float
    types: Floats
    distance: Floats


@dataclass(frozen=True, slots=True)
class Pick:
    """`row` of the pool, why, and how probably a drawing like this takes it (1 for what was chosen, not drawn)."""

    row: int
    why: str
    chance: float


def uncertainty(score: Floats, threshold: float) -> Floats:
    """1 at the score that decides, less on both sides: closeness in log odds, since scores are calibrated and low."""
    odds = np.log(np.clip(score, TINY, 1 - TINY)) - np.log1p(-np.clip(score, TINY, 1 - TINY))
    cut = float(np.log(max(threshold, TINY)) - np.log1p(-min(threshold, 1 - TINY)))
    return np.asarray(1 / (1 + np.abs(odds - cut)))


def distance(rows: Matrix, known: Matrix) -> Floats:
    """One minus the greatest cosine with what was read; both have rows of length one."""
    if known.shape[0] == 0:
        return np.ones(rows.shape[0])
    found = np.ones(rows.shape[0])
    for start in range(0, rows.shape[0], CHUNK):
        alike = rows[start : start + CHUNK] @ known.T
        found[start : start + CHUNK] = 1 - np.asarray(alike.max(axis=1).todense()).ravel()
    return np.clip(found, 0.0, 1.0)


def rarity(counts: Sequence[int]) -> Floats:
    """Weight of each type: 1 for the one with the fewest labels, less the commoner it is."""
    seen = np.asarray(counts, dtype=float) + 1
    return np.asarray(np.sqrt(seen.min() / seen))


def rare_boundary(pool: Pool, counts: Sequence[int]) -> Floats:
    """How near an article is to the boundary of a rare type, if it may be relevant at all."""
    near = 1 - np.abs(2 * pool.types - 1)
    best = (near * rarity(counts)).max(axis=1) if pool.types.size else np.zeros(len(pool.score))
    return np.asarray(best * np.clip(pool.score / max(pool.threshold, TINY), 0, 1))


def pick(pool: Pool, counts: Sequence[int], *, count: int, random_share: float, seed: int) -> list[Pick]:
    """At most `count` picks, random ones first in the list; no article twice. `counts` are labels of each of TYPES."""
    if len(counts) != len(TYPES):
        raise ValueError(f"{len(TYPES)} counts are needed")
    size = len(pool.score)
    drawn = min(size, round(count * random_share))
    chance = np.random.default_rng(seed)
    rows = chance.permutation(size)[:drawn]
    picks = [Pick(int(row), RANDOM, drawn / size) for row in rows]
    taken = {one.row for one in picks}
    orders = [
        iter(np.argsort(-values, kind="stable"))
        for values in (uncertainty(pool.score, pool.threshold), pool.distance, rare_boundary(pool, counts))
    ]
    while len(picks) < min(count, size):
        for why, order in zip(CRITERIA, orders, strict=True):
            row = _next(order, taken)
            if row is not None and len(picks) < count:
                taken.add(row)
                picks.append(Pick(row, why, 1.0))
    return picks


def _next(order: Iterator[np.intp], taken: set[int]) -> int | None:
    return next((int(row) for row in order if int(row) not in taken), None)


def wss(relevant_in_order: npt.NDArray[np.bool_], recall: float = 0.95) -> float:
    """Work saved over sampling at that recall, as ASReview reports it: the share of articles that need not be read,
    less what reading in random order would save. `relevant_in_order` holds all articles in the order read."""
    total = int(relevant_in_order.sum())
    if total == 0:
        return 0.0
    needed = int(np.ceil(recall * total))
    read = int(np.searchsorted(np.cumsum(relevant_in_order), needed)) + 1
    return (1 - read / len(relevant_in_order)) - (1 - recall)
