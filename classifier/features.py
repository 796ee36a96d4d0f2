"""Hashed word features: no word of any article is kept, only sums of figures in numbered cells.

Names of people never become features: a run of capitalised syllables that opens with a family name is read as one
neutral mark, unless the reviewed word list knows the whole run as a place; a single capitalised syllable is a mark too,
unless it opens a phrase of the word list ("tội Giết người"). What is left is hashed with a sign into a fixed number of
cells (MurmurHash3), so that cells are shared.
"""

import re
from array import array
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from classifier.hashing import hashes, signed_rows
from classifier.indicators import openers, phrases
from classifier.lexicon import word_set
from classifier.text import clean, sentences, tokens
from models.records import Reading

Matrix: TypeAlias = Any
"""A scipy.sparse.csr_matrix (the library has no types)."""
Floats = npt.NDArray[np.float64]

TITLE_LIMIT = 600
SAPO_LIMIT = 1500
LEAD_LENGTH = 420
BODY_LIMIT = 4000
FACTS_LIMIT = 2600
NAME_MARK = "‹n›"
GIVEN_MARK = "‹g›"
FOREIGN_MARK = "‹f›"
NUMBER_MARK = "‹0›"
STOP = "¶"
_TONE_PLACES = {
    "oà": "òa",
    "oá": "óa",
    "oả": "ỏa",
    "oã": "õa",
    "oạ": "ọa",
    "oè": "òe",
    "oé": "óe",
    "oẻ": "ỏe",
    "oẽ": "õe",
    "oẹ": "ọe",
    "uỳ": "ùy",
    "uý": "úy",
    "uỷ": "ủy",
    "uỹ": "ũy",
    "uỵ": "ụy",
}

FAMILY_NAMES = word_set("names", "family")
KEPT = word_set("names", "kept")
PLACE_GROUPS = ("vn_place", "foreign")
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|gh|gi|ch|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"[aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ]{1,3}"
    r"(?:ng|nh|ch|[cmnpt])?"
)
"""A syllable as Vietnamese spells it; a capitalised word that is none is a foreign name."""


LONG = 300
"""Characters from which a text is read sentence by sentence: the same sentences are asked for again and again."""


def syllables(raw: str, limit: int) -> list[str]:
    """Lower-case syllables of `raw`, names of people replaced by a mark, numbers in classes, STOP between sentences."""
    text = clean(raw, limit).text
    shouting = text.isupper()
    if shouting or len(text) < LONG:
        return list(_read(text, shouting))
    made: list[str] = []
    begin = last = 0
    for start, end in (*sentences(text), (len(text), len(text))):
        between = text[last:start]
        if start == len(text) or "\n" in between or _stops(text, last):
            made += _read(text[begin:last], False)
            made += [STOP] * between.count("\n")
            begin = start
        last = end
    return made


def _stops(text: str, end: int) -> bool:
    """Whether the tokens up to `end` close with a stop, so that what follows does not change how they are read."""
    return text[end - 1 : end] in _STOPS and text[end : end + 1].isspace()


_STOPS = frozenset(".!?…;|")


@lru_cache(maxsize=16384)
def _read(text: str, shouting: bool) -> tuple[str, ...]:
    return tuple(_masked(tokens(text), _LOUD if shouting else _ALONE))


class _Words(dict[str, str]):
    """What a token becomes wherever it stands; empty where that depends on its neighbours. `shouting`: text in capitals
    alone, where a capital says nothing."""

    MOST = 1 << 16

    def __init__(self, *, shouting: bool) -> None:
        super().__init__()
        self._shouting = shouting

    def __missing__(self, word: str) -> str:
        if len(self) >= self.MOST:
            self.clear()
        value = self[word] = self._read(word)
        return value

    def _read(self, word: str) -> str:
        first = word[0]
        if not first.isalpha():
            return _number(word) if first.isdecimal() else STOP
        plain = _plain(word)
        if self._shouting or not first.isupper():
            return plain
        if plain in FAMILY_NAMES:
            return plain if word.isupper() and len(word) > 1 else ""
        if plain in KEPT or word.isupper():
            return plain
        return "" if _SYLLABLE.fullmatch(plain) else FOREIGN_MARK


