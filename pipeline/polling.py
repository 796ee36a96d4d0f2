"""When to look at a list again: pure policy, without clock, network or store.

A paper has a rhythm. The policy learns, from the times at which entries appeared, how many come in each five minutes
of the day, and spreads a day's polls over them by a power of that rate. The power one half has the least mean delay
for a given number of polls (minimise the sum of rate/2 * interval subject to the sum of 1/interval); a higher one
serves the usual article better and the one at night worse. On top of it stands what must not happen: that a feed
turns over completely between two polls.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

from models.clock import VIET_NAM
from pipeline.rhythm import SLOT_S, Memory, learn, per_day, rates, second_of_day, until_midnight, walk
from spiders.jobs import Health, ListKind

CHAIN: tuple[ListKind, ...] = ("feed", "sitemap", "listing")
HEALTHY: frozenset[Health] = frozenset({"ok", "unchanged", "empty"})
Role = Literal["lead", "check"]
"""lead: the link of the chain by which articles are found · check: a later link, read now and then to compare."""

MOST_SHOWN = 200
"""Entries remembered of a list to see whether it overlaps; a sitemap's newest come first or last, so both ends."""
POWER = 0.7
"""On a month of real arrivals 0.5 gave a median delay of 3.6 minutes, 0.7 one of 3.0, its mean being 5 % longer."""
QUIET_RATE = 0.25
"""Entries an hour that are thought possible even where none ever came, so that nights are looked at too."""
FAILING = 3
"""After so many failures one after another the next link of the chain leads."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits in seconds; `polls` is a day's budget for a busy list, a quiet one gets less.

    `room` is the share of a list that may be expected to be new at the next poll; it outranks the budget. `check_s`
    is how often a link that does not lead is compared.
    """

    shortest_s: float = 180.0
    longest_s: float = 6 * 3600.0
    polls: int = 114
    fewest_polls: int = 24
    room: float = 0.5
    check_s: Mapping[ListKind, float] = field(
        default_factory=lambda: {"feed": 3600.0, "sitemap": 2 * 3600.0, "listing": 3 * 3600.0}
    )
    jitter: float = 0.05
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Poll:
    """One answer: `entries` are (key, stated time) in the list's order. `joined`: whether the further pages of a
    section reached back to what was read before; None where none were looked at."""

    at: datetime
    health: Health
    entries: Sequence[tuple[str, datetime | None]] = ()
    retry_after_s: float | None = None
    joined: bool | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """`overlap` is the share of entries known from the last answer; None: nothing to compare. `gap`: none of them, or
    a section that was walked back in vain."""

    memory: Memory
    interval_s: float
    due_at: datetime
    fresh: int = 0
    overlap: float | None = None
    gap: bool = False
    wait_until: datetime | None = None


def entry_key(identity: str) -> str:
    """Eight bytes of a digest: enough to tell a list's entries apart, and small to keep."""
    return hashlib.sha256(identity.encode()).hexdigest()[:16]


def plan(memory: Memory, poll: Poll, *, url: str, role: Role = "lead", kind: ListKind = "feed", policy: Policy) -> Plan:
    """What one poll means for the next."""
    day = poll.at.astimezone(VIET_NAM).date()
    memory = replace(
        memory,
        day=day,
        polls=memory.polls + 1 if memory.day == day else 1,
        number=memory.number + 1,
        failures=0 if poll.health in HEALTHY else memory.failures + 1,
        polled_at=poll.at,
    )
    if poll.health not in HEALTHY:
        return _after_failure(memory, poll, url=url, policy=policy)
    known = set(memory.shown)
    fresh = [(key, stated) for key, stated in poll.entries if key not in known]
    overlap = 1 - len(fresh) / len(poll.entries) if known and poll.entries else None
    arrivals = _arrivals(fresh, memory.good_at, poll.at)
    since_s = None if memory.good_at is None else (poll.at - memory.good_at).total_seconds()
    memory = learn(memory, arrivals, poll.at)
    if poll.entries:
        keys = [key for key, _ in poll.entries]
        memory = replace(memory, shown=_both_ends(keys), length=len(keys))
    interval = policy.check_s[kind] if role == "check" else _interval(memory, poll.at, len(fresh), since_s, policy)
    interval = _bounded(interval * _jitter(url, memory.number, policy), policy)
    return Plan(
        memory=memory,
        interval_s=interval,
        due_at=poll.at + timedelta(seconds=interval),
        fresh=len(fresh),
        overlap=overlap,
        gap=overlap == 0 if poll.joined is None else bool(known) and not poll.joined,
    )


