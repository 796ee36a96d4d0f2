"""Two models on the same articles that neither was trained on: figures, their uncertainty, and where the two differ.

Items carry weights, so that a sample of the many unlabelled articles can stand for all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from classifier.features import Floats

ROUNDS = 200
LEAST = 5
"""Groups with fewer relevant items get no figure of their own."""
ENOUGH = 20
"""Groups with fewer relevant items are marked: what their figures show may be chance."""
BINS = 10
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Sample:
    """What is compared: truth by item, which items people labelled, weight, event, and the groups each belongs to."""

    truth: Flags
    labelled: Flags
    weight: Floats
    event: npt.NDArray[np.int64]
    groups: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """What one model says of the items, in their order."""

    score: Floats
    flag: Flags


@dataclass(frozen=True, slots=True)
class Group:
    """`new` and `old` are recall of the flag, `interval` that of their difference; `precision` is the average precision
    of new and old among the group's relevant items and everything irrelevant, `gain` the interval of its difference."""

    name: str
    relevant: int
    new: float
    old: float
    interval: tuple[float, float]
    precision: tuple[float, float]
    gain: tuple[float, float]

    @property
    def small(self) -> bool:
        return self.relevant < ENOUGH


def average_precision(sample: Sample, answers: Answers, weight: Floats) -> float:
    """Over labelled items; equal scores count as one step. The same as scikit-learn's, a hundred times as quick, which
    the many drawings need."""
    use = np.flatnonzero(sample.labelled & (weight > 0))
    order = use[np.argsort(-answers.score[use], kind="stable")]
    mass, hits = np.cumsum(weight[order]), np.cumsum((weight * sample.truth)[order])
    if not len(order) or hits[-1] <= 0:
        return 0.0
    ends = np.flatnonzero(np.append(np.diff(answers.score[order]) != 0, True))
    steps = np.diff(hits[ends], prepend=0.0)
    return float((steps * hits[ends] / mass[ends]).sum() / hits[-1])


def recall_of_flag(sample: Sample, answers: Answers, weight: Floats) -> float:
    relevant = weight * sample.truth
    return float((relevant * answers.flag).sum() / max(relevant.sum(), 1e-9))


def recall_at(sample: Sample, answers: Answers, weight: Floats, readings: float) -> float:
    """Share of what is relevant that is found among the `readings` highest scores."""
    order = np.argsort(-answers.score, kind="stable")
    read = np.cumsum(weight[order]) <= readings
    relevant = (weight * sample.truth)[order]
    return float(relevant[read].sum() / max(relevant.sum(), 1e-9))


def calibration_error(sample: Sample, answers: Answers, weight: Floats, readings: float) -> float:
    """Expected calibration error of the `readings` highest scores, over bins of equal mass."""
    order = np.argsort(-answers.score, kind="stable")
    mass = np.cumsum(weight[order])
    top = order[mass <= max(readings, mass[0])]
    error, total = 0.0, float(weight[top].sum())
    for part in np.array_split(top, BINS):
        own = float(weight[part].sum())
        if own > 0:
            said = float(np.average(answers.score[part], weights=weight[part]))
            true = float(np.average(sample.truth[part], weights=weight[part]))
            error += own / total * abs(said - true)
    return error


def figures(sample: Sample, answers: Answers, readings: float, weight: Floats | None = None) -> dict[str, float]:
    """The figures by name; `readings` is the budget over all days."""
    used = sample.weight if weight is None else weight
    return {
        "average_precision": average_precision(sample, answers, used),
        "recall_of_flag": recall_of_flag(sample, answers, used),
        "recall_at_budget": recall_at(sample, answers, used, readings),
        "calibration_error": calibration_error(sample, answers, used, readings),
    }


@dataclass(frozen=True, slots=True)
class Compared:
    """Figures of both, and [value, low, high] of (new - old) and of the new one: 95 %, events drawn again together."""

    new: dict[str, float]
    old: dict[str, float]
    intervals: dict[str, list[float]]
    difference: dict[str, list[float]]


