"""What identifies a child is blackened wherever it stands: one rule for every page, file and letter."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from classifier.bearers import CALLS
from classifier.features import FAMILY_NAMES
from models.tables import ArticleVersion

MASK = "▇▇▇"
LONGEST = 400
SHORTEST = 2
"""A single letter would be hidden all over the text."""
_FULL = 2
_BEFORE = re.compile(r"\w\s(\w+)\s\Z")
"""The word before, unless it opens a sentence: there it is often a common word ("Khi Na …")."""
_AFTER = re.compile(r"\s(\w+)")
_NEAR = 24
"""Characters that surely hold the word before or behind."""


def texts_of(version: ArticleVersion) -> dict[str, str]:
    """What a span's field names mean."""
    return {"title": version.title, "sapo": version.sapo, "text": version.body}


def proper(spans: Iterable[Any]) -> list[tuple[str, int, int]]:
    """(field, start, end) of what is a span at all; a model's file may hold anything."""
    return [
        (span[0], max(span[1], 0), span[2])
        for span in spans
        if isinstance(span, list | tuple)
        and len(span) == 3
        and isinstance(span[0], str)
        and type(span[1]) is int
        and type(span[2]) is int
        and span[1] < span[2]
        and span[2] > 0
    ]


def exposing_words(texts: Mapping[str, str], spans: Iterable[Any]) -> set[str]:
    """What stands at the spans, and the shorter names by which people of these names are called."""
    found = {
        word for field, start, end in proper(spans) if len(word := texts.get(field, "")[start:end].strip()) >= SHORTEST
    }
    return found | given_names(found)


def given_names(words: Iterable[str]) -> set[str]:
    """The names by which a person of these full names is called: "Nguyễn Mẫu Na" gives "Mẫu Na", "Nguyễn Na" and "Na".

    Words that merely hold a person's name ("Trường Lê Mẫu") give none.
    """
    found = set()
    for word in words:
        parts = word.split()
        while parts and parts[0].lower() in CALLS and len(parts) > 1:
            del parts[0]
        if len(parts) < _FULL or parts[0].lower() not in FAMILY_NAMES or not all(part[:1].isupper() for part in parts):
            continue
        found.add(parts[-1])
        if len(parts) > _FULL:
            found |= {" ".join(parts[-2:]), f"{parts[0]} {parts[-1]}"}
    return {word for word in found if len(word) >= SHORTEST}


def hide(text: str, words: Iterable[str]) -> str:
    """The text with every place of the words blackened; places that overlap become one."""
    parts, at = [], 0
    for start, end in sorted(places_of(text, sorted(words))):
        if start >= at:
            parts += [text[at:start], MASK]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def places_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """(start, end) of every place where one of the words stands, also in other capitals ("Bé Na", "BÉ NA").

    A name of one syllable is often a word as well: written small it stays ("Hoa" hides no "hoa"), and so does a part
    of another name ("Hà" hides no "Hà Nội").
    """
    return [
        match.span()
        for word in words
        for match in _pattern(word).finditer(text)
        if " " in word or word == word.lower() or (match[0] != match[0].lower() and _alone(text, *match.span()))
    ]


@lru_cache(maxsize=4096)
def _pattern(word: str) -> re.Pattern[str]:
    """Whole words; any white space fits any other."""
    inner = r"\s+".join(re.escape(part) for part in word.split())
    before = r"(?<!\w)" if word[:1].isalnum() else ""
    after = r"(?!\w)" if word[-1:].isalnum() else ""
    return re.compile(before + inner + after, re.IGNORECASE)


def _alone(text: str, start: int, end: int) -> bool:
    """Whether a syllable stands for a person by itself, not inside a longer name. Among capitals nobody can tell."""
    if text[start:end].isupper():
        return True
    after = _AFTER.match(text, end)
    if after and after[1][0].isupper() and not after[1].isupper():
        return False
    before = _BEFORE.search(text, max(0, start - _NEAR), start)
    return before is None or not before[1][0].isupper() or before[1].lower() in CALLS


def masked(version: ArticleVersion, span: Sequence[Any], exposed: Iterable[Any]) -> str:
    """The span's words without those of the exposed spans, nor the same words where they stand elsewhere in it."""
    name, start, end = span
    texts, known = texts_of(version), proper(exposed)
    text = texts.get(name, "")
    pieces, at = [], start
    for first, last in sorted((first, last) for field, first, last in known if field == name):
        first, last = max(first, at), min(last, end)  # noqa: PLW2901 - cut to what is left of the quote
        if first >= last:
            continue
        pieces += [text[at:first], MASK]
        at = last
    pieces.append(text[at:end])
    return masked_words(version, "".join(pieces), known)


def masked_words(version: ArticleVersion, quote: str, exposed: Iterable[Any]) -> str:
    """Words of the article without those that are exposed anywhere in it; cut if they are very long."""
    quote = hide(quote, exposing_words(texts_of(version), exposed))
    quote = re.sub(rf"(?:{MASK}\s*)+(?={MASK})", "", " ".join(quote.split()))
    return quote if len(quote) <= LONGEST else f"{quote[:LONGEST].rsplit(' ', 1)[0]} …"
