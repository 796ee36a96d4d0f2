"""Which words of an article a fact may have come from: what a person is led to, to check what the machine says.

The model weighs all clues at once; shown is the first clue of the fact's own kind, in a passage that counted if one
of them holds any. A fact without such words gets none: nothing is pointed to that does not say it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Protocol

from classifier.clues import age_code
from classifier.indicators import expand
from classifier.lexicon import lexicon

Place = tuple[str, int, int]
"""(field, start, end) as spans have it."""
GROUPS: Mapping[str, Mapping[str, str]] = {
    "relation": {
        code: f"rel_{code}"
        for code in ("cha_me", "nguoi_than", "thay_co", "nguoi_trong_tre", "nguoi_quen", "nguoi_la", "tre_khac")
    },
    "setting": {
        "gia_dinh": "set_gia_dinh",
        "nha_truong_mam_non": "set_nha_truong",
        "cong_dong": "set_cong_dong",
        "tren_mang": "set_tren_mang",
        "co_so_tro_giup": "set_co_so",
        "noi_lam_viec": "set_lam_viec",
    },
    "stage": {
        "tin_ban_dau": "stg_dau",
        "dang_xac_minh_dieu_tra": "stg_dieu_tra",
        "truy_to_xet_xu": "stg_toa",
        "sau_xu_ly": "stg_sau",
    },
    "sex": {"nu": "sex_nu", "nam": "sex_nam"},
    "age": {code: f"age_{code}" for code in ("0_5", "6_12", "13_15", "16_17")},
}
PARTS = 3
YEARS = re.compile(r"\b(\d{1,2}) tuổi\b", re.IGNORECASE)
GRADE = re.compile(r"\blớp (\d{1,2})(?=\w?\b)", re.IGNORECASE)
SIX = 5
"""A pupil of grade n is n + 5 years old."""


class Facts(Protocol):
    @property
    def relation(self) -> str | None: ...
    @property
    def setting(self) -> str | None: ...
    @property
    def stage(self) -> str | None: ...
    @property
    def sex(self) -> str | None: ...
    @property
    def age(self) -> str | None: ...
    @property
    def danger_now(self) -> bool | None: ...
    @property
    def evidence(self) -> Sequence[Any]: ...


def quotes_of(facts: Facts, texts: Mapping[str, str]) -> dict[str, Place]:
    """Fact -> where words for it stand; `texts` by field (`title`, `sapo`, `text`)."""
    counted = [tuple(span) for span in facts.evidence if isinstance(span, (list, tuple)) and len(span) == PARTS]
    found: dict[str, Place] = {}
    for fact, table in GROUPS.items():
        code = getattr(facts, fact)
        places = _age(code, texts) if fact == "age" else []
        if code in table:
            places = places or _said((table[code],), texts)
        if places:
            found[fact] = _first(places, counted)
    if facts.danger_now and (places := _said(("dgr_yes",), texts)):
        found["danger"] = _first(places, counted)
    return found


def _first(places: Sequence[Place], counted: Iterable[tuple[Any, ...]]) -> Place:
    """The first that lies in a passage that counted, else the first of all."""
    inside = (
        place
        for place in places
        if any(place[0] == field and start <= place[1] and place[2] <= end for field, start, end in counted)
    )
    return next(inside, places[0])


def _age(code: str | None, texts: Mapping[str, str]) -> list[Place]:
    return [
        (field, *match.span())
        for pattern, older in ((YEARS, 0), (GRADE, SIX))
        for field, text in texts.items()
        for match in pattern.finditer(text)
        if age_code(int(match[1]) + older) == code
    ]


def _said(groups: tuple[str, ...], texts: Mapping[str, str]) -> list[Place]:
    pattern = _pattern(groups)
    return [(field, *match.span()) for field, text in texts.items() for match in pattern.finditer(text)]


@cache
def _pattern(groups: tuple[str, ...]) -> re.Pattern[str]:
    """Longer phrases first."""
    lists = ",".join(lexicon("facts")[group]["phrases"].replace("\n", ",") for group in groups)
    known = {re.sub(r"[‹›]", "", phrase) for raw in lists.split(",") for phrase in expand(raw.strip()) if phrase}
    words = "|".join(re.escape(phrase) for phrase in sorted(known, key=lambda phrase: (-len(phrase), phrase)))
    return re.compile(rf"(?<!\w)(?:{words})(?!\w)", re.IGNORECASE)
