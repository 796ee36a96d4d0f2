"""The directory of desks as the team keeps it; every change goes into the audit trail."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit
from models.store.among import among_words
from models.tables import DeskContact, User

_BY_OFFICE = (DeskContact.unit, DeskContact.office)
FIELDS = ("name", "person", "phone", "email", "address", "note")


class DeskError(DiembaoError):
    """A contact that cannot be changed as asked; the message is for staff."""


_CONTACTS = select(DeskContact).where(among_words(DeskContact.unit, "units")).order_by(*_BY_OFFICE)


def contacts_of(session: Session, units: Iterable[str]) -> Sequence[DeskContact]:
    """Every contact kept for these units, by unit and office."""
    return session.scalars(_CONTACTS, {"units": set(units)}).all()


def all_contacts(session: Session) -> Sequence[DeskContact]:
    return session.scalars(select(DeskContact).order_by(*_BY_OFFICE)).all()


def editors(session: Session, contacts: Iterable[DeskContact]) -> dict[int, str]:
    """User id -> display name of those who changed these contacts last."""
    ids = {contact.updated_by for contact in contacts if contact.updated_by is not None}
    rows = session.execute(select(User.id, User.display).where(User.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def keep(
    session: Session,
    unit: str,
    office: str,
    fields: Mapping[str, str],
    *,
    user_id: int | None,
    now: datetime,
    seen: str | None = None,
) -> bool:
    """Add or replace the contact of an office; False where nothing changed.

    `seen` is the stamp of what the person had before them ("" for nothing, None to not ask); DeskError when somebody
    else changed it in between.
    """
    row = _held(session, unit, office)
    if seen is not None and seen != stamp(row):
        raise DeskError("Mục này vừa được người khác sửa. Ý kiến của bạn chưa ghi: hãy xem lại rồi sửa tiếp")
    before = {} if row is None else {name: getattr(row, name) for name in FIELDS}
    after = {name: " ".join(fields.get(name, "").split()) for name in FIELDS}
    if before == after:
        return False
    if row is None:
        session.add(DeskContact(unit=unit, office=office, updated_at=now, updated_by=user_id, **after))
    else:
        for name, value in after.items():
            setattr(row, name, value)
        row.updated_at, row.updated_by = now, user_id
    changed = {
        name: f"{before.get(name, '')} → {value}" for name, value in after.items() if before.get(name, "") != value
    }
    _record(session, "desk.keep", unit, office, changed, user_id=user_id, now=now)
    return True


def remove(session: Session, unit: str, office: str, *, user_id: int, now: datetime, seen: str) -> None:
    row = _held(session, unit, office)
    if row is None or seen != stamp(row):
        raise DeskError("Mục này vừa được người khác sửa hoặc xoá. Hãy tải lại trang")
    changed = {name: getattr(row, name) for name in FIELDS}
    session.delete(row)
    session.flush()
    _record(session, "desk.remove", unit, office, changed, user_id=user_id, now=now)


def _record(
    session: Session,
    action: str,
    unit: str,
    office: str,
    changed: Mapping[str, str],
    *,
    user_id: int | None,
    now: datetime,
) -> None:
    """Who the person at a desk is stays out of the trail, which nobody can ever shorten."""
    detail: dict[str, str | int | bool | None] = {
        name: "…" if name == "person" else value for name, value in changed.items() if value.strip(" →")
    }
    audit.append(session, at=now, action=action, user_id=user_id, object=f"desk/{unit}/{office}", detail=detail)


def stamp(row: DeskContact | None) -> str:
    """Changes with every change of the contact."""
    return "" if row is None else row.updated_at.isoformat()


def _held(session: Session, unit: str, office: str) -> DeskContact | None:
    return session.scalar(
        select(DeskContact).where(DeskContact.unit == unit, DeskContact.office == office).with_for_update()
    )
