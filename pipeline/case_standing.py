"""How every clock of cases stands now, with what began, paused and ended it, and who kept time how often."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from models.store import cases
from models.store import clocks as kept
from models.store.cases import CaseView
from models.store.clocks import Choice, ClockFacts, Proof, Stop
from models.store.reading import StoryView
from pipeline.case_clocks import Running, running
from pipeline.case_facts import confirmed_at, facts_of_case, place_of_case, received_at
from pipeline.deadlines import Clock, Clocks, Pause, State, read_clocks, standing
from pipeline.place_words import place_words
from pipeline.urgency import Line, Situation, load_table, rate

CLOCKS_FILE, URGENCY_FILE = "clocks.toml", "urgency.toml"
OPEN = frozenset({State.OVERDUE, State.DUE_SOON, State.RUNNING, State.PAUSED})
EMERGENCY = "khan_cap"


@dataclass(frozen=True, slots=True)
class Ticking:
    """One clock of one case. `stop` is the pause that lasts."""

    running: Running
    proof: Proof | None
    stops: tuple[Stop, ...]
    choice: Choice | None

    @property
    def clock(self) -> Clock:
        return self.running.clock

    @property
    def state(self) -> State:
        return self.running.standing.state

    @property
    def due(self) -> datetime:
        return self.running.standing.due

    @property
    def left(self) -> timedelta:
        return self.running.standing.left

    @property
    def stop(self) -> Stop | None:
        return next((stop for stop in self.stops if stop.ended_at is None), None)


@dataclass(frozen=True, slots=True)
class Rules:
    """What decides which clocks run: the deployment's clocks and its table of what is grave."""

    clocks: Clocks
    table: tuple[Line, ...]


def read_rules(data_dir: Path) -> Rules:
    return Rules(read_clocks(data_dir / CLOCKS_FILE), load_table(data_dir / URGENCY_FILE))


@dataclass(frozen=True, slots=True)
class CaseClocks:
    """The clocks of a case that run or ran, and those that a person may add or has set aside."""

    case: CaseView
    ticking: tuple[Ticking, ...]
    idle: tuple[tuple[Clock, Choice | None], ...]


def is_grave(case: CaseView, rules: Rules, now: datetime) -> bool:
    return rate(Situation(facts_of_case(case), None, received_at(case), now), rules.table).grave


def clocks_of(session: Session, views: Sequence[CaseView], rules: Rules, *, now: datetime) -> list[CaseClocks]:
    """Of each case, in the order given."""
    facts = kept.load(session, [case.id for case in views])
    return [_of_case(case, facts[case.id], rules, now) for case in views]


def _of_case(case: CaseView, facts: ClockFacts, rules: Rules, now: datetime) -> CaseClocks:
    events = {"received": received_at(case), "confirmed": confirmed_at(case), **facts.events}
    grave = is_grave(case, rules, now)
    wanted = [
        code for code, clock in rules.clocks.by_code.items() if _applies(clock, facts.choices.get(code), grave=grave)
    ]
    met = {
        code: max(proof.done_at, events.get(rules.clocks.by_code[code].start, proof.done_at))
        for code, proof in facts.proofs.items()
        if code in rules.clocks.by_code
    }
    pauses = {
        code: [Pause(stop.started_at, stop.ended_at, stop.reason) for stop in stops]
        for code, stops in facts.pauses.items()
    }
    found = running(rules.clocks, events, now=now, met=met, pauses=pauses, wanted=wanted)
    ticking = tuple(
        Ticking(
            one,
            facts.proofs.get(one.clock.code),
            tuple(facts.pauses.get(one.clock.code, ())),
            facts.choices.get(one.clock.code),
        )
        for one in found
    )
    seen = {one.clock.code for one in ticking}
    idle = tuple((clock, facts.choices.get(code)) for code, clock in rules.clocks.by_code.items() if code not in seen)
    return CaseClocks(case, ticking, idle)


def _applies(clock: Clock, choice: Choice | None, *, grave: bool) -> bool:
    if choice is not None:
        return choice.applies
    return clock.when == "always" or (clock.when == "grave" and grave)


