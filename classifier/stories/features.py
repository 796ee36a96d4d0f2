"""An article as hashed, weighted features: what the index keeps instead of the text.

A feature is a slot (20 bits of `zlib.crc32`, the same on every machine) of a short key such as `trường học` or
`n:linh`. Weights are `(1 + ln tf) * idf`, scaled to length 1 within each view, with idf from the shipped table.
"""

import math
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from classifier.stories.frequencies import SLOTS, Frequencies
from classifier.stories.marks import Marks, marks, number_keys
from classifier.stories.records import StoryDoc
from classifier.stories.words import name_keys, runs, terms, words_of

READ = 12_000
"""Characters of a body that are read."""
LEAD = 500
HANOI = timezone(timedelta(hours=7))
SAMPLE = 8
"""One run of words in so many is kept, chosen by its hash: the same one in every article."""


class View(IntEnum):
    WORDS = 0
    TITLE = 1
    LEAD = 2
    NAMES = 3
    NUMBERS = 4
    RUNS = 5


LIMITS = {View.WORDS: 384, View.TITLE: 64, View.LEAD: 160, View.NAMES: 64, View.NUMBERS: 32, View.RUNS: 128}
"""Weightiest features kept of each view: what bounds the memory of an article."""


@dataclass(frozen=True, slots=True)
class Features:
    """All views one after the other: view v is `slots[cuts[v]:cuts[v + 1]]`, with `weights` beside it.

    `length` counts words; `day` is days since 1970, None where no date is known; `places` are official codes.
    """

    slots: NDArray[np.uint32]
    weights: NDArray[np.float16]
    cuts: tuple[int, ...]
    marks: Marks
    length: int
    day: float | None
    places: frozenset[str]

    def view(self, view: View) -> slice:
        return slice(self.cuts[view], self.cuts[view + 1])


def slot(key: str) -> int:
    return crc32(key.encode()) & (SLOTS - 1)


def whole(doc: StoryDoc) -> str:
    return unicodedata.normalize("NFC", "\n".join((doc.title, doc.sapo, doc.text[:READ])))


def every_key(doc: StoryDoc) -> Iterator[str]:
    """All keys of an article, with repeats: what the table of document frequencies counts."""
    text = whole(doc)
    yield from terms(words_of(text))
    yield from name_keys(text)
    yield from number_keys(text)


def features(doc: StoryDoc, frequencies: Frequencies) -> Features:
    text = whole(doc)
    title = unicodedata.normalize("NFC", doc.title)
    words = words_of(text)
    views = (
        _weighed(terms(words), frequencies, LIMITS[View.WORDS]),
        _weighed(terms(words_of(title)), frequencies, LIMITS[View.TITLE]),
        _weighed(terms(words_of(text[: len(title) + LEAD])), frequencies, LIMITS[View.LEAD]),
        _weighed(name_keys(text), frequencies, LIMITS[View.NAMES]),
        _weighed(number_keys(text), frequencies, LIMITS[View.NUMBERS]),
        _sampled(words),
    )
    cuts = (0, *np.cumsum([len(slots) for slots, _ in views]).tolist())
    return Features(
        slots=np.concatenate([slots for slots, _ in views]),
        weights=np.concatenate([weights for _, weights in views]),
        cuts=cuts,
        marks=marks(title, text),
        length=len(words),
        day=_day(doc.published or doc.arrived),
        places=frozenset(code for code in doc.places if len(code) > len("79")),
    )


def _weighed(
    keys: Iterable[str], frequencies: Frequencies, limit: int
) -> tuple[NDArray[np.uint32], NDArray[np.float16]]:
    """The `limit` weightiest features; the length is that of all of them, so what was cut still counts as unlike."""
    counts = Counter(slot(key) for key in keys)
    slots = np.fromiter(counts.keys(), np.uint32, len(counts))
    times = np.fromiter(counts.values(), np.float64, len(counts))
    weights = (1 + np.log(times)) * frequencies.idf(slots)
    length = math.sqrt(float(weights @ weights)) or 1.0
    if len(slots) > limit:
        best = np.argpartition(weights, -limit)[-limit:]
        slots, weights = slots[best], weights[best]
    return slots, (weights / length).astype(np.float16)


def _sampled(words: list[str]) -> tuple[NDArray[np.uint32], NDArray[np.float16]]:
    """Runs of words that tell copying, thinned by hash. Weight 1 each: they are counted."""
    kept = {key & (SLOTS - 1) for key in (crc32(run.encode()) for run in runs(words)) if (key >> 20) % SAMPLE == 0}
    slots = np.fromiter(sorted(kept), np.uint32, len(kept))[: LIMITS[View.RUNS]]
    return slots, np.ones(len(slots), np.float16)


def _day(moment: datetime | None) -> float | None:
    """A time without an offset is Vietnamese."""
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=HANOI)
    return aware.astimezone(UTC).timestamp() / 86_400
