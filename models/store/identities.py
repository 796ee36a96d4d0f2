"""The restricted record of a case: sealed writings, each opened only on record; the key is nowhere near."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit, cases
from models.store.reading import NotThereError
from models.tables import Identity, User

KINDS = ("child", "family", "informant", "suspect")
LETTERS = "ABCDEFGHIKLMNOPQRSTUVXY"


class RecordError(DiembaoError):
    """A writing without a reason, of an unknown kind, or one more than there are letters."""


@dataclass(frozen=True, slots=True)
class Writing:
    """What may be shown without a reason: that there is one, who wrote it and when."""

    id: int
    kind: str
    letter: str
    at: datetime
    by: str


def of_case(session: Session, case_id: int) -> list[Writing]:
    rows = session.execute(
        select(Identity, User.display)
        .join(User, User.id == Identity.created_by)
        .where(Identity.case_id == case_id, Identity.sealed.is_not(None))
        .order_by(Identity.kind, Identity.letter)
    )
    return [Writing(row.id, row.kind, row.letter, row.created_at, by) for row, by in rows]


Seal = Callable[[int, str, str], tuple[bytes, str]]
"""(case, kind, letter) -> sealed text and the id of its key."""


def write(
    session: Session, case_id: int, kind: str, letter: str | None, seal: Seal, *, user_id: int, now: datetime
) -> str:
    """A new person, or a new writing in the place of an older one (`letter`), whose sealed text goes; the letter."""
    cases.locked(session, case_id)
    if kind not in KINDS:
        raise RecordError("Không có loại người này")
    known = {row.letter: row for row in _rows(session, case_id) if row.kind == kind}
    if letter is not None and letter not in known:
        raise NotThereError("Hồ sơ này không còn")
    if letter is None:
        used = {
            row.letter
            for row in session.scalars(select(Identity).where(Identity.case_id == case_id, Identity.kind == kind))
        }
        letter = next((one for one in LETTERS if one not in used), None)
    if letter is None:
        raise RecordError("Vụ việc này đã có quá nhiều hồ sơ")
    if letter in known:
        _erase(known[letter], "thay bằng bản ghi mới", user_id, now)
    sealed, key_id = seal(case_id, kind, letter)
    row = Identity(
        case_id=case_id, kind=kind, letter=letter, sealed=sealed, key_id=key_id, created_at=now, created_by=user_id
    )
    session.add(row)
    session.flush()
    _record(session, "identity.write", row, user_id, now)
    return letter


def opened(session: Session, case_id: int, *, reason: str, user_id: int, now: datetime) -> list[Identity]:
    """Every writing of the case, for the eyes of whoever states why; on record before anything is shown."""
    if not reason.strip():
        raise RecordError("Hãy ghi lý do cần xem danh tính")
    rows = _rows(session, case_id)
    audit.append(
        session,
        at=now,
        action="identity.open",
        user_id=user_id,
        object=f"case/{case_id}",
        detail={"reason": reason.strip(), "records": len(rows)},
    )
    return rows


def erase(
    session: Session, case_id: int, *, reason: str, user_id: int | None, now: datetime, only: int | None = None
) -> int:
    """The sealed texts go for good; that there were some, and why they went, stays. Returns how many went."""
    if not reason.strip():
        raise RecordError("Hãy ghi lý do xoá")
    cases.locked(session, case_id)
    rows = [row for row in _rows(session, case_id) if only in (None, row.id)]
    for row in rows:
        _erase(row, reason.strip(), user_id, now)
    session.flush()
    for row in rows:
        _record(session, "identity.erase", row, user_id, now)
    return len(rows)


def _erase(row: Identity, reason: str, user_id: int | None, now: datetime) -> None:
    row.sealed, row.erased_at, row.erased_by, row.erased_for = None, now, user_id, reason


def _rows(session: Session, case_id: int) -> list[Identity]:
    query = select(Identity).where(Identity.case_id == case_id, Identity.sealed.is_not(None))
    return list(session.scalars(query.order_by(Identity.kind, Identity.letter)))


def every(session: Session) -> list[Identity]:
    """All sealed writings, for sealing them again under a new key."""
    return list(session.scalars(select(Identity).where(Identity.sealed.is_not(None)).order_by(Identity.id)))


def _record(session: Session, action: str, row: Identity, user_id: int | None, now: datetime) -> None:
    audit.append(
        session,
        at=now,
        action=action,
        user_id=user_id,
        object=f"identity/{row.id}",
        detail={"case": row.case_id, "kind": row.kind, "letter": row.letter},
    )
