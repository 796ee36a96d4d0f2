"""Times as Vietnamese newspapers write them. A text without a date is None; nothing is read from a clock."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

VIET_NAM = timezone(timedelta(hours=7))
FIRST_YEAR, LAST_YEAR = 1990, 2099
LONGEST = 300
"""Characters of a text that are looked at; a date line is shorter."""

YEAR = r"(?P<year>(?:19|20)\d\d)(?!\d)"
MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "một", "giêng"),
            ("feb", "hai"),
            ("mar", "ba"),
            ("apr", "tư", "bốn"),
            ("may", "năm"),
            ("jun", "sáu"),
            ("jul", "bảy", "bẩy"),
            ("aug", "tám"),
            ("sep", "chín"),
            ("oct", "mười"),
            ("nov", "mười một"),
            ("dec", "mười hai", "chạp"),
        ),
        start=1,
    )
    for name in names
}
ENGLISH = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
VIETNAMESE = r"tháng\s+(?P<name>mười (?:một|hai)|giêng|chạp|một|hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín|mười)"
DAY = r"(?<![\d:])(?P<day>\d{1,2})"

FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        # 2026-03-07, 2026/3/7, 20260307T0806
        r"(?<!\d)(?P<year>(?:19|20)\d\d)(?P<mark>[-/.]?)(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})(?=\D|$)",
        # 07/03/2026, 7-3-2026, 07.03.2026, 07 / 03 / 2026
        rf"{DAY}\s?(?P<mark>[-/.])\s?(?P<month>\d{{1,2}})\s?(?P=mark)\s?{YEAR}",
        # ngày 7 tháng 3 năm 2026; 7 tháng 3, 2026; ngày 7 tháng 3/2026
        rf"{DAY}\s+tháng\s+(?P<month>\d{{1,2}})\s*(?:,|/|-|năm|,\s*năm)?\s*{YEAR}",
        # 7 Tháng Ba, 2026; ngày 7 tháng Mười Hai năm 2026
        rf"{DAY}\s+{VIETNAMESE}\s*,?\s*(?:năm)?\s*{YEAR}",
        # Tháng Ba 7, 2026
        rf"{VIETNAMESE}\s+(?P<day>\d{{1,2}}),?\s+{YEAR}",
        # Sat, 07 Mar 2026; 7 March, 2026
        rf"{DAY}[\s-]+{ENGLISH},?[\s-]+{YEAR}",
        # March 7, 2026
        rf"(?<![a-z]){ENGLISH}\s+(?P<day>\d{{1,2}}),?\s+{YEAR}",
        # 07/03/26
        rf"{DAY}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<year>\d\d)(?![\d/.-])",
    )
)
CLOCK = re.compile(
    r"(?<![\d:/.-])(?P<hour>\d{1,2})\s?(?::|h|g|giờ)\s?(?P<minute>[0-5]\d)(?:(?::|\s?phút\s?)(?P<second>[0-5]\d)"
    r"(?:[.,]\d{1,9})?)?(?:\s*phút)?(?!\d)(?:\s*(?P<half>[ap]\.?m\b|sa\b|ch\b|sáng|trưa|chiều|tối))?"
    r"|(?<![\d:/.-])(?P<full>\d{1,2})\s?(?:h|giờ)(?!\w)(?:\s*(?P<part>sáng|trưa|chiều|tối))?",
    re.IGNORECASE,
)
COMPACT_CLOCK = re.compile(r"T(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?!\d)")
ZONE = re.compile(
    r"\s*\(?\s*(?:(?P<utc>Z\b|(?:GMT|UTC)\b(?!\s*[+-]))|(?P<ict>ICT\b)"
    r"|(?:(?:GMT|UTC)\s*|(?<=\d)|(?<=\d\s)(?=[+-]\d{4}\b))(?P<sign>[+-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?\b)",
    re.IGNORECASE,
)
NAMED_ZONE = re.compile(
    r"\(?\b(?:GMT|UTC)\s*(?P<sign>[+-])\s?(?P<hours>\d{1,2})(?::?(?P<minutes>\d\d))?\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A time that was read. Without a clock it is midnight, without a stated zone that of Viet Nam."""

    when: datetime
    has_clock: bool
    zone_stated: bool

    @property
    def foreign(self) -> bool:
        """Whether it states a zone that is not Vietnam's."""
        return self.zone_stated and self.when.utcoffset() != VIET_NAM.utcoffset(None)

    def local(self) -> "Stamp":
        """The clock as shown, but in Vietnamese time: for stamps whose stated zone is known to be wrong."""
        return Stamp(self.when.replace(tzinfo=VIET_NAM), self.has_clock, zone_stated=False)


