"""The clocks of a case: when a step is due, and how it stands. Pure; the clocks themselves are data (clocks.toml).

Hours run from minute to minute. Days begin to count on the day after the start and end with the last one (23:59:59 in
Viet Nam), as periods in days do by the Civil Code, Art. 147 (our reading; no lawyer has checked it). A last day that is
no working day does not move a deadline in calendar days, for the plans say plain "ngày". Months end on the same date,
or on the month's last. A pause stops hours for as long as it lasts; days and working days do not count from the day
after its first day to its last one.
"""

import tomllib
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import holidays

from models.clock import VIET_NAM, day_of
from models.errors import DiembaoError

UNITS = ("hours", "days", "working_days", "months")
STARTS = frozenset(
    {"received", "confirmed", "phoned", "sent", "police_received", "assessed", "plan_drafted", "separated", "result"}
)
CONFIDENCE = frozenset({"H", "M", "design"})
WHEN = frozenset({"always", "grave", "chosen"})
DESKS = frozenset({"agency", "commune", "police"})
END_OF_DAY = time(23, 59, 59)
LONGEST = 3660
"""Days that a deadline may lie ahead; further is a mistake in the data."""


class ClockError(DiembaoError):
    """A clock that cannot be read, a pause without reason, or times that contradict one another."""


@dataclass(frozen=True, slots=True)
class Clock:
    """`also` is a second event from which the same limit is shown beside the first. `when` says to which cases it
    applies unless a person says otherwise, `desk` who has to take the step."""

    code: str
    name: str
    start: str
    limit: int
    unit: str
    basis: str
    confidence: str
    warn_hours: float
    also: str | None = None
    when: str = "always"
    desk: str = "agency"


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """Monday to Friday but the public holidays of Viet Nam, with days off and make-up days of the deployment's own."""

    off: frozenset[date] = frozenset()
    work: frozenset[date] = frozenset()

    def __contains__(self, day: date) -> bool:
        if day in self.work or day in self.off:
            return day in self.work
        return _public().is_working_day(day)


@dataclass(frozen=True, slots=True)
class Clocks:
    by_code: Mapping[str, Clock]
    days: WorkingDays


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of time that does not count. `end` is None while it lasts."""

    start: datetime
    end: datetime | None
    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ClockError("Tạm dừng thời hạn phải có lý do")
        if self.end is not None and self.end < self.start:
            raise ClockError("Tạm dừng thời hạn kết thúc trước khi bắt đầu")


class State(Enum):
    RUNNING = "dang_chay"
    DUE_SOON = "sap_het_han"
    OVERDUE = "qua_han"
    PAUSED = "tam_dung"
    MET = "da_xong"
    MET_LATE = "xong_tre"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a clock stands. `left` is negative by how much it is or was late; `due` of a paused one is as of now."""

    state: State
    due: datetime
    left: timedelta


@cache
def _public() -> holidays.HolidayBase:
    return holidays.country_holidays("VN")


def due_at(
    clock: Clock, start: datetime, days: WorkingDays, pauses: Sequence[Pause] = (), *, now: datetime
) -> datetime:
    """The moment until which the step is in time; a pause that still lasts is taken to end `now`."""
    spans = _merged(pauses, start, now)
    if clock.unit == "hours":
        return _hours_later(start, timedelta(hours=clock.limit), spans).astimezone(VIET_NAM)
    paused = _paused_days(spans)
    first = day_of(start)
    if clock.unit == "months":
        return _end_of(_counted(_months_later(first, clock.limit), 0, lambda _: True, paused, since=first))
    counts = (lambda day: day in days) if clock.unit == "working_days" else (lambda _: True)
    return _end_of(_counted(first, clock.limit, counts, paused))


def standing(
    clock: Clock,
    start: datetime,
    days: WorkingDays,
    pauses: Sequence[Pause] = (),
    *,
    now: datetime,
    met: datetime | None = None,
) -> Standing:
    """How the clock stands at `now`; `met` is when the step was taken. One that ran out cannot be paused any more."""
    if met is not None and met < start:
        raise ClockError(f"{clock.name}: bước được ghi là xong trước khi thời hạn bắt đầu")
    moment = now if met is None else min(met, now)
    due = due_at(clock, start, days, pauses, now=moment)
    left = due - moment
    if met is not None and met <= now:
        return Standing(State.MET if left >= timedelta(0) else State.MET_LATE, due, left)
    if left < timedelta(0):
        return Standing(State.OVERDUE, due, left)
    if any(pause.start <= now and (pause.end is None or pause.end > now) for pause in pauses):
        return Standing(State.PAUSED, due, left)
    soon = left <= timedelta(hours=clock.warn_hours)
    return Standing(State.DUE_SOON if soon else State.RUNNING, due, left)


