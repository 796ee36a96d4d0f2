"""Pieces of an article by which a reader could recognise somebody: names, schools, addresses, captions.

They are proposals; `exposure` decides which of them are a child victim's.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifier.alternation import any_of, behind
from classifier.bearers import CAP, CAPITAL
from classifier.features import FAMILY_NAMES, KEPT, PLACE_GROUPS
from classifier.indicators import openers, phrases
from classifier.lexicon import word_set
from classifier.spans import NOTE, Sentence

OPENING = word_set("names", "opening")
_RUN = rf"{CAP}(?:\s{CAP}){{0,5}}+"
_CALLED = (
    r"(?:[Bb]é gái|[Bb]é trai|[Cc]háu bé|[Cc]háu gái|[Cc]háu trai|[Bb]é|[Cc]háu|[Ee]m|nữ sinh|nam sinh|học sinh|"
    r"con gái|con trai|nạn nhân|trò)"
)
NAMED_CHILD = re.compile(rf"(?P<lead>{_CALLED})(?:\s(?:là|tên là|tên))?\s(?P<core>{_RUN})(?!\w|\.\w)")
_BORN = r"(?:SN|sinh năm)[ :.]{0,2}(?:199[5-9]|20\d\d)"
_AGED_NAME = re.compile(
    rf"(?P<core>{CAP}(?:\s{CAP}){{0,4}})(?=\s?[,(]\s?(?:(?:[1-9]|1[0-7])\stuổi|{_BORN}|(?:học sinh|học lớp)\b))"
)
_NICKNAME = re.compile(
    rf"(?:tức|còn gọi là|biệt danh|tên thường gọi(?: là)?|tên ở nhà(?: là)?)\s(?P<core>{_RUN})(?!\w|\.\w)"
)
FULL_NAME = re.compile(rf"(?P<core>{CAP}(?:\s{CAP}){{1,4}})(?!\w|\.\w)")
_SCHOOL_KIND = (
    r"(?:[Tt]iểu học|[Tt]rung học cơ sở|[Tt]rung học phổ thông|THCS|THPT|TH|[Mm]ầm non|[Mm]ẫu giáo|PTDTNT|PTDTBT|"
    r"[Pp]hổ thông|[Nn]ội trú|[Dd]ân tộc|[Cc]ấp [123I]+|MN|tư thục|dân lập|bán trú)"
)
_SCHOOL_NAME = (
    rf"[“\"']?(?:[HQPX]\.\s?)?(?:(?:số\s\d+\s)?{CAP}(?:\s(?:{CAP}|\d+(?:[-/]\d+)?)){{0,4}}"
    r"|\d{1,2}[-/.]\d{1,2}|số\s\d+)[”\"']?"
)
_NO_SCHOOL = "".join(
    f"(?<!{before} )"
    for before in ("[Hh]iện", "[Nn]ông", "[Mm]ôi", "[Tt]hị", "[Ll]âm", "[Đđ]ấu", "[Xx]ã", "ường", "uyện", "iền")
)
"""Before "trường" where it is no school ("hiện trường") or the name of a place ("xã Trường …")."""
_HIGH = r"(?!\s\S*\d|\s(?:ĐH|Đại học|CĐ|Cao đẳng|Đảng)\b)"
SCHOOL = re.compile(
    rf"(?P<core>[Tt]rường\s{_SCHOOL_KIND}(?:\s(?:{_SCHOOL_KIND}|và|&|-)){{0,5}}\s{_SCHOOL_NAME}"
    rf"|(?:nhóm trẻ|[Mm]ầm non|mẫu giáo|nhóm lớp|nhà trẻ|[Mm]ái ấm|chùa|{_NO_SCHOOL}[Tt]rường{_HIGH})"
    rf"(?: tư thục| độc lập)*\s{_SCHOOL_NAME}(?!\w)"
    rf"|(?:THCS|THPT|PTDTNT|PTDTBT|[Tt]iểu học)\s{CAP}(?:\s{CAP}){{0,4}}"
    r"|lớp\s(?:\d{1,2}\s?(?:[A-Z]\d{0,2}(?![^\W\d_]|\.\w)|/\d{1,2})|(?:[Cc]hồi|[Ll]á|[Mm]ầm)\s?\d{0,2}))"
)
_UNIT = (
    r"(?:thôn|ấp|xóm|bản|buôn|làng|khóm|khu phố|tổ dân phố|tổ|khối|đội|hẻm|ngõ|ngách|kiệt|chung cư|tòa nhà|toà nhà|"
    r"khu trọ|khu tập thể|khu đô thị|KĐT|KTX|số nhà|(?<!biển )(?<!vé )(?<!con )số(?=\s\S+\s[A-ZĐ])|đường|"
    r"(?<!hành )phố|KP|cư xá|khu)"
)
_HOUSE = r"\d{1,4}[A-Z]?(?:/\d{1,4}[A-Z]?)*"
_COUNTED = r"(?:tuổi|tháng|ngày|năm|giờ|người|em|cháu|bé)\b"
_GOES_ON = r"(?:xã|phường|thuộc|huyện|thị|ở|và|cách|thì|gặp|tạm|chơi|về|rồi|cùng|để|bị|trong|nơi)"
"""What may follow the name of a hamlet or street; other small letters show a common word ("bản Kết luận")."""
ADDRESS = re.compile(
    rf"(?P<core>\b(?:{_UNIT}\.?\s?(?:số\s|đường\s)?(?:(?<=\s){_RUN}(?!\s(?!{_GOES_ON})[^\W\d_A-ZĐ])"
    rf"|[A-ZĐ]{{1,3}}\d{{1,2}}[A-Z]?|{_HOUSE}(?!\d|\s?{_COUNTED})(?:\s{_RUN})?)(?:\s\d+)?"
    rf"|(?:(?<=\bở )|(?<=\btrú )|(?<=\bngụ )|(?<=\btại ))(?:số )?{_HOUSE}\s{_RUN}))"
)
_SHOWN = re.compile(
    r"\b(?:[Bb]é|[Cc]háu|[Nn]ữ sinh|[Nn]am sinh|[Nn]ạn nhân|[Hh]ọc sinh|[Ee]m|[Cc]on|[Cc]lip|[Tt]rẻ|cô gái)\b"
)
_PICTURE_MARK = re.compile(r"\bẢnh\b|\bảnh:")
_PICTURE_OPENS = re.compile(r"(?:Hình ảnh|Bức ảnh)\b")
_PICTURE_WORD = re.compile(r"\b(?:[Ảả]nh|[Cc]lip|[Vv]ideo)\b")
_CAPTION_OPENS = re.compile(r"(?:[Bb]é|[Cc]háu|[Tt]hương tích|[Vv]ết|[Nn]ữ sinh|[Nn]am sinh|[Ee]m|[Cc]ác)\b")
_CREDIT = re.compile(r"\(?(?:Ảnh|ảnh\s?:|Nguồn ảnh|Clip\s?:|Video\s?:)")
_INITIAL_FOLLOWS = re.compile(r"\s[A-ZĐ](?![^\W\d_])")
_UNIT_BEFORE = re.compile(
    r"\b(?:thôn|ấp|xóm|bản|buôn|làng|khóm|đường|phố|trường|viện|xã|phường|huyện|quận|tỉnh|tộc|TP|cầu|chợ|THCS|THPT|học|P|Q|H|X|TX|TT)(?:\s|\.\s?)$",
    re.IGNORECASE,
)
_CHANGED = re.compile(r"(?:tên|danh tính)\s(?:[^\W\d_]+\s){0,4}(?:thay đổi|đổi)|đổi tên", re.IGNORECASE)
_FOOTNOTE = re.compile(
    r"^[\W_]*(?:Lưu ý:?\s|Ghi chú:?\s)?(?:Tên|Danh tính|Họ tên)\s(?:[^\W\d_A-Z]+\s){1,6}(?:thay đổi|đổi)"
    r"|\*\s?Tên\b[^.]{0,40}đổi|\(\s?Tên\s(?:các|những|nhân vật|nạn nhân|bị hại|cháu|bé|em|người)\b[^.]{0,40}đổi"
)
"""A remark of its own, for every child that the article names."""
_VOWEL = re.compile("[aeiouyàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]")
_INITIALS = re.compile(r"^(?:[^\W\d_]\.?\s?)+$")
_SCHOOLS = ("rường", "nhóm", "ầm non", "mẫu giáo", "nhà trẻ", "ái ấm", "chùa", "THCS", "THPT", "PTDT", "iểu học", "lớp")
_NAMED_BEHIND = ("[Bb]é", "gái", "trai", "[Cc]háu", "[Ee]m", "sinh", "nhân", "trò", "là", "tên")
_UNIT_ENDS = (
    *("thôn", "ấp", "xóm", "bản", "buôn", "làng", "khóm", "phố", "tổ", "khối", "đội", "hẻm", "ngõ", "ngách", "kiệt"),
    *("cư", "nhà", "trọ", "thể", "thị", "KĐT", "KTX", "số", "đường", "KP", "xá", "khu", "ở", "trú", "ngụ", "tại"),
)
_AGED_WORDS = re.compile("tuổi|SN|sinh")
_Rule = tuple[str, re.Pattern[str], re.Pattern[str]]
_RULES: tuple[_Rule, ...] = (
    ("name", NAMED_CHILD, re.compile(CAPITAL + behind(_NAMED_BEHIND))),
    ("aged", _AGED_NAME, _AGED_WORDS),
    ("name", _NICKNAME, re.compile(CAPITAL + behind(("tức", "gọi", "danh", "là", "nhà")))),
    ("full", FULL_NAME, FULL_NAME),
    ("school", SCHOOL, re.compile(any_of(_SCHOOLS))),
    ("address", ADDRESS, re.compile(rf"{any_of(_UNIT_ENDS)}\.?\s?(?:{CAPITAL}|\d)")),
)
"""Kind, rule, and what a sentence must hold for the rule to find anything: a quick look before the long one."""
NAMES = ("name", "aged", "full")
_NAME_RULES = tuple(rule for rule in _RULES if rule[0] in NAMES)


@dataclass(frozen=True, slots=True)
class Candidate:
    kind: str
    sentence: Sentence
    start: int
    end: int

    @property
    def quote(self) -> str:
        return self.sentence.text[self.start : self.end]


def _caption(text: str, *, apart: bool) -> bool:
    """Whether a sentence reads like the caption of a picture or clip that shows the child. `apart`: a paragraph."""
    opens = _CAPTION_OPENS.match(text)
    if apart and opens and 6 <= len(text) - opens.end() <= 90:
        return True
    if _CREDIT.match(text):
        return False
    shown = _SHOWN.search(text)
    if shown and _PICTURE_MARK.search(text, shown.end()):
        return True
    places = ((m.start(), len(text) - m.end()) for m in _PICTURE_WORD.finditer(text))
    return (apart or _PICTURE_OPENS.match(text) is not None) and any(
        before <= 110 and after <= 60 for before, after in places
    )


def _pieces(text: str, rules: Sequence[_Rule]) -> Iterator[tuple[str, int, int]]:
    for kind, rule, quick in rules:
        for match in rule.finditer(text) if quick.search(text) else ():
            start, end = match.span("core")
            yield kind, _family_start(text, start, end) if kind == "full" else start, end


def _picture(sentences: Sequence[Sentence], number: int) -> tuple[str, int, int] | None:
    """The caption that a sentence is, as far as the picture's credit."""
    sentence = sentences[number]
    if sentence.field == "title":
        return None
    text = sentence.text
    if not _caption(text, apart=alone(sentence)) and not credited(sentences, number):
        return None
    credit = _PICTURE_MARK.search(text)
    return "image", 0, credit.end() if credit and credit.start() >= 12 else len(text)


