"""An article as hashed, weighted features: what the index keeps instead of the text.

A feature is a slot: 20 bits of the hash of a word, of a pair of words or of a short key such as `n:linh`. Weights are
`(1 + ln tf) * idf`, scaled to length 1 within each view, with idf from the shipped table.
"""

import math
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from classifier.stories.frequencies import SLOTS, Frequencies
from classifier.stories.marks import Marks, marks, number_keys, unit_names
from classifier.stories.records import StoryDoc
from classifier.stories.words import Hashes, hashes, keys_of_name, name_keys, runs, terms, words_of

READ = 12_000
"""Characters of a body that are read."""
LEAD = 500
RARE = 7.3
"""idf of a name that about one article in 1,500 holds."""
LOW = np.uint32(SLOTS - 1)
SLOT_BITS = SLOTS.bit_length() - 1
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


def whole(doc: StoryDoc) -> str:
    return unicodedata.normalize("NFC", "\n".join((doc.title, doc.sapo, doc.text[:READ])))


def every_slot(doc: StoryDoc) -> Hashes:
    """All slots of an article, each once: what the table of document frequencies counts."""
    text = whole(doc)
    every = (terms(words_of(text)), hashes(name_keys(text)), hashes(number_keys(text)))
    slots: Hashes = np.unique(np.concatenate(every) & LOW)
    return slots


def features(doc: StoryDoc, frequencies: Frequencies) -> Features:
    text = whole(doc)
    title = unicodedata.normalize("NFC", doc.title)
    lead = text[: len(title) + LEAD]
    words = words_of(text)
    numbers = list(number_keys(text))
    views = (
        _weighed(terms(words), frequencies, LIMITS[View.WORDS]),
        _weighed(terms(words_of(title)), frequencies, LIMITS[View.TITLE]),
        _weighed(terms(words_of(lead)), frequencies, LIMITS[View.LEAD]),
        _weighed(hashes(name_keys(text)), frequencies, LIMITS[View.NAMES]),
        _weighed(hashes(numbers), frequencies, LIMITS[View.NUMBERS]),
        _sampled(words),
    )
    cuts = (0, *np.cumsum([len(slots) for slots, _ in views]).tolist())
    return Features(
        slots=np.concatenate([slots for slots, _ in views]),
        weights=np.concatenate([weights for _, weights in views]),
        cuts=cuts,
        marks=marks(title, lead, text, numbers, rare_names(lead, frequencies)),
        length=len(words),
        day=_day(doc.published or doc.arrived),
        places=frozenset(code for code in doc.places if len(code) > len("79")),
    )


def rare_names(text: str, frequencies: Frequencies) -> list[int]:
    """Slots of people, schools and the like: a commune or a district that is seldom in the news says nothing here."""
    places = {key for name in unit_names(text) for key in keys_of_name(name.split())}
    slots = np.unique(hashes(key for key in name_keys(text) if key not in places) & LOW)
    found: list[int] = slots[frequencies.idf(slots) > RARE].tolist()
    return found


def _weighed(found: Hashes, frequencies: Frequencies, limit: int) -> tuple[Hashes, NDArray[np.float16]]:
    """The `limit` weightiest features; the length is that of all of them, so what was cut still counts as unlike."""
    slots, times = np.unique(found & LOW, return_counts=True)
    weights = (1 + np.log(times)) * frequencies.idf(slots)
    length = math.sqrt(float(weights @ weights)) or 1.0
    if len(slots) > limit:
        best = np.argpartition(weights, -limit)[-limit:]
        slots, weights = slots[best], weights[best]
    return slots, (weights / length).astype(np.float16)


def _sampled(words: Hashes) -> tuple[Hashes, NDArray[np.float16]]:
    """Runs of words that tell copying, thinned by hash. Weight 1 each: they are counted."""
    found = runs(words)
    slots = np.unique(found[(found >> np.uint32(SLOT_BITS)) % SAMPLE == 0] & LOW)[: LIMITS[View.RUNS]]
    return slots, np.ones(len(slots), np.float16)


def _day(moment: datetime | None) -> float | None:
    """A time without an offset is Vietnamese."""
    if moment is None:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=HANOI)
    return aware.astimezone(UTC).timestamp() / 86_400
