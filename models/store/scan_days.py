"""How far each day's press was read: what that is judged by, and the marks that were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models.tables import Article, FeedState, Run, ScanDay

State = Literal["complete", "partial", "lost"]


@dataclass(frozen=True, slots=True)
class ListSeen:
    """One list: when it last answered well, and when it last had turned over completely since the poll before."""

    outlet: str
    kind: str
    good_at: datetime | None
    gap_at: datetime | None


@dataclass(frozen=True, slots=True)
class Mark:
    """`caught_up_at` is set where the day was not whole when it ended, or was read only later."""

    day: date
    state: State
    why: str
    outlets: int
    outlets_read: int
    articles: int
    caught_up_at: datetime | None


def last_sign(session: Session) -> datetime | None:
    """When the press was last read at all: the newest good answer of a list or end of a pass."""
    polled = session.scalar(select(func.max(FeedState.good_at)))
    finished = session.scalar(select(func.max(Run.finished_at)))
    return max(filter(None, (polled, finished)), default=None)


def first_day(session: Session) -> date | None:
    """The day of the first pass: what came before was never ours to read."""
    return session.scalar(select(func.min(Run.day)))


def lists(session: Session) -> list[ListSeen]:
    columns = (FeedState.outlet_id, FeedState.kind, FeedState.good_at, FeedState.gap_at)
    return [ListSeen(*row) for row in session.execute(select(*columns))]


def spread(session: Session, *, before: datetime, start: datetime, end: datetime) -> dict[str, tuple[int, int]]:
    """For each outlet, how many known articles were printed from `before` to `start`, and from `start` to `end`."""
    earlier = func.count(case((Article.published_at < start, 1)))
    query = (
        select(Article.outlet_id, earlier, func.count())
        .where(Article.published_at >= before, Article.published_at < end, Article.same_as.is_(None))
        .group_by(Article.outlet_id)
    )
    return {outlet: (early, total - early) for outlet, early, total in session.execute(query)}


def listed(session: Session, day: date) -> int:
    query = select(func.count()).where(Article.day == day, Article.same_as.is_(None))
    return session.scalar(query) or 0


def passes_ended(session: Session, day: date) -> int:
    return session.scalar(select(func.count()).where(Run.day == day, Run.finished_at.is_not(None))) or 0


def keep(session: Session, mark: Mark, *, at: datetime) -> bool:
    """True where that says something new. A day that was complete stays so."""
    row = session.get(ScanDay, mark.day, with_for_update=True)
    if row is None:
        row = ScanDay(day=mark.day, caught_up_at=None)
        session.add(row)
    elif row.state == "complete" or (row.state, row.why) == (mark.state, mark.why):
        return False
    row.state, row.why, row.marked_at = mark.state, mark.why, at
    row.outlets, row.outlets_read, row.articles = mark.outlets, mark.outlets_read, mark.articles
    row.caught_up_at = mark.caught_up_at or row.caught_up_at
    return True


def between(session: Session, first: date, last: date) -> Sequence[ScanDay]:
    return session.scalars(select(ScanDay).where(ScanDay.day.between(first, last)).order_by(ScanDay.day)).all()


def caught_up(session: Session, start: datetime, end: datetime) -> Sequence[ScanDay]:
    """Days that were read later, in that time."""
    query = select(ScanDay).where(ScanDay.caught_up_at >= start, ScanDay.caught_up_at < end)
    return session.scalars(query.order_by(ScanDay.day)).all()
