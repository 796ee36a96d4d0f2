"""The calendar of yearly reports."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.periods import Period
from pipeline.report_calendar import CalendarError, next_due, read_calendar, reminders, seasons_on

CALENDAR = read_calendar()


def test_the_three_deadlines_of_the_plans_come_in_their_order() -> None:
    due = next_due(CALENDAR, date(2026, 11, 1))
    assert [found.before for found in due] == [date(2026, 11, 20), date(2026, 12, 10), date(2026, 12, 15)]


def test_a_deadline_that_is_reached_is_next_year_s() -> None:
    assert next_due(CALENDAR, date(2026, 11, 19))[0].before == date(2026, 11, 20)
    assert next_due(CALENDAR, date(2026, 11, 20))[-1].before == date(2027, 11, 20)


def test_a_report_counts_a_whole_year_to_its_cut_off() -> None:
    due = next_due(CALENDAR, date(2026, 11, 21))[0]
    assert due.period == Period(date(2025, 12, 1), date(2026, 11, 30))


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_every_deadline_lies_ahead_within_a_year_and_its_period_ends_before_it(today: date) -> None:
    for due in next_due(CALENDAR, today):
        assert today < due.before <= today + timedelta(days=366)
        assert due.period.last < due.before
        assert 365 <= due.period.days <= 366


def test_of_each_report_the_latest_reminder_stands_until_the_next() -> None:
    def told(day: date) -> list[tuple[str, int]]:
        return [(one.due.report.code, one.days) for one in reminders(CALENDAR, day)]

    assert told(date(2026, 10, 19)) == []
    assert told(date(2026, 10, 20)) == [("uy_ban_xa", 30)]
    assert told(date(2026, 12, 1)) == [("chi_thi_18", 30), ("chi_thi_28", 30)]
    assert told(date(2026, 12, 2)) == [("chi_thi_18", 7), ("chi_thi_28", 30)]
    assert told(date(2026, 12, 9)) == [("chi_thi_18", 1), ("chi_thi_28", 7)]
    assert told(date(2026, 12, 10)) == [("chi_thi_28", 7)]


def test_campaign_months_are_known() -> None:
    assert len(seasons_on(CALENDAR, date(2026, 11, 21))) == 1
    assert seasons_on(CALENDAR, date(2026, 8, 1)) == []


def test_the_team_adds_a_deadline_and_moves_another(tmp_path: Path) -> None:
    own = tmp_path / "calendar.toml"
    row = 'recipient = "Sở"\ncut_off = "02-29"\nremind_days = [3]\nbasis = "Quy định nội bộ"\n'
    own.write_text(
        f'[[report]]\ncode = "noi_bo"\nname = "Báo cáo nội bộ"\nbefore = "03-05"\n{row}'
        f'[[report]]\ncode = "chi_thi_18"\nname = "Báo cáo"\nbefore = "12-05"\n{row}',
        "utf-8",
    )
    calendar = read_calendar(own)
    due = {found.report.code: found for found in next_due(calendar, date(2026, 11, 21))}
    assert due["noi_bo"].period == Period(date(2026, 3, 1), date(2027, 2, 28))
    assert due["chi_thi_18"].before == date(2026, 12, 5)
    assert due["chi_thi_28"].before == date(2026, 12, 15)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[[report]]\ncode = "x"\n', "x"),
        ('[[season]]\nname = "y"\nfirst = "31-12"\nlast = "12-31"\n', "31-12"),
        ("[[raport]]\n", "raport"),
        ("[[", "own.toml"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, "utf-8")
    with pytest.raises(CalendarError, match=named):
        read_calendar(own)
