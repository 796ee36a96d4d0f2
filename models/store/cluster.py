"""What workers on several machines share besides their queue: the hour's pass, shares of work, whose memory holds."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from models.store.articles import flagged_on
from models.store.locks import Lock, hold
from models.store.verdicts import Unjudged, readings
from models.tables import Article, Baton, FeedState, Run
from models.tables.press import UNJUDGED

HOUR = timedelta(hours=1)
SHARED = "shared"
"""Key in a run's counters under which the workers add up what they did, until the run is closed."""


def run_of_hour(session: Session, *, day: date, at: datetime) -> tuple[int, list[int]]:
    """The pass that what is read now belongs to, and those of earlier hours that nobody has closed yet."""
    hold(session, Lock.RUN)
    open_runs = session.scalars(select(Run).where(Run.finished_at.is_(None)).order_by(Run.id)).all()
    ours = [run for run in open_runs if SHARED in run.counters]
    fresh = [run for run in ours if run.day == day and at - run.started_at < HOUR]
    if not fresh:
        counters = {SHARED: {"flagged_before": flagged_on(session, day)}}
        run = Run(day=day, started_at=at, finished_at=None, counters=counters)
        session.add(run)
        session.flush()
        fresh = [run]
    return fresh[-1].id, [run.id for run in ours if run.id != fresh[-1].id]


def add_up(session: Session, run_id: int, counts: dict[str, int], names: dict[str, set[str]]) -> None:
    """Add what a job did to its run; `names` are sets that are joined."""
    run = session.get_one(Run, run_id, with_for_update=True)
    shared: dict[str, Any] = dict(run.counters.get(SHARED, {}))
    for name, count in counts.items():
        shared[name] = shared.get(name, 0) + count
    for name, more in names.items():
        shared[name] = sorted({*shared.get(name, []), *more})
    run.counters = {**run.counters, SHARED: shared}


def tally_of(session: Session, run_id: int) -> tuple[Run, dict[str, Any]] | None:
    """The run and what was added up; None where somebody else has closed it meanwhile."""
    run = session.get_one(Run, run_id, with_for_update=True)
    return None if run.finished_at is not None else (run, run.counters.get(SHARED, {}))


def waiting(session: Session, *, share: int, of: int, limit: int) -> list[Unjudged]:
    """Newest versions that no model has judged, of one of `of` shares, oldest first."""
    return readings(session, text(UNJUDGED.format("article.")), Article.version_id % of == share, limit=limit)


def outdated(session: Session, *, model: str, first: int, last: int, limit: int) -> list[Unjudged]:
    """Newest versions that another model judged, of articles numbered `first` to `last`."""
    there = Article.id.between(first, last)
    return readings(session, there, Article.judged_model != model, Article.same_as.is_(None), limit=limit)


def ranges(session: Session, size: int) -> list[tuple[int, int]]:
    """The numbers of all articles, in ranges of that many, the newest first."""
    lowest, highest = session.execute(select(func.min(Article.id), func.max(Article.id))).one()
    if lowest is None:
        return []
    return [(max(end - size + 1, lowest), end) for end in range(highest, lowest - 1, -size)]


def take_baton(session: Session, name: str, *, mine: str | None, next_holder: str) -> bool:
    """True where the last turn was mine, so that what I remember of it is still true; the next is mine either way."""
    row = session.get(Baton, name, with_for_update=True)
    if row is None:
        session.add(Baton(name=name, holder=next_holder))
        return False
    kept, row.holder = row.holder == mine, next_holder
    return kept


def leave_alone(session: Session, outlets: Sequence[str], *, until: datetime) -> None:
    """Hosts of these outlets asked for time; every worker gives it."""
    later = FeedState.wait_until.is_(None) | (FeedState.wait_until < until)
    session.execute(update(FeedState).where(FeedState.outlet_id.in_(outlets), later).values(wait_until=until))