def _after_failure(memory: Memory, poll: Poll, *, url: str, policy: Policy) -> Plan:
    """Soon again at first, hourly for the first day, then four times a day: slower and slower, never given up."""
    first, hour = 300.0, 3600.0
    tries = memory.failures - 1
    wait = min(first * 2 ** min(tries, 20), hour) if tries < 24 else min(hour * 2 ** min(tries - 23, 20), 1e9)
    interval = _bounded(wait * _jitter(url, memory.number, policy), policy)
    asked = poll.retry_after_s or 0.0
    until = poll.at + timedelta(seconds=asked) if asked > 0 else None
    interval = max(interval, asked)
    return Plan(memory, interval, poll.at + timedelta(seconds=interval), wait_until=until)


def _both_ends(keys: Sequence[str]) -> tuple[str, ...]:
    if len(keys) <= MOST_SHOWN:
        return tuple(keys)
    return (*keys[: MOST_SHOWN // 2], *keys[-MOST_SHOWN // 2 :])


def _arrivals(fresh: Sequence[tuple[str, datetime | None]], last: datetime | None, now: datetime) -> list[datetime]:
    """When the fresh entries appeared: their stated time if it can be true, else spread over the time since `last`.

    A first poll shows what came in the day before; older entries say nothing of the rhythm.
    """
    start = now - timedelta(days=1) if last is None else last
    span = now - start
    times = []
    for number, (_, stated) in enumerate(fresh):
        if stated is not None and start < stated <= now:
            times.append(stated)
        elif last is not None:
            times.append(start + span * ((number + 0.5) / len(fresh)))
    return times


def _interval(memory: Memory, now: datetime, fresh: int, since_s: float | None, policy: Policy) -> float:
    rate = rates(memory)
    weight = [(value + QUIET_RATE / 3600) ** POWER for value in rate]
    budget = min(policy.polls, policy.fewest_polls + 6 * per_day(memory))
    second = second_of_day(now)
    usual = sum(weight) * SLOT_S / budget
    share = until_midnight(weight, second) / max(budget - memory.polls, 0.5)
    interval = walk(weight, second, min(max(share, 0.6 * usual), 4 * usual), policy.longest_s)
    room = policy.room * memory.length
    if not room:
        return interval
    interval = min(interval, walk(rate, second, room, policy.longest_s))
    if since_s and fresh >= 3:
        interval = min(interval, room / (fresh / max(since_s, policy.shortest_s)))
    return interval


def _jitter(url: str, number: int, policy: Policy) -> float:
    """1 give or take `jitter`, always the same for the same seed, list and poll; papers do not march in step."""
    digest = hashlib.sha256(f"{policy.seed}\x1f{url}\x1f{number}".encode()).digest()
    return 1 + policy.jitter * (int.from_bytes(digest[:4]) / 2**31 - 1)


def _bounded(interval: float, policy: Policy) -> float:
    return min(max(interval, policy.shortest_s), policy.longest_s)


def next_link(kind: ListKind, kinds: Iterable[ListKind]) -> ListKind | None:
    """The link of an outlet's chain after `kind`, among those that it has."""
    have = set(kinds)
    return next((link for link in CHAIN[CHAIN.index(kind) + 1 :] if link in have), None)


def leading(failures: Iterable[tuple[ListKind, int]]) -> frozenset[ListKind]:
    """The links that lead: the first of which some list works, and those before it, which are still tried.

    Given for each list of an outlet its kind and how often it failed in a row (0 for one never read).
    """
    best: dict[ListKind, int] = {}
    for kind, failed in failures:
        best[kind] = min(best.get(kind, failed), failed)
    lead: set[ListKind] = set()
    for kind in CHAIN:
        if kind in best:
            lead.add(kind)
            if best[kind] < FAILING:
                break
    return frozenset(lead)
