"""Mentions that make one address: "xã A, huyện B (tỉnh C)". Each is read against the gazetteer as far as it fits."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from classifier.places.fold import name_key
from classifier.places.lexicon import Cue, Lexicon
from classifier.places.mentions import Mention, Scan

LEVEL = ("commune", "district", "province")
COMMUNE, DISTRICT, PROVINCE = 0, 1, 2
LINK = re.compile(
    r"(?: ?\(?cũ\)?)?(?: ?[,(–\-/;][ \u00a0]?(?:nay )?(?:thuộc |của |ở |tại |thuộc địa bàn )?"
    r"|[ \u00a0](?:thuộc |của |ở |tại |\()?|\), ?|\) ?(?:thuộc |của |ở )?)$"
)
LOOSE = re.compile(r"[ \u00a0]$")
OLD_AFTER = re.compile(r"[ ]?\(?(?:cũ|trước đây)\b")
ABOUT = 120
FAR = 64
NEAR = 36
STOPS_NEAR = re.compile(r"[,.;:()\n]")
LETTERS = re.compile(r"[^\W\d_]{2}")
STOPS_FAR = re.compile(r"[);\n]|\. [^\W\d_]|[!?]")


@dataclass(slots=True)
class Chain:
    """One address as read: mentions from the finest up with the level each is taken for.

    `rows` are the units that fit the finest mention together with all above it; empty where the gazetteer knows
    none, then `above` are the units that fit the next mention.
    """

    mentions: list[Mention]
    levels: list[int]
    rows: tuple[int, ...]
    above: tuple[int, ...] = ()
    role: str = "plain"
    place: str = "text"
    weight: float = 1.0
    former: bool = False
    near: bool = False
    """Words about children stand close by."""
    abroad: bool = False
    nodes: frozenset[int] = field(default_factory=frozenset)

    start: int = field(init=False)
    end: int = field(init=False)

    def __post_init__(self) -> None:
        self.start = self.mentions[0].start
        self.end = self.mentions[-1].end

    def at(self, level: int) -> Mention | None:
        return self.mentions[self.levels.index(level)] if level in self.levels else None

    def key(self, level: int) -> str | None:
        mention = self.at(level)
        if mention is None:
            return None
        return mention.name.key if mention.name else name_key(mention.words)


@dataclass(slots=True)
class _Reading:
    """A way to read the mentions so far."""

    levels: list[int]
    rows: tuple[int, ...]
    above: tuple[int, ...]


def _rows(mention: Mention, level: int) -> tuple[int, ...]:
    if mention.name is None:
        return ()
    name = mention.name
    return (name.communes, name.districts, name.provinces)[level]


def _start(mention: Mention) -> list[_Reading]:
    readings = []
    for level in range(3):
        if LEVEL[level] in mention.levels:
            rows = _rows(mention, level)
            if rows or mention.name is None:
                readings.append(_Reading([level], rows, ()))
    return readings


def _extend(readings: list[_Reading], mentions: list[Mention], upper: Mention, lexicon: Lexicon) -> list[_Reading]:
    """The readings in which `upper` stands above all mentions so far."""
    found = []
    first = mentions[0]
    for reading in readings:
        for level in range(reading.levels[-1] + 1, 3):
            if LEVEL[level] not in upper.levels:
                continue
            rows = _rows(upper, level)
            if not rows:
                continue
            key = upper.name.key if upper.name else ""
            fits = tuple(row for row in reading.rows if key in lexicon.above[row])
            if fits:
                found.append(_Reading([*reading.levels, level], fits, ()))
            elif first.typed or upper.typed:
                above = tuple(r for r in reading.above if key in lexicon.above[r]) if reading.above else rows
                if above:
                    found.append(_Reading([*reading.levels, level], (), above))
    known = [reading for reading in found if reading.rows]
    return known or found


def _settle(readings: list[_Reading], first: Mention, lexicon: Lexicon, day: date | None) -> _Reading:
    """The most likely reading: units that exist, then the highest level of a bare name, the lowest of a typed.

    "TP Huế" is the province from the day on which it became a city.
    """
    known = [r for r in readings if r.rows] or readings
    if day is not None and "province" in first.levels and first.typed:
        for reading in known:
            if reading.levels == [PROVINCE] and any(_is_city(row, lexicon, day) for row in reading.rows):
                return reading
    if len(known[0].levels) > 1 or first.typed:
        return min(known, key=lambda r: (r.levels[0] if first.typed else abs(r.levels[0] - 1), -r.levels[-1]))
    return max(known, key=lambda r: r.levels[0])


def _is_city(row: int, lexicon: Lexicon, day: date) -> bool:
    unit = lexicon.gazetteer.units[row]
    return unit.type == "thành phố" and unit.holds_on(day)


def chains(text: str, found: Scan, lexicon: Lexicon, day: date | None = None) -> Iterator[Chain]:
    """The addresses of a text in order; `day` is the article's, where it is known."""
    mentions = found.mentions
    index = reached = 0
    while index < len(mentions):
        group = [mentions[index]]
        readings = _start(group[0])
        index += 1
        if group[0].name is not None and group[0].name.abroad:
            yield _told(text, found, Chain(group, [PROVINCE], (), abroad=True), reached)
            reached = group[-1].end
            continue
        while readings and index < len(mentions):
            upper = mentions[index]
            if not _linked(text, group[-1], upper):
                break
            longer = _extend(readings, group, upper, lexicon)
            if not longer:
                break
            group.append(upper)
            readings = longer
            index += 1
        if readings:
            reading = _settle(readings, group[0], lexicon, day)
            yield _told(text, found, Chain(group, reading.levels, reading.rows, reading.above), reached)
            reached = group[-1].end


