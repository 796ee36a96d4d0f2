"""Signs of life of the machines that take jobs."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from models.store.insert import insert_new
from models.tables import Machine


def report(session: Session, name: str, *, queues: str, at: datetime, stopping: bool = False) -> None:
    """This machine is at work, or was told to stop."""
    insert_new(session, Machine, name=name, queues=queues, seen_at=at, stopped_at=None)
    values = {"queues": queues, "seen_at": at, "stopped_at": at if stopping else None}
    session.execute(update(Machine).where(Machine.name == name).values(**values))


def silent(session: Session, *, since: datetime) -> Sequence[Machine]:
    """Machines that nobody stopped and that have not reported since then."""
    missing = select(Machine).where(Machine.stopped_at.is_(None), Machine.seen_at < since)
    return session.scalars(missing.order_by(Machine.name)).all()


def forget(session: Session, name: str) -> bool:
    """For a machine that is gone for good; False where there was none of that name."""
    return bool(session.execute(delete(Machine).where(Machine.name == name).returning(Machine.name)).all())