def read_stamp(text: str | None) -> Stamp | None:
    """The first date in a text, with the clock and zone beside it; day before month. Impossible dates are None."""
    text = (text or "")[:LONGEST]
    found = min(
        (match for form in FORMS if (match := form.search(text))), key=lambda match: match.start(), default=None
    )
    if found is None:
        return None
    hour, minute, second, zone = _clock_and_zone(text, found)
    day, month, year = int(found["day"]), _month(found), int(found["year"])
    if month > 12 and found.groupdict().get("mark"):
        day, month = month, day
    year += 2000 if year < 100 else 0
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        when = datetime(year, month, day, hour or 0, minute, second, tzinfo=zone or VIET_NAM)
        when.astimezone(VIET_NAM)
    except (ValueError, OverflowError):
        return None
    return Stamp(when, has_clock=hour is not None, zone_stated=zone is not None)


def viet_nam_time(stamp: Stamp, *, seen: Stamp | None = None, host: str = "", local_clock: bool = False) -> datetime:
    """The moment that a machine-readable stamp of a Vietnamese paper means.

    Papers of 2018 and 2019 put +08:00 behind a Vietnamese clock, some blogs +00:00. The clock that the reader
    sees settles it: where both show the same hour and minute, it is Vietnamese time. An offset of zero that
    is true is only another notation and becomes +07:00; any other offset stays as stated.
    """
    when = stamp.when
    same_clock = (
        seen is not None
        and seen.has_clock
        and seen.when.utcoffset() == VIET_NAM.utcoffset(None)
        and seen.when.replace(tzinfo=None, second=0) == when.replace(tzinfo=None, second=0, microsecond=0)
    )
    trap = when.utcoffset() == timedelta(hours=8) and host.endswith(".vn")
    if same_clock or trap or (local_clock and when.utcoffset()):
        return stamp.local().when
    return when.astimezone(VIET_NAM) if not when.utcoffset() else when


def _month(found: re.Match[str]) -> int:
    groups = found.groupdict()
    if groups.get("month"):
        return int(groups["month"])
    return MONTHS[" ".join(groups["name"].lower().split())]


def _clock_and_zone(text: str, date: re.Match[str]) -> tuple[int | None, int, int, timezone | None]:
    """Hour (None without a clock), minute, second, zone: behind the date, otherwise before it."""
    behind = text[date.end() : date.end() + 45]
    clock = COMPACT_CLOCK.match(behind) or CLOCK.search(behind[1:] if behind[:1] in {"T", "t"} else behind)
    if clock is not None:
        zone = ZONE.match(clock.string, clock.end())
    else:
        before = list(CLOCK.finditer(text[max(0, date.start() - 45) : date.start()]))
        clock = before[-1] if before else None
        zone = NAMED_ZONE.search(behind)
    if clock is None:
        return None, 0, 0, None
    groups = clock.groupdict()
    hour = int(groups.get("hour") or groups.get("full") or 0)
    half = (groups.get("half") or groups.get("part") or "").lower().replace(".", "")
    if half in {"pm", "ch", "chiều", "tối"} or (half == "trưa" and hour < 3):
        hour += 12 if hour < 12 else 0
    elif half in {"am", "sa", "sáng"} and hour == 12:
        hour = 0
    if hour > 23:
        return None, 0, 0, None
    return hour, int(groups.get("minute") or 0), int(groups.get("second") or 0), _zone(zone)


def _zone(found: re.Match[str] | None) -> timezone | None:
    if found is None:
        return None
    groups = found.groupdict()
    if groups.get("utc"):
        return timezone(timedelta())
    if groups.get("ict"):
        return VIET_NAM
    offset = timedelta(hours=int(groups["hours"]), minutes=int(groups["minutes"] or 0))
    if offset > timedelta(hours=14):
        return None
    return timezone(-offset if groups["sign"] == "-" else offset)
