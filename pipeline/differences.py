"""The readable difference between two versions of an article: paragraph by paragraph, and word by word in those that
changed. Pure; the pages and the documents mark the pieces as they like."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Change = Literal["same", "added", "removed"]
MOST_WORDS = 3000
"""Of two paragraphs together; longer ones are shown as replaced, for comparing their words takes time by the square."""
MOST_PARAGRAPHS = 2000
LIKE = 0.4
"""Paragraphs with a smaller share of common words are not the same one in other words."""
WORD = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """Text without change, added or removed. Pieces that are not removed, joined, are the new text exactly."""

    change: Change
    text: str


def word_difference(before: str, after: str) -> tuple[Piece, ...]:
    """Joined without the added pieces it is `before`, without the removed ones `after`, character by character."""
    return tuple(_joined(_paragraphs(_lines(before), _lines(after))))


def changed(pieces: Sequence[Piece]) -> bool:
    return any(piece.change != "same" for piece in pieces)


def _lines(text: str) -> list[str]:
    """Paragraphs with the line feed that ends them."""
    return text.splitlines(keepends=True)


def _paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    if len(before) + len(after) > MOST_PARAGRAPHS:
        yield from _replaced("".join(before), "".join(after))
        return
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield Piece("same", "".join(before[i:j]))
        elif tag == "replace":
            yield from _pairs(before[i:j], after[k:m])
        else:
            yield from _replaced("".join(before[i:j]), "".join(after[k:m]))


def _pairs(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    """Paragraphs that took each other's place are compared in order, what is left over was added or removed."""
    common = min(len(before), len(after))
    for old, new in zip(before[:common], after[:common], strict=True):
        yield from _words(WORD.findall(old), WORD.findall(new))
    yield from _replaced("".join(before[common:]), "".join(after[common:]))


def _words(before: Sequence[str], after: Sequence[str]) -> Iterator[Piece]:
    if len(before) + len(after) > MOST_WORDS or _alike(before, after) < LIKE:
        yield from _replaced("".join(before), "".join(after))
        return
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        same = "".join(before[i:j])
        if tag == "equal" and (same.strip() or i == 0 or j == len(before)):
            yield Piece("same", same)
        else:  # also the mere space between two changed words, or every phrase would fall to pieces
            yield from _replaced(same, "".join(after[k:m]))


def _alike(before: Sequence[str], after: Sequence[str]) -> float:
    """Share of the words that both have, spaces and marks not counted."""
    old, new = (Counter(word for word in side if word[0].isalnum()) for side in (before, after))
    return 2 * (old & new).total() / max((old + new).total(), 1)


def _replaced(before: str, after: str) -> Iterator[Piece]:
    if before:
        yield Piece("removed", before)
    if after:
        yield Piece("added", after)


def _joined(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind become one piece; a removed piece stands before what was added in its place."""
    held: dict[Change, str] = {}
    for piece in pieces:
        if piece.change == "same" and held.keys() - {"same"}:
            yield from _flush(held)
            held = {}
        if piece.change != "same" and "same" in held:
            yield from _flush(held)
            held = {}
        held[piece.change] = held.get(piece.change, "") + piece.text
    yield from _flush(held)


def _flush(held: dict[Change, str]) -> Iterator[Piece]:
    order: tuple[Change, ...] = ("same", "removed", "added")
    for change in order:
        if change in held:
            yield Piece(change, held[change])
