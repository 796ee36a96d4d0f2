import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.polling import FAILING, Plan, Policy, Poll, leading, next_link, plan
from pipeline.rhythm import Memory, from_json, rates, to_json
from spiders.jobs import Health
from tests.bench.polling_simulation import (
    Feed,
    Result,
    Trouble,
    adaptive,
    fixed,
    make_feed,
    merge,
    read_stream,
    simulate,
)

STREAM = Path(__file__).resolve().parents[2] / "../shared/corpus/stream.jsonl.gz"
NOON = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
URL = "https://bao-mau.example/rss"
POLICY = Policy()


def entries(*numbers: int, at: datetime = NOON) -> list[tuple[str, datetime | None]]:
    return [(str(number), at) for number in numbers]


def after(memory: Memory, at: datetime, shown: Sequence[tuple[str, datetime | None]], health: Health = "ok") -> Plan:
    return plan(memory, Poll(at=at, health=health, entries=shown), url=URL, policy=POLICY)


def test_a_list_that_shares_nothing_with_its_last_answer_raises_the_alarm() -> None:
    first = after(Memory(), NOON, entries(1, 2, 3))
    assert (first.gap, first.overlap) == (False, None)
    second = after(first.memory, NOON + timedelta(minutes=5), entries(3, 4, 5))
    assert (second.gap, second.fresh) == (False, 2)
    assert second.overlap == pytest.approx(1 / 3)
    third = after(second.memory, NOON + timedelta(minutes=10), entries(6, 7, 8))
    assert (third.gap, third.overlap, third.fresh) == (True, 0, 3)


def test_an_unchanged_answer_is_healthy_and_forgets_nothing() -> None:
    first = after(Memory(), NOON, entries(1, 2, 3))
    second = after(first.memory, NOON + timedelta(minutes=5), [], health="unchanged")
    assert (second.memory.failures, second.memory.shown, second.gap) == (0, ("1", "2", "3"), False)
    assert after(second.memory, NOON + timedelta(minutes=9), entries(7, 8)).gap


def test_failures_slow_the_probing_down_and_never_end_it() -> None:
    memory, waits, at = Memory(), [], NOON
    for _ in range(60):
        made = after(memory, at, [], health="failed")
        memory, at = made.memory, made.due_at
        waits.append(made.interval_s)
    assert waits[0] < 400
    assert max(waits[:24]) <= 3600 * 1.05
    assert min(waits[-10:]) > 5 * 3600
    assert max(waits) <= 6 * 3600


def test_a_server_that_asks_for_time_gets_it_even_beyond_the_longest_interval() -> None:
    asked = 10 * 3600.0
    made = plan(Memory(), Poll(at=NOON, health="blocked", retry_after_s=asked), url=URL, policy=POLICY)
    assert made.wait_until == NOON + timedelta(seconds=asked)
    assert made.due_at >= made.wait_until


def test_one_good_answer_ends_the_slow_probing() -> None:
    memory = after(Memory(), NOON, entries(*range(30))).memory
    for hour in range(30):
        memory = after(memory, NOON + timedelta(hours=hour), [], health="failed").memory
    made = after(memory, NOON + timedelta(hours=31), entries(*range(30)))
    assert made.memory.failures == 0
    assert made.interval_s < 3600


def test_the_jitter_is_the_same_for_the_same_seed_and_differs_between_lists() -> None:
    poll = Poll(at=NOON, health="ok", entries=[(str(n), NOON - timedelta(minutes=30 * n)) for n in range(40)])
    intervals = [plan(Memory(), poll, url=url, policy=POLICY).interval_s for url in ("a", "a", "b")]
    assert intervals[0] == intervals[1] != intervals[2]
    assert plan(Memory(), poll, url="a", policy=Policy(seed=7)).interval_s != intervals[0]


@pytest.mark.parametrize("minutes", [1, 7, 30])
def test_a_burst_is_followed_closely_enough_to_overlap(minutes: int) -> None:
    """The next poll comes before as many entries as the list holds have followed at the pace just seen."""
    memory = after(Memory(), NOON, entries(*range(40), at=NOON - timedelta(hours=2))).memory
    later = NOON + timedelta(minutes=minutes)
    made = after(memory, later, entries(*range(30, 70), at=later))
    assert made.interval_s <= max(180 * 1.05, 20 / 30 * minutes * 60 * 1.06)


