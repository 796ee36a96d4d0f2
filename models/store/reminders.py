"""Reminders of yearly reports: queued once for each subscription, sent until the channel took them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from models.store import queue as queues
from models.store.alerts import Outgoing, channels_of
from models.store.insert import insert_new
from models.tables import Reminder


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told, and which telling it is: see models.tables.Reminder."""

    report: str
    before: date
    days: int
    title: str
    body: str

    @property
    def key(self) -> tuple[str, date, int]:
        return self.report, self.before, self.days


def queue(session: Session, telling: Telling, subscription_id: int, *, at: datetime, due: datetime) -> bool:
    """False where the subscription has been told, or will be."""
    return insert_new(
        session,
        Reminder,
        report=telling.report,
        before=telling.before,
        days=telling.days,
        subscription_id=subscription_id,
        title=telling.title,
        body=telling.body,
        created_at=at,
        state="waiting",
        next_at=due,
        attempts=0,
    )


def queued(session: Session, tellings: Iterable[Telling]) -> set[tuple[str, date, int, int]]:
    """(report, before, days, subscription) of what has been queued of these."""
    keys = {one.key for one in tellings}
    query = select(Reminder.report, Reminder.before, Reminder.days, Reminder.subscription_id).where(
        Reminder.before.in_({before for _, before, _ in keys})
    )
    return {(row[0], row[1], row[2], row[3]) for row in session.execute(query) if (row[0], row[1], row[2]) in keys}


def any_due(session: Session, *, now: datetime) -> bool:
    return bool(session.scalar(select(exists().where(Reminder.state == "waiting", Reminder.next_at <= now))))


def claim(session: Session, *, now: datetime, limit: int) -> list[Outgoing]:
    """Reminders that are due; nobody else gets them until the claim runs out."""
    rows = queues.claim(session, Reminder, (), now=now, limit=limit)
    channels = channels_of(session, {row.subscription_id for row in rows})
    return [Outgoing(row.id, channels[row.subscription_id], row.title, row.body) for row in rows]


def sent(session: Session, line_id: int, *, at: datetime) -> None:
    queues.sent(session, Reminder, line_id, at=at)


def failed(session: Session, line_id: int, *, error: str, at: datetime | None) -> None:
    queues.failed(session, Reminder, line_id, error=error, at=at)
