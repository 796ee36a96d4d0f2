"""Two more looks at an entry's words, each with a linear head of its own: syllables with gaps between them, and runs of
three to five characters. They err elsewhere than single words and pairs do, and their answers are figures of the trees.

Names of people are marks before anything is cut (`features.syllables`); what is cut is hashed into numbered cells.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.features import STOP, Floats, HashedTerms, Matrix
from classifier.hashing import hashes, signed_places
from classifier.linear import Head, unpack

Hashes = npt.NDArray[np.uint32]
LOOKS = 2
SHORTEST, LONGEST = 3, 5
GAPS = ((0, 1, 2), (0, 2), (0, 3))
"""Three in a row, one left out, two left out."""
BETWEEN = "|"
_FIRST, _SECOND, _THIRD = np.uint32(0x85EBCA6B), np.uint32(0xC2B2AE35), np.uint32(0x9E3779B1)


@dataclass(frozen=True, slots=True)
class Aside:
    """One look's head, with the weights of its cells by rarity."""

    head: Head
    hashed: HashedTerms

    def margins(self, counts: Matrix) -> Floats:
        """(rows,) before the link function."""
        return self.head.margins(self.hashed.weigh(counts))[:, 0]

    def pack(self) -> dict[str, Any]:
        return {"head": self.head.pack(), "weights": self.hashed.weights}


def unpack_aside(packed: dict[str, Any]) -> Aside:
    return Aside(unpack(packed["head"]), HashedTerms(len(packed["weights"]), packed["weights"]))


def looks(fields: Sequence[tuple[Sequence[str], Sequence[str]]], cells: int) -> tuple[Matrix, ...]:
    """(entries, cells) of -1, 0 and 1 for each of the LOOKS; `fields` are the tokens of title and rest."""
    return _gaps([[*title, STOP, *rest] for title, rest in fields], cells), _characters(
        [" ".join((*title, BETWEEN, *rest)) for title, rest in fields], cells
    )


def _gaps(entries: Sequence[Sequence[str]], cells: int) -> Matrix:
    """Syllables of one sentence, by their hashes."""
    found = np.frombuffer(hashes(token for entry in entries for token in entry), dtype=np.int32).view(np.uint32)
    owner = np.repeat(np.arange(len(entries)), [len(entry) for entry in entries])
    stop = np.fromiter((token == STOP for entry in entries for token in entry), dtype=bool, count=len(found))
    opens = stop | np.concatenate((np.ones(1, dtype=bool), owner[1:] != owner[:-1]))[: len(found)]
    sentence = np.cumsum(opens)
    made, owners = [], []
    for number, gap in enumerate(GAPS):
        size = max(0, len(found) - gap[-1])
        whole = (sentence[:size] == sentence[gap[-1] :]) & ~stop[:size]
        mixed = np.full(size, number + 1, dtype=np.uint32)
        for step in gap:
            mixed = _mixed(mixed * _FIRST + found[step : step + size])
        made.append(mixed[whole])
        owners.append(owner[:size][whole])
    return signed_places(np.concatenate(owners), np.concatenate(made).view(np.int32), len(entries), cells)


def _characters(texts: Sequence[str], cells: int) -> Matrix:
    """Runs of SHORTEST to LONGEST characters, over the ends of words too."""
    code = np.frombuffer("".join(texts).encode("utf-32-le"), dtype=np.uint32)
    owner = np.repeat(np.arange(len(texts)), [len(text) for text in texts])
    made, owners = [], []
    mixed = code * _THIRD
    for length in range(2, LONGEST + 1):
        size = max(0, len(code) - length + 1)
        mixed = _mixed(mixed[:size] * _FIRST + code[length - 1 :])
        if length >= SHORTEST:
            whole = owner[:size] == owner[length - 1 :]
            made.append(mixed[whole])
            owners.append(owner[:size][whole])
    return signed_places(np.concatenate(owners), np.concatenate(made).view(np.int32), len(texts), cells)


def _mixed(value: Hashes) -> Hashes:
    """Every bit of the answer depends on every bit of `value` (the end of MurmurHash3)."""
    value = (value ^ (value >> np.uint32(16))) * _FIRST
    value = (value ^ (value >> np.uint32(13))) * _SECOND
    return value ^ (value >> np.uint32(16))
