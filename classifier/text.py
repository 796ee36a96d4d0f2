"""From the characters of an outlet to the characters that rules read, with the way back.

Rules and models read composed (NFC) text without mark-up. Composing and cleaning may change lengths, so every
`Clean` text knows where each of its characters began in the input; spans always refer to the input.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

_TAG = re.compile(r"<(?:!--.*?--|(script|style)\b[^>]*>.*?</\1\s*|/?[a-zA-Z][^<>]{0,500})>", re.DOTALL | re.IGNORECASE)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+", re.UNICODE)
_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+|[.!?…;|]+(?=\s|$)|\n", re.UNICODE)
_SENTENCE_END = re.compile(r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?:\s+|(?=[^\W\d_][^\W\d_]))|\n+")
"""Only where a run of signs begins: tried at each sign of a long run it would take quadratic time."""
_SHORT_FORM = re.compile(
    r"(?:\b(?:TP|Tp|Th\.?S|TS|PGS|GS|BS|Q|P|H|X|TX|TT|Tr|ĐH|St|Mr|Ms|Dr)|\b[A-ZĐ])\.$|\b\d{1,2}\.$"
)


@dataclass(frozen=True, slots=True)
class Clean:
    """Composed text without mark-up. `starts[i]` is where character i began in the input (None: the same place)."""

    text: str
    starts: tuple[int, ...] | None
    input_length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Input positions of the clean characters start..end (end exclusive)."""
        if self.starts is None:
            return start, end
        while 0 < end < len(self.starts) and self.starts[end] == self.starts[end - 1]:
            end += 1
        last = self.starts[end] if end < len(self.starts) else self.input_length
        return (self.starts[start] if start < len(self.starts) else self.input_length), last


def clean(raw: str, limit: int | None = None) -> Clean:
    """`limit` cuts the input first: what lies behind it is never read."""
    cut = raw if limit is None or len(raw) <= limit else raw[:limit]
    starts: tuple[int, ...] | None = None
    if not unicodedata.is_normalized("NFC", cut):
        cut, starts = _compose(cut)
    if "<" in cut:
        cut = _TAG.sub(_blank, cut)
    if "&" in cut:
        cut = _ENTITY.sub(_blank, cut)
    return Clean(cut, starts, len(raw) if limit is None else min(len(raw), limit))


def _blank(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _compose(raw: str) -> tuple[str, tuple[int, ...]]:
    """Compose cluster by cluster (a base character with its marks), noting where each result began."""
    pieces: list[str] = []
    starts: list[int] = []
    begin = 0
    for end in range(1, len(raw) + 1):
        if end < len(raw) and (unicodedata.combining(raw[end]) or "\u1160" <= raw[end] <= "\u11ff"):
            continue
        piece = unicodedata.normalize("NFC", raw[begin:end])
        pieces.append(piece)
        starts.extend([begin] * len(piece))
        begin = end
    return "".join(pieces), tuple(starts)


def words(text: str) -> Iterator[tuple[str, int, int]]:
    """Syllables and numbers as written, with their places."""
    for match in _WORD.finditer(text):
        yield match.group(), match.start(), match.end()


def tokens(text: str) -> list[str]:
    """Syllables, numbers, and the marks that end a sentence."""
    found: list[str] = _TOKEN.findall(text)
    return found


@lru_cache(maxsize=1024)
def sentences(text: str) -> tuple[tuple[int, int], ...]:
    """Sentence borders; a line feed always ends one, an abbreviation (TP., Q.1) never does."""
    borders: list[tuple[int, int]] = []
    begin = 0
    for match in _SENTENCE_END.finditer(text):
        if "\n" not in match.group() and not _ends_here(text, begin, match):
            continue
        _add(borders, text, begin, match.end())
        begin = match.end()
    _add(borders, text, begin, len(text))
    return tuple(borders)


def _ends_here(text: str, begin: int, match: re.Match[str]) -> bool:
    """Whether a full stop ends a sentence: a capital or a sign follows, and no abbreviation comes before."""
    following = text[match.end() : match.end() + 2]
    if not following or following[0].islower() or (following[0].isdigit() and text[match.start()] == "."):
        return not following
    glued = not match.group()[-1].isspace()
    if glued and not (following[0].isupper() and following[-1].islower() and text[match.start() - 1].islower()):
        return False
    return not (match.group()[0] == "." and _SHORT_FORM.search(text, max(begin, match.start() - 6), match.start() + 1))


def _add(borders: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if end > start:
        borders.append((start, end))
