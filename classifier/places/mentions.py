"""Where a text names units: spans, the word for the type before each, and the words that tell its part.

A name alone proves nothing (people, streets and schools are called like places), so the words around it decide
whether it is a place at all.
"""

import re
from dataclasses import dataclass

from classifier.places.lexicon import CHILD, Cue, Lexicon, Name

Levels = frozenset[str]
ANY: Levels = frozenset({"province", "district", "commune"})
LEVELS: dict[str, Levels] = {
    "commune": frozenset({"commune"}),
    "district": frozenset({"district"}),
    "city": frozenset({"province", "district"}),
    "province": frozenset({"province"}),
}
TYPE_WORD = re.compile(
    r"(?<!\w)(?:(?P<commune>xã|phường|thị trấn|đặc khu|thị tứ|[XPF]\.|TT\.?)"
    r"|(?P<district>huyện đảo|huyện|quận|thị xã|T\.?X\.?|[HQ]\.)"
    r"|(?P<city>thành phố|T\.? ?P\.?)"
    r"|(?P<province>tỉnh))[ \u00a0]{0,2}$",
    re.IGNORECASE,
)
TYPE_ENDS = frozenset({
    "xã", "phường", "trấn", "khu", "tứ", "x", "p", "f", "tt", "đảo", "huyện", "quận", "tx", "h", "q",
    "phố", "tp", "tỉnh",
})  # fmt: skip
"""Last words of the words for a type: a quick look before the pattern."""
WORD_BEFORE = re.compile(r"([^\W\d_]+)[ \u00a0]$")
LETTER = "[^\\W\\d_]"
NAME_RUN = re.compile(rf"({LETTER}(?:{LETTER}|['’])*(?: (?:{LETTER}(?:{LETTER}|['’])*|[12](?!\d)))*)")
AGE_AFTER = re.compile(r" ?(?:\(|, ) ?(?:SN|sinh năm|khoảng |\d{1,2} ?tuổi)")
TITLED = re.compile(
    r"(?:nạn nhân|bị can|bị cáo|nghi phạm|đối tượng|luật sư|bác sĩ|nghệ sĩ|ca sĩ|diễn viên|tên là|hung thủ|nghi can"
    r"|(?:thiếu|trung|thượng|đại) (?:tá|úy|tướng)|NSƯT|NSND|PGS|TS|ThS|nickname|Facebook) $",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Mention:
    """One named unit. `start` counts the word for its type, `at` only the name; `name` is None where unknown."""

    start: int
    at: int
    end: int
    words: str
    name: Name | None
    levels: Levels
    typed: bool


@dataclass(slots=True)
class Scan:
    """What one pass over a text found, each in order of place; `child` is where words about children end."""

    mentions: list[Mention]
    cues: list[tuple[int, int, Cue]]
    child: list[int]


def scan(text: str, lexicon: Lexicon) -> Scan:
    """Mentions (none overlapping) and cues of an NFC text."""
    hits: list[tuple[int, int, Name | None]] = []
    cues: list[tuple[int, int, Cue]] = []
    child: list[int] = []
    padded = f" {text} "  # so that every word has neighbours; offsets in it are one more
    for last, (size, name, cue) in lexicon.automaton.iter(text):
        end = last + 1
        start = end - size
        if padded[start].isalnum():
            continue
        if cue is not None:
            if padded[end + 1].isalnum():
                continue
            if cue is CHILD:
                child.append(end)
            else:
                cues.append((start, end, cue))
        elif name is None or not padded[end + 1].isalnum() or _glued(text, end, name):
            hits.append((start, -end, name))
    hits.sort(key=_order)
    known = {start for start, _, name in hits if name is not None}
    mentions: list[Mention] = []
    reached = 0
    for start, negative, name in hits:
        if start < reached:
            continue
        mention = (
            _opened(text, start, -negative, known) if name is None else _named(text, start, -negative, name, lexicon)
        )
        if mention is not None:
            mentions.append(mention)
            reached = mention.end
    return Scan(mentions, cues, child)


def _glued(text: str, end: int, name: Name) -> bool:
    """A dateline that the mark-up set apart and the text no longer does: "Hà NộiÔng A cho biết"."""
    return bool(name.provinces) and text[end].isupper() and text[end - 1].islower()


def _order(hit: tuple[int, int, Name | None]) -> tuple[int, int]:
    return hit[0], hit[1]


def _opened(text: str, start: int, end: int, known: set[int]) -> Mention | None:
    """A name that the gazetteer lacks, after a word for a type ("xã Ninh Lạ"): at most four capitalised words."""
    if end in known or (end < len(text) and text[end] == " " and end + 1 in known):
        return None
    begin = end + 1 if text[end : end + 1] == " " else end
    run = NAME_RUN.match(text, begin, begin + 40) if text[begin : begin + 1].isupper() else None
    if run is None:
        return None
    words: list[str] = []
    for word in run[1].split(" "):
        if not (word[0].isupper() or word.isdigit()) or len(words) == 4:
            break
        if begin + len(" ".join([*words, ""])) in known and words:
            break
        words.append(word)
    found = " ".join(words)
    if len(words) < 2 and (len(found) < 3 or found.isupper() or text[end - 1] == "."):
        return None
    kind = TYPE_WORD.search(text, max(0, start - 4), end)
    levels = LEVELS[kind.lastgroup or "commune"] if kind else LEVELS["commune"]
    return Mention(start, begin, begin + len(found), found, None, levels, typed=True)


def _named(text: str, at: int, end: int, name: Name, lexicon: Lexicon) -> Mention | None:
    words = text[at:end]
    if words[0].islower() or words[:2] in {"TP", "Tp"} or (words[-1].isdigit() and len(words) < 6):
        own = "city" if words[0] in "Tt" else "district" if words[0] in "Qq" else "commune"
        return Mention(at, at, end, words, name, LEVELS["province"] if own == "city" else LEVELS[own], typed=True)
    before = text[max(0, at - 12) : at]
    nearest = before.rstrip(" \u00a0").rpartition(" ")[2].lower()
    kind = TYPE_WORD.search(before) if nearest[-6:] in TYPE_ENDS or "." in nearest or "(" in nearest else None
    if kind is not None and not name.abroad:
        start = at - (len(before) - kind.start())
        levels = LEVELS[kind.lastgroup or "commune"]
        if name.stands(levels):
            return Mention(start, at, end, words, name, levels, typed=True)
        if levels is LEVELS["commune"]:
            return Mention(start, at, end, words, None, levels, typed=True)
        return Mention(start, at, end, words, name, ANY, typed=True)
    if _is_somebody(text, at, end, name, lexicon):
        return None
    return Mention(at, at, end, words, name, ANY, typed=False)


def _is_somebody(text: str, at: int, end: int, name: Name, lexicon: Lexicon) -> bool:
    """Whether a name without a word for its type is more likely a person's, or part of a longer name."""
    before = text[max(0, at - 24) : at]
    previous = WORD_BEFORE.search(before)
    word = previous[1] if previous else ""
    what = lexicon.words.get(word, "")
    if what == "locative":
        return False
    if " " not in name.key and word not in {"người", "gốc", "Việt"} and (name.abroad or not name.provinces):
        return True  # Đức, Nga, Vinh are also given names
    if what in {"address", "street"} or TITLED.search(before) or AGE_AFTER.match(text, end):
        return True
    if word[:1].isupper() and not word.isupper() and (what == "surname" or not name.provinces):
        return True
    follows = text[end : end + 1] == " " and text[end + 1 : end + 2].isupper()
    return follows and not name.provinces and not name.abroad and text[end + 1 : end + 4] not in {"Hà ", "TP."}
