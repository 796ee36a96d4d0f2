"""Where to mark and where to mask in a text. Spans come from models and may overlap, cross or lie outside the text."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from models.records import HIDDEN

FIELDS = ("title", "sapo", "text")
SPAN = len(("field", "start", "end"))


@dataclass(frozen=True, slots=True)
class Piece:
    """`name` is set where something links to the piece."""

    text: str
    marked: bool
    masked: bool
    name: str = ""


def spans_of(spans: Iterable[Any], field: str) -> list[tuple[int, int]]:
    """(start, end) of the well-formed spans of a field, those that are only hidden too; whatever else a model wrote is
    left out."""
    found = []
    for span in spans:
        if not isinstance(span, (list, tuple)) or (len(span) != SPAN and list(span[SPAN:]) != [HIDDEN]):
            continue
        name, start, end = span[:SPAN]
        if name == field and type(start) is int and type(end) is int and start < end:
            found.append((start, end))
    return found


def joined(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The same characters, spans that overlap made one: a name and the shorter name inside it are hidden once."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = found[-1][0], max(end, found[-1][1])
        else:
            found.append((start, end))
    return found


Named = tuple[int, int, str]
"""(start, end, name) of words that a link leads to."""


def pieces(
    text: str,
    marked: Sequence[tuple[int, int]],
    masked: Sequence[tuple[int, int]] = (),
    named: Sequence[Named] = (),
) -> list[Piece]:
    """The text cut where marking, masking or a name begins or ends; the pieces joined are the text again."""
    if not (marked or masked or named):
        return [Piece(text, marked=False, masked=False)] if text else []
    size, masked = len(text), joined(masked)
    cuts = {0, size}
    names: dict[int, str] = {}
    for start, _, name in named:
        if 0 <= start < size:
            names[start] = name if start not in names else f"{names[start]} {name}"
    for start, end in (*marked, *masked, *((first, last) for first, last, _ in named)):
        cuts |= {min(max(start, 0), size), min(max(end, 0), size)}
    points = sorted(cuts)
    return [
        Piece(text[start:end], _covers(marked, start, end), _covers(masked, start, end), names.get(start, ""))
        for start, end in pairwise(points)
    ]


def _covers(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def paragraphs(
    text: str,
    marked: Sequence[tuple[int, int]],
    masked: Sequence[tuple[int, int]] = (),
    named: Sequence[Named] = (),
) -> list[list[Piece]]:
    """Pieces by line of the text; empty lines are dropped."""
    found = []
    start = 0
    for line in text.split("\n"):
        if line.strip():
            here = [(first - start, last - start, name) for first, last, name in named]
            found.append(pieces(line, _shift(marked, start), _shift(masked, start), here))
        start += len(line) + 1
    return found


def _shift(spans: Sequence[tuple[int, int]], by: int) -> list[tuple[int, int]]:
    return [(start - by, end - by) for start, end in spans]