def candidates(sentences: Sequence[Sentence], *, names_alone: bool = False) -> Iterator[Candidate]:
    """Each distinct piece once, in reading order; names that the article says are changed are left out."""
    rules = _NAME_RULES if names_alone else _RULES
    seen: set[tuple[str, str]] = set()
    changed = _changed_names(sentences)
    for number, sentence in enumerate(sentences):
        if sentence.field == NOTE:
            continue
        text = sentence.text
        pieces = list(_pieces(text, rules))
        picture = None if names_alone else _picture(sentences, number)
        if picture:
            pieces.append(picture)
        for kind, start, end in pieces:
            quote = text[start:end].strip()
            key = (kind, quote.casefold())
            if key in seen or not _possible(kind, quote) or (kind in NAMES and not _named(kind, text, start, end)):
                continue
            if kind in NAMES and quote.split()[-1] in changed:
                continue
            seen.add(key)
            yield Candidate(kind, sentence, start, end)


def credited(sentences: Sequence[Sentence], number: int) -> bool:
    """Whether a short sentence is followed by the credit of a picture, so that it is its caption."""
    one = sentences[number]
    after = sentences[number + 1] if number + 1 < len(sentences) else None
    return (
        after is not None
        and one.field == after.field == "text"
        and 20 <= one.end - one.start <= 160
        and _CREDIT.match(after.text) is not None
        and _SHOWN.search(one.text) is not None
    )


