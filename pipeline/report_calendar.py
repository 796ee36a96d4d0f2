"""The yearly deadlines of reports, as data: which comes next, and what is to be reminded of today."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from models.errors import DiembaoError
from pipeline.periods import Period


class CalendarError(DiembaoError):
    """A calendar that cannot be read; names the entry."""


@dataclass(frozen=True, slots=True)
class YearlyReport:
    """`before` and `cut_off` are (month, day); the report must be in before that day."""

    code: str
    name: str
    recipient: str
    before: tuple[int, int]
    cut_off: tuple[int, int]
    remind_days: tuple[int, ...]
    basis: str


@dataclass(frozen=True, slots=True)
class Season:
    """Days of the year in which campaigns make the press write more."""

    name: str
    first: tuple[int, int]
    last: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Due:
    """The next time that a report is due: its last day is the one before `before`."""

    report: YearlyReport
    before: date
    period: Period

    @property
    def last_day(self) -> date:
        return self.before - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ReportCalendar:
    reports: Mapping[str, YearlyReport]
    seasons: tuple[Season, ...]


def next_due(calendar: ReportCalendar, today: date) -> list[Due]:
    """Each report's next deadline, the nearest first; one that ended yesterday is due again next year."""
    return sorted(
        (_next(report, today) for report in calendar.reports.values()), key=lambda due: (due.before, due.report.code)
    )


@dataclass(frozen=True, slots=True)
class Reminding:
    """That `due` is near: told `days` before its last day, or on the first day after that on which anybody looks."""

    due: Due
    days: int


def reminders(calendar: ReportCalendar, today: date) -> list[Reminding]:
    """What the team is to have been told by this day: of each report the latest telling. One that fell on a day on
    which nothing ran is still here the day after."""
    found = []
    for due in next_due(calendar, today):
        left = (due.last_day - today).days
        passed = [days for days in due.report.remind_days if days >= left]
        if passed:
            found.append(Reminding(due, min(passed)))
    return found


def seasons_on(calendar: ReportCalendar, day: date) -> list[str]:
    return [season.name for season in calendar.seasons if season.first <= (day.month, day.day) <= season.last]


def _next(report: YearlyReport, today: date) -> Due:
    before = _on(report.before, today.year)
    if before <= today:
        before = _on(report.before, today.year + 1)
    last = _on(report.cut_off, before.year)
    if last >= before:
        last = _on(report.cut_off, before.year - 1)
    return Due(report, before, Period(_on(report.cut_off, last.year - 1) + timedelta(days=1), last))


def _on(day: tuple[int, int], year: int) -> date:
    """29 February is the 28th where there is none."""
    month, number = day
    return date(year, 2, 28) if day == (2, 29) and year % 4 else date(year, month, number)


def read_calendar(own: Path | None = None) -> ReportCalendar:
    """The calendar that ships, with the deployment's own file over it where there is one."""
    layers = [("report_calendar.toml", files("pipeline").joinpath("report_calendar.toml").read_text("utf-8"))]
    if own is not None and own.exists():
        layers.append((own.name, own.read_text("utf-8")))
    reports: dict[str, YearlyReport] = {}
    seasons: list[Season] = []
    for name, text in layers:
        try:
            raw = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise CalendarError(f"{name}: {error}") from error
        if unknown := set(raw) - {"report", "season"}:
            raise CalendarError(f"{name}: không hiểu mục {', '.join(sorted(unknown))}")
        for row in raw.get("report", []):
            report = _report(name, row)
            reports[report.code] = report
        seasons += [_season(name, row) for row in raw.get("season", [])]
    return ReportCalendar(reports, tuple(seasons))


def _report(name: str, row: Mapping[str, Any]) -> YearlyReport:
    where = f"{name}, báo cáo «{row.get('code', '?')}»"
    try:
        return YearlyReport(
            **{
                **row,
                "before": _month_day(where, row["before"]),
                "cut_off": _month_day(where, row["cut_off"]),
                "remind_days": _days(where, row["remind_days"]),
            }
        )
    except (KeyError, TypeError) as error:
        raise CalendarError(f"{where}: thiếu hoặc thừa mục ({error})") from error


def _season(name: str, row: Mapping[str, Any]) -> Season:
    where = f"{name}, đợt «{row.get('name', '?')}»"
    try:
        return Season(row["name"], _month_day(where, row["first"]), _month_day(where, row["last"]))
    except KeyError as error:
        raise CalendarError(f"{where}: thiếu {error}") from error


def _days(where: str, value: Sequence[Any]) -> tuple[int, ...]:
    if not all(isinstance(day, int) and day >= 0 for day in value):
        raise CalendarError(f"{where}: remind_days phải là các số ngày")
    return tuple(value)


def _month_day(where: str, text: object) -> tuple[int, int]:
    try:
        found = date.fromisoformat(f"2024-{text}")
    except ValueError as error:
        raise CalendarError(f"{where}: «{text}» không phải ngày dạng 12-31") from error
    return found.month, found.day
