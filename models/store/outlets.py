"""Outlets and the state of their feeds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select, update
from sqlalchemy.orm import Session, load_only

from models.store.insert import insert_new
from models.tables import FeedState, Outlet, OutletChoice

HEALTHY = frozenset({"ok", "unchanged", "empty"})
JUST_NOW = timedelta(minutes=30)
"""A list that was read so short a time ago is not read again because another link of the chain failed."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """What the polling policy made of one poll; `newest_at` is the latest time that an entry stated."""

    interval_s: float
    due_at: datetime
    memory: Mapping[str, Any]
    wait_until: datetime | None = None
    fresh: int = 0
    overlap: float | None = None
    gap: bool = False
    newest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """When a list is to be read next, not before `wait_until` if its host asked for time."""

    url: str
    outlet: str
    kind: str
    failures: int
    due_at: datetime | None
    wait_until: datetime | None


@dataclass(frozen=True, slots=True)
class Heard:
    """A paper that is not paused: whether one of its lists answered well at its last poll, and when that was."""

    title: str
    well: bool
    last: datetime


_HEARD = (
    select(
        func.coalesce(Outlet.title, FeedState.outlet_id),
        func.max(case((FeedState.health.in_(sorted(HEALTHY)), 1), else_=0)),
        func.max(FeedState.polled_at),
    )
    .outerjoin(Outlet, Outlet.id == FeedState.outlet_id)
    .outerjoin(OutletChoice, OutletChoice.outlet_id == FeedState.outlet_id)
    .where(OutletChoice.paused.is_not(True))
    .group_by(FeedState.outlet_id, Outlet.title)
)


def heard(session: Session) -> list[Heard]:
    """Of every paper that was ever read and is not paused, in no order."""
    return [Heard(title, bool(well), last) for title, well, last in session.execute(_HEARD)]


def keep(session: Session, *, id: str, title: str, home: str, province: str | None) -> None:  # noqa: A002
    """Make the outlet's row say what its declaration says."""
    if insert_new(session, Outlet, id=id, title=title, home=home, province=province):
        return
    row = session.get_one(Outlet, id)
    row.title, row.home, row.province = title, home, province


def titles(session: Session) -> dict[str, str]:
    return {row.id: row.title for row in session.scalars(select(Outlet))}


def feed_states(session: Session) -> Sequence[FeedState]:
    return session.scalars(select(FeedState).order_by(FeedState.outlet_id, FeedState.url)).all()


def states_of(session: Session, outlet: str) -> Sequence[FeedState]:
    return session.scalars(select(FeedState).where(FeedState.outlet_id == outlet)).all()


def due_times(session: Session) -> dict[str, Due]:
    """By address, for every list that was ever read; cheap enough to be asked every second."""
    columns = (FeedState.url, FeedState.outlet_id, FeedState.kind, FeedState.failures)
    query = select(*columns, FeedState.next_due_at, FeedState.wait_until)
    return {
        url: Due(url, outlet, kind, failures, max(filter(None, (due, wait)), default=None), wait)
        for url, outlet, kind, failures, due, wait in session.execute(query)
    }


def record_poll(
    session: Session,
    *,
    url: str,
    outlet: str,
    kind: str,
    health: str,
    at: datetime,
    entries: int = 0,
    status: int | None = None,
    error: str | None = None,
    etag: str | None = None,
    last_modified: str | None = None,
    body_sha256: str | None = None,
    schedule: Schedule | None = None,
) -> None:
    """What one poll said. The validators of the last good answer stay when a poll failed or was `unchanged`."""
    insert_new(
        session,
        FeedState,
        url=url,
        outlet_id=outlet,
        kind=kind,
        health=health,
        failures=0,
        entries=0,
        polled_at=at,
    )
    row = session.get_one(FeedState, url)
    row.outlet_id, row.kind, row.health, row.status, row.error = outlet, kind, health, status, error
    row.polled_at = at
    if health in HEALTHY:
        row.failures, row.good_at = 0, at
    else:
        row.failures += 1
    if health == "ok":
        row.etag, row.last_modified, row.body_sha256, row.entries = etag, last_modified, body_sha256, entries
    if schedule is not None:
        _set_schedule(row, schedule, at)


def _set_schedule(row: FeedState, schedule: Schedule, at: datetime) -> None:
    row.interval_s, row.next_due_at, row.wait_until = schedule.interval_s, schedule.due_at, schedule.wait_until
    row.memory = dict(schedule.memory)
    if row.health in HEALTHY:
        row.fresh = schedule.fresh
    if row.health == "ok":
        row.overlap = schedule.overlap
    if schedule.fresh:
        row.moved_at = at
    if schedule.newest_at is not None:
        row.newest_at = max(filter(None, (row.newest_at, schedule.newest_at)))
    if schedule.gap:
        row.gap_at, row.gaps = at, row.gaps + 1


def call_next(session: Session, *, outlet: str, kind: str, at: datetime) -> int:
    """Make an outlet's lists of one kind due now, unless they were just read; returns how many."""
    found = session.execute(
        update(FeedState)
        .where(FeedState.outlet_id == outlet, FeedState.kind == kind, FeedState.polled_at < at - JUST_NOW)
        .values(next_due_at=at)
        .returning(FeedState.url)
    )
    return len(found.all())


def try_now(session: Session, outlet: str, *, at: datetime) -> int:
    """A person asks for all lists of an outlet to be read at once; a host that asked for time still gets it."""
    found = session.execute(
        update(FeedState).where(FeedState.outlet_id == outlet).values(next_due_at=at).returning(FeedState.url)
    )
    return len(found.all())


def gaps_since(session: Session, since: datetime) -> Sequence[FeedState]:
    """Lists that turned over completely between two polls: something may have been missed."""
    query = select(FeedState).where(FeedState.gap_at >= since).order_by(FeedState.outlet_id, FeedState.url)
    return session.scalars(query.options(load_only(FeedState.outlet_id, FeedState.gap_at, FeedState.gaps))).all()


def last_good(session: Session) -> dict[str, datetime]:
    """When some list of each outlet last answered well."""
    query = select(FeedState.outlet_id, func.max(FeedState.good_at)).group_by(FeedState.outlet_id)
    return {outlet: at for outlet, at in session.execute(query) if at is not None}
