"""Sentences of a reading with the way back to the characters of its fields."""

import re
import unicodedata
from dataclasses import dataclass

from classifier.features import FACTS_LIMIT, SAPO_LIMIT, TITLE_LIMIT, syllables
from classifier.lines import Part
from classifier.text import Clean, clean, sentences
from models.records import Reading, Span

FIELDS = (("title", TITLE_LIMIT), ("sapo", SAPO_LIMIT), ("text", FACTS_LIMIT))
NOTE = "note"
"""The field of a remark far behind what is read: it is heeded, nothing in it is ever marked."""
TAIL = 600
_REMARK = re.compile(r"\b(?:tên|danh tính)\b[^.\n]{0,60}\bđổi\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sentence:
    """`start` and `end` count characters of `source.text`; `order` counts sentences of the field."""

    field: str
    source: Clean
    start: int
    end: int
    order: int

    @property
    def text(self) -> str:
        return self.source.text[self.start : self.end]

    def span(self, start: int | None = None, end: int | None = None) -> Span:
        """The input's characters of the sentence, or of a piece of it (counted from the sentence's start)."""
        first = self.start + (start or 0)
        last = self.end if end is None else self.start + end
        return (self.field, *self.source.span(first, last))

    def part(self) -> Part:
        return Part(syllables(self.text, FACTS_LIMIT))


def remarks_of(reading: Reading) -> list[Sentence]:
    """What the last TAIL characters of a long text say of changed names; papers say it below the article."""
    behind = reading.text[max(FACTS_LIMIT, len(reading.text) - TAIL) :]
    if not _REMARK.search(unicodedata.normalize("NFC", behind)):
        return []
    source = clean(behind)
    return [
        Sentence(NOTE, source, start, end, order)
        for order, (start, end) in enumerate(sentences(source.text))
        if _REMARK.search(source.text, start, end)
    ]


def sentences_of(reading: Reading) -> list[Sentence]:
    """Sentences of title, sapo and text as far as they are read, and remarks behind that (their field is NOTE)."""
    found: list[Sentence] = []
    for field, limit in FIELDS:
        source = clean(getattr(reading, field), limit)
        found.extend(
            Sentence(field, source, start, end, order) for order, (start, end) in enumerate(sentences(source.text))
        )
    return [*found, *remarks_of(reading)]
