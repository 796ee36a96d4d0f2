"""How many entries a list gains at which time of day: learned from when they appeared, and forgotten slowly. Pure."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from models.clock import VIET_NAM

SLOTS = 288
SLOT_S = 86_400 / SLOTS
MEMORY_DAYS = 10.0
"""A day's weight in the rhythm falls to a third in this time."""
PRIOR_DAYS = 1.0


@dataclass(frozen=True, slots=True)
class Memory:
    """What is remembered of one list between polls.

    `rhythm`: entries in each slot of the day in Viet Nam, summed over `days` days, both fading; `shown`: keys of the
    entries of the last answer that had any; `length`: how many those were; `polls` were made on `day`, `number` in all.
    """

    rhythm: tuple[float, ...] = (0.0,) * SLOTS
    days: float = 0.0
    shown: tuple[str, ...] = ()
    length: int = 0
    day: date | None = None
    polls: int = 0
    number: int = 0
    failures: int = 0
    polled_at: datetime | None = None
    good_at: datetime | None = None


def learn(memory: Memory, arrivals: Iterable[datetime], now: datetime) -> Memory:
    """Let the rhythm fade by the time that passed and add what appeared in it."""
    passed = 1.0 if memory.good_at is None else (now - memory.good_at).total_seconds() / 86_400
    passed = max(passed, 0.0)
    kept = math.exp(-passed / MEMORY_DAYS)
    rhythm = [count * kept for count in memory.rhythm]
    for arrival in arrivals:
        rhythm[_slot(arrival)] += 1
    return replace(memory, rhythm=tuple(rhythm), days=memory.days * kept + passed, good_at=now)


def second_of_day(moment: datetime) -> float:
    local = moment.astimezone(VIET_NAM)
    return local.hour * 3600 + local.minute * 60 + local.second + local.microsecond / 1e6


def _slot(moment: datetime) -> int:
    return int(second_of_day(moment) / SLOT_S) % SLOTS


def rates(memory: Memory) -> list[float]:
    """Expected entries a second for each slot of the day: what was seen, evened out while little was seen."""
    days = max(memory.days, 1e-6)
    mean = sum(memory.rhythm) / SLOTS / days
    smooth = [
        0.25 * memory.rhythm[slot - 1] + 0.5 * count + 0.25 * memory.rhythm[(slot + 1) % SLOTS]
        for slot, count in enumerate(memory.rhythm)
    ]
    return [(count + PRIOR_DAYS * mean) / (days + PRIOR_DAYS) / SLOT_S for count in smooth]


def per_day(memory: Memory) -> float:
    return sum(memory.rhythm) / memory.days if memory.days > 0 else 0.0


def expected_between(memory: Memory, start: datetime, end: datetime) -> float:
    """How many entries the list's own rhythm lets one expect from `start` to `end`."""
    seconds = (end - start).total_seconds()
    if seconds <= 0:
        return 0.0
    rate = rates(memory)
    days, rest = divmod(seconds, 86_400)
    second, passed = second_of_day(start), 0.0
    total = days * sum(rate) * SLOT_S
    while passed < rest:
        step = min(SLOT_S - math.fmod(second, SLOT_S), rest - passed)
        total += rate[int(second / SLOT_S) % SLOTS] * step
        second, passed = (second + step) % 86_400, passed + step
    return total


def walk(density: Sequence[float], second: float, amount: float, longest_s: float) -> float:
    """Seconds from a second of the day until `amount` has come together at `density` a second."""
    passed = 0.0
    while passed < longest_s:
        slot = int(second / SLOT_S) % SLOTS
        step = SLOT_S - math.fmod(second, SLOT_S)
        gain = density[slot] * step
        if gain >= amount:
            return min(passed + amount / density[slot], longest_s)
        amount -= gain
        passed += step
        second = (slot + 1) % SLOTS * SLOT_S
    return longest_s


def until_midnight(density: Sequence[float], second: float) -> float:
    """What comes together at `density` from a second of the day to its end."""
    slot = int(second / SLOT_S)
    return (slot + 1 - second / SLOT_S) * SLOT_S * density[slot] + sum(density[slot + 1 :]) * SLOT_S


def to_json(memory: Memory) -> dict[str, Any]:
    """For the store; times and failures have columns of their own."""
    return {
        "rhythm": {str(slot): round(count, 3) for slot, count in enumerate(memory.rhythm) if count >= 0.001},
        "days": round(memory.days, 5),
        "shown": list(memory.shown),
        "length": memory.length,
        "day": memory.day.isoformat() if memory.day else None,
        "polls": memory.polls,
        "number": memory.number,
    }


def from_json(raw: Mapping[str, Any], *, failures: int, polled_at: datetime | None, good_at: datetime | None) -> Memory:
    if not raw:
        return Memory(failures=failures, polled_at=polled_at)
    counts = raw["rhythm"]
    return Memory(
        rhythm=tuple(float(counts.get(str(slot), 0.0)) for slot in range(SLOTS)),
        days=raw["days"],
        shown=tuple(raw["shown"]),
        length=raw["length"],
        day=date.fromisoformat(raw["day"]) if raw["day"] else None,
        polls=raw["polls"],
        number=raw["number"],
        failures=failures,
        polled_at=polled_at,
        good_at=good_at,
    )
