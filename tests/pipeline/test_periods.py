"""Periods and the same stretch a year earlier."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.periods import KINDS, Period, PeriodError, period_of, year_before

DAY = date(2026, 11, 21)
days = st.dates(date(2020, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("kind", "first", "last"),
    [
        ("week", date(2026, 11, 16), date(2026, 11, 22)),
        ("month", date(2026, 11, 1), date(2026, 11, 30)),
        ("quarter", date(2026, 10, 1), date(2026, 12, 31)),
        ("half", date(2026, 7, 1), date(2026, 12, 31)),
        ("year", date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_holds_its_day(kind: str, first: date, last: date) -> None:
    assert period_of(kind, DAY) == Period(first, last)


@given(st.sampled_from(KINDS), days)
def test_periods_of_a_kind_follow_one_another_without_gap(kind: str, day: date) -> None:
    here = period_of(kind, day)
    assert here.first <= day <= here.last
    assert period_of(kind, here.last + timedelta(days=1)).first == here.last + timedelta(days=1)


@given(st.sampled_from(KINDS), days)
def test_the_year_before_is_a_period_of_the_same_kind(kind: str, day: date) -> None:
    before = year_before(period_of(kind, day))
    assert before == period_of(kind, before.first)
    assert 355 <= (period_of(kind, day).first - before.first).days <= 366


def test_february_ends_with_its_month_in_leap_years_too() -> None:
    assert year_before(Period(date(2028, 2, 1), date(2028, 2, 29))).last == date(2027, 2, 28)
    assert year_before(Period(date(2029, 2, 1), date(2029, 2, 28))).last == date(2028, 2, 29)
    assert year_before(Period(date(2026, 11, 3), date(2026, 11, 9))) == Period(date(2025, 11, 3), date(2025, 11, 9))


def test_days_the_wrong_way_round_and_unknown_kinds_are_refused() -> None:
    with pytest.raises(PeriodError, match="trước"):
        Period(DAY, DAY - timedelta(days=1))
    with pytest.raises(PeriodError, match="decade"):
        period_of("decade", DAY)
