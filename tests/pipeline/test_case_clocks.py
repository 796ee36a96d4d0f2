"""All clocks of a case at one moment."""

from datetime import datetime, timedelta

from models.clock import VIET_NAM
from pipeline.case_clocks import running
from pipeline.deadlines import Pause, State, read_clocks

CLOCKS = read_clocks()
FETCHED = datetime(2026, 11, 21, 6, 46, tzinfo=VIET_NAM)
CONFIRMED = FETCHED + timedelta(hours=1)
EVENTS = {"received": FETCHED, "confirmed": CONFIRMED}


def test_only_clocks_whose_event_has_happened_run() -> None:
    found = {one.clock.code for one in running(CLOCKS, EVENTS, now=CONFIRMED)}
    assert found == {"chuyen_tin", "khan_cap", "bao_cao_nhanh", "bao_cao_vu_viec"}


def test_a_clock_from_the_fetch_shows_the_one_from_the_confirmation_beside_it() -> None:
    [emergency] = running(CLOCKS, EVENTS, now=CONFIRMED, wanted=["khan_cap"])
    assert emergency.standing.due == FETCHED + timedelta(hours=12)
    assert emergency.also is not None
    start, standing = emergency.also
    assert (start, standing.due) == (CONFIRMED, CONFIRMED + timedelta(hours=12))


def test_the_overdue_comes_first_and_what_is_done_last() -> None:
    now = FETCHED + timedelta(hours=10)
    met = {"chuyen_tin": CONFIRMED + timedelta(minutes=30)}
    states = [one.standing.state for one in running(CLOCKS, EVENTS, now=now, met=met)]
    assert states == [State.OVERDUE, State.DUE_SOON, State.RUNNING, State.MET]


def test_a_step_done_before_the_confirmation_has_no_second_clock() -> None:
    [report] = running(
        CLOCKS,
        EVENTS,
        now=CONFIRMED,
        met={"bao_cao_vu_viec": FETCHED + timedelta(minutes=5)},
        wanted=["bao_cao_vu_viec"],
    )
    assert report.standing.state is State.MET
    assert report.also is None


def test_a_pause_goes_by_the_clock() -> None:
    pauses = {"khan_cap": [Pause(CONFIRMED, None, "chờ xác minh")]}
    found = {one.clock.code: one.standing.state for one in running(CLOCKS, EVENTS, now=CONFIRMED, pauses=pauses)}
    assert found["khan_cap"] is State.PAUSED
    assert found["bao_cao_vu_viec"] is State.RUNNING
