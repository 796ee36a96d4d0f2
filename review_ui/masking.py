"""Which words expose a child, and hiding them wherever they stand."""

from collections.abc import Iterable, Sequence

from models.tables import ArticleVersion, Verdict
from review_ui.marks import FIELDS, spans_of

BLOCK = "▇▇▇"
SHORTEST = 2
"""A single letter would be hidden all over the text."""


def exposing_words(version: ArticleVersion, verdict: Verdict | None) -> set[str]:
    """The strings that the verdict points to in the version that it speaks of."""
    if verdict is None or verdict.version_id != version.id:
        return set()
    texts = dict(zip(FIELDS, (version.title, version.sapo, version.body), strict=True))
    return {
        word
        for field, text in texts.items()
        for start, end in spans_of(verdict.exposes_child, field)
        if len(word := text[max(start, 0) : end].strip()) >= SHORTEST
    }


def hide(text: str, words: Iterable[str]) -> str:
    for word in sorted(words, key=len, reverse=True):
        text = text.replace(word, BLOCK)
    return text


def places_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """(start, end) of every place where one of the words stands."""
    found = []
    for word in words:
        at = text.find(word)
        while at >= 0:
            found.append((at, at + len(word)))
            at = text.find(word, at + len(word))
    return found
