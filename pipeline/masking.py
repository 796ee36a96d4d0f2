"""What identifies a child is blackened wherever it stands: one rule for every page, file and letter."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from classifier.calling import SHORTEST, given_names, places_of
from models.records import HIDDEN
from models.tables import ArticleVersion

MASK = "▇▇▇"
LONGEST = 400
SPAN = len(("field", "start", "end"))


def texts_of(version: ArticleVersion) -> dict[str, str]:
    """What a span's field names mean."""
    return {"title": version.title, "sapo": version.sapo, "text": version.body}


def proper(spans: Iterable[Any]) -> list[tuple[str, int, int]]:
    """(field, start, end) of what is a span at all, also of what is only hidden; a model's file may hold anything."""
    return [
        (span[0], max(span[1], 0), span[2])
        for span in spans
        if isinstance(span, list | tuple)
        and (len(span) == SPAN or list(span[SPAN:]) == [HIDDEN])
        and isinstance(span[0], str)
        and type(span[1]) is int
        and type(span[2]) is int
        and span[1] < span[2]
        and span[2] > 0
    ]


def reproached(spans: Iterable[Any]) -> list[tuple[str, int, int]]:
    """What the paper ought not to have printed, without what is only hidden."""
    return proper(span for span in spans if isinstance(span, list | tuple) and len(span) == SPAN)


def looked_for(spans: Iterable[Any]) -> bool:
    """Whether names were looked for beside what exposes a child; verdicts made before that was done have none."""
    return any(isinstance(span, list | tuple) and list(span[SPAN:]) == [HIDDEN] for span in spans)


def exposing_words(texts: Mapping[str, str], spans: Iterable[Any]) -> set[str]:
    """What stands at the spans, and the shorter names by which people of these names are called."""
    found = {
        word for field, start, end in proper(spans) if len(word := texts.get(field, "")[start:end].strip()) >= SHORTEST
    }
    return found | given_names(found)


def hide(text: str, words: Iterable[str]) -> str:
    """The text with every place of the words blackened; places that overlap become one."""
    parts, at = [], 0
    for start, end in sorted(places_of(text, sorted(words))):
        if start >= at:
            parts += [text[at:start], MASK]
        at = max(at, end)
    return "".join([*parts, text[at:]])


def masked(version: ArticleVersion, span: Sequence[Any], exposed: Iterable[Any], elsewhere: Iterable[str] = ()) -> str:
    """The span's words without those of the exposed spans, nor the same words where they stand elsewhere in it, nor
    those that other articles give away."""
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
    return masked_words(version, "".join(pieces), known, elsewhere)


def masked_words(version: ArticleVersion, quote: str, exposed: Iterable[Any], elsewhere: Iterable[str] = ()) -> str:
    """Words of the article without those that are exposed anywhere in it or elsewhere; cut if they are very long."""
    quote = hide(quote, exposing_words(texts_of(version), exposed).union(elsewhere))
    quote = re.sub(rf"(?:{MASK}\s*)+(?={MASK})", "", " ".join(quote.split()))
    return quote if len(quote) <= LONGEST else f"{quote[:LONGEST].rsplit(' ', 1)[0]} …"
