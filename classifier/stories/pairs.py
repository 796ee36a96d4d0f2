"""How alike a new article is to remembered ones, as a row of figures each."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.stories.features import RARE, Features, View
from classifier.stories.frequencies import SLOTS, Frequencies

FIGURES = (
    "words",  # cosine of all words
    "title",  # of the headlines
    "title in text",  # of one headline with the other's text, the better way round
    "title in text, both",  # the worse way round
    "lead",
    "lead in text",
    "lead in text, both",
    "names",
    "rare names",  # ln(1 + shared names that few articles hold)
    "numbers",
    "copied",  # ln(1 + shared runs of four words in the sample)
    "ages",  # ln(1 + shared ages)
    "ages apart",  # both tell ages, none in common
    "dates",
    "place",  # a commune code in common
    "place apart",  # both have commune codes, none in common
    "shorter",  # ln words of the shorter
    "undated",  # a date is missing, or they are so far apart that it says nothing
    "days",  # ln(1 + days between)
)
FALLING = frozenset({"ages apart", "place apart", "days"})
"""Figures of which more means less likely one event; `FREE` may go either way; all others speak for it."""
FREE = frozenset({"shorter", "undated"})
FAR = 14.0
"""Days after which a report is a follow-up or another event; the wording must tell."""
VIEWS = len(View)


class Comparer:
    """Holds scratch space for one article at a time; not to be shared between threads."""

    def __init__(self, frequencies: Frequencies) -> None:
        self._frequencies = frequencies
        self._whole = np.zeros(SLOTS, np.float32)
        self._title = np.zeros(SLOTS, np.float32)
        self._lead = np.zeros(SLOTS, np.float32)

    def figures(self, new: Features, known: Sequence[Features]) -> NDArray[np.float32]:
        """(len(known), len(FIGURES))"""
        if not known:
            return np.zeros((0, len(FIGURES)), np.float32)
        scratch = (
            (self._whole, (View.WORDS, View.NAMES, View.NUMBERS, View.RUNS)),
            (self._title, (View.TITLE,)),
            (self._lead, (View.LEAD,)),
        )
        try:
            for table, views in scratch:
                for view in views:
                    table[new.slots[new.view(view)]] = new.weights[new.view(view)]
            return self._figures(new, known)
        finally:
            for table, views in scratch:
                for view in views:
                    table[new.slots[new.view(view)]] = 0.0

    def _figures(self, new: Features, known: Sequence[Features]) -> NDArray[np.float32]:
        slots = np.concatenate([one.slots for one in known])
        weights = np.concatenate([one.weights for one in known]).astype(np.float32)
        sizes = np.array([np.diff(one.cuts) for one in known]).ravel()
        owner = np.repeat(np.arange(len(sizes)), sizes)
        shared = self._whole[slots]
        whole = _sums(owner, shared * weights, len(known))
        title = _sums(owner, self._title[slots] * weights, len(known))
        lead = _sums(owner, self._lead[slots] * weights, len(known))
        rare = (owner % VIEWS == View.NAMES) & (shared > 0)
        rare[rare] = self._frequencies.idf(slots[rare]) > RARE
        columns = {
            "words": whole[:, View.WORDS],
            "title": title[:, View.TITLE],
            **_both_ways("title in text", whole[:, View.TITLE], title[:, View.WORDS]),
            "lead": lead[:, View.LEAD],
            **_both_ways("lead in text", whole[:, View.LEAD], lead[:, View.WORDS]),
            "names": whole[:, View.NAMES],
            "rare names": np.log1p(_sums(owner, rare.astype(np.float32), len(known))[:, View.NAMES]),
            "numbers": whole[:, View.NUMBERS],
            "copied": np.log1p(whole[:, View.RUNS]),
            **_facts(new, known),
        }
        return np.stack([columns[name] for name in FIGURES], axis=1).astype(np.float32)


def _sums(owner: NDArray[np.intp], values: NDArray[np.float32], count: int) -> NDArray[np.float64]:
    """(count, VIEWS)"""
    sums: NDArray[np.float64] = np.bincount(owner, values, minlength=count * VIEWS).astype(np.float64)
    return sums.reshape(count, VIEWS)


def _both_ways(name: str, one: NDArray[np.float64], other: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    return {name: np.maximum(one, other), f"{name}, both": np.minimum(one, other)}


def _facts(new: Features, known: Sequence[Features]) -> dict[str, NDArray[np.float64]]:
    ages, dates = set(new.marks.ages), set(new.marks.dates)
    rows = []
    for one in known:
        same_ages = len(ages.intersection(one.marks.ages))
        days = apart(new, one)
        told = bool(new.places and one.places)
        same_place = bool(new.places & one.places)
        rows.append(
            (
                np.log1p(same_ages),
                float(bool(ages and one.marks.ages and not same_ages)),
                np.log1p(len(dates.intersection(one.marks.dates))),
                float(same_place),
                float(told and not same_place),
                np.log1p(min(new.length, one.length)),
                float(days is None or days > FAR),
                np.log1p(days) if days is not None and days <= FAR else 0.0,
            )
        )
    names = ("ages", "ages apart", "dates", "place", "place apart", "shorter", "undated", "days")
    return dict(zip(names, np.array(rows, np.float64).T, strict=True))


def apart(one: Features, other: Features) -> float | None:
    """Days between two articles, None where a date is missing."""
    if one.day is None or other.day is None:
        return None
    return abs(one.day - other.day)


def sameness(new: Features, other: Features) -> float:
    """Share of the wording that two articles have in common, 0…1: what part of the runs of the shorter the other holds.

    Texts too short to tell (an entry of a feed) are compared by all their words.
    """
    runs, known = new.slots[new.view(View.RUNS)], other.slots[other.view(View.RUNS)]
    fewer, more = sorted((len(runs), len(known)))
    if fewer < 6:
        words, others = new.view(View.WORDS), other.view(View.WORDS)
        _, left, right = np.intersect1d(new.slots[words], other.slots[others], return_indices=True)
        return float(new.weights[words][left].astype(np.float32) @ other.weights[others][right].astype(np.float32))
    return len(np.intersect1d(runs, known)) / (fewer if fewer * 2 > more else more)
