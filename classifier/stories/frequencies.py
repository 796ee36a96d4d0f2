"""In how many articles a hashed feature occurs: an array of figures without any word.

The table has `SLOTS` slots of one byte; a slot holds the logarithm of the document frequency in steps of 1/16.
Features seen in fewer than `FLOOR` articles are not kept at all, so nobody named in a handful of articles can be
read back from it. Built by `python -m classifier.stories.build_frequencies`.
"""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Self

import numpy as np
from numpy.typing import NDArray

SLOTS = 1 << 20
FLOOR = 8
STEP = 16
RELEASED = Path(__file__).parent / "released" / "frequencies.npz"


@dataclass(frozen=True, slots=True)
class Frequencies:
    documents: int
    idf_of_slot: NDArray[np.float32]

    @classmethod
    def from_levels(cls, levels: NDArray[np.uint8], documents: int) -> Self:
        """`levels`: uint8[SLOTS], 0 for "rarer than FLOOR", else 1 + STEP * ln(df / FLOOR)."""
        df = np.where(levels > 0, FLOOR * np.exp((levels.astype(np.float32) - 1) / STEP), FLOOR / 2)
        return cls(documents, np.log((documents + 1) / (df + 0.5)).clip(min=0.05).astype(np.float32))

    def idf(self, hashes: NDArray[np.uint32]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = self.idf_of_slot[hashes & np.uint32(SLOTS - 1)]
        return found


def levels_of(counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Counts per slot -> levels of one byte."""
    safe = np.maximum(counts, FLOOR)
    levels = 1 + np.round(STEP * np.log(safe / FLOOR))
    return np.where(counts >= FLOOR, np.minimum(levels, 255), 0).astype(np.uint8)


@cache
def released() -> Frequencies:
    """The table that ships."""
    with np.load(RELEASED, allow_pickle=False) as file:
        return Frequencies.from_levels(file["levels"], int(file["documents"]))


def no_frequencies() -> Frequencies:
    """Every feature equally rare: for tests."""
    return Frequencies(math.ceil(math.e * FLOOR), np.ones(SLOTS, np.float32))