_ALONE, _LOUD = _Words(shouting=False), _Words(shouting=True)


def _masked(found: Sequence[str], alone: _Words) -> list[str]:
    read = [alone[word] for word in found]
    if "" not in read:
        return read
    made: list[str] = []
    done, count = 0, len(read)
    for at in [number for number, word in enumerate(read) if not word]:
        if at < done:
            continue
        made += read[done:at]
        plain = _plain(found[at])
        done = _run_end(found, at + 1, count) if plain in FAMILY_NAMES else at + 1
        if done > at + 1:
            run = [_plain(token) for token in found[at:done]]
            made += run if " ".join(run) in phrases("indicators", PLACE_GROUPS) else (NAME_MARK,)
        else:
            made.append(plain if plain in KEPT or found[at].isupper() else _single(plain, found, at))
    return made + read[done:]


def _run_end(found: Sequence[str], index: int, count: int) -> int:
    end = index
    while end < count and end < index + 4 and found[end][0].isupper():
        end += 1
    return end


def _single(plain: str, found: Sequence[str], at: int) -> str:
    """A capitalised syllable that opens no name: foreign, a given name standing alone, or a common word."""
    if not _SYLLABLE.fullmatch(plain):
        return FOREIGN_MARK
    before = found[at - 1][0] if at else "."
    after = found[at + 1] if at + 1 < len(found) else "."
    if before.isupper() or not before.isalnum() or after[0].isupper():
        return plain
    return plain if after.lower() in openers().get(plain, ()) else GIVEN_MARK


@lru_cache(maxsize=65536)
def _plain(word: str) -> str:
    """Lower case, tone mark on the older place (hoà and hòa are one word)."""
    lower = word.lower()
    return lower[:-2] + _TONE_PLACES.get(lower[-2:], lower[-2:])


@lru_cache(maxsize=4096)
def _number(word: str) -> str:
    if not word.isdecimal():
        return NUMBER_MARK
    value = int(word[:6])
    if value < 18:
        return f"‹{value}›"
    return "‹18+›" if value < 100 else NUMBER_MARK


def grams(prefix: str, found: Sequence[str]) -> list[str]:
    """One and two syllables of a sentence (no STOP in it)."""
    ones = [prefix + token for token in found] if prefix else list(found)
    return ones + [f"{prefix}{left} {right}" for left, right in pairwise(found)]


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


def article_zones(reading: Reading) -> tuple[list[str], list[str], list[str]]:
    """Tokens of title, opening and the rest, as far as FACTS_LIMIT characters of text."""
    lead, rest = split_lead(reading.text[:FACTS_LIMIT])
    if reading.sapo:
        lead, rest = reading.sapo, reading.text[:FACTS_LIMIT]
    return (
        syllables(reading.title, TITLE_LIMIT),
        syllables(lead, SAPO_LIMIT),
        syllables(rest, FACTS_LIMIT),
    )


class HashedTerms:
    """Terms -> 0/1 rows of a sparse matrix with `cells` columns; weighed by rarity and brought to length one."""

    def __init__(self, cells: int, weights: npt.NDArray[np.floating] | None = None) -> None:
        self.cells = cells
        self.weights = weights

    def counts(self, rows: Iterable[Iterable[str]]) -> Matrix:
        """Signed 0/1: a cell says that a term was there, not how often."""
        return self.hashed([hashes(row) for row in rows])

    def hashed(self, rows: Sequence["array[int]"]) -> Matrix:
        """The same of terms that are hashed already."""
        return signed_rows(rows, self.cells)

    def fit_weights(self, counts: Matrix) -> None:
        """Rare cells weigh more: smoothed inverse document frequency."""
        seen = np.bincount(counts.indices, minlength=self.cells)
        self.weights = (np.log((1 + counts.shape[0]) / (1 + seen)) + 1.0).astype(np.float16)

    def weigh(self, counts: Matrix) -> Matrix:
        if self.weights is None:
            raise ValueError("the weights are not fitted yet")
        rows = counts.copy()
        rows.data *= self.weights[rows.indices].astype(np.float32)
        norms = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        norms[norms == 0] = 1.0
        rows.data /= np.repeat(norms, np.diff(rows.indptr)).astype(rows.dtype)
        return rows