def limit_words(clock: Clock) -> str:
    """12 giờ, 3 ngày, 5 ngày làm việc, 2 tháng."""
    unit = {"hours": "giờ", "days": "ngày", "working_days": "ngày làm việc", "months": "tháng"}[clock.unit]
    return f"{clock.limit} {unit}"


def _merged(pauses: Sequence[Pause], start: datetime, now: datetime) -> list[tuple[datetime, datetime]]:
    """Pauses as spans in order that do not touch, cut at the start of the clock."""
    spans: list[tuple[datetime, datetime]] = []
    for pause in sorted(pauses, key=lambda pause: pause.start):
        first, last = max(pause.start, start), max(pause.start, now) if pause.end is None else pause.end
        if last <= first:
            continue
        if spans and first <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        else:
            spans.append((first, last))
    return spans


def _hours_later(start: datetime, length: timedelta, spans: list[tuple[datetime, datetime]]) -> datetime:
    due = start + length
    for first, last in spans:
        if first >= due:
            break
        due += last - first
    return due


def _paused_days(spans: list[tuple[datetime, datetime]]) -> set[date]:
    found: set[date] = set()
    for first, last in spans:
        for number in range(1, (day_of(last) - day_of(first)).days + 1):
            found.add(day_of(first) + timedelta(days=number))
    return found


def _counted(
    day: date, wanted: int, counts: Callable[[date], bool], paused: set[date], *, since: date | None = None
) -> date:
    """The day on which `wanted` counting days after `day` are full. `since`: paused days from there to `day` are made
    up for afterwards."""
    wanted += 0 if since is None else sum(since < other <= day for other in paused)
    for _ in range(LONGEST):
        if wanted <= 0:
            return day
        day += timedelta(days=1)
        wanted -= counts(day) and day not in paused
    raise ClockError("Thời hạn dài quá mười năm: kiểm tra lại dữ liệu thời hạn và ngày nghỉ")


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + year, month + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _end_of(day: date) -> datetime:
    return datetime.combine(day, END_OF_DAY, VIET_NAM)


def read_clocks(own: Path | None = None) -> Clocks:
    """The clocks that ship, with those of the deployment's own file over them where there is one."""
    raw = _parse("clocks.toml", files("pipeline").joinpath("clocks.toml").read_text("utf-8"))
    layers = [raw]
    if own is not None and own.exists():
        layers.append(_parse(own.name, own.read_text("utf-8")))
    by_code = {clock.code: clock for clocks, _ in layers for clock in clocks}
    off = frozenset[date]().union(*(days.off for _, days in layers))
    work = frozenset[date]().union(*(days.work for _, days in layers))
    return Clocks(by_code, WorkingDays(off, work))


def _parse(name: str, text: str) -> tuple[list[Clock], WorkingDays]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ClockError(f"{name}: {error}") from error
    if unknown := set(raw) - {"clock", "days"}:
        raise ClockError(f"{name}: không hiểu mục {', '.join(sorted(unknown))}")
    days = raw.get("days", {})
    return [_clock(name, row) for row in raw.get("clock", [])], WorkingDays(
        frozenset(_date(name, text) for text in days.get("off", [])),
        frozenset(_date(name, text) for text in days.get("work", [])),
    )


def _clock(name: str, row: dict[str, Any]) -> Clock:
    where = f"{name}, thời hạn «{row.get('code', '?')}»"
    if unknown := set(row) - {field.name for field in fields(Clock)}:
        raise ClockError(f"{where}: không hiểu {', '.join(sorted(unknown))}")
    try:
        clock = Clock(**row)
    except TypeError as error:
        raise ClockError(f"{where}: {error}") from error
    wrong = [
        what
        for what, right in (
            ("start", clock.start in STARTS),
            ("also", clock.also is None or clock.also in STARTS),
            ("unit", clock.unit in UNITS),
            ("limit", isinstance(clock.limit, int) and clock.limit > 0),
            ("confidence", clock.confidence in CONFIDENCE),
            ("when", clock.when in WHEN),
            ("desk", clock.desk in DESKS),
            ("warn_hours", isinstance(clock.warn_hours, (int, float)) and clock.warn_hours >= 0),
        )
        if not right
    ]
    if wrong:
        raise ClockError(f"{where}: sai {', '.join(wrong)}")
    return clock


def _date(name: str, text: object) -> date:
    try:
        return text if isinstance(text, date) else date.fromisoformat(str(text))
    except ValueError as error:
        raise ClockError(f"{name}: «{text}» không phải ngày dạng 2026-12-31") from error
