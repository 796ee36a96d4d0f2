"""What a reading order would have saved: the labelled stream read again by several policies, a model learning along.

As ASReview simulates: two known articles to begin with, a batch is read, the model learns from all that was read, the
next batch is chosen, until everything relevant is found.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from classifier.active import RANDOM as RANDOM_PICK
from classifier.active import Pool, distance, pick, wss
from classifier.corpus import Label
from classifier.features import Floats, HashedTerms, Matrix
from classifier.linear import fit_head
from classifier.recipe import Recipe
from classifier.sights import look
from models.records import TYPES, Reading

RECALL = 0.95
SHARES = (0.01, 0.02, 0.05, 0.10, 0.20)
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
    """One run: work saved at 95 % recall, the readings that it took and how many of these were drawn at random, and the
    share found after 1, 2, 5, 10 and 20 % of all was read, as far as the model learnt along."""

    policy: str
    seed: int
    wss95: float
    read_for_95: int
    drawn_for_95: int
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


def simulate(field: Field, policy: str, *, batch: int, seed: int, c: float, most: int | None = None) -> Outcome:
    """Read by the policy until 95 % are found. After `most` readings the model learns no more, and the rest is read in
    the order that it gives then."""
    chance = np.random.default_rng(seed)
    size = len(field.truth)
    start = [int(chance.choice(np.flatnonzero(field.truth == answer))) for answer in (True, False)]
    order, drawn, left = list(start), [False, False], np.ones(size, dtype=bool)
    left[start] = False
    wanted = np.ceil(RECALL * (field.truth.sum() - 1))
    learnt = 0
    while left.any() and field.truth[order[2:]].sum() < wanted:
        open_rows = np.flatnonzero(left)
        last = most is not None and len(order) - 2 >= most
        count = len(open_rows) if last else min(batch, len(open_rows))
        taken, at_random = CHOICES[policy](field, np.array(order), open_rows, count, (chance, c))
        order += taken.tolist()
        drawn += at_random.tolist()
        left[taken] = False
        learnt = learnt if last else len(order) - 2
    order += chance.permutation(np.flatnonzero(left)).tolist()
    hits = field.truth[order[2:]]
    found = np.cumsum(hits)
    needed = int(np.searchsorted(found, wanted)) + 1
    at = {share: round(share * len(hits)) for share in SHARES}
    return Outcome(
        policy,
        seed,
        wss(hits, RECALL),
        needed,
        sum(drawn[2 : needed + 2]),
        size - 2,
        {f"{share:.0%}": float(found[n - 1] / found[-1]) for share, n in at.items() if 0 < n <= learnt},
    )


def interval(values: Sequence[float]) -> tuple[float, float, float]:
    """Mean of the runs, and its 95 % interval by Student's distribution."""
    mean = float(np.mean(values))
    reach = float(student.ppf(0.975, len(values) - 1) * np.std(values, ddof=1) / np.sqrt(len(values)))
    return mean, mean - reach, mean + reach


Chosen = Callable[[Field, Rows, Rows, int, tuple[np.random.Generator, float]], tuple[Rows, npt.NDArray[np.bool_]]]
"""Rows of the next batch in the order of reading, and which of them were drawn at random to estimate from."""


def _scores(field: Field, read: Rows, open_rows: Rows, c: float, *, answers: npt.NDArray[np.bool_]) -> Floats:
    """Chance of each open row by a linear model of what was read; relevant ones weigh as much as the others."""
    truth = answers[read]
    many, few = max(1, int((~truth).sum())), max(1, int(truth.sum()))
    weight = np.where(truth, len(truth) / (2 * few), len(truth) / (2 * many))
    head = fit_head(("flag",), field.rows[read], truth[:, None], weight, c=c, seed=1, kind=np.int16, quick=True)
    return np.asarray(head.probabilities(field.rows[open_rows])[:, 0])


def _random(_field: Field, _read: Rows, open_rows: Rows, count: int, by: tuple[np.random.Generator, float]) -> Any:
    return by[0].permutation(open_rows)[:count], np.ones(count, dtype=bool)


def _uncertain(field: Field, read: Rows, open_rows: Rows, count: int, by: tuple[np.random.Generator, float]) -> Any:
    score = _scores(field, read, open_rows, by[1], answers=field.truth)
    return open_rows[np.argsort(np.abs(score - 0.5), kind="stable")[:count]], np.zeros(count, dtype=bool)


def _likeliest(field: Field, read: Rows, open_rows: Rows, count: int, by: tuple[np.random.Generator, float]) -> Any:
    score = _scores(field, read, open_rows, by[1], answers=field.truth)
    return open_rows[np.argsort(-score, kind="stable")[:count]], np.zeros(count, dtype=bool)


def _ours(field: Field, read: Rows, open_rows: Rows, count: int, by: tuple[np.random.Generator, float]) -> Any:
    """The list's likeliest, and the queue's picks among the rest, as on a working day."""
    score = _scores(field, read, open_rows, by[1], answers=field.truth)
    order = np.argsort(-score, kind="stable")
    queue = round(count * QUEUE_SHARE) if count < len(open_rows) else 0
    listed, rest = order[: count - queue], order[count - queue :]
    if not queue:
        return open_rows[listed], np.zeros(count, dtype=bool)
    counts = field.types[read].sum(axis=0)
    flagged = read[field.truth[read]]
    near = rest[:NEAREST]
    types, far = np.zeros((len(rest), len(TYPES))), np.zeros(len(rest))
    for n in np.flatnonzero((counts > 0) & (counts < len(flagged))):
        types[: len(near), n] = _scores(field, flagged, open_rows[near], by[1], answers=field.types[:, n])
    far[: len(near)] = distance(field.rows[open_rows[near]], field.rows[read[-DISTANCE_TO:]])
    seed = int(by[0].integers(2**31))
    pool = Pool(score[rest], 0.5, types, far)
    picks = pick(pool, counts.tolist(), count=queue, random_share=QUEUE_RANDOM, seed=seed)
    taken = np.concatenate((open_rows[listed], open_rows[rest[[one.row for one in picks]]]))
    return taken, np.array([False] * len(listed) + [one.why == RANDOM_PICK for one in picks])


QUEUE_RANDOM = 0.3
DISTANCE_TO, NEAREST = 1000, 500
"""Unlikeness is measured to the newest read, and like nearness to a type for the likeliest unread: the rest cannot be
picked for it."""
CHOICES: dict[str, Chosen] = {RANDOM: _random, UNCERTAINTY: _uncertain, LIKELIEST: _likeliest, OURS: _ours}
