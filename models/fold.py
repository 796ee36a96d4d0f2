"""Words without diacritics: SQLite's folding misses đ, and PostgreSQL's unaccent is not always there."""

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W_]+")


def words(text: str) -> list[str]:
    """Small letters, NFC, only letters and digits."""
    return WORD.findall(unicodedata.normalize("NFC", text).lower())


def fold(text: str) -> str:
    """`Đặng Hoà` → `dang hoa`. Shape: words split by one space."""
    joined = exact(text).replace("đ", "d")
    parted = unicodedata.normalize("NFD", joined)
    plain = parted.encode("ascii", "ignore").decode()
    if len(plain) == len(joined):  # each letter left its own base: nothing but marks was lost
        return plain
    return "".join(char for char in parted if not unicodedata.combining(char))


@lru_cache(maxsize=1)
def exact(text: str) -> str:
    """The words split by one space; kept for a moment, because `fold` of the same text is asked for next."""
    return " ".join(words(text))
