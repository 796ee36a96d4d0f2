"""Data of cases that has been kept long enough: what there is of each class, and its going."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from models import states
from models.store import audit, cases, identities
from models.store.documents import APPROVED, EDITED
from models.tables import Case, CaseBell, CaseDocument, CaseMove, DocumentSending, Identity, Package

REASON = "hết thời hạn lưu giữ"
ENDED = tuple(sorted(states.NEED_REASON))


def _ended(before: datetime) -> Select[int]:
    """Cases that stand at an end and have done so since."""
    last = select(func.max(CaseMove.at)).where(CaseMove.case_id == Case.id).correlate(Case).scalar_subquery()
    return select(Case.id).where(Case.state.in_(ENDED), last < before)


def _identities(session: Session, before: datetime, now: datetime | None) -> int:
    rows = session.execute(
        select(Identity.case_id, func.count())
        .where(Identity.sealed.is_not(None), Identity.case_id.in_(_ended(before)))
        .group_by(Identity.case_id)
    ).all()
    if now is not None:
        cases.hold_all(session, [case_id for case_id, _ in rows])
    for case_id, _ in rows if now is not None else ():
        identities.erase(session, case_id, reason=REASON, user_id=None, now=now or before)
    return sum(count for _, count in rows)


def _drafts(session: Session, before: datetime, now: datetime | None) -> int:
    sent = select(DocumentSending.document_id)
    wanted = (
        CaseDocument.case_id.in_(_ended(before)),
        CaseDocument.origin == EDITED,
        CaseDocument.state != APPROVED,
        CaseDocument.id.not_in(sent),
        func.length(CaseDocument.content) > 0,
    )
    ids = session.scalars(select(CaseDocument.id).where(*wanted)).all()
    if now is not None and ids:
        session.execute(update(CaseDocument).where(CaseDocument.id.in_(ids)).values(content=b""))
    return len(ids)


def _sealed(session: Session, before: datetime, now: datetime | None) -> int:
    ids = session.scalars(select(Package.id).where(Package.sealed.is_not(None), Package.sealed_at < before)).all()
    if now is not None and ids:
        session.execute(update(Package).where(Package.id.in_(ids)).values(sealed=None))
    return len(ids)


def _bells(session: Session, before: datetime, now: datetime | None) -> int:
    wanted = (CaseBell.at < before, or_(CaseBell.state == "sent", CaseBell.seen_at.is_not(None)))
    count = session.scalars(select(func.count()).select_from(CaseBell).where(*wanted)).one()
    if now is not None and count:
        session.execute(delete(CaseBell).where(*wanted))
    return count


CLASSES: dict[str, Callable[[Session, datetime, datetime | None], int]] = {
    "identities": _identities,
    "drafts": _drafts,
    "sealed": _sealed,
    "bells": _bells,
}


def count(session: Session, code: str, before: datetime) -> int:
    """How much of the class has been kept since before then."""
    return CLASSES[code](session, before, None)


def erase(session: Session, code: str, before: datetime, *, now: datetime) -> int:
    """Let it go, on record; how much went."""
    gone = CLASSES[code](session, before, now)
    if gone:
        session.flush()
        audit.append(session, at=now, action="retention.erase", object=f"class/{code}", detail={"rows": gone})
    return gone
