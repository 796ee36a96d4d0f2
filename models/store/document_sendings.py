"""Approved documents that went out: noted once, with the SHA-256 of the very bytes that are kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store import audit
from models.store.documents import APPROVED, DocumentStateError, get
from models.store.insert import insert_new
from models.tables import CaseDocument, DocumentSending, User


@dataclass(frozen=True, slots=True)
class Sent:
    """How a person says that it went: to whom, by what means, under which number, when."""

    to: str
    how: str
    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SentLine:
    document_id: int
    to: str
    how: str
    reference: str
    sent_at: datetime
    sha256: str
    by: str


def note(session: Session, document_id: int, sent: Sent, *, key: str, user_id: int, now: datetime) -> bool:
    """False where this very form (`key`) was sent before. Only what a person approved goes out."""
    document = get(session, document_id)
    if document.state != APPROVED:
        raise DocumentStateError("Chỉ ghi nhận gửi văn bản đã duyệt")
    if not (sent.to.strip() and sent.how.strip() and key):
        raise DocumentStateError("Hãy ghi gửi cho ai và bằng cách nào")
    if sent.at > now:
        raise DocumentStateError("Thời điểm gửi còn ở phía trước: hãy xem lại ngày giờ")
    new = insert_new(
        session,
        DocumentSending,
        document_id=document_id,
        key=key,
        to=sent.to,
        how=sent.how,
        reference=sent.reference or None,
        sent_at=sent.at,
        sha256=document.sha256,
        user_id=user_id,
        noted_at=now,
    )
    if new:
        audit.append(
            session,
            at=now,
            action="document.send",
            user_id=user_id,
            object=f"document/{document_id}",
            detail={"case": document.case_id, "sha256": document.sha256, "to": sent.to, "how": sent.how},
        )
    return new


def of_case(session: Session, case_id: int) -> dict[int, list[SentLine]]:
    """Document -> its sendings, oldest first."""
    rows = session.execute(
        select(DocumentSending, User.display)
        .join(CaseDocument, CaseDocument.id == DocumentSending.document_id)
        .join(User, User.id == DocumentSending.user_id)
        .where(CaseDocument.case_id == case_id)
        .order_by(DocumentSending.id)
    )
    found: dict[int, list[SentLine]] = {}
    for row, by in rows:
        line = SentLine(row.document_id, row.to, row.how, row.reference or "", row.sent_at, row.sha256, by)
        found.setdefault(row.document_id, []).append(line)
    return found
