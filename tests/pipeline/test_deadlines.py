"""Deadlines: hours, days, working days with Tết, months with short ends, pauses."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.clock import VIET_NAM, day_of
from pipeline.deadlines import (
    Clock,
    ClockError,
    Pause,
    State,
    WorkingDays,
    due_at,
    limit_words,
    read_clocks,
    standing,
)

DAYS = WorkingDays()
CLOCKS = read_clocks().by_code
LATER = datetime(2100, 1, 1, tzinfo=VIET_NAM)
FIRST = datetime(2024, 1, 1, tzinfo=VIET_NAM)
moments = st.timedeltas(timedelta(0), timedelta(days=7 * 365)).map(lambda length: FIRST + length)
clocks = st.sampled_from(sorted(CLOCKS)).map(CLOCKS.__getitem__)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIET_NAM)


def due(code: str, start: str, *pauses: Pause) -> str:
    return f"{due_at(CLOCKS[code], at(start), DAYS, pauses, now=LATER):%Y-%m-%dT%H:%M}"


def test_every_clock_of_the_table_of_timers_is_there_with_its_limit_and_basis() -> None:
    limits = {code: limit_words(clock) for code, clock in CLOCKS.items()}
    assert limits["khan_cap"] == "12 giờ"
    assert limits["bao_cao_vu_viec"] == "3 ngày"
    assert (limits["lap_ke_hoach"], limits["duyet_ke_hoach"]) == ("5 ngày làm việc", "2 ngày làm việc")
    assert limits["het_cach_ly"] == "15 ngày"
    assert (limits["ca_xa_chuyen"], limits["ca_xa_chuyen_vung_xa"]) == ("24 giờ", "48 giờ")
    assert limits["bien_nhan"] == "3 ngày làm việc"
    assert [limits[c] for c in ("cqdt_quyet_dinh", "cqdt_phuc_tap", "cqdt_gia_han")] == [
        "20 ngày",
        "2 tháng",
        "4 tháng",
    ]
    assert limits["bao_ket_qua"] == "3 ngày"
    assert all(clock.basis and clock.name for clock in CLOCKS.values())
    for code in ("chuyen_tin", "bao_cao_nhanh", "van_ban_sau_dien_thoai"):
        assert CLOCKS[code].confidence == "design", "the law says only «at once»: the number is ours"


def test_twelve_hours_run_through_the_night_and_through_tet() -> None:
    assert due("khan_cap", "2026-02-16T20:30") == "2026-02-17T08:30"


def test_three_calendar_days_end_with_the_third_day_after_the_discovery() -> None:
    assert due("bao_cao_vu_viec", "2026-11-21T06:42") == "2026-11-24T23:59"


def test_five_working_days_leap_over_tet() -> None:
    """13/02/2026 is a Friday; 16 to 20 are days off, so the first counting day is Monday 23."""
    assert due("lap_ke_hoach", "2026-02-13T09:00") == "2026-02-27T23:59"


def test_two_working_days_over_the_holidays_of_april_and_may() -> None:
    """29/04/2026 is a Wednesday; 30/4 and 1/5 are off, then a weekend."""
    assert due("duyet_ke_hoach", "2026-04-29T16:00") == "2026-05-05T23:59"


def test_days_of_the_deployment_go_before_the_calendar() -> None:
    own = WorkingDays(off=frozenset({date(2026, 11, 23)}), work=frozenset({date(2026, 11, 22)}))
    assert date(2026, 11, 23) in DAYS
    assert date(2026, 11, 23) not in own
    assert date(2026, 11, 22) in own


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2026-12-31T10:00", "2027-02-28T23:59"),
        ("2027-12-31T10:00", "2028-02-29T23:59"),
        ("2026-10-15T00:01", "2026-12-15T23:59"),
    ],
)
def test_two_months_end_on_the_same_date_or_on_the_last_of_a_shorter_month(start: str, end: str) -> None:
    assert due("cqdt_phuc_tap", start) == end


def test_a_pause_stops_hours_for_its_length() -> None:
    pause = Pause(at("2026-11-21T10:00"), at("2026-11-21T13:15"), "chờ công an trả lời")
    assert due("khan_cap", "2026-11-21T06:00", pause) == "2026-11-21T21:15"


def test_a_pause_takes_whole_days_out_of_a_deadline_in_days() -> None:
    pause = Pause(at("2026-11-22T10:00"), at("2026-11-24T10:00"), "trẻ đang ở viện")
    assert due("bao_cao_vu_viec", "2026-11-21T06:42", pause) == "2026-11-26T23:59"
    assert due("cqdt_phuc_tap", "2026-11-01T06:42", pause) == "2027-01-03T23:59"


def test_a_pause_needs_its_reason_and_the_right_order() -> None:
    with pytest.raises(ClockError, match="lý do"):
        Pause(at("2026-11-22T10:00"), None, "  ")
    with pytest.raises(ClockError, match="trước khi bắt đầu"):
        Pause(at("2026-11-22T10:00"), at("2026-11-21T10:00"), "x")


def test_a_clock_runs_then_is_due_soon_then_overdue() -> None:
    clock, start = CLOCKS["khan_cap"], at("2026-11-21T06:00")
    states = [standing(clock, start, DAYS, now=start + timedelta(hours=h)).state for h in (1, 10, 13)]
    assert states == [State.RUNNING, State.DUE_SOON, State.OVERDUE]


def test_a_step_taken_late_stays_late_and_one_taken_in_time_stays_met() -> None:
    clock, start = CLOCKS["khan_cap"], at("2026-11-21T06:00")
    late = standing(clock, start, DAYS, now=LATER, met=start + timedelta(hours=14))
    assert (late.state, late.left) == (State.MET_LATE, timedelta(hours=-2))
    assert standing(clock, start, DAYS, now=LATER, met=start + timedelta(hours=11)).state is State.MET
    with pytest.raises(ClockError, match="trước khi thời hạn bắt đầu"):
        standing(clock, start, DAYS, now=LATER, met=start - timedelta(hours=1))


def test_a_paused_clock_does_not_run_out_but_one_that_ran_out_cannot_be_paused() -> None:
    clock, start = CLOCKS["khan_cap"], at("2026-11-21T06:00")
    now = start + timedelta(days=9)
    in_time = Pause(start + timedelta(hours=2), None, "chờ xác minh")
    too_late = Pause(start + timedelta(hours=20), None, "chờ xác minh")
    paused = standing(clock, start, DAYS, [in_time], now=now)
    assert (paused.state, paused.left) == (State.PAUSED, timedelta(hours=10))
    assert standing(clock, start, DAYS, [too_late], now=now).state is State.OVERDUE


@given(clocks, moments)
def test_a_deadline_lies_after_its_start_and_no_sooner_than_its_limit(clock: Clock, start: datetime) -> None:
    end = due_at(clock, start, DAYS, now=start)
    least = {"hours": timedelta(hours=1), "days": timedelta(days=1), "working_days": timedelta(days=1)}
    assert (
        end - start
        >= least.get(clock.unit, timedelta(days=28)) * clock.limit - timedelta(days=clock.unit == "months") * 4
    )
    if clock.unit != "hours":
        assert end.time() == time(23, 59, 59)
    if clock.unit == "working_days":
        assert day_of(end) in DAYS
        between = [day_of(start) + timedelta(days=n) for n in range(1, (day_of(end) - day_of(start)).days + 1)]
        assert sum(day in DAYS for day in between) == clock.limit


@given(clocks, moments, moments)
def test_who_starts_later_is_due_no_earlier(clock: Clock, one: datetime, other: datetime) -> None:
    first, last = sorted((one, other))
    assert due_at(clock, first, DAYS, now=last) <= due_at(clock, last, DAYS, now=last)


pauses = st.tuples(moments, st.timedeltas(timedelta(0), timedelta(days=40))).map(
    lambda pair: Pause(pair[0], pair[0] + pair[1], "có lý do")
)


@given(clocks, moments, st.lists(pauses, max_size=4), pauses)
def test_one_more_pause_never_brings_a_deadline_forward(
    clock: Clock, start: datetime, some: list[Pause], more: Pause
) -> None:
    assert due_at(clock, start, DAYS, [*some, more], now=LATER) >= due_at(clock, start, DAYS, some, now=LATER)


@given(moments, st.lists(pauses, max_size=4))
def test_hours_left_at_the_deadline_are_just_the_limit(start: datetime, some: list[Pause]) -> None:
    """Elapsed time less the time that any pause covered."""
    end = due_at(CLOCKS["khan_cap"], start, DAYS, some, now=LATER)
    step = timedelta(minutes=30)
    marks = [start + step * n for n in range(round((end - start) / step))]
    running = sum(not any(p.start <= m < (p.end or LATER) for p in some) for m in marks)
    assert abs(running * step - timedelta(hours=12)) <= step * (2 * len(some) + 2)


@given(clocks, moments, moments, moments)
def test_order_and_overlap_of_pauses_do_not_matter(clock: Clock, start: datetime, one: datetime, two: datetime) -> None:
    first, last = sorted((one, two))
    whole = Pause(first, last, "x")
    middle = first + (last - first) / 2
    parts = [Pause(middle, last, "x"), Pause(first, middle, "x"), whole]
    assert due_at(clock, start, DAYS, parts, now=LATER) == due_at(clock, start, DAYS, [whole], now=LATER)


def test_a_deployment_changes_a_clock_and_adds_days(tmp_path: Path) -> None:
    own = tmp_path / "clocks.toml"
    own.write_text(
        '[days]\noff = ["2026-12-31"]\n[[clock]]\ncode = "chuyen_tin"\nname = "Chuyển tin"\nstart = "confirmed"\n'
        'limit = 4\nunit = "hours"\nbasis = "Quy trình nội bộ"\nconfidence = "design"\nwarn_hours = 2\n',
        "utf-8",
    )
    read = read_clocks(own)
    assert read.by_code["chuyen_tin"].limit == 4
    assert read.by_code["khan_cap"].limit == 12
    assert date(2026, 12, 31) not in read.days


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[[clock]]\ncode = "moi"\n', "moi"),
        ("[[clock]]\ncolour = 1\n", "colour"),
        ('[days]\noff = ["31/12/2026"]\n', "31/12/2026"),
        ("[holidays]\n", "holidays"),
        ("[[clock", "own.toml"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, text: str, named: str) -> None:
    own = tmp_path / "own.toml"
    own.write_text(text, "utf-8")
    with pytest.raises(ClockError, match=named):
        read_clocks(own)
