"""Outlets and the state of their feeds."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store.insert import insert_new
from models.tables import FeedState, Outlet

HEALTHY = frozenset({"ok", "unchanged", "empty"})


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
