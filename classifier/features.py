"""Hashed word features: no word of any article is kept, only sums of figures in numbered cells.

Names of people never become features: a run of capitalised syllables that opens with a family name is read as one
neutral mark. What is left is hashed with a sign into a fixed number of cells (MurmurHash3), so that cells are shared.
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction import FeatureHasher

from classifier.lexicon import word_set
from classifier.text import clean, words
from models.records import Reading

Matrix: TypeAlias = Any
"""A scipy.sparse.csr_matrix (the library has no types)."""
Floats = npt.NDArray[np.float64]

TITLE_LIMIT = 600
SAPO_LIMIT = 1500
LEAD_LENGTH = 420
BODY_LIMIT = 4000
NAME_MARK = "‹n›"
NUMBER_MARK = "‹0›"

FAMILY_NAMES = word_set("names", "family")


def syllables(raw: str, limit: int) -> list[str]:
    """Lower-case syllables of `raw`, names of people replaced by a mark, numbers brought into classes."""
    text = clean(raw, limit).text
    found = [word for word, _, _ in words(text)]
    if text.isupper():
        return [_number(w) if w[0].isdecimal() else w.lower() for w in found]
    return list(_masked(found))


def _masked(found: Sequence[str]) -> Iterable[str]:
    index, count = 0, len(found)
    while index < count:
        word = found[index]
        if word[0].isdecimal():
            yield _number(word)
        elif word[0].isupper() and word.lower() in FAMILY_NAMES and not (word.isupper() and len(word) > 1):
            end = index + 1
            while end < count and end < index + 5 and found[end][0].isupper():
                end += 1
            if end > index + 1:
                yield NAME_MARK
                index = end
                continue
            yield word.lower()
        else:
            yield word.lower()
        index += 1


def _number(word: str) -> str:
    if not word.isdecimal():
        return NUMBER_MARK
    value = int(word[:6])
    if value < 18:
        return f"‹{value}›"
    return "‹18+›" if value < 100 else NUMBER_MARK


def _grams(prefix: str, tokens: Sequence[str]) -> Iterable[str]:
    for token in tokens:
        yield prefix + token
    for left, right in pairwise(tokens):
        yield f"{prefix}{left} {right}"


def split_lead(text: str) -> tuple[str, str]:
    """The opening that stands for a sapo (first paragraph, at most LEAD_LENGTH characters) and what follows it."""
    head = text.lstrip()[: LEAD_LENGTH * 3]
    line = head.find("\n")
    if 60 <= line <= LEAD_LENGTH:
        return head[:line], text.lstrip()[line:]
    cut = head.rfind(" ", 0, LEAD_LENGTH)
    cut = cut if cut > 0 else LEAD_LENGTH
    return head[:cut], text.lstrip()[cut:]


def entry_parts(reading: Reading) -> tuple[str, str]:
    """Title and sapo; where an article has no sapo, its opening stands for it."""
    return reading.title, reading.sapo or split_lead(reading.text)[0]


def entry_terms(reading: Reading) -> list[str]:
    title, sapo = entry_parts(reading)
    t, s = syllables(title, TITLE_LIMIT), syllables(sapo, SAPO_LIMIT)
    terms = list(_grams("t:", t))
    terms.extend(_grams("", t))
    terms.extend(_grams("", s))
    return terms


def article_terms(reading: Reading) -> list[str]:
    title, lead = entry_parts(reading)
    t, s, b = syllables(title, TITLE_LIMIT), syllables(lead, SAPO_LIMIT), syllables(reading.text, BODY_LIMIT)
    terms = list(_grams("t:", t))
    terms.extend(_grams("", t))
    if reading.sapo:
        terms.extend(_grams("", s))
    terms.extend(_grams("", b))
    return terms


class HashedTerms:
    """Terms -> rows of a sparse matrix with `cells` columns; damped counts, weighted, length one."""

    def __init__(self, cells: int, weights: npt.NDArray[np.floating] | None = None) -> None:
        self.cells = cells
        self.weights = weights
        self._hasher = FeatureHasher(cells, input_type="pair", dtype=np.float32)

    def counts(self, rows: Iterable[Sequence[str]]) -> Matrix:
        return self._hasher.transform(((term, 1.0 + math.log(n)) for term, n in Counter(row).items()) for row in rows)

    def fit_weights(self, counts: Matrix) -> None:
        """Rare cells weigh more: smoothed inverse document frequency."""
        seen = np.bincount(counts.indices, minlength=self.cells)
        self.weights = (np.log((1 + counts.shape[0]) / (1 + seen)) + 1.0).astype(np.float32)

    def weigh(self, counts: Matrix) -> Matrix:
        if self.weights is None:
            raise ValueError("the weights are not fitted yet")
        rows = counts.copy()
        rows.data *= self.weights[rows.indices]
        norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        norms[norms == 0] = 1.0
        rows.data /= np.repeat(norms, np.diff(rows.indptr)).astype(rows.dtype)
        return rows