def _told(text: str, found: Scan, chain: Chain, reached: int) -> Chain:
    """The chain with what the words around it say; `reached` is where the address before it ends."""
    chain.former = OLD_AFTER.match(text, chain.end) is not None
    chain.near = _near_child(found.child, chain)
    chain.role = role_of(text, chain.start, chain.end, found.cues, reached)
    return chain


def _near_child(child: list[int], chain: Chain) -> bool:
    """Whether a word about children stands within a sentence's length of the address."""
    index = bisect_left(child, chain.start - ABOUT)
    return index < len(child) and child[index] <= chain.end + ABOUT


def _linked(text: str, lower: Mention, upper: Mention) -> bool:
    gap = text[lower.end : upper.start]
    if len(gap) > 24 or not LINK.match(gap):
        return False
    return not LOOSE.fullmatch(gap) or upper.typed or bool(upper.name and upper.name.provinces)


AT = frozenset(("ở", "tại", "thuộc", "Tại", "Ở", "bàn", "trong", "khắp"))
FROM = frozenset(("từ", "rời", "Từ", "khỏi"))
TO = frozenset(("đến", "tới", "sang", "về", "vào", "ra", "lên", "xuống", "qua", "đi", "Đến"))
OFFICES = frozenset(("court", "authority"))
FORMER_OFFICE = re.compile(
    r"\b(?:nguyên|cựu)(?: (?:phó|trưởng|viện|chánh|chủ|thẩm|kiểm|giám|bí|cán)[^,.;()]*)? $", re.IGNORECASE
)
"""Where somebody once held an office says nothing of the incident."""
LAST_WORD = re.compile(r"([^\W\d_]+)[ \u00a0]$")


def role_of(text: str, start: int, end: int, cues: list[tuple[int, int, Cue]], reached: int = 0) -> str:
    """The part that the words around a place give to it; "plain" where they say nothing."""
    if end < len(text) and text[end].isupper():
        return "dateline"
    generic = ""
    for begin, stop, cue in _before(cues, start):
        gap = text[stop:start]
        if cue.near:
            if len(gap) <= NEAR and not STOPS_NEAR.search(gap):
                office = cue.role in OFFICES and FORMER_OFFICE.search(text, max(0, begin - 28), begin)
                return "comment" if office else cue.role
        elif (stop >= reached or not LETTERS.search(text, reached, start)) and not STOPS_FAR.search(gap):
            if cue.role != "happened":
                return generic or cue.role
            generic = generic or cue.role
    return generic or _by_neighbour(text, start, end)


def _by_neighbour(text: str, start: int, end: int) -> str:
    if start < 40 and re.match(r" ?[-–:] |[.:] ", text[end : end + 3]) and not text[:start].strip(" -–("):
        return "dateline"
    before = text[max(0, start - 12) : start]
    word = LAST_WORD.search(before)
    if word:
        return "at" if word[1] in AT else "from" if word[1] in FROM else "to" if word[1] in TO else "plain"
    mark = before.rstrip()[-1:]
    return {"(": "bracket", ",": "comma", "–": "comma", "-": "comma"}.get(mark, "plain")


def _before(cues: list[tuple[int, int, Cue]], start: int) -> Iterator[tuple[int, int, Cue]]:
    """Cues that end before `start` within reach, the nearest first."""
    for index in range(bisect_right(cues, start, key=_end) - 1, -1, -1):
        if start - cues[index][1] > FAR:
            return
        yield cues[index]


def _end(cue: tuple[int, int, Cue]) -> int:
    return cue[1]
