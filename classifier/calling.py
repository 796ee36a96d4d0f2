"""By which names a person of a full name is called, and where a name stands in a text."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from classifier.bearers import CALLS
from classifier.features import FAMILY_NAMES
from classifier.pieces import OPENING

SHORTEST = 2
"""A single letter would be found all over the text."""
_FULL = 2
_CHILD = ("bé", "cháu", "em")
EVERYDAY = CALLS & OPENING
"""Names that stand in every article as words ("Anh kể lại …"): nobody's name unless a word for a child is before it."""
_BEFORE = re.compile(r"\w\s(\w+)\s\Z")
"""The word before, unless it opens a sentence: there it is often a common word ("Khi Na …")."""
_AFTER = re.compile(r"\s(\w+)")
_NEAR = 24
"""Characters that surely hold the word before or behind."""


def given_names(words: Iterable[str]) -> set[str]:
    """The names by which a person of these full names is called: "Nguyễn Mẫu Na" gives "Mẫu Na", "Nguyễn Na" and "Na".

    Words that merely hold a person's name ("Trường Lê Mẫu") give none. Where it cannot be told whether they are a name
    ("Mẫu Na" may be a place), the last one counts only behind a word for a child ("bé Na").
    """
    found = set()
    for word in words:
        parts = word.split()
        while len(parts) > 1 and parts[0].lower() in CALLS and (parts[0].islower() or _opens(parts[1])):
            del parts[0]
        if len(parts) < _FULL or not all(part[:1].isupper() for part in parts):
            continue
        called = {f"{call} {parts[-1]}" for call in _CHILD}
        if not _opens(parts[0]):
            found |= called
            continue
        found |= called if parts[-1].lower() in EVERYDAY else {parts[-1]}
        if len(parts) > _FULL:
            found |= {" ".join(parts[-2:]), f"{parts[0]} {parts[-1]}"}
    return {word for word in found if len(word) >= SHORTEST}


def _opens(part: str) -> bool:
    """Whether it is a family name."""
    return part.lower() in FAMILY_NAMES


def places_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """(start, end) of every place where one of the words stands, also in other capitals ("Bé Na", "BÉ NA").

    A name of one syllable is often a word as well: written small it stays ("Hoa" finds no "hoa"), and so does a part
    of another name ("Hà" finds no "Hà Nội").
    """
    low = text.lower()
    return [
        match.span()
        for word in words
        if (word.split(maxsplit=1) or [""])[0].lower() in low
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
