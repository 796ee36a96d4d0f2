"""Privacy by rule: the ground on which a case's data is processed, and deletion on request with its proof."""

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit, case_merge, cases, identities
from models.store.documents import EDITED
from models.store.reading import NotThereError
from models.tables import (
    Case,
    CaseDetail,
    CaseDocument,
    CaseGround,
    CaseNote,
    CaseTask,
    DocumentSending,
    Erasure,
    User,
)

GONE = "(đã xoá theo yêu cầu)"
OPEN, DONE, REFUSED = "open", "done", "refused"


class PrivacyError(DiembaoError):
    """A request without who asks and why, or one that was decided already."""


@dataclass(frozen=True, slots=True)
class GroundLine:
    case_id: int
    case_code: str
    code: str
    note: str
    by: str
    at: datetime


def set_ground(session: Session, case_id: int, code: str, *, note: str, user_id: int, now: datetime) -> None:
    cases.locked(session, case_id)
    session.add(CaseGround(case_id=case_id, code=code, note=note.strip() or None, user_id=user_id, at=now))
    session.flush()
    audit.append(
        session, at=now, action="case.ground", user_id=user_id, object=f"case/{case_id}", detail={"ground": code}
    )


def grounds(session: Session, case_ids: Collection[int] | None = None) -> dict[int, GroundLine]:
    """Case -> the ground that counts (the newest)."""
    query = (
        select(CaseGround, Case.code, User.display)
        .join(Case, Case.id == CaseGround.case_id)
        .join(User, User.id == CaseGround.user_id)
        .order_by(CaseGround.id)
    )
    if case_ids is not None:
        query = query.where(CaseGround.case_id.in_(case_ids))
    return {
        row.case_id: GroundLine(row.case_id, code, row.code, row.note or "", by, row.at)
        for row, code, by in session.execute(query)
    }


def ask(session: Session, case_id: int, *, asked_by: str, ground: str, user_id: int, now: datetime) -> int:
    """A demand to delete; `asked_by` is a relation ("mẹ của trẻ"), not a name."""
    cases.locked(session, case_id)
    if not asked_by.strip() or not ground.strip():
        raise PrivacyError("Hãy ghi ai yêu cầu và vì sao")
    row = Erasure(
        case_id=case_id,
        asked_at=now,
        asked_by=asked_by.strip(),
        ground=ground.strip(),
        noted_by=user_id,
        state=OPEN,
        erased={},
    )
    session.add(row)
    session.flush()
    audit.append(session, at=now, action="erasure.ask", user_id=user_id, object=f"erasure/{row.id}")
    return row.id


def decide(
    session: Session, case_id: int, erasure_id: int, *, accept: bool, reason: str, user_id: int, now: datetime
) -> str:
    """Do what was demanded, or refuse it, either with a reason; the proof (SHA-256) that also stands in the audit."""
    cases.hold_all(session, case_merge.family(session, [case_id]))
    row = session.get(Erasure, erasure_id)
    if row is None or row.case_id != case_id:
        raise NotThereError("Không có yêu cầu này")
    if row.state != OPEN:
        raise PrivacyError("Yêu cầu này đã được giải quyết")
    if not reason.strip():
        raise PrivacyError("Hãy ghi lý do giải quyết")
    row.state, row.decided_at, row.decided_by = DONE if accept else REFUSED, now, user_id
    row.reason = reason.strip()
    row.erased = _erase(session, case_id, erasure_id, user_id=user_id, now=now) if accept else {}
    said = {
        "case": case_id,
        "asked_at": row.asked_at.isoformat(),
        "decided_at": now.isoformat(),
        "state": row.state,
        "erased": row.erased,
    }
    row.proof = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    session.flush()
    audit.append(
        session,
        at=now,
        action=f"erasure.{row.state}",
        user_id=user_id,
        object=f"erasure/{row.id}",
        detail={"proof": row.proof, **row.erased},
    )
    return row.proof


def _erase(session: Session, case_id: int, erasure_id: int, *, user_id: int, now: datetime) -> dict[str, int]:
    """Everything that people wrote of persons, in the case and in what was merged into it. What was approved or sent
    stays: it is the proof that the duty was done."""
    every = list(case_merge.family(session, [case_id]))
    reason = f"yêu cầu xoá số {erasure_id}"
    sealed = sum(identities.erase(session, one, reason=reason, user_id=user_id, now=now) for one in every)
    notes = session.execute(
        update(CaseNote)
        .where(CaseNote.case_id.in_(every), CaseNote.kind == "note", CaseNote.text != GONE)
        .values(text=GONE)
        .returning(CaseNote.id)
    ).all()
    tasks = session.execute(
        update(CaseTask)
        .where(CaseTask.case_id.in_(every), CaseTask.text != GONE)
        .values(text=GONE)
        .returning(CaseTask.id)
    ).all()
    session.execute(update(CaseDetail).where(CaseDetail.case_id.in_(every)).values(informant=None))
    session.execute(update(Case).where(Case.id.in_(every)).values(note=None))
    sent = select(DocumentSending.document_id)
    drafts = session.execute(
        update(CaseDocument)
        .where(
            CaseDocument.case_id.in_(every),
            CaseDocument.origin == EDITED,
            CaseDocument.state != "approved",
            CaseDocument.id.not_in(sent),
        )
        .values(content=b"")
        .returning(CaseDocument.id)
    ).all()
    return {"identities": sealed, "notes": len(notes), "tasks": len(tasks), "drafts": len(drafts)}


def of_case(session: Session, case_id: int) -> list[tuple[Erasure, str]]:
    """Requests with who noted them, oldest first."""
    rows = session.execute(
        select(Erasure, User.display)
        .join(User, User.id == Erasure.noted_by)
        .where(Erasure.case_id == case_id)
        .order_by(Erasure.id)
    )
    return [(row[0], row[1]) for row in rows]
