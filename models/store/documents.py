"""Documents of cases: drawn, edited by a person, approved by a person, and kept to the byte."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit
from models.store.insert import insert_new
from models.store.reading import NotThereError
from models.tables import Case, CaseDocument, User

DRAFT, APPROVED, SUPERSEDED = "draft", "approved", "superseded"
DRAWN, EDITED = "drawn", "edited"


class DocumentStateError(DiembaoError):
    """A document that is approved already or was replaced meanwhile."""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """One revision without its bytes."""

    id: int
    kind: str
    revision: int
    origin: str
    state: str
    filename: str
    sha256: str
    created_at: datetime
    created_by: str
    approved_at: datetime | None
    approved_by: str | None


def keep(
    session: Session,
    case_id: int,
    *,
    kind: str,
    filename: str,
    content: bytes,
    user_id: int,
    now: datetime,
    sources: Sequence[Sequence[str]] = (),
    origin: str = DRAWN,
) -> CaseDocument:
    """The newest revision if it is this very document, else a new draft in the place of an older draft."""
    if session.get(Case, case_id) is None:
        raise NotThereError(f"Không có vụ việc số {case_id}")
    sha256 = hashlib.sha256(content).hexdigest()
    while True:
        last = newest(session, case_id, kind)
        if last is not None and last.sha256 == sha256:
            return last
        revision = 1 if last is None else last.revision + 1
        if insert_new(
            session,
            CaseDocument,
            case_id=case_id,
            kind=kind,
            revision=revision,
            origin=origin,
            state=DRAFT,
            filename=filename,
            content=content,
            sha256=sha256,
            sources=[list(source) for source in sources],
            created_at=now,
            created_by=user_id,
        ):
            break
    own = (CaseDocument.case_id == case_id, CaseDocument.kind == kind)
    session.execute(
        update(CaseDocument)
        .where(*own, CaseDocument.revision < revision, CaseDocument.state == DRAFT)
        .values(state=SUPERSEDED)
    )
    made = session.scalars(select(CaseDocument).where(*own, CaseDocument.revision == revision)).one()
    _record(session, "document.draft", made, user_id, now)
    return made


def approve(session: Session, document_id: int, *, seen: str, user_id: int, now: datetime) -> CaseDocument:
    """A person's yes to the document whose SHA-256 their page showed; refused when there is a newer revision."""
    found = session.scalar(
        select(CaseDocument)
        .where(CaseDocument.id == document_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None:
        raise NotThereError(f"Không có văn bản số {document_id}")
    if found.state == APPROVED:
        raise DocumentStateError("Văn bản này đã được duyệt")
    last = newest(session, found.case_id, found.kind)
    if found.state != DRAFT or found.sha256 != seen or last is None or last.id != found.id:
        raise DocumentStateError("Không duyệt được: đã có bản mới hơn bản bạn đang xem. Hãy mở lại và đọc bản mới.")
    found.state, found.approved_at, found.approved_by = APPROVED, now, user_id
    session.flush()
    _record(session, "document.approve", found, user_id, now)
    return found


def newest(session: Session, case_id: int, kind: str) -> CaseDocument | None:
    return session.scalar(
        select(CaseDocument)
        .where(CaseDocument.case_id == case_id, CaseDocument.kind == kind)
        .order_by(CaseDocument.revision.desc())
        .limit(1)
    )


def get(session: Session, document_id: int) -> CaseDocument:
    found = session.get(CaseDocument, document_id)
    if found is None:
        raise NotThereError(f"Không có văn bản số {document_id}")
    return found


def of_case(session: Session, case_id: int) -> list[DocumentLine]:
    """By form, the newest revision first."""
    rows = session.scalars(
        select(CaseDocument)
        .where(CaseDocument.case_id == case_id)
        .order_by(CaseDocument.kind, CaseDocument.revision.desc())
    ).all()
    names = {user.id: user.display for user in session.scalars(select(User))}
    return [
        DocumentLine(
            row.id,
            row.kind,
            row.revision,
            row.origin,
            row.state,
            row.filename,
            row.sha256,
            row.created_at,
            names[row.created_by],
            row.approved_at,
            names.get(row.approved_by or 0),
        )
        for row in rows
    ]


def _record(session: Session, action: str, found: CaseDocument, user_id: int, now: datetime) -> None:
    audit.append(
        session,
        at=now,
        action=action,
        user_id=user_id,
        object=f"document/{found.id}",
        detail={"case": found.case_id, "kind": found.kind, "revision": found.revision, "sha256": found.sha256},
    )
