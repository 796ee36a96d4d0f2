"""Clues to the facts of a flagged article: ages, grades, numbers of children and the phrases of `facts.toml`."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from classifier.features import FACTS_LIMIT, STOP, article_zones
from classifier.indicators import Hit, find, groups
from classifier.lines import line, split_sentences
from classifier.signals import HARM_GROUPS
from classifier.text import clean
from models.records import Reading

GROUPS = groups("facts")
STANDING = groups("standing")
AGE_CODES = ((5, "0_5"), (12, "6_12"), (15, "13_15"), (17, "16_17"))
ZONES = ("T", "L", "B")
STATUS = (*(name for name in GROUPS if name.startswith("st_")), *STANDING)
FAMILIES = ("rel_", "set_", "stg_", "dgr_", "sex_", "age_", "st_")
NUMBER_WORDS = {"một": 1, "hai": 2, "ba": 3, "bốn": 4, "năm": 5, "sáu": 6, "bảy": 7, "tám": 8, "chín": 9, "mười": 10}
_MARKED = {f"‹{number}›": number for number in range(1, 18)}
_VALUES = NUMBER_WORDS | _MARKED
_COUNTED = frozenset(("bé", "cháu", "em", "trẻ", "học", "nữ", "nam", "thiếu", "đứa", "con", "nạn", "chị", "anh"))
_BIRTH = re.compile(r"(?:\bSN|[Ss]inh năm|\bsn)[ :.]{0,2}((?:19|20)\d\d)\b")
_DATED = re.compile(r"(?:[/.-]\d{1,2}[/.-]|[Nn]ăm |[/.-])(20\d\d)\b")
_NURSERY_WORDS = (
    "sơ sinh",
    "tháng tuổi",
    "ngày tuổi",
    "mầm non",
    "trường mầm non",
    "cơ sở mầm non",
    "cô giáo mầm non",
    "giáo viên mầm non",
    "mẫu giáo",
    "nhà trẻ",
    "nhóm trẻ",
    "giữ trẻ",
    "cơ sở giữ trẻ",
    "điểm giữ trẻ",
    "trẻ mầm non",
    "bảo mẫu",
    "hài nhi",
)
_NURSERY_TERMS = frozenset(f"{zone}:{word}" for zone in ("T", "L") for word in _NURSERY_WORDS)
_CHILD_WORDS = frozenset(
    ("bé", "cháu", "em", "trẻ", "gái", "trai", "sinh", "nữ", "nhi", "con", "nạn", "nhân", "thiếu", "học")
)
_SUSPECT_WORDS = frozenset(
    (
        "phạm",
        "can",
        "tượng",
        "cáo",
        "thanh",
        "niên",
        "gã",
        "thủ",
        "ngụ",
        "trú",
        "quê",
        "tên",
        "kẻ",
        "ông",
        "bà",
        "anh",
        "chị",
    )
)


def age_code(years: int) -> str | None:
    """Age band of the guide; None from 18 on."""
    return next((code for top, code in AGE_CODES if years <= top), None)


@dataclass(frozen=True, slots=True)
class Age:
    """An age said of somebody: `years`, how it was found, where, and whether the words near it are a child's."""

    years: int
    basis: str
    zone: int
    child: bool


@dataclass(frozen=True, slots=True)
class Clues:
    """`numbers` are the counts of children that the text names ("hai cháu": 2); danger is told by `status` alone."""

    ages: tuple[Age, ...]
    numbers: tuple[int, ...]
    terms: tuple[str, ...]
    status: tuple[str, ...]