def compare(sample: Sample, new: Answers, old: Answers, *, readings: float, seed: int) -> Compared:
    """Both models see the same drawings, so that what is common to both cancels out of the difference."""
    first, second = figures(sample, new, readings), figures(sample, old, readings)
    chance = np.random.default_rng(seed)
    events = int(sample.event.max()) + 1
    drawn: list[tuple[dict[str, float], dict[str, float]]] = []
    for _ in range(ROUNDS):
        times = np.bincount(chance.integers(0, events, events), minlength=events)
        weight = sample.weight * times[sample.event]
        if (weight * sample.truth).any():
            drawn.append((figures(sample, new, readings, weight), figures(sample, old, readings, weight)))
    return Compared(
        first,
        second,
        {name: _range([a[name] for a, _ in drawn]) for name in first},
        {name: [first[name] - second[name], *_range([a[name] - b[name] for a, b in drawn])] for name in first},
    )


def _range(values: Sequence[float]) -> list[float]:
    if not values:
        return [0.0, 1.0]
    low, high = np.percentile(values, (2.5, 97.5))
    return [float(low), float(high)]


def by_group(sample: Sample, new: Answers, old: Answers, *, seed: int) -> list[Group]:
    """Each group that has LEAST relevant items or more, with 95 % intervals (events drawn again, the same drawings for
    both models and every group)."""
    found: dict[str, list[int]] = {}
    for number in np.flatnonzero(sample.truth):
        for name in sample.groups[number]:
            found.setdefault(name, []).append(int(number))
    chance = np.random.default_rng(seed)
    events = int(sample.event.max()) + 1
    drawn = (np.bincount(chance.integers(0, events, events), minlength=events)[sample.event] for _ in range(ROUNDS))
    times = np.vstack([np.ones(len(sample.truth)), *drawn])
    return [
        _group(name, np.array(rows), sample, (new, old), times)
        for name, rows in sorted(found.items())
        if len(rows) >= LEAST
    ]


def _group(
    name: str, rows: npt.NDArray[np.int64], sample: Sample, models: tuple[Answers, Answers], times: Floats
) -> Group:
    """`times` (ROUNDS + 1, items) says how often each drawing holds each item; the first holds each once."""
    new, old = models
    gain = new.flag[rows].astype(float) - old.flag[rows].astype(float)
    size = times[1:, rows].sum(axis=1)
    recall = (times[1:, rows] @ gain)[size > 0] / size[size > 0]
    part = np.zeros(len(sample.truth))
    part[rows] = 1.0
    weight = np.where(sample.truth, part, sample.weight)
    first, second = (_precisions(sample, answers, weight, times) for answers in models)
    return Group(
        name,
        len(rows),
        float(new.flag[rows].mean()),
        float(old.flag[rows].mean()),
        _pair(recall),
        (float(first[0]), float(second[0])),
        _pair((first - second)[1:][size > 0]),
    )


def _pair(values: Floats) -> tuple[float, float]:
    low, high = _range(values.tolist())
    return low, high


def _precisions(sample: Sample, answers: Answers, weight: Floats, times: Floats) -> Floats:
    """`average_precision` for every drawing at once: the items are put in order only once."""
    use = np.flatnonzero(sample.labelled & (weight > 0))
    order = use[np.argsort(-answers.score[use], kind="stable")]
    ends = np.flatnonzero(np.append(np.diff(answers.score[order]) != 0, True))
    part = times[:, order] * weight[order]
    mass, hits = (np.cumsum(values, axis=1)[:, ends] for values in (part, part * sample.truth[order]))
    steps = np.diff(hits, axis=1, prepend=0.0)
    total = np.where(hits[:, -1] > 0, hits[:, -1], 1.0)
    return np.asarray((steps * hits / np.where(mass > 0, mass, 1.0)).sum(axis=1) / total)


def differing(new: Answers, old: Answers, limit: int) -> list[int]:
    """Items that one flags and the other does not, those first whose scores lie farthest apart."""
    rows = np.flatnonzero(new.flag != old.flag)
    order = np.argsort(-np.abs(new.score[rows] - old.score[rows]), kind="stable")
    return [int(n) for n in rows[order][:limit]]
