"""Where to mark and where to mask in a text. Spans come from models and may overlap, cross or lie outside the text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

FIELDS = ("title", "sapo", "text")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    marked: bool
    masked: bool


def spans_of(spans: Iterable[Any], field: str) -> list[tuple[int, int]]:
    """(start, end) of the well-formed spans of a field; whatever else a model wrote is left out."""
    found = []
    for span in spans:
        if not isinstance(span, (list, tuple)) or len(span) != len(("field", "start", "end")):
            continue
        name, start, end = span
        if name == field and type(start) is int and type(end) is int and start < end:
            found.append((start, end))
    return found


def pieces(text: str, marked: Sequence[tuple[int, int]], masked: Sequence[tuple[int, int]] = ()) -> list[Piece]:
    """The text cut where marking or masking begins or ends; the pieces joined are the text again."""
    size = len(text)
    cuts = {0, size}
    for start, end in (*marked, *masked):
        cuts |= {min(max(start, 0), size), min(max(end, 0), size)}
    points = sorted(cuts)
    return [
        Piece(text[start:end], _covers(marked, start, end), _covers(masked, start, end))
        for start, end in pairwise(points)
    ]


def _covers(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def paragraphs(
    text: str, marked: Sequence[tuple[int, int]], masked: Sequence[tuple[int, int]] = ()
) -> list[list[Piece]]:
    """Pieces by line of the text; empty lines are dropped."""
    found = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            found.append(pieces(line, _shift(marked, start), _shift(masked, start)))
        start += len(line) + 1
    return found


def _shift(spans: Sequence[tuple[int, int]], by: int) -> list[tuple[int, int]]:
    return [(start - by, end - by) for start, end in spans]
