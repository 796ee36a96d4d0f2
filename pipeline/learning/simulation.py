"""What a reading order would have saved: the labelled stream read again by several policies, a model learning along.

As ASReview simulates: two known articles to begin with, a batch is read, the model learns from all that was read, the
next batch is chosen, until everything relevant is found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.active import Pool, distance, pick, wss
from classifier.corpus import Label
from classifier.features import Floats, HashedTerms, Matrix
from classifier.linear import fit_head
from classifier.recipe import Recipe
from classifier.sights import look
from models.records import TYPES, Reading

RECALL, FAR = 0.95, 0.20
QUEUE_SHARE = 0.3
"""Of a batch, what the queue adds to the list's likeliest articles."""
RANDOM, UNCERTAINTY, LIKELIEST, OURS = "random", "uncertainty", "likeliest", "ours"
POLICIES = (RANDOM, UNCERTAINTY, LIKELIEST, OURS)
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Field:
    """Everything that can be read, as rows of words, with what people said of each."""

    rows: Matrix
    truth: npt.NDArray[np.bool_]
    types: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run: work saved at 95 % recall, and the share found after 5, 10 and 20 % of all was read."""

    policy: str
    seed: int
    wss95: float
    read_for_95: int
    size: int
    found_at: dict[str, float]


def field_of(labels: Sequence[Label], others: Sequence[Reading], recipe: Recipe) -> Field:
    """Labelled entries (undecidable ones are left out), and unlabelled ones that stand as irrelevant."""
    decided = [label for label in labels if label.flag in (0, 1)]
    known = {label.reading.id for label in labels}
    readings = [*(label.reading for label in decided), *(r for r in others if r.id not in known)]
    hashed = HashedTerms(recipe.cells)
    counts = look(readings, hashed, whole=False).counts
    hashed.fit_weights(counts)
    rest = len(readings) - len(decided)
    truth = np.array([label.flag == 1 for label in decided] + [False] * rest, dtype=bool)
    types = np.zeros((len(readings), len(TYPES)), dtype=bool)
    for number, label in enumerate(decided):
        types[number] = [code in label.types for code in TYPES]
    return Field(hashed.weigh(counts), truth, types)


def simulate(field: Field, policy: str, *, batch: int, seed: int, c: float) -> Outcome:
    """Read by the policy until every figure is known: 95 % are found and a fifth is read; the rest follows in random
    order, which changes none of them."""
    chance = np.random.default_rng(seed)
    size = len(field.truth)
    start = [int(chance.choice(np.flatnonzero(field.truth == answer))) for answer in (True, False)]
    order, left = list(start), np.ones(size, dtype=bool)
    left[start] = False
    choose = CHOICES[policy]
    wanted = np.ceil(RECALL * (field.truth.sum() - 1))
    while left.any() and (field.truth[order[2:]].sum() < wanted or len(order) - 2 < FAR * size):
        open_rows = np.flatnonzero(left)
        taken = choose(field, np.array(order), open_rows, min(batch, len(open_rows)), (chance, c))
        order += [int(row) for row in taken]
        left[taken] = False
    order += [int(row) for row in chance.permutation(np.flatnonzero(left))]
    hits = field.truth[order[2:]]
    needed = int(np.searchsorted(np.cumsum(hits), wanted)) + 1
    found = np.cumsum(hits) / max(1, hits.sum())
    at = {f"{share:.0%}": float(found[max(0, int(share * len(hits)) - 1)]) for share in (0.05, 0.10, FAR)}
    return Outcome(policy, seed, wss(hits, RECALL), needed, size - 2, at)


Chosen = Callable[[Field, Rows, Rows, int, tuple[np.random.Generator, float]], Rows]


def _scores(field: Field, read: Rows, open_rows: Rows, c: float, *, answers: npt.NDArray[np.bool_]) -> Floats:
    """Chance of each open row by a linear model of what was read; relevant ones weigh as much as the others."""
    truth = answers[read]
    many, few = max(1, int((~truth).sum())), max(1, int(truth.sum()))
    weight = np.where(truth, len(truth) / (2 * few), len(truth) / (2 * many))
    head = fit_head(("flag",), field.rows[read], truth[:, None], weight, c=c, seed=1, kind=np.int16)
    return np.asarray(head.probabilities(field.rows[open_rows])[:, 0])


def _random(_field: Field, _read: Rows, open_rows: Rows, count: int, by: tuple[np.random.Generator, float]) -> Rows:
    return by[0].permutation(open_rows)[:count]


def _uncertain(field: Field, read: Rows, open_rows: Rows, count: int, by: tuple[np.random.Generator, float]) -> Rows:
    score = _scores(field, read, open_rows, by[1], answers=field.truth)
    return open_rows[np.argsort(np.abs(score - 0.5), kind="stable")[:count]]


def _likeliest(field: Field, read: Rows, open_rows: Rows, count: int, by: tuple[np.random.Generator, float]) -> Rows:
    score = _scores(field, read, open_rows, by[1], answers=field.truth)
    return open_rows[np.argsort(-score, kind="stable")[:count]]


def _ours(field: Field, read: Rows, open_rows: Rows, count: int, by: tuple[np.random.Generator, float]) -> Rows:
    """The list's likeliest, and the queue's picks among the rest, as on a working day."""
    score = _scores(field, read, open_rows, by[1], answers=field.truth)
    queue = round(count * QUEUE_SHARE)
    order = np.argsort(-score, kind="stable")
    listed, rest = order[: count - queue], order[count - queue :]
    counts = field.types[read].sum(axis=0)
    flagged = read[field.truth[read]]
    types = np.column_stack(
        [
            _scores(field, flagged, open_rows[rest], by[1], answers=field.types[:, n])
            if 0 < counts[n] < len(flagged)
            else np.zeros(len(rest))
            for n in range(len(TYPES))
        ]
    )
    known = field.rows[read[-DISTANCE_TO:]]
    near = rest[:DISTANCE_OF]
    far = np.zeros(len(rest))
    far[: len(near)] = distance(field.rows[open_rows[near]], known)
    pool = Pool(score[rest], 0.5, types, far)
    seed = int(by[0].integers(2**31))
    picks = pick(pool, counts.tolist(), count=queue, random_share=QUEUE_RANDOM, seed=seed)
    return (
        np.concatenate((open_rows[listed], open_rows[rest[[one.row for one in picks]]])) if picks else open_rows[listed]
    )


QUEUE_RANDOM = 0.3
DISTANCE_TO, DISTANCE_OF = 1000, 500
"""Unlikeness is measured to the newest read and for the likeliest unread: the rest cannot be picked for it."""
CHOICES: dict[str, Chosen] = {RANDOM: _random, UNCERTAINTY: _uncertain, LIKELIEST: _likeliest, OURS: _ours}
