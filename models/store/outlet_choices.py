"""What the team decided of papers: those that it paused, those that it added itself."""

from datetime import UTC, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.store import audit
from models.store.insert import insert_new
from models.tables import FeedState, OutletChoice

NEVER = datetime(2999, 1, 1, tzinfo=UTC)
"""When a paused list is due: whoever reads all the time lets it be from the next look at the list on."""


def choices(session: Session) -> dict[str, OutletChoice]:
    return {row.outlet_id: row for row in session.scalars(select(OutletChoice))}


def paused(session: Session) -> frozenset[str]:
    return frozenset(session.scalars(select(OutletChoice.outlet_id).where(OutletChoice.paused)))


def declarations(session: Session) -> dict[str, str]:
    """Text of the source file of each paper that was added in the pages, by id."""
    rows = session.execute(
        select(OutletChoice.outlet_id, OutletChoice.declaration)
        .where(OutletChoice.declaration.is_not(None))
        .order_by(OutletChoice.outlet_id)
    )
    return {row[0]: row[1] or "" for row in rows}


def pause(session: Session, outlet: str, *, on: bool, note: str, user_id: int | None, now: datetime) -> None:
    """Stop reading a paper, or read it again at once."""
    row = _row(session, outlet, now)
    row.paused, row.note, row.changed_at, row.changed_by = on, note, now, user_id
    due = NEVER if on else now
    session.execute(update(FeedState).where(FeedState.outlet_id == outlet).values(next_due_at=due))
    action = "outlet.pause" if on else "outlet.resume"
    audit.append(session, at=now, action=action, user_id=user_id, object=f"outlet/{outlet}", detail={"note": note})


def declare(session: Session, outlet: str, text: str, *, user_id: int | None, now: datetime) -> None:
    """Add a paper by the text of its source file."""
    row = _row(session, outlet, now)
    row.declaration, row.changed_at, row.changed_by = text, now, user_id
    audit.append(session, at=now, action="outlet.add", user_id=user_id, object=f"outlet/{outlet}", detail={})


def _row(session: Session, outlet: str, now: datetime) -> OutletChoice:
    insert_new(session, OutletChoice, outlet_id=outlet, paused=False, note="", changed_at=now)
    return session.get_one(OutletChoice, outlet)
