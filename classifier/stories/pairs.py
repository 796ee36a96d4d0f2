"""The chance that two articles report the same event, from how far their features overlap."""

import math
from dataclasses import dataclass
from functools import cache

import numpy as np

from classifier.stories.features import Features, Vector


def cosine(a: Vector, b: Vector) -> float:
    if not len(a.keys) or not len(b.keys):
        return 0.0
    _, left, right = np.intersect1d(a.keys, b.keys, assume_unique=True, return_indices=True)
    return float(a.weights[left] @ b.weights[right])


@dataclass(frozen=True, slots=True)
class PairModel:
    """Logistic weights over the similarities of words, headline, names and numbers."""

    bias: float
    words: float
    head: float
    names: float
    numbers: float

    def compare(self, seen: Features, known: Features) -> tuple[float, float]:
        """(chance of one event, sameness of wording)."""
        words = cosine(seen.words, known.words)
        total = (
            self.bias
            + self.words * words
            + self.head * cosine(seen.head, known.head)
            + self.names * cosine(seen.names, known.names)
            + self.numbers * cosine(seen.numbers, known.numbers)
        )
        return 1 / (1 + math.exp(-total)), words


@cache
def released_model() -> PairModel:
    return PairModel(bias=-4.0, words=14.0, head=2.0, names=4.0, numbers=1.5)
