"""Replays the arrival of entries against the polling policy, and against a fixed interval, on a simulated clock."""

import gzip
import json
import random
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median

from pipeline.polling import Plan, Policy, Poll, plan
from pipeline.rhythm import Memory
from spiders.jobs import Health

HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Feed:
    """`arrivals` in seconds since the epoch, in order; the feed shows the last `length` of them.

    `outages`: from, to, and whether the server says how long to wait. `sitemap_s`: how far back the next link of
    the chain goes; 0 means that there is none.
    """

    name: str
    length: int
    arrivals: Sequence[float]
    outages: Sequence[tuple[float, float, bool]] = ()
    sitemap_s: float = 48 * HOUR


@dataclass(slots=True)
class Result:
    """`turned_over`: entries that had left the feed unseen; `recovered` of them came by the next link of the chain."""

    feed: str
    delays: list[float] = field(default_factory=list)
    polls: Counter[int] = field(default_factory=Counter)
    turned_over: int = 0
    recovered: int = 0
    lost: int = 0
    unnoticed: int = 0
    alarms: int = 0
    intervals: list[float] = field(default_factory=list)

    @property
    def median_minutes(self) -> float:
        return median(self.delays) / 60

    @property
    def polls_a_day(self) -> float:
        whole = sorted(self.polls)[1:-1]
        return sum(self.polls[day] for day in whole) / len(whole)

    @property
    def most_polls(self) -> int:
        return max(self.polls.values())


Decide = Callable[[Poll], Plan]


def simulate(feed: Feed, decide: Decide, *, start: float, end: float, chain: bool) -> Result:
    """Poll as `decide` says; with `chain`, an alarm is answered by reading the sitemap at once."""
    result = Result(feed.name)
    outages = list(feed.outages)
    seen = bisect_right(feed.arrivals, start)  # entries before that were there before we were
    now = start
    while now < end:
        result.polls[int((now + 7 * HOUR) // 86_400)] += 1
        down = next(((until, says) for since, until, says in outages if since <= now < until), None)
        if down is not None:
            poll = Poll(at=_time(now), health="failed", retry_after_s=down[0] - now if down[1] else None)
            now = _after(decide(poll), now, result)
            continue
        there = bisect_right(feed.arrivals, now)
        first = max(0, there - feed.length)
        entries = [(str(number), _time(feed.arrivals[number])) for number in range(there - 1, first - 1, -1)]
        health: Health = "ok" if there > seen or not result.delays else "unchanged"
        made = decide(Poll(at=_time(now), health=health, entries=entries if health == "ok" else ()))
        missed = range(seen, max(seen, first))
        result.turned_over += len(missed)
        result.alarms += made.gap
        result.unnoticed += 0 if made.gap else len(missed)
        back = [n for n in missed if chain and made.gap and feed.arrivals[n] >= now - feed.sitemap_s]
        result.recovered += len(back)
        result.lost += len(missed) - len(back)
        result.delays += [now - feed.arrivals[n] for n in (*back, *range(max(seen, first), there))]
        seen = there
        now = _after(made, now, result)
    return result


def _after(made: Plan, now: float, result: Result) -> float:
    result.intervals.append(made.interval_s)
    return now + made.interval_s


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def adaptive(feed: Feed, policy: Policy) -> Decide:
    memory = Memory()

    def decide(poll: Poll) -> Plan:
        nonlocal memory
        made = plan(memory, poll, url=feed.name, policy=policy)
        memory = made.memory
        return made

    return decide


def fixed(interval_s: float) -> Decide:
    """The usual cron entry: the same interval day and night, no memory."""

    def decide(poll: Poll) -> Plan:
        return Plan(Memory(), interval_s, poll.at + timedelta(seconds=interval_s))

    return decide


def read_stream(path: Path, *, first_day: int = 0, days: int | None = None) -> dict[str, list[float]]:
    """Arrival times by source and section, from the given day of the stream on."""
    arrivals: defaultdict[str, list[float]] = defaultdict(list)
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            name = f"{row['source']} {row.get('section') or ''}".strip()
            arrivals[name].append(datetime.fromisoformat(row["published"]).timestamp())
    begin = min(min(times) for times in arrivals.values()) + first_day * 86_400
    end = float("inf") if days is None else begin + days * 86_400
    kept = {name: sorted(t for t in times if begin <= t < end) for name, times in arrivals.items()}
    return {name: times for name, times in kept.items() if len(times) > 50}


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is injected, as chances a day: a burst of 60 entries in 20 minutes, a night of six hours whose entries
    all come out in ten minutes at its end, an outage of two to six hours."""

    burst: float = 0.2
    night: float = 0.3
    outage: float = 0.15


def make_feed(name: str, arrivals: Sequence[float], *, seed: int, trouble: Trouble) -> Feed:
    chance = random.Random(f"{seed}:{name}")
    length = chance.randint(30, 50)
    times = list(arrivals)
    outages = []
    day = arrivals[0]
    while day < arrivals[-1]:
        if chance.random() < trouble.night:
            begin = day + chance.uniform(0, 18) * HOUR
            end = begin + 6 * HOUR
            times = [end + chance.uniform(0, 600) if begin <= t < end else t for t in times]
        if chance.random() < trouble.burst:
            begin = day + chance.uniform(0, 24) * HOUR
            times += [begin + chance.uniform(0, 1200) for _ in range(60)]
        if chance.random() < trouble.outage:
            begin = day + chance.uniform(0, 24) * HOUR
            outages.append((begin, begin + chance.uniform(2, 6) * HOUR, chance.random() < 0.3))
        day += 86_400
    return Feed(name, length, sorted(times), outages)


def merge(results: Sequence[Result]) -> Result:
    """Of the entries of all feeds together; polls are those of the busiest feed of each day."""
    whole = Result("all")
    for result in results:
        whole.delays += result.delays
        for name in ("turned_over", "recovered", "lost", "unnoticed", "alarms"):
            setattr(whole, name, getattr(whole, name) + getattr(result, name))
        for day, count in result.polls.items():
            whole.polls[day] = max(whole.polls[day], count)
    return whole
