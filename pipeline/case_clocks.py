"""All clocks of a case at one moment: what has begun runs, from both of its events where it has two."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.deadlines import Clock, Clocks, Pause, Standing, State, standing


@dataclass(frozen=True, slots=True)
class Running:
    """One clock that has begun. `also` is the same limit from the clock's second event, shown beside the first."""

    clock: Clock
    start: datetime
    standing: Standing
    also: tuple[datetime, Standing] | None


ORDER = (State.OVERDUE, State.DUE_SOON, State.RUNNING, State.PAUSED, State.MET_LATE, State.MET)


def running(
    clocks: Clocks,
    events: Mapping[str, datetime],
    *,
    now: datetime,
    met: Mapping[str, datetime] | None = None,
    pauses: Mapping[str, Sequence[Pause]] | None = None,
    wanted: Sequence[str] | None = None,
) -> list[Running]:
    """The most pressing first. `events` are times by the names of clocks' starts, `met` and `pauses` go by the clock's
    code; `wanted` names the codes that apply to this case (all if None)."""
    found = []
    for code, clock in clocks.by_code.items():
        start = events.get(clock.start)
        if start is None or (wanted is not None and code not in wanted):
            continue
        done, stops = (met or {}).get(code), (pauses or {}).get(code, ())
        first = standing(clock, start, clocks.days, stops, now=now, met=done)
        second = events.get(clock.also or "")
        also = None
        if second is not None and (done is None or done >= second):
            also = (second, standing(clock, second, clocks.days, stops, now=now, met=done))
        found.append(Running(clock, start, first, also))
    return sorted(found, key=lambda one: (ORDER.index(one.standing.state), one.standing.due, one.clock.code))
