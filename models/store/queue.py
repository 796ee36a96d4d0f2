"""Queues of what goes out: lines that wait in `state` and `next_at` are claimed, then sent or tried again later."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from models.tables import Alert, DigestSending, Reminder

RETRY = (
    timedelta(seconds=20),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=15),
    timedelta(hours=1),
)
"""Waits after the first, second … failure; then once an hour. Nothing is ever given up."""
CLAIM = timedelta(minutes=2)
"""Whoever begins to send a line has so long; if it says nothing, the line is due again."""
Queued = TypeVar("Queued", Alert, DigestSending, Reminder)


def claim(
    session: Session, table: type[Queued], order: Sequence[ColumnElement[int]], *, now: datetime, limit: int
) -> list[Queued]:
    """Lines that are due, those tried least first; nobody else gets them until the claim runs out."""
    rows = session.scalars(
        select(table)
        .where(table.state == "waiting", table.next_at <= now)
        .order_by(table.attempts, *order, table.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    ).all()
    for row in rows:
        row.next_at = now + CLAIM
    session.flush()
    return list(rows)


def sent(session: Session, table: type[Queued], line_id: int, *, at: datetime) -> None:
    session.execute(
        update(table)
        .where(table.id == line_id, table.state != "sent")
        .values(state="sent", sent_at=at, error=None, attempts=table.attempts + 1)
    )


def failed(session: Session, table: type[Queued], line_id: int, *, error: str, at: datetime | None) -> None:
    """It stays in the queue and is tried again later; without `at`, when the claim has run out."""
    row = session.get_one(table, line_id)
    row.error = error[:500]
    if at is not None:
        row.next_at = at + RETRY[min(row.attempts, len(RETRY) - 1)]
    row.attempts += 1
