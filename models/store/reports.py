"""What digests and reports count: passes, papers, stories and case steps of some days."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.store.reading import StoryView, stories_by_id
from models.tables import Article, Case, CaseDetail, CaseMove, CaseStory, FeedState, Outlet, Run, Story

CHUNK = 400


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass of the scan; `counters` are empty where it was cut off."""

    day: date
    started_at: datetime
    finished_at: datetime | None
    counters: dict[str, Any]


@dataclass(frozen=True, slots=True)
class CaseSteps:
    """A case with the times at which it first came into each state, and the first sight of its earliest article."""

    id: int
    code: str
    opened_at: datetime
    first_seen_at: datetime | None
    reached: dict[str, datetime]


def passes(session: Session, first: date, last: date) -> list[Pass]:
    rows = session.scalars(select(Run).where(Run.day.between(first, last)).order_by(Run.id))
    return [Pass(row.day, row.started_at, row.finished_at, row.counters) for row in rows]


def articles_by_outlet(session: Session, first: date, last: date) -> dict[str, int]:
    """How many articles of these days each outlet has; by id."""
    rows = session.execute(
        select(Article.outlet_id, func.count())
        .where(Article.day.between(first, last), Article.same_as.is_(None))
        .group_by(Article.outlet_id)
    )
    return {row[0]: row[1] for row in rows}


def outlets(session: Session) -> dict[str, str]:
    """Titles of all outlets, by id."""
    return {row.id: row.title for row in session.scalars(select(Outlet).order_by(Outlet.id))}


def list_states(session: Session) -> list[tuple[str, str, str | None, datetime]]:
    """(outlet, health, error, time) of the last poll of every list."""
    rows = session.scalars(select(FeedState).order_by(FeedState.outlet_id, FeedState.url))
    return [(row.outlet_id, row.health, row.error, row.polled_at) for row in rows]


def stories_begun(session: Session, first: date, last: date) -> Iterator[StoryView]:
    """Stories that first stood on a list of these days, in order of id, however many they are."""
    ids = session.scalars(
        select(Story.id).where(Story.day.between(first, last), Story.merged_into.is_(None)).order_by(Story.id)
    ).all()
    for start in range(0, len(ids), CHUNK):
        yield from stories_by_id(session, ids[start : start + CHUNK])


def case_steps(session: Session, first: datetime, end: datetime) -> list[CaseSteps]:
    """Cases opened from `first` to before `end`; one that went into another is that other."""
    standing = (
        select(Case)
        .outerjoin(CaseDetail, CaseDetail.case_id == Case.id)
        .where(Case.opened_at >= first, Case.opened_at < end, CaseDetail.merged_into.is_(None))
    )
    cases = session.scalars(standing.order_by(Case.id)).all()
    ids = [case.id for case in cases]
    reached: dict[int, dict[str, datetime]] = {case_id: {} for case_id in ids}
    for move in session.scalars(select(CaseMove).where(CaseMove.case_id.in_(ids)).order_by(CaseMove.id)):
        reached[move.case_id].setdefault(move.after, move.at)
    seen: dict[int, datetime] = {}
    links = {
        link.story_id: link.case_id for link in session.scalars(select(CaseStory).where(CaseStory.case_id.in_(ids)))
    }
    for story in stories_by_id(session, links):
        case_id = links[story.id]
        seen[case_id] = min(story.first_seen_at, seen.get(case_id, story.first_seen_at))
    return [CaseSteps(case.id, case.code, case.opened_at, seen.get(case.id), reached[case.id]) for case in cases]


def first_day(session: Session) -> date | None:
    """The earliest day with a finished pass: before it there are no data, which is not the same as no events."""
    return session.scalar(select(func.min(Run.day)).where(Run.finished_at.is_not(None)))