def read_clues(reading: Reading) -> Clues:
    zones = article_zones(reading)
    ages: list[Age] = []
    terms: list[str] = []
    for zone, tokens in enumerate(zones):
        ages.extend(_ages(tokens, zone))
    ages.extend(_born(reading))
    for zone, tokens in enumerate(zones):
        terms.extend(_phrase_terms(ZONES[zone], tokens))
    numbers: list[int] = []
    for zone, tokens in enumerate(zones):
        found = list(_numbers(tokens))
        numbers.extend(found)
        terms.extend(f"num:{ZONES[zone]}:{min(number, 5)}" for number in set(found))
        if found:
            terms.append(f"most:{ZONES[zone]}:{min(max(found), 5)}")
    terms.extend(_age_terms(ages))
    standing = [
        *_grouped(terms),
        *(term for zone, tokens in zip(ZONES, zones, strict=True) for term in _stands(zone, tokens)),
    ]
    return Clues(tuple(ages), tuple(numbers), tuple(terms), (*standing, *_status_terms(standing)))


def _grouped(said: Sequence[str]) -> Iterator[str]:
    """Which groups of phrases about suspect, stage and danger stand where, once each; not the phrases themselves."""
    for term in dict.fromkeys(said):
        if term[1:2] in ("#", "!") and term[2:].startswith(("st_", "stg_", "dgr_", "rel_")):
            yield term


def _stands(zone: str, tokens: Sequence[str]) -> Iterator[str]:
    """Which groups of `standing.toml` a zone names, and how often."""
    counts = Counter(STANDING[hit.group] for hit in find(tokens, "standing"))
    for name, count in counts.items():
        yield f"{zone}#{name}"
        if count > 1:
            yield f"{zone}#{name}:2"


def _status_terms(said: Sequence[str]) -> Iterator[str]:
    """Where things stand with suspect and child, also by what is not said: nobody held, nobody gone, nobody safe."""
    known = set(said)
    top, whole = (
        {name for name in STATUS if any(f"{zone}#{name}" in known for zone in zones)} for zones in (ZONES[:2], ZONES)
    )
    for place, names in (("top", top), ("all", whole)):
        held, gone = "st_held" in names, "st_gone" in names
        yield from (f"{place}:no:{name}" for name in STATUS if name not in names)
        yield f"{place}:held={held},gone={gone}"
        yield f"{place}:held={held},dead={'st_dead' in names}"
        yield f"{place}:held={held},safe={'st_safe' in names}"
        yield f"{place}:held={held},free={'st_free' in names}"
        yield f"{place}:held={held},gone={gone},grave={'st_grave' in names}"
        yield f"{place}:held={held},stopped={'st_stopped' in names}"
        yield f"{place}:held={held},cared={'st_cared' in names}"
        yield f"{place}:held={held},caught={'st_caught' in names}"
        yield f"{place}:held={held},claim={'st_claim' in names}"
        yield f"{place}:held={held},gone={gone},killed={'st_child_dead' in names}"


def nursery(clues: Clues) -> bool:
    """Whether title or opening name a newborn, a nursery or its staff, and no age or grade says otherwise."""
    if clues.ages:
        return False
    return not _NURSERY_TERMS.isdisjoint(clues.terms)


def most_said(clues: Clues) -> int | None:
    """The largest number of children said, if it is more than three."""
    return max((number for number in clues.numbers if number > 3), default=None)


def _numbers(tokens: Sequence[str]) -> Iterator[int]:
    for at in [number for number, token in enumerate(tokens[:-1]) if token in _VALUES]:
        if tokens[at + 1] in _COUNTED and (at == 0 or tokens[at - 1] not in ("lớp", "ngày", "tháng")):
            yield _VALUES[tokens[at]]


def _ages(tokens: Sequence[str], zone: int) -> Iterator[Age]:
    for at in [number for number, token in enumerate(tokens) if token in _MARKED]:
        value = _MARKED[tokens[at]]
        after = tokens[at + 1] if at + 1 < len(tokens) else ""
        before = tokens[at - 1] if at else ""
        if after == "tuổi":
            yield Age(value, "stated", zone, _near_child(tokens, at))
        elif after == "tháng" and at + 2 < len(tokens) and tokens[at + 2] == "tuổi":
            yield Age(0 if value < 12 else 1, "stated", zone, True)
        elif before == "lớp" and value <= 12:
            yield Age(value + 5, "grade", zone, True)