def due_list(session: Session, rules: Rules, *, now: datetime) -> list[tuple[CaseView, Ticking]]:
    """Clocks that run in cases that are still worked on: the overdue first, then by what is due next."""
    found = [
        (one.case, ticking)
        for one in clocks_of(session, cases.open_cases(session), rules, now=now)
        for ticking in one.ticking
        if ticking.state in OPEN
    ]
    order = {State.OVERDUE: 0, State.DUE_SOON: 1, State.RUNNING: 2, State.PAUSED: 3}
    return sorted(found, key=lambda pair: (order[pair[1].state], pair[1].due, pair[0].id))


@dataclass(frozen=True, slots=True)
class Emergency:
    """The 12-hour clock as a row of the day's list shows it: from the fetch, and from the confirmation if there is."""

    due: datetime
    left: timedelta
    state: State
    from_confirmation: datetime | None


def emergency_clocks(
    session: Session, stories: Sequence[StoryView], rules: Rules, *, now: datetime
) -> dict[int, Emergency]:
    """Story -> its emergency clock, in a fixed number of statements. A story of a case follows the case's pauses and
    proofs; any other runs from its first fetch. A story whose case set the clock aside has none."""
    clock = rules.clocks.by_code[EMERGENCY]
    of_case = {story.id: story.case[0] for story in stories if story.case is not None}
    views = cases.cases_by_id(session, set(of_case.values())) if of_case else []
    ticking = {one.case.id: one.ticking for one in clocks_of(session, views, rules, now=now)} if views else {}
    found = {}
    for story in stories:
        if story.id in of_case:
            one = next((tick for tick in ticking[of_case[story.id]] if tick.clock.code == EMERGENCY), None)
            if one is not None:
                also = one.running.also
                found[story.id] = Emergency(one.due, one.left, one.state, None if also is None else also[1].due)
            continue
        stands = standing(clock, story.first_seen_at, rules.clocks.days, now=now)
        decided = story.decision
        also_due = None
        if decided is not None and decided.action == "confirm":
            also_due = standing(clock, decided.at, rules.clocks.days, now=now).due
        found[story.id] = Emergency(stands.due, stands.left, stands.state, also_due)
    return found


@dataclass(frozen=True, slots=True)
class Punctuality:
    """Of one desk and one clock: steps taken in time, taken late, and running out untaken."""

    desk: str
    clock: Clock
    in_time: int
    late: int
    overdue: int

    @property
    def share(self) -> float | None:
        """Of what was due; None where nothing was."""
        total = self.in_time + self.late + self.overdue
        return self.in_time / total if total else None


AGENCY = "Cơ quan mình"


def punctuality(
    session: Session,
    views: Sequence[CaseView],
    rules: Rules,
    *,
    now: datetime,
    police: Mapping[int, str] | None = None,
) -> list[Punctuality]:
    """By who has to take the step: our own agency, the commune where it happened, the police desk that was told
    (`police`: case -> its name)."""
    counts: dict[tuple[str, str], list[int]] = {}
    for one in clocks_of(session, views, rules, now=now):
        for tick in one.ticking:
            column = {State.MET: 0, State.MET_LATE: 1, State.OVERDUE: 2}.get(tick.state)
            if column is None:
                continue
            line = counts.setdefault((_desk(one.case, tick.clock, police or {}), tick.clock.code), [0, 0, 0])
            line[column] += 1
    order = list(rules.clocks.by_code)
    return [
        Punctuality(desk, rules.clocks.by_code[code], *counts[desk, code])
        for desk, code in sorted(counts, key=lambda key: (key[0] != AGENCY, key[0], order.index(key[1])))
    ]


def _desk(case: CaseView, clock: Clock, police: Mapping[int, str]) -> str:
    if clock.desk == "agency":
        return AGENCY
    if clock.desk == "police":
        return police.get(case.id, "Công an (chưa rõ đơn vị)")
    place = place_words(place_of_case(case)).new
    return f"UBND {place}" if place else "UBND cấp xã (chưa rõ nơi)"


__all__ = [
    "AGENCY",
    "CaseClocks",
    "Emergency",
    "Punctuality",
    "Rules",
    "Ticking",
    "clocks_of",
    "due_list",
    "emergency_clocks",
    "is_grave",
    "punctuality",
    "read_rules",
]
