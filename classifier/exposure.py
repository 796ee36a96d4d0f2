"""Where an article lets readers recognise a child victim: name, school, address, parents, picture.

Rules propose pieces of text, a small linear model over their surroundings keeps those that readers would mark
(child victims' own details rather than those of suspects, officials or witnesses). Meanings: Luật Trẻ em Đ6.11, Đ21.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from classifier.corpus import Label
from classifier.features import FACTS_LIMIT, FAMILY_NAMES, STOP, HashedTerms, syllables
from classifier.linear import fit_head, unpack
from classifier.quotes import overlap
from classifier.spans import Sentence, sentences_of
from models.records import Span

CELLS = 16384
KEEP = 0.34
WINDOW = 6
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


def context_terms(candidate: Candidate, article: Sequence[str]) -> list[str]:
    """What is said of the piece: its kind, words before and after, and what the article is about."""
    text, kind = candidate.sentence.text, candidate.kind
    before = _plain_words(text[: candidate.start])[-WINDOW:]
    after = _plain_words(text[candidate.end :])[:WINDOW]
    core = _plain_words(candidate.quote)
    terms = [f"k:{kind}", f"f:{kind}:{candidate.sentence.field}"]
    terms += [f"b:{kind}:{w}" for w in before] + [f"a:{kind}:{w}" for w in after]
    terms += [f"b{n}:{kind}:{w}" for n, w in enumerate(reversed(before[-3:]))]
    terms += [f"a{n}:{kind}:{w}" for n, w in enumerate(after[:3])]
    terms += [f"p:{kind}:{' '.join(before[-2:])}", f"n:{kind}:{' '.join(after[:2])}", f"l:{kind}:{min(len(core), 6)}"]
    if kind in ("school", "address", "image"):
        terms += [f"c:{kind}:{w}" for w in core[:3]]
    terms += [f"o:{kind}:{min(candidate.sentence.order // 4, 4)}"]
    terms += [f"{term}:{kind}" for term in article]
    low = text.lower()
    terms += [f"s:{kind}:{clue}" for clue in _CLUES if clue in low]
    return terms


def _plain_words(text: str) -> list[str]:
    """Words of the surroundings; names of people are marks here too."""
    return [token for token in syllables(text, FACTS_LIMIT) if token is not STOP]


_CLUES = (
    "mẹ",
    "cha",
    "bố",
    "bà ngoại",
    "bà nội",
    "con gái",
    "con trai",
    "cháu",
    "bé",
    "nạn nhân",
    "em ",
    "học sinh",
    "nữ sinh",
    "tuổi",
    "sn ",
    "sinh năm",
    "trú",
    "ngụ",
    "ở ",
    "nhà",
    "công an",
    "điều tra",
    "hiệu trưởng",
    "cô giáo",
    "chủ tịch",
    "trưởng",
    "luật sư",
    "bác sĩ",
    "nghi phạm",
    "đối tượng",
    "bị cáo",
    "khởi tố",
    "tạm giữ",
    "bắt",
    "ảnh",
    "clip",
    "đổi tên",
    "gia đình",
    "vợ",
    "chồng",
    "con ",
    "phụ huynh",
    "hiện trường",
    "phát hiện",
    "cho biết",
)


class ExposureFinder:
    def __init__(self, packed: Mapping[str, Any]) -> None:
        self.hashed = HashedTerms(CELLS, packed["weights"])
        self.head = unpack(packed["head"])

    def find(self, sentences: Sequence[Sentence], article: Sequence[str]) -> tuple[Span, ...]:
        """`article` are facts of the article as terms (see `article_terms`)."""
        found = list(candidates(sentences))
        if not found:
            return ()
        rows = self.hashed.weigh(self.hashed.counts(context_terms(c, article) for c in found))
        chances = self.head.probabilities(rows)[:, 0]
        kept = [c for c, chance in zip(found, chances, strict=True) if chance >= KEEP]
        return tuple(c.sentence.span(c.start, c.end) for c in _once(kept))


def _once(kept: Sequence[Candidate]) -> Iterator[Candidate]:
    """A piece inside another kept piece of the same sentence is said once."""
    for one in kept:
        inside = any(
            other is not one
            and other.sentence is one.sentence
            and other.start <= one.start
            and one.end <= other.end
            and (other.end - other.start, other.kind) > (one.end - one.start, one.kind)
            for other in kept
        )
        if not inside:
            yield one


def article_terms(relation: str | None, setting: str | None) -> list[str]:
    return [f"rel={relation}", f"set={setting}"]


def fit_exposure(
    labels: Sequence[Label], facts: Mapping[str, Mapping[str, Any]], seed: int, c: float = 6.0
) -> dict[str, Any]:
    terms: list[list[str]] = []
    answers: list[bool] = []
    for label in labels:
        read = facts.get(label.reading.id)
        if read is None:
            continue
        quotes = [item["quote"] for item in read["exposes"]]
        article = article_terms(read["relation"], label.setting)
        for candidate in candidates(sentences_of(label.reading)):
            if candidate.sentence.field != "text" or candidate.sentence.start < 2200:
                terms.append(context_terms(candidate, article))
                answers.append(any(overlap(quote, candidate.quote) >= 0.5 for quote in quotes))
    hashed = HashedTerms(CELLS)
    counts = hashed.counts(terms)
    hashed.fit_weights(counts)
    head = fit_head(
        ("exposes",),
        hashed.weigh(counts),
        np.asarray(answers, dtype=bool).reshape(-1, 1),
        np.ones(len(answers)),
        c=c,
        seed=seed,
    )
    return {"weights": hashed.weights, "head": head.pack()}