def test_more_polls_go_to_the_hours_in_which_entries_come() -> None:
    feed = Feed("day", 40, daily_arrivals(days=14, by_day=150, seed=3))
    times = poll_times(feed)
    hours = [(t // 3600 + 7) % 24 for t in times if t > feed.arrivals[0] + 7 * 86_400]
    assert sum(7 <= hour < 22 for hour in hours) / 15 > 4 * sum(hour < 5 for hour in hours) / 5


def test_checking_links_are_read_at_their_own_slow_pace() -> None:
    made = plan(
        Memory(),
        Poll(at=NOON, health="ok", entries=entries(1, 2)),
        url=URL,
        role="check",
        kind="sitemap",
        policy=POLICY,
    )
    assert made.interval_s == pytest.approx(2 * 3600, rel=0.06)


def test_memory_survives_the_store() -> None:
    memory = after(Memory(), NOON, entries(*range(40))).memory
    again = from_json(to_json(memory), failures=0, polled_at=NOON, good_at=memory.good_at)
    assert again.shown == memory.shown
    assert again.rhythm == pytest.approx(memory.rhythm, abs=0.001)
    assert (again.length, again.day, again.polls, again.number) == (40, memory.day, 1, 1)
    assert from_json({}, failures=2, polled_at=None, good_at=None) == Memory(failures=2)


def test_the_next_link_is_the_next_that_the_outlet_has() -> None:
    assert next_link("feed", ["feed", "listing"]) == "listing"
    assert next_link("feed", ["feed", "sitemap", "listing"]) == "sitemap"
    assert next_link("listing", ["feed", "listing"]) is None


def test_a_later_link_leads_when_all_before_it_keep_failing() -> None:
    assert leading([("feed", 0), ("sitemap", 0)]) == {"feed"}
    assert leading([("feed", FAILING), ("feed", 0), ("sitemap", 0)]) == {"feed"}
    assert leading([("feed", FAILING), ("sitemap", 0), ("listing", 0)]) == {"feed", "sitemap"}
    assert leading([("listing", 99)]) == {"listing"}


@settings(max_examples=60, deadline=None)
@given(
    steps=st.lists(
        st.tuples(
            st.sampled_from(["ok", "unchanged", "empty", "failed", "blocked", "gone", "broken"]),
            st.integers(0, 90),
            st.floats(0, 40_000),
            st.one_of(st.none(), st.floats(0, 90_000)),
            st.integers(-100_000, 100_000),
        ),
        max_size=25,
    )
)
def test_whatever_a_server_answers_the_next_poll_lies_between_three_minutes_and_six_hours(
    steps: list[tuple[Health, int, float, float | None, int]],
) -> None:
    memory, at, last = Memory(), NOON, 0
    for health, fresh, more, asked, skew in steps:
        last += fresh
        shown = entries(*range(max(0, last - 40), last), at=at + timedelta(seconds=skew)) if health == "ok" else []
        made = plan(memory, Poll(at=at, health=health, entries=shown, retry_after_s=asked), url=URL, policy=POLICY)
        assert made.due_at == at + timedelta(seconds=made.interval_s)
        assert 180 <= made.interval_s <= max(6 * 3600, asked or 0)
        assert all(rate >= 0 for rate in rates(made.memory))
        memory, at = made.memory, made.due_at + timedelta(seconds=more)


def daily_arrivals(*, days: int, by_day: int, seed: int) -> list[float]:
    """Seconds since the epoch: most between 6 and 22 o'clock in Viet Nam, some rush at the full hour."""
    chance = random.Random(seed)  # noqa: S311 -- the same arrivals each time
    begin = NOON.replace(hour=17).timestamp()
    times = []
    for day in range(days):
        for _ in range(by_day):
            hour = chance.choice(range(6, 22)) if chance.random() < 0.96 else chance.choice(range(24))
            minute = chance.uniform(0, 60) if chance.random() < 0.7 else chance.uniform(0, 5)
            times.append(begin + day * 86_400 + hour * 3600 + minute * 60)
    return sorted(times)


def poll_times(feed: Feed) -> list[float]:
    decide, times = adaptive(feed, POLICY), []

    def noting(poll: Poll) -> Plan:
        times.append(poll.at.timestamp())
        return decide(poll)

    simulate(feed, noting, start=feed.arrivals[0], end=feed.arrivals[-1], chain=True)
    return times


def compare(arrivals: dict[str, list[float]], *, seed: int, trouble: Trouble) -> tuple[Result, Result]:
    policies, plains = [], []
    for name, times in arrivals.items():
        feed = make_feed(name, times, seed=seed, trouble=trouble)
        start, end = feed.arrivals[0], feed.arrivals[-1] + 7200
        ours = simulate(feed, adaptive(feed, POLICY), start=start, end=end, chain=True)
        interval = (end - start) / sum(ours.polls.values())
        plains.append(simulate(feed, fixed(interval), start=start + interval / 3, end=end, chain=False))
        policies.append(ours)
    return merge(policies), merge(plains)


def assert_better(ours: Result, plain: Result) -> None:
    assert (ours.lost, ours.unnoticed) == (0, 0)
    assert ours.most_polls <= 120
    assert ours.median_minutes < 5
    assert plain.median_minutes > 1.25 * ours.median_minutes
    assert plain.lost > 0


def test_bursts_nights_and_outages_lose_nothing_and_a_fixed_interval_is_clearly_worse() -> None:
    arrivals = {f"feed {n}": daily_arrivals(days=12, by_day=60 + 60 * n, seed=n) for n in range(3)}
    assert_better(*compare(arrivals, seed=5, trouble=Trouble(burst=0.5, night=0.3, outage=0.4)))


def test_the_real_stream_loses_nothing_and_a_fixed_interval_is_clearly_worse() -> None:
    if not STREAM.exists():
        pytest.skip("../shared/corpus/stream.jsonl.gz is not here")
    assert_better(*compare(read_stream(STREAM, first_day=30, days=12), seed=1, trouble=Trouble()))


def test_what_left_the_feed_unseen_always_raised_the_alarm() -> None:
    """A feed of thirty entries, a day of silence on our side: turned over, noticed, and fetched from the sitemap."""
    times = daily_arrivals(days=4, by_day=200, seed=9)
    feed = Feed("out", 30, times, outages=[(times[300], times[300] + 12 * 3600, False)])
    result = simulate(feed, adaptive(feed, POLICY), start=times[0], end=times[-1], chain=True)
    assert result.turned_over == result.recovered > 50
    without = simulate(feed, adaptive(feed, POLICY), start=times[0], end=times[-1], chain=False)
    assert without.lost == without.turned_over == result.turned_over


def test_the_first_day_is_polled_too_although_nothing_is_known_of_the_rhythm() -> None:
    times = daily_arrivals(days=2, by_day=150, seed=4)
    polled = poll_times(Feed("new", 40, times))
    assert max(b - a for a, b in pairwise(polled)) < 3600
