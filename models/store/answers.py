"""What recipients say of leads: added, never changed, in an order that the table has, each counted once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit, bells, cases
from models.store.insert import insert_new
from models.store.reading import NotThereError
from models.tables import ApiToken, Case, Lead, LeadAnswer, Recipient, User

KINDS: dict[str, tuple[str, ...]] = {
    "received": ("sent",),
    "accepted": ("sent", "received", "refused"),
    "refused": ("sent", "received", "accepted"),
    "decision": ("accepted",),
    "result": ("accepted", "decision"),
}
"""Each kind of answer, with the states of a lead in which it can be given."""
OUTCOMES: dict[str, tuple[str, ...]] = {
    "decision": ("khoi_to", "khong_khoi_to", "xu_phat", "tam_dinh_chi", "chuyen_noi_khac"),
    "result": ("da_giai_quyet", "ket_thuc_dieu_tra", "truy_to", "xet_xu", "da_can_thiep", "khong_xac_minh_duoc"),
}
AHEAD = timedelta(minutes=10)


class AnswerError(DiembaoError):
    """An answer that does not fit the lead, or lacks what its kind needs; in words for who gave it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """`known`: whether the recipient knew of the matter before the lead came; None where it was not asked."""

    kind: str
    happened_at: datetime
    outcome: str | None = None
    reason: str = ""
    reference: str = ""
    known: bool | None = None


@dataclass(frozen=True, slots=True)
class Giver:
    """Who answers: a person, or a program by its token."""

    source: str
    user_id: int | None = None
    token_id: int | None = None


def check(lead: Lead, answer: Answer, *, now: datetime) -> None:
    """Raises AnswerError with what is wrong."""
    allowed = KINDS.get(answer.kind)
    if allowed is None:
        raise AnswerError("không có loại trả lời này")
    if lead.state not in allowed:
        raise AnswerError(f"nguồn tin {lead.code} ở bước hiện tại không ghi được loại trả lời này")
    if answer.kind == "refused" and not answer.reason.strip():
        raise AnswerError("từ chối cần ghi lý do")
    outcomes = OUTCOMES.get(answer.kind, ())
    if outcomes and answer.outcome not in outcomes:
        raise AnswerError("thiếu hoặc sai nội dung quyết định, kết quả")
    if not outcomes and answer.outcome is not None:
        raise AnswerError("loại trả lời này không có kết quả kèm theo")
    if answer.happened_at < lead.first_sent_at.replace(second=0, microsecond=0):
        raise AnswerError("thời điểm trả lời trước khi nguồn tin được gửi")
    if answer.happened_at > now + AHEAD:
        raise AnswerError("thời điểm trả lời còn ở phía trước")


def give(session: Session, lead_id: int, answer: Answer, giver: Giver, *, key: str, now: datetime) -> bool:
    """False where the lead has an answer of this key already. The case's owner is rung.

    The case is held before the lead, as by whoever sends it again: the other way round the two would wait for one
    another.
    """
    case_id = session.scalar(select(Lead.case_id).where(Lead.id == lead_id))
    if case_id is None:
        raise NotThereError("Không có nguồn tin này")
    cases.locked(session, case_id)
    lead = session.scalars(
        select(Lead).where(Lead.id == lead_id).with_for_update().execution_options(populate_existing=True)
    ).one()
    if session.scalar(select(LeadAnswer.id).where(LeadAnswer.lead_id == lead_id, LeadAnswer.key == key)) is not None:
        return False
    check(lead, answer, now=now)
    insert_new(
        session,
        LeadAnswer,
        lead_id=lead_id,
        kind=answer.kind,
        outcome=answer.outcome,
        reason=answer.reason.strip() or None,
        reference=answer.reference.strip() or None,
        happened_at=min(answer.happened_at, now),
        known=answer.known,
        source=giver.source,
        key=key,
        at=now,
        user_id=giver.user_id,
        token_id=giver.token_id,
    )
    lead.state = answer.kind
    lead.known = lead.known if answer.known is None else answer.known
    session.flush()
    _tell(session, lead, answer, giver, key=key, now=now)
    return True


def hold(session: Session, lead_ids: Collection[int]) -> None:
    """Hold the cases of several leads before the first answer is given."""
    cases.hold_all(session, session.scalars(select(Lead.case_id).where(Lead.id.in_(lead_ids))))


def _tell(session: Session, lead: Lead, answer: Answer, giver: Giver, *, key: str, now: datetime) -> None:
    recipient = session.get_one(Recipient, lead.recipient_id)
    case = session.get_one(Case, lead.case_id)
    owners, watchers = bells.people_of(session, [case.id])[case.id]
    text = f"{case.code}: {recipient.name} đã trả lời nguồn tin {lead.code}."
    people = [user for user in (*owners, *watchers) if user != giver.user_id]
    bells.ring(session, case.id, people, key=f"tra-loi:{lead.id}:{key}", kind="answer", text=text, now=now)
    audit.append(
        session,
        at=now,
        action="lead.answer",
        user_id=giver.user_id,
        object=f"lead/{lead.id}",
        detail={"kind": answer.kind, "source": giver.source, "token": giver.token_id},
    )


@dataclass(frozen=True, slots=True)
class AnswerLine:
    lead_id: int
    kind: str
    outcome: str | None
    reason: str
    reference: str
    happened_at: datetime
    known: bool | None
    source: str
    by: str
    at: datetime


def of_leads(session: Session, lead_ids: Collection[int]) -> dict[int, list[AnswerLine]]:
    """Lead -> its answers, oldest first."""
    rows = session.execute(
        select(LeadAnswer, User.display, ApiToken.holder)
        .outerjoin(User, User.id == LeadAnswer.user_id)
        .outerjoin(ApiToken, ApiToken.id == LeadAnswer.token_id)
        .where(LeadAnswer.lead_id.in_(lead_ids))
        .order_by(LeadAnswer.id)
    )
    found: dict[int, list[AnswerLine]] = {lead_id: [] for lead_id in lead_ids}
    for row, person, holder in rows:
        found[row.lead_id].append(
            AnswerLine(
                row.lead_id,
                row.kind,
                row.outcome,
                row.reason or "",
                row.reference or "",
                row.happened_at,
                row.known,
                row.source,
                person or holder or "",
                row.at,
            )
        )
    return found
