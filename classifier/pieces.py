"""Pieces of an article by which a reader could recognise somebody: names, schools, addresses, captions.

They are proposals; `exposure` decides which of them are a child victim's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifier.features import FAMILY_NAMES
from classifier.spans import Sentence

_CAP = r"(?:[A-ZĐÁÀẢÃẠĂẮẰẲẴẶÂẤẦẨẪẬÉÈẺẼẸÊẾỀỂỄỆÍÌỈĨỊÓÒỎÕỌÔỐỒỔỖỘƠỚỜỞỠỢÚÙỦŨỤƯỨỪỬỮỰÝỲỶỸỴ][^\W\d_]*)"
_RUN = rf"{_CAP}(?:\s{_CAP}){{0,5}}"
_CALLED = (
    r"(?:[Bb]é gái|[Bb]é trai|[Cc]háu bé|[Cc]háu gái|[Cc]háu trai|[Bb]é|[Cc]háu|[Ee]m|nữ sinh|nam sinh|học sinh|"
    r"con gái|con trai|nạn nhân|trò)"
)
NAMED_CHILD = re.compile(rf"(?P<lead>{_CALLED})(?:\s(?:là|tên là|tên))?\s(?P<core>{_RUN})(?!\w|\.\w)")
FULL_NAME = re.compile(rf"(?P<core>{_CAP}(?:\s{_CAP}){{1,4}})(?!\w|\.\w)")
_SCHOOL_KIND = (
    r"(?:[Tt]iểu học|[Tt]rung học cơ sở|[Tt]rung học phổ thông|THCS|THPT|TH|[Mm]ầm non|[Mm]ẫu giáo|PTDTNT|PTDTBT|"
    r"[Pp]hổ thông|[Nn]ội trú|[Dd]ân tộc|[Cc]ấp [123I]+|MN|tư thục|dân lập|bán trú|và|&|,|-)"
)
_SCHOOL_NAME = rf"[“\"']?{_CAP}(?:\s(?:{_CAP}|\d+(?:[-/]\d+)?)){{0,4}}[”\"']?"
SCHOOL = re.compile(
    rf"(?P<core>[Tt]rường(?:\s{_SCHOOL_KIND}){{1,6}}\s{_SCHOOL_NAME}"
    rf"|(?:nhóm trẻ|[Mm]ầm non|mẫu giáo|nhóm lớp|nhà trẻ|[Mm]ái ấm|chùa|[Tt]rường)"
    rf"(?: tư thục| độc lập)*\s{_SCHOOL_NAME}"
    r"|lớp\s(?:\d{1,2}\s?(?:[A-Z]\d{0,2}|/\d{1,2})|(?:[Cc]hồi|[Ll]á|[Mm]ầm)\s?\d{0,2}))"
)
ADDRESS = re.compile(
    rf"(?P<core>(?:(?:thôn|ấp|xóm|bản|buôn|làng|khóm|khu phố|tổ dân phố|tổ|khối|đội|hẻm|ngõ|ngách|kiệt|"
    rf"chung cư|khu trọ|khu tập thể|khu đô thị|KTX|số nhà|số|đường|phố|KP|cư xá)\s(?:số\s)?"
    rf"(?:{_RUN}|\d+[A-Z]?(?:/\d+)*)"
    rf"(?:\s\d+)?))"
)
_SHOWN = re.compile(
    r"\b(?:[Bb]é|[Cc]háu|[Nn]ữ sinh|[Nn]am sinh|[Nn]ạn nhân|[Hh]ọc sinh|[Ee]m|[Cc]on|[Cc]lip|[Tt]rẻ|cô gái)\b"
)
_PICTURE_MARK = re.compile(r"\b[ẢA]nh\b")
_PICTURE_WORD = re.compile(r"\b(?:[Ảả]nh|[Cc]lip|[Vv]ideo)\b")
_CAPTION_OPENS = re.compile(r"(?:[Bb]é|[Cc]háu|[Tt]hương tích|[Vv]ết|[Nn]ữ sinh|[Nn]am sinh|[Ee]m|[Cc]ác)\b")
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?\s?)+$")
_RULES = (
    ("name", NAMED_CHILD),
    ("full", FULL_NAME),
    ("school", SCHOOL),
    ("address", ADDRESS),
)


@dataclass(frozen=True, slots=True)
class Candidate:
    kind: str
    sentence: Sentence
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.sentence.text[self.start : self.end]


def _caption(text: str) -> bool:
    """Whether a sentence reads like the caption of a picture or clip that shows the child."""
    opens = _CAPTION_OPENS.match(text)
    if opens and 6 <= len(text) - opens.end() <= 90:
        return True
    shown = _SHOWN.search(text)
    if shown and _PICTURE_MARK.search(text, shown.end()):
        return True
    places = ((m.start(), len(text) - m.end()) for m in _PICTURE_WORD.finditer(text))
    return any(12 <= before <= 110 and after <= 60 for before, after in places)


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    for kind, rule in _RULES:
        for match in rule.finditer(text):
            start, end = match.span("core")
            yield kind, _family_start(text, start, end) if kind == "full" else start, end
    if _caption(text):
        yield "image", 0, len(text)


def candidates(sentences: Sequence[Sentence]) -> Iterator[Candidate]:
    """Each distinct piece once, in reading order."""
    seen: set[tuple[str, str]] = set()
    for sentence in sentences:
        text = sentence.text
        for kind, start, end in _pieces(text):
            quote = text[start:end].strip()
            key = (kind, quote.casefold())
            if key not in seen and _possible(kind, quote):
                seen.add(key)
                yield Candidate(kind, sentence, start, end)


def _family_start(text: str, start: int, end: int) -> int:
    """A run may open with a title ("Chị", "Ông"): the name begins at the first family name."""
    at = start
    for word in text[start:end].split():
        at = text.index(word, at)
        if word.lower() in FAMILY_NAMES:
            return at
        at += len(word)
    return start


def _possible(kind: str, quote: str) -> bool:
    if kind in ("name", "full"):
        first = quote.split(maxsplit=1)[0].lower()
        if _INITIALS.match(quote) and all(len(part.strip(".")) == 1 for part in quote.split()):
            return False
        last = quote.rsplit(maxsplit=1)[-1]
        if len(last) == 1:
            return False
        if kind == "full":
            return first in FAMILY_NAMES and len(quote.split()) > 1
    return len(quote) > 2


def calls(sentences: Sequence[Sentence]) -> dict[str, set[str]]:
    """Given name -> words by which the article calls its bearer ("cháu", "bị cáo", "ông"), and where it stands."""
    called: dict[str, set[str]] = {}
    for sentence in sentences:
        for match in _CALL.finditer(sentence.text):
            name = match["given"].split()[-1]
            called.setdefault(name, set()).add(match["call"].lower())
            if sentence.field == "title":
                called[name].add("<title>")
    return called


_CALL = re.compile(
    r"(?P<call>\b(?:[Bb]é|[Cc]háu|[Ee]m|[Ôô]ng|[Bb]à|[Aa]nh|[Cc]hị|[Cc]ô|[Tt]hầy|[Mm]ẹ|[Bb]ố|[Cc]ha|[Bb]ị can|"
    r"[Bb]ị cáo|[Nn]ghi phạm|[Nn]ghi can|[Đđ]ối tượng|[Hh]ung thủ|[Nn]ạn nhân|[Bb]ị hại|[Ll]uật sư|[Bb]ác sĩ|"
    r"[Tt]á|[Úú]y|[Tt]rưởng|"
    r"[Cc]hủ tịch|[Gg]iám đốc|[Bb]ảo mẫu|[Hh]ọc sinh|[Cc]on gái|[Cc]on trai|[Vv]ợ|[Cc]hồng|[Pp]hó|Ảnh|ảnh|"
    r"[Tt]heo|bắt|[Kk]hởi tố))"
    rf"\s?:?\s(?P<given>{_CAP}(?:\s{_CAP}){{0,4}})"
)
