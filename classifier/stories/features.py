"""An article as hashed, weighted features. Hashes of words, names, places, ages and dates; never the words.

A feature is a 32-bit hash (`zlib.crc32`, stable across machines) of a short key such as `w:trường` or `n:linh`.
Weights are `(1 + ln tf) * idf`, with idf from a shipped table of hashed document frequencies.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from classifier.stories.frequencies import Frequencies
from classifier.stories.records import StoryDoc

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
WORD = re.compile(r"[^\W_]+(?:[./-]\d+)*")
SENTENCE_END = re.compile(r"[.!?:…\n\"“”'‘’(\[–-]\s*$")
DATE = re.compile(r"\b(\d{1,2})\s?[/.-]\s?(\d{1,2})(?:\s?[/.-]\s?(20\d\d|19\d\d))?\b|\bngày (\d{1,2}) tháng (\d{1,2})")
AGE = re.compile(r"\b(\d{1,2})\s?(tuổi|tháng tuổi|ngày tuổi|t\b)", re.IGNORECASE)
BORN = re.compile(r"\b(?:SN|sinh năm|sinh)\s?:?\s?(19\d\d|20\d\d)", re.IGNORECASE)
GRADE = re.compile(r"\blớp (\d{1,2})\b", re.IGNORECASE)
CAPITAL = r"[A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ]"
RUN = re.compile(rf"{CAPITAL}\w*(?:\.{CAPITAL}\w*)*(?:[ ]{CAPITAL}\w*(?:\.{CAPITAL}\w*)*)*")
TEXT_LIMIT = 12_000


@dataclass(frozen=True, slots=True)
class Vector:
    """Sorted hashes and their weights, scaled to length 1 (all zero when there is no feature)."""

    keys: NDArray[np.uint32]
    weights: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Features:
    """Views of one article: all words, headline words, names and places, and numbers (ages, grades, dates)."""

    words: Vector
    head: Vector
    names: Vector
    numbers: Vector


@lru_cache(maxsize=60_000)
def fold(word: str) -> str:
    """Lower case with the tone moved to the end, so that `hoà` and `hòa` are one word."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tone = "".join(c for c in decomposed if c in TONES)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES)) + tone


def hashed(key: str) -> int:
    return crc32(key.encode())


def words_of(text: str) -> list[str]:
    return [fold(word) for word in WORD.findall(text)]


def terms(words: list[str]) -> Iterator[str]:
    """One and two syllables; a pair of syllables is the usual Vietnamese word."""
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"


def names_of(text: str) -> Iterator[str]:
    """Capitalised runs: people, places, schools. A lone capital at the head of a sentence says nothing."""
    for match in RUN.finditer(text):
        run = match.group().split(" ")
        start = match.start() == 0 or bool(SENTENCE_END.search(text, max(0, match.start() - 3), match.start()))
        if start:
            run = run[1:] if len(run) > 1 else []
        if not run:
            continue
        folded = [fold(part) for part in run]
        yield "n:" + " ".join(folded)
        if len(folded) > 1:
            yield "n:" + folded[-1]
            yield "n:" + " ".join(folded[-2:])


def numbers_of(text: str) -> Iterator[str]:
    for match in DATE.finditer(text):
        day, month, _, day2, month2 = match.groups()
        yield f"d:{int(day or day2)}/{int(month or month2)}"
    for match in AGE.finditer(text):
        yield f"a:{int(match.group(1))}{match.group(2)[:2].lower()}"
    for match in BORN.finditer(text):
        yield f"b:{match.group(1)}"
    for match in GRADE.finditer(text):
        yield f"g:{int(match.group(1))}"


def vector(keys: Iterable[str], frequencies: Frequencies, limit: int) -> Vector:
    """The `limit` weightiest features."""
    counts = Counter(hashed(key) for key in keys)
    if not counts:
        return Vector(np.zeros(0, np.uint32), np.zeros(0, np.float32))
    found = np.fromiter(counts.keys(), np.uint32, len(counts))
    times = np.fromiter(counts.values(), np.float64, len(counts))
    weights = (1 + np.log(times)) * frequencies.idf(found)
    if len(found) > limit:
        best = np.argpartition(weights, -limit)[-limit:]
        found, weights = found[best], weights[best]
    order = np.argsort(found)
    length = math.sqrt(float(weights @ weights)) or 1.0
    return Vector(found[order], (weights[order] / length).astype(np.float32))


def every_key(doc: StoryDoc) -> Iterator[str]:
    """All keys of an article, with repeats: what the table of document frequencies counts."""
    full = unicodedata.normalize("NFC", "\n".join((doc.title, doc.sapo, doc.text[:TEXT_LIMIT])))
    yield from terms(words_of(full))
    yield from names_of(full)
    yield from numbers_of(full)


def features(doc: StoryDoc, frequencies: Frequencies) -> Features:
    head = "\n".join(part for part in (doc.title, doc.sapo) if part)
    full = unicodedata.normalize("NFC", "\n".join((head, doc.text[:TEXT_LIMIT])))
    return Features(
        words=vector(terms(words_of(full)), frequencies, 512),
        head=vector(terms(words_of(head)), frequencies, 128),
        names=vector(names_of(full), frequencies, 160),
        numbers=vector(numbers_of(full), frequencies, 48),
    )