def alone(sentence: Sentence) -> bool:
    """Whether a sentence is a paragraph of its own."""
    whole = sentence.source.text
    return whole[max(0, sentence.start - 1) : sentence.start] in ("", "\n") and (
        whole[sentence.end : sentence.end + 1] in ("", "\n")
    )


def _changed_names(sentences: Sequence[Sentence]) -> set[str]:
    """Last syllables of names right before or in a remark that the name was changed."""
    found: set[str] = set()
    if any(_FOOTNOTE.search(sentence.text) for sentence in sentences):
        for sentence in sentences:
            found.update(match["core"].split()[-1] for match in NAMED_CHILD.finditer(sentence.text))
    for number, sentence in enumerate(sentences):
        for match in _CHANGED.finditer(sentence.text):
            before = FULL_NAME.findall(sentence.text[: match.start()]) or [
                m["core"] for m in NAMED_CHILD.finditer(sentence.text[: match.start()])
            ]
            if not before and number:
                before = [m["core"] for m in NAMED_CHILD.finditer(sentences[number - 1].text)]
            found.update(name.split()[-1] for name in before[-1:])
    return found


def _named(kind: str, text: str, start: int, end: int) -> bool:
    """Whether a run of capitalised syllables can be somebody's name: no initials, no place, no common phrase."""
    syllables = text[start:end].split()
    first, last = syllables[0], syllables[-1]
    if any(not word[1:].islower() for word in syllables if len(word) > 1 and not word.isupper()):
        return False
    if (
        first.lower() in OPENING
        or _INITIAL_FOLLOWS.match(text, end)
        or _UNIT_BEFORE.search(text, max(0, start - 12), start)
    ):
        return False
    if not _VOWEL.search(last.lower()) or (last.isupper() and len(last) > 1 and not text.isupper()):
        return False
    if " ".join(syllables).lower() in phrases("indicators", PLACE_GROUPS):
        return False
    following = text[end:].split(maxsplit=1)[0].lower().rstrip(".,;:") if text[end:].split() else ""
    common = kind != "name" and first.lower() in KEPT
    return len(syllables) > 1 or not (common or following in openers().get(first.lower(), ()))


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
    if kind in NAMES:
        first = quote.split(maxsplit=1)[0].lower()
        if _INITIALS.match(quote) and all(len(part.strip(".")) == 1 for part in quote.split()):
            return False
        last = quote.rsplit(maxsplit=1)[-1]
        if len(last) == 1:
            return False
        if kind == "full":
            return first in FAMILY_NAMES and len(quote.split()) > 1
    if kind == "school":
        last = quote.rsplit(maxsplit=1)[-1]
        return quote.startswith("lớp") or (len(last) > 1 and not last.startswith(("ĐH", "Đại", "CĐ", "Cao")))
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


_CALLERS = (
    *("bé", "bà", "bố", "bị can", "bị cáo", "bị hại", "bác sĩ", "bảo mẫu", "cháu", "chị", "cô", "cha", "chủ tịch"),
    *("con gái", "con trai", "chồng", "em", "ông", "anh", "thầy", "tá", "trưởng", "theo", "mẹ", "nghi phạm"),
    *("nghi can", "nạn nhân", "đối tượng", "hung thủ", "học sinh", "luật sư", "úy", "giám đốc", "vợ", "phó", "ảnh"),
    "khởi tố",
)
_CALL = re.compile(
    rf"\b(?P<call>{any_of(('bắt', *_CALLERS, *(word[0].upper() + word[1:] for word in _CALLERS)))})"
    rf"\s?:?\s(?P<given>{CAP}(?:\s{CAP}){{0,4}})"
)
