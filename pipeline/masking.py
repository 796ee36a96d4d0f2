"""Quotes in which nothing identifies the child: what the model marked as exposing is blackened wherever it stands."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

from models.tables import ArticleVersion

MASK = "▇▇▇"
LONGEST = 400


def field_of(version: ArticleVersion, name: str) -> str:
    """The text that a span's field name means; empty for a name we do not know."""
    return {"title": version.title, "sapo": version.sapo, "text": version.body}.get(name, "")


def proper(spans: Iterable[Any]) -> list[tuple[str, int, int]]:
    """(field, start, end) of what is a span at all; a model's file may hold anything."""
    return [
        (span[0], span[1], span[2])
        for span in spans
        if isinstance(span, list | tuple)
        and len(span) == 3
        and isinstance(span[0], str)
        and isinstance(span[1], int)
        and isinstance(span[2], int)
        and 0 <= span[1] < span[2]
    ]


def masked(version: ArticleVersion, span: Sequence[Any], exposed: Sequence[Sequence[Any]]) -> str:
    """The span's words without those of the exposed spans, nor the same words where they stand elsewhere in it."""
    name, start, end = span
    text = field_of(version, name)
    pieces, at = [], start
    for first, last in sorted((int(other[1]), int(other[2])) for other in proper(exposed) if other[0] == name):
        first, last = max(first, at), min(last, end)  # noqa: PLW2901 - cut to what is left of the quote
        if first >= last:
            continue
        pieces += [text[at:first], MASK]
        at = last
    pieces.append(text[at:end])
    return masked_words(version, "".join(pieces), exposed)


def masked_words(version: ArticleVersion, quote: str, exposed: Sequence[Sequence[Any]]) -> str:
    """Words of the article without those that are exposed anywhere in it; cut if they are very long."""
    known = {field_of(version, other[0])[other[1] : other[2]].strip() for other in proper(exposed)}
    for word in sorted((word for word in known if word), key=len, reverse=True):
        quote = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", MASK, quote, flags=re.IGNORECASE)
    quote = re.sub(rf"(?:{MASK}\s*)+(?={MASK})", "", " ".join(quote.split()))
    return quote if len(quote) <= LONGEST else f"{quote[:LONGEST].rsplit(' ', 1)[0]} …"
