"""Which remembered articles are worth comparing: an inverted index in two tables of fixed size.

A table has `buckets` rows of `depth` places; a feature's slot names its row, and the newest article takes the oldest
place. So memory never grows, and a rare feature (a suspect's name, a hamlet) is found as long as its row is not
written over. Articles that open a story are also written to a second table, for follow-ups months later.
"""

import numpy as np
from numpy.typing import NDArray

from classifier.stories.features import Features, View

WORD_KEYS = 32
NAME_KEYS = 16
EMPTY = -1


class Table:
    def __init__(self, buckets: int, depth: int) -> None:
        self._rows = np.full((buckets, depth), EMPTY, np.int32)
        self._next = np.zeros(buckets, np.uint8)
        self._buckets, self._depth = buckets, depth

    def write(self, keys: NDArray[np.uint32], number: int) -> None:
        rows = np.unique(keys % self._buckets)
        places = self._next[rows]
        self._rows[rows, places] = number
        self._next[rows] = (places + 1) % self._depth

    def read(self, keys: NDArray[np.uint32]) -> NDArray[np.int32]:
        """(keys, depth) article numbers, `EMPTY` where there is none."""
        return self._rows[keys % self._buckets]


class Postings:
    """`recent` holds every article, `lasting` the first ones of each story, by names and places alone."""

    def __init__(self, buckets: int = 1 << 20, depth: int = 12) -> None:
        self._recent = Table(buckets, depth)
        self._lasting = Table(buckets // 4, depth)

    def add(self, number: int, seen: Features, *, lasting: bool) -> None:
        keys, _ = telling_keys(seen)
        self._recent.write(keys, number)
        if lasting:
            self._lasting.write(strongest(seen, View.NAMES, NAME_KEYS)[0], number)

    def find(self, seen: Features) -> tuple[NDArray[np.int32], NDArray[np.float64]]:
        """Article numbers and how much weight of the asked article's telling features they share, most first."""
        keys, weights = telling_keys(seen)
        names, name_weights = strongest(seen, View.NAMES, NAME_KEYS)
        recent, lasting = self._recent.read(keys), self._lasting.read(names)
        found = np.concatenate((recent.ravel(), lasting.ravel()))
        shares = np.concatenate((np.repeat(weights, recent.shape[1]), np.repeat(name_weights, lasting.shape[1])))
        known = found != EMPTY
        numbers, inverse = np.unique(found[known], return_inverse=True)
        shared = np.bincount(inverse, shares[known], minlength=len(numbers)).astype(np.float64)
        order = np.argsort(-shared, kind="stable")
        return numbers[order], shared[order]


def telling_keys(seen: Features) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    words, word_weights = strongest(seen, View.WORDS, WORD_KEYS)
    names, name_weights = strongest(seen, View.NAMES, NAME_KEYS)
    return np.concatenate((words, names)), np.concatenate((word_weights, name_weights))


def strongest(seen: Features, view: View, count: int) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    slots, weights = seen.slots[seen.view(view)], seen.weights[seen.view(view)].astype(np.float64)
    if len(slots) <= count:
        return slots, weights
    best = np.argpartition(weights, -count)[-count:]
    return slots[best], weights[best]
