"""Which words expose a child, and hiding them wherever they stand."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from classifier.features import FAMILY_NAMES
from models.tables import ArticleVersion, Verdict
from review_ui.marks import FIELDS, spans_of

BLOCK = "▇▇▇"
SHORTEST, FULL = 2, 2
"""A single letter would be hidden all over the text."""


def exposing_words(version: ArticleVersion, verdict: Verdict | None) -> set[str]:
    """The strings that the verdict points to in the version that it speaks of."""
    if verdict is None or verdict.version_id != version.id:
        return set()
    return words_at(version, verdict.exposes_child)


def words_at(version: ArticleVersion, spans: Sequence[Any]) -> set[str]:
    """The strings at spans of the version."""
    texts = dict(zip(FIELDS, (version.title, version.sapo, version.body), strict=True))
    return {
        word
        for field, text in texts.items()
        for start, end in spans_of(spans, field)
        if len(word := text[max(start, 0) : end].strip()) >= SHORTEST
    }


def given_names(words: Iterable[str]) -> set[str]:
    """The names by which a person of these full names is called: "Nguyễn Mẫu Na" gives "Mẫu Na" and "Na"."""
    found = set()
    for word in words:
        parts = word.split()
        start = next((at for at, part in enumerate(parts) if part.lower() in FAMILY_NAMES and part[:1].isupper()), None)
        if start is None or start == len(parts) - 1 or not all(part[:1].isupper() for part in parts[start:]):
            continue
        found |= {" ".join(parts[-2:]) if len(parts) - start > FULL else parts[-1], parts[-1]}
    return {word for word in found if len(word) >= SHORTEST}


def hide(text: str, words: Iterable[str]) -> str:
    """The text with every place of the words blackened; places that overlap become one."""
    parts, at = [], 0
    for start, end in sorted(places_of(text, sorted(words))):
        if start >= at:
            parts += [text[at:start], BLOCK]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def places_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """(start, end) of every place where one of the words stands, also in other capitals ("Bé Na", "BÉ NA").

    A name of one syllable is often a word as well: written small it stays ("Hoa" hides no "hoa").
    """
    return [
        match.span()
        for word in words
        for match in _pattern(word).finditer(text)
        if " " in word or word == word.lower() or match[0] != match[0].lower()
    ]


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    """Whole words; any white space fits any other."""
    inner = r"\s+".join(re.escape(part) for part in word.split())
    before = r"(?<!\w)" if word[:1].isalnum() else ""
    after = r"(?!\w)" if word[-1:].isalnum() else ""
    return re.compile(before + inner + after, re.IGNORECASE)
