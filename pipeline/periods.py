"""Weeks, months, quarters, halves and years as days, and the same stretch a year earlier."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from models.errors import DiembaoError

KINDS = ("week", "month", "quarter", "half", "year")


class PeriodError(DiembaoError):
    """Days the wrong way round, or a kind of period that does not exist."""


@dataclass(frozen=True, slots=True)
class Period:
    """Both days are included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise PeriodError("Ngày đầu phải trước hoặc bằng ngày cuối")

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{self.first:%d/%m/%Y}–{self.last:%d/%m/%Y}"


def period_of(kind: str, day: date) -> Period:
    """The period of that kind in which the day lies; weeks begin on Monday."""
    if kind == "week":
        first = day - timedelta(days=day.weekday())
        return Period(first, first + timedelta(days=6))
    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}.get(kind)
    if months is None:
        raise PeriodError(f"Không có loại kỳ «{kind}» (có: {', '.join(KINDS)})")
    start = (day.month - 1) // months * months + 1
    end = start + months - 1
    return Period(date(day.year, start, 1), date(day.year, end, monthrange(day.year, end)[1]))


def year_before(period: Period) -> Period:
    """Cùng kỳ năm trước: the same dates; whole weeks by whole weeks; what ends with its month ends with it then too."""
    if period.days == 7 and period.first.weekday() == 0:
        return Period(period.first - timedelta(days=364), period.last - timedelta(days=364))
    last = _year_before(period.last)
    if period.last.day == monthrange(period.last.year, period.last.month)[1]:
        last = last.replace(day=monthrange(last.year, last.month)[1])
    return Period(_year_before(period.first), last)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, monthrange(day.year - 1, day.month)[1]))
