"""How much of one quote another holds, for learning from quotes that readers marked."""

import re
import unicodedata

_WORD = re.compile(r"\w+")


def overlap(first: str, second: str) -> float:
    """Share of the shorter quote's words that the other holds."""
    a, b = (_WORD.findall(unicodedata.normalize("NFC", quote).lower()) for quote in (first, second))
    short, long = (a, b) if len(a) <= len(b) else (b, a)
    known = set(long)
    return sum(word in known for word in short) / len(short) if short else 0.0
