"""Desks outside to which leads go, and the people who answer for them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit
from models.store.insert import insert_new
from models.store.reading import NotThereError
from models.tables import Recipient, RecipientMember, User


class RecipientError(DiembaoError):
    """A recipient without a name, or one of that name that is there already."""


def active(session: Session) -> list[Recipient]:
    return list(session.scalars(select(Recipient).where(Recipient.active).order_by(Recipient.name)))


def get(session: Session, recipient_id: int) -> Recipient:
    found = session.get(Recipient, recipient_id)
    if found is None or not found.active:
        raise NotThereError("Không có nơi nhận này")
    return found


def add(
    session: Session,
    *,
    name: str,
    profile: str,
    territory: Sequence[str],
    contact: str,
    user_id: int,
    now: datetime,
) -> int:
    name = name.strip()
    if not name:
        raise RecipientError("Hãy ghi tên nơi nhận")
    if session.scalar(select(Recipient.id).where(Recipient.name == name)) is not None:
        raise RecipientError(f"Đã có nơi nhận «{name}»")
    row = Recipient(
        name=name,
        profile=profile,
        territory=list(territory),
        contact=contact.strip() or None,
        added_at=now,
        added_by=user_id,
    )
    session.add(row)
    session.flush()
    detail: dict[str, str | int | bool | None] = {"profile": profile}
    _record(session, "recipient.add", row.id, user_id, now, detail)
    return row.id


def remove(session: Session, recipient_id: int, *, user_id: int, now: datetime) -> None:
    """Nothing more goes there; what was sent and answered stays."""
    row = get(session, recipient_id)
    row.active = False
    session.flush()
    _record(session, "recipient.remove", row.id, user_id, now, {})


def join(session: Session, recipient_id: int, member_id: int, *, user_id: int, now: datetime) -> None:
    get(session, recipient_id)
    if session.get(User, member_id) is None:
        raise RecipientError("Không có người này")
    if insert_new(session, RecipientMember, user_id=member_id, recipient_id=recipient_id):
        _record(session, "recipient.join", recipient_id, user_id, now, {"user": member_id})


def leave(session: Session, recipient_id: int, member_id: int, *, user_id: int, now: datetime) -> None:
    session.execute(
        delete(RecipientMember).where(
            RecipientMember.recipient_id == recipient_id, RecipientMember.user_id == member_id
        )
    )
    _record(session, "recipient.leave", recipient_id, user_id, now, {"user": member_id})


def members(session: Session) -> dict[int, list[tuple[int, str]]]:
    """Recipient -> (id, name) of those who answer for it."""
    found: dict[int, list[tuple[int, str]]] = {}
    rows = session.execute(
        select(RecipientMember.recipient_id, User.id, User.display)
        .join(User, User.id == RecipientMember.user_id)
        .where(User.active)
        .order_by(User.display)
    )
    for recipient_id, user_id, name in rows:
        found.setdefault(recipient_id, []).append((user_id, name))
    return found


def of_user(session: Session, user_id: int) -> list[Recipient]:
    """The recipients for which a person answers."""
    return list(
        session.scalars(
            select(Recipient)
            .join(RecipientMember, RecipientMember.recipient_id == Recipient.id)
            .where(RecipientMember.user_id == user_id, Recipient.active)
            .order_by(Recipient.name)
        )
    )


def _record(  # noqa: PLR0917 - the same six facts of each entry
    session: Session,
    action: str,
    recipient_id: int,
    user_id: int,
    now: datetime,
    detail: dict[str, str | int | bool | None],
) -> None:
    audit.append(session, at=now, action=action, user_id=user_id, object=f"recipient/{recipient_id}", detail=detail)