def _born(reading: Reading) -> Iterator[Age]:
    """Ages from years of birth ("SN 2003"), where the year of publication is known or the text dates itself."""
    text = clean(f"{reading.sapo}\n{reading.text[:FACTS_LIMIT]}").text
    births = [int(year) for year in _BIRTH.findall(text)]
    if not births:
        return
    years = [int(year) for year in _DATED.findall(text)]
    now = reading.published.year if reading.published else max((y for y in years if y <= 2030), default=0)
    for birth in births:
        if 0 <= now - birth < 18:
            yield Age(now - birth, "stated", len(ZONES) - 1, child=True)


def _near_child(tokens: Sequence[str], at: int) -> bool:
    """Whether the nearest telling word before an age is a child's rather than a suspect's."""
    for token in reversed(tokens[max(0, at - 8) : at]):
        if token is STOP:
            return False
        if token in _CHILD_WORDS:
            return True
        if token in _SUSPECT_WORDS:
            return False
    return False


def _age_terms(ages: Sequence[Age]) -> Iterator[str]:
    for basis in ("stated", "grade"):
        for zone in range(len(ZONES)):
            found = [age for age in ages if age.basis == basis and age.zone == zone]
            for child in (True, False):
                codes = {age_code(age.years) for age in found if age.child is child}
                yield from (f"age:{basis}:{ZONES[zone]}:{child}:{code}" for code in codes if code)
            if found:
                yield f"young:{basis}:{ZONES[zone]}:{age_code(min(age.years for age in found))}"
    best = youngest(ages)
    if best:
        yield f"best:{age_code(best.years)}"
        yield f"best:{best.basis}:{age_code(best.years)}"


def youngest(ages: Sequence[Age]) -> Age | None:
    """The age to believe: a child's, as near to the top as possible; the youngest said there."""
    for basis in ("stated", "grade"):
        for child in (True, False):
            for zone in range(len(ZONES)):
                found = [a for a in ages if a.basis == basis and a.child is child and a.zone == zone]
                if found:
                    return min(found, key=lambda age: age.years)
    return None


def _deeds(zone: str, sentence: tuple[str, ...], hits: Sequence[Hit]) -> Iterator[str]:
    """Which relations stand in a sentence that tells a harm, and which of them comes last before it."""
    harms = [hit for hit in line(sentence).hits if hit.group in HARM_GROUPS]
    if not harms:
        return
    persons = [hit for hit in hits if GROUPS[hit.group].startswith(("rel_", "sex_", "age_"))]
    for person in persons:
        yield f"H#{GROUPS[person.group]}"
        yield f"H:{' '.join(sentence[person.first : person.end])}"
    for harm in harms:
        before = [p for p in persons if p.end <= harm.first]
        after = [p for p in persons if p.first >= harm.end]
        if before:
            yield f"{zone}<{GROUPS[before[-1].group]}:{harm.group}"
            yield f"<{GROUPS[before[-1].group]}"
        if after:
            yield f">{GROUPS[after[0].group]}"


def _phrase_terms(zone: str, tokens: Sequence[str]) -> Iterator[str]:
    counts: Counter[int] = Counter()
    for sentence in split_sentences(tokens):
        hits = find(sentence, "facts")
        for hit in hits:
            counts[hit.group] += 1
            yield f"{zone}:{' '.join(sentence[hit.first : hit.end])}"
        if hits:
            yield from _deeds(zone, sentence, hits)
    for group, count in counts.items():
        yield f"{zone}#{GROUPS[group]}"
        if count > 1:
            yield f"{zone}#{GROUPS[group]}:2"
        if count > 3:
            yield f"{zone}#{GROUPS[group]}:4"
    for family in FAMILIES:
        rivals = [(count, group) for group, count in counts.items() if GROUPS[group].startswith(family)]
        if rivals:
            yield f"{zone}!{GROUPS[max(rivals)[1]]}"
