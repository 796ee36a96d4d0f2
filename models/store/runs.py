"""Passes of the daily scan."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Run


def start(session: Session, *, day: date, at: datetime) -> int:
    run = Run(day=day, started_at=at, finished_at=None, counters={})
    session.add(run)
    session.flush()
    return run.id


def finish(session: Session, run_id: int, *, at: datetime, counters: Mapping[str, Any]) -> None:
    run = session.get_one(Run, run_id)
    run.finished_at = at
    run.counters = dict(counters)


def latest(session: Session, *, day: date | None = None) -> Run | None:
    """The newest pass that came to its end, of that day if one is named."""
    query = select(Run).where(Run.finished_at.is_not(None)).order_by(Run.id.desc()).limit(1)
    return session.scalar(query if day is None else query.where(Run.day == day))
