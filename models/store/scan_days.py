"""How far each day's press was read: what that is judged by, and the marks that were made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from models.tables import Article, ArticleAddress, FeedState, Run, ScanDay

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


@dataclass(frozen=True, slots=True)
class Spread:
    """Articles of an outlet: of a day, those of it that were seen only after it, and such late ones of the day before
    (what was found late then reaches back behind the day)."""

    within: int = 0
    late: int = 0
    late_earlier: int = 0


def spread(session: Session, *, before: datetime, start: datetime, end: datetime) -> dict[str, Spread]:
    """For each outlet, of the articles that were printed from `before` to `start`, and from `start` to `end`."""
    within, late = Article.published_at >= start, Article.first_seen_at >= end
    counts = (func.count(case((of, 1))) for of in (within, and_(within, late), and_(~within, late)))
    query = (
        select(Article.outlet_id, *counts)
        .where(Article.published_at >= before, Article.published_at < end, Article.same_as.is_(None))
        .group_by(Article.outlet_id)
    )
    return {outlet: Spread(*found) for outlet, *found in session.execute(query)}


def seen_before(session: Session, identities: Sequence[str], at: datetime) -> set[str]:
    """Those of the identities whose article was first seen before that moment."""
    query = (
        select(ArticleAddress.identity)
        .join(Article, Article.id == ArticleAddress.article_id)
        .where(ArticleAddress.identity.in_(identities), Article.first_seen_at < at)
    )
    return set(session.scalars(query))


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
