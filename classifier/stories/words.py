"""Words, pairs of words and names of a text, hashed at once: arrays of 32-bit figures, the same on every machine."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint32]

TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
WORD = re.compile(r"[^\W_]+(?:[./-]\d+)*")
SENTENCE_END = re.compile(r"[.!?:…\n\"“”'‘’(\[–-]\s*$")
CAPITAL = "[A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ]"
LOWER = "[a-zđàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]"
RUN = re.compile(rf"{CAPITAL}\w*(?:\.{CAPITAL}\w*)*(?:[ ]{CAPITAL}\w*(?:\.{CAPITAL}\w*)*)*")
COPIED = 4
"""Words in a row that two reporters hardly choose by chance."""
MIX = (np.uint32(2654435761), np.uint32(40503))


@lru_cache(maxsize=60_000)
def fold(word: str) -> str:
    """Lower case with the tone moved to the end, so that `hoà` and `hòa` are one word."""
    decomposed = unicodedata.normalize("NFD", word.lower())
    tone = "".join(c for c in decomposed if c in TONES)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if c not in TONES)) + tone


@lru_cache(maxsize=60_000)
def word_hash(word: str) -> int:
    return crc32(fold(word).encode())


def words_of(text: str) -> Hashes:
    """One figure a syllable, in order."""
    return np.array([word_hash(word) for word in WORD.findall(text)], np.uint32)


def joined(first: Hashes, second: Hashes) -> Hashes:
    return (first * MIX[0] + second) * MIX[1] + (first >> np.uint32(15))


def terms(words: Hashes) -> Hashes:
    """One and two syllables; a pair of syllables is the usual Vietnamese word."""
    return np.concatenate((words, joined(words[:-1], words[1:])))


def runs(words: Hashes) -> Hashes:
    """Every `COPIED` words in a row."""
    found = words
    for further in range(1, COPIED):
        found = joined(found[:-1], words[further:])
    return found


def hashes(keys: Iterable[str]) -> Hashes:
    return np.array([crc32(key.encode()) for key in keys], np.uint32)


def name_keys(text: str) -> Iterator[str]:
    """Capitalised runs: people, places, schools. A lone capital at the head of a sentence says nothing."""
    for match in RUN.finditer(text):
        run = match.group().split(" ")
        start = match.start()
        if start == 0 or SENTENCE_END.search(text, max(0, start - 3), start):
            run = run[1:]
        if not run:
            continue
        yield from keys_of_name([fold(part) for part in run])


def keys_of_name(folded: Sequence[str]) -> Iterator[str]:
    """The whole name, its last syllable and its last two."""
    yield "n:" + " ".join(folded)
    if len(folded) > 1:
        yield "n:" + folded[-1]
        yield "n:" + " ".join(folded[-2:])
