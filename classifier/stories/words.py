"""Words, pairs of words and names of a text, as short keys that are hashed at once and never kept."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import pairwise

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
WORD = re.compile(r"[^\W_]+(?:[./-]\d+)*")
SENTENCE_END = re.compile(r"[.!?:…\n\"“”'‘’(\[–-]\s*$")
CAPITAL = "[A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ]"
LOWER = "[a-zđàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]"
RUN = re.compile(rf"{CAPITAL}\w*(?:\.{CAPITAL}\w*)*(?:[ ]{CAPITAL}\w*(?:\.{CAPITAL}\w*)*)*")
COPIED = 4
"""Words in a row that two reporters hardly choose by chance."""


@lru_cache(maxsize=60_000)
def fold(word: str) -> str:
    """Lower case with the tone moved to the end, so that `hoà` and `hòa` are one word."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tone = "".join(c for c in decomposed if c in TONES)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES)) + tone


def words_of(text: str) -> list[str]:
    return [fold(word) for word in WORD.findall(text)]


def terms(words: list[str]) -> Iterator[str]:
    """One and two syllables; a pair of syllables is the usual Vietnamese word."""
    yield from words
    for first, second in pairwise(words):
        yield f"{first} {second}"


def runs(words: list[str]) -> Iterator[str]:
    """Every `COPIED` words in a row."""
    for start in range(len(words) - COPIED + 1):
        yield " ".join(words[start : start + COPIED])


def name_keys(text: str) -> Iterator[str]:
    """Capitalised runs: people, places, schools. A lone capital at the head of a sentence says nothing."""
    for match in RUN.finditer(text):
        run = match.group().split(" ")
        start = match.start()
        if start == 0 or SENTENCE_END.search(text, max(0, start - 3), start):
            run = run[1:]
        if not run:
            continue
        folded = [fold(part) for part in run]
        yield "n:" + " ".join(folded)
        if len(folded) > 1:
            yield "n:" + folded[-1]
            yield "n:" + " ".join(folded[-2:])
