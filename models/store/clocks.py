"""What the clocks of cases run from and end with: events, proofs of steps, pauses, and which clocks apply."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from models.errors import DiembaoError
from models.store import audit
from models.store.case_merge import family
from models.store.reading import NotThereError
from models.tables import (
    Case,
    CaseEvent,
    ClockChoice,
    ClockPause,
    ClockStep,
    Lead,
    LeadAnswer,
    LeadSending,
    Package,
    Recipient,
    User,
)

POLICE = "police"
FORWARD = frozenset({POLICE, "commune", "hotline"})
"""Profiles of recipients: a lead to one of FORWARD is the forwarding that the law asks for."""
AHEAD = timedelta(minutes=10)
"""How far a time that a person types may lie in the future: their watch may be fast."""


class ClockStateError(DiembaoError):
    """A step, pause or choice that does not fit how the clock stands."""


@dataclass(frozen=True, slots=True)
class Proof:
    """That a step was taken. `id` is None where leads and their answers say it."""

    id: int | None
    done_at: datetime
    by: str
    to: str
    how: str
    reference: str
    note: str
    noted_by: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class Stop:
    """A pause of a clock; `ended_at` is None while it lasts."""

    id: int
    started_at: datetime
    ended_at: datetime | None
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class Choice:
    applies: bool
    reason: str
    by: str
    at: datetime


@dataclass(slots=True)
class ClockFacts:
    """Of one case: times by the names of clocks' starts, the rest by the clock's code."""

    events: dict[str, datetime] = field(default_factory=dict)
    proofs: dict[str, Proof] = field(default_factory=dict)
    pauses: dict[str, list[Stop]] = field(default_factory=dict)
    choices: dict[str, Choice] = field(default_factory=dict)


def load(session: Session, case_ids: Sequence[int]) -> dict[int, ClockFacts]:
    """In seven statements however many cases; what was merged into a case counts for it."""
    roots = {case_id: ClockFacts() for case_id in case_ids}
    found = {case_id: roots[root] for case_id, root in family(session, case_ids).items()}
    _from_leads(session, found)
    _from_answers(session, found)
    for event in session.scalars(select(CaseEvent).where(CaseEvent.case_id.in_(found)).order_by(CaseEvent.id)):
        found[event.case_id].events[event.kind] = event.at
    steps = select(ClockStep, User.display).join(User, User.id == ClockStep.user_id).order_by(ClockStep.id)
    for step, by in session.execute(steps.where(ClockStep.case_id.in_(found), ClockStep.void_at.is_(None))):
        found[step.case_id].proofs[step.code] = _proof(step, by)
    stops = select(ClockPause, User.display).join(User, User.id == ClockPause.user_id).order_by(ClockPause.id)
    for stop, by in session.execute(stops.where(ClockPause.case_id.in_(found))):
        lines = found[stop.case_id].pauses.setdefault(stop.code, [])
        lines.append(Stop(stop.id, stop.started_at, stop.ended_at, stop.reason, by))
    choices = select(ClockChoice, User.display).join(User, User.id == ClockChoice.user_id).order_by(ClockChoice.id)
    for choice, by in session.execute(choices.where(ClockChoice.case_id.in_(found))):
        found[choice.case_id].choices[choice.code] = Choice(choice.applies, choice.reason, by, choice.at)
    return roots


def _proof(step: ClockStep, by: str) -> Proof:
    return Proof(
        step.id, step.done_at, step.by, step.to, step.how, step.reference or "", step.note or "", by, step.noted_at
    )


def _from_leads(session: Session, found: dict[int, ClockFacts]) -> None:
    """The first package to a desk that has to be told starts `sent` (police) and proves the forwarding."""
    rows = session.execute(
        select(Lead.case_id, Lead.code, Package.at, Package.number, Recipient.name, Recipient.profile, User.display)
        .join(LeadSending, LeadSending.lead_id == Lead.id)
        .join(Package, Package.id == LeadSending.package_id)
        .join(Recipient, Recipient.id == Lead.recipient_id)
        .join(User, User.id == Package.user_id)
        .where(Lead.case_id.in_(found), Recipient.profile.in_(FORWARD))
        .order_by(Package.id)
    )
    for case_id, code, at, number, to, profile, by in rows:
        facts = found[case_id]
        if profile == POLICE:
            facts.events.setdefault("sent", at)
        how = f"gói nguồn tin {number}"
        facts.proofs.setdefault("chuyen_tin", Proof(None, at, by, to, how, code, "", by, at))


_ENDS = {
    "received": ("bien_nhan",),
    "accepted": ("bien_nhan", "cqdt_phan_loai"),
    "refused": ("bien_nhan", "cqdt_phan_loai"),
    "decision": ("bien_nhan", "cqdt_phan_loai", "cqdt_quyet_dinh", "cqdt_phuc_tap", "cqdt_gia_han"),
    "result": ("bao_ket_qua",),
}
"""Which clocks of the police an answer ends."""


def _from_answers(session: Session, found: dict[int, ClockFacts]) -> None:
    rows = session.execute(
        select(LeadAnswer, Lead.case_id, Lead.code, Recipient.name, User.display)
        .join(Lead, Lead.id == LeadAnswer.lead_id)
        .join(Recipient, Recipient.id == Lead.recipient_id)
        .outerjoin(User, User.id == LeadAnswer.user_id)
        .where(Lead.case_id.in_(found), Recipient.profile == POLICE)
        .order_by(LeadAnswer.happened_at, LeadAnswer.id)
    )
    for answer, case_id, code, name, by in rows:
        facts = found[case_id]
        if answer.kind in ("received", "accepted"):
            facts.events.setdefault("police_received", answer.happened_at)
        if answer.kind == "decision":
            facts.events.setdefault("result", answer.happened_at)
        proof = Proof(
            None,
            answer.happened_at,
            name,
            "cơ quan",
            "trả lời nguồn tin",
            answer.reference or code,
            answer.reason or "",
            by or name,
            answer.at,
        )
        for clock in _ENDS[answer.kind]:
            facts.proofs.setdefault(clock, proof)


def _locked(session: Session, case_id: int) -> Case:
    found = session.scalar(select(Case).where(Case.id == case_id).with_for_update())
    if found is None:
        raise NotThereError(f"Không có vụ việc số {case_id}")
    return found


def _not_ahead(at: datetime, now: datetime) -> datetime:
    if at > now + AHEAD:
        raise ClockStateError("Thời điểm này còn ở phía trước: hãy xem lại ngày giờ")
    return min(at, now)


def note_event(
    session: Session, case_id: int, kind: str, *, at: datetime, note: str, user_id: int, now: datetime
) -> None:
    _locked(session, case_id)
    row = CaseEvent(
        case_id=case_id, kind=kind, at=_not_ahead(at, now), note=note or None, user_id=user_id, noted_at=now
    )
    session.add(row)
    session.flush()
    _record(session, "clock.event", case_id, kind, user_id, now)


@dataclass(frozen=True, slots=True)
class Done:
    """What a person says of a step: who took it, when, to whom, how, the reference number."""

    at: datetime
    by: str
    to: str
    how: str
    reference: str = ""
    note: str = ""


def end(session: Session, case_id: int, code: str, done: Done, *, user_id: int, now: datetime) -> int:
    """Keep the proof; a step that has one already is refused, for the first must be taken back with a reason."""
    _locked(session, case_id)
    if not (done.by.strip() and done.to.strip() and done.how.strip()):
        raise ClockStateError("Hãy ghi ai làm, gửi ai và bằng cách nào")
    open_proof = select(ClockStep.id).where(
        ClockStep.case_id == case_id, ClockStep.code == code, ClockStep.void_at.is_(None)
    )
    if session.scalar(open_proof) is not None:
        raise ClockStateError("Bước này đã được ghi là xong. Muốn sửa, hãy rút lại ghi nhận cũ kèm lý do.")
    step = ClockStep(
        case_id=case_id,
        code=code,
        done_at=_not_ahead(done.at, now),
        by=done.by,
        to=done.to,
        how=done.how,
        reference=done.reference or None,
        note=done.note or None,
        user_id=user_id,
        noted_at=now,
    )
    session.add(step)
    session.flush()
    _record(session, "clock.end", case_id, code, user_id, now)
    return step.id


def take_back(session: Session, case_id: int, step_id: int, *, reason: str, user_id: int, now: datetime) -> None:
    _locked(session, case_id)
    step = session.get(ClockStep, step_id)
    if step is None or step.case_id != case_id or step.void_at is not None:
        raise ClockStateError("Ghi nhận này không còn")
    if not reason.strip():
        raise ClockStateError("Rút lại ghi nhận cần có lý do")
    step.void_at, step.void_by, step.void_reason = now, user_id, reason
    session.flush()
    _record(session, "clock.take_back", case_id, step.code, user_id, now)


def pause(session: Session, case_id: int, code: str, *, reason: str, user_id: int, now: datetime) -> None:
    _locked(session, case_id)
    if not reason.strip():
        raise ClockStateError("Tạm dừng thời hạn phải có lý do")
    if _lasting(session, case_id, code) is not None:
        raise ClockStateError("Thời hạn này đang tạm dừng")
    session.add(ClockPause(case_id=case_id, code=code, started_at=now, reason=reason, user_id=user_id))
    session.flush()
    _record(session, "clock.pause", case_id, code, user_id, now)


def resume(session: Session, case_id: int, code: str, *, user_id: int, now: datetime) -> None:
    _locked(session, case_id)
    lasting = _lasting(session, case_id, code)
    if lasting is None:
        raise ClockStateError("Thời hạn này không tạm dừng")
    lasting.ended_at, lasting.ended_by = now, user_id
    session.flush()
    _record(session, "clock.resume", case_id, code, user_id, now)


def _lasting(session: Session, case_id: int, code: str) -> ClockPause | None:
    return session.scalar(
        select(ClockPause).where(ClockPause.case_id == case_id, ClockPause.code == code, ClockPause.ended_at.is_(None))
    )


def choose(
    session: Session, case_id: int, code: str, *, applies: bool, reason: str, user_id: int, now: datetime
) -> None:
    _locked(session, case_id)
    if not reason.strip():
        raise ClockStateError("Hãy ghi lý do áp dụng hoặc không áp dụng thời hạn này")
    session.add(ClockChoice(case_id=case_id, code=code, applies=applies, reason=reason, user_id=user_id, at=now))
    session.flush()
    _record(session, "clock.choose", case_id, code, user_id, now)


def taken_back(session: Session, case_id: int) -> list[tuple[ClockStep, str, str]]:
    """Proofs that were taken back, each with who had noted it and who took it back."""
    noter, taker = aliased(User), aliased(User)
    rows = session.execute(
        select(ClockStep, noter.display, taker.display)
        .join(noter, noter.id == ClockStep.user_id)
        .join(taker, taker.id == ClockStep.void_by)
        .where(ClockStep.case_id == case_id, ClockStep.void_at.is_not(None))
        .order_by(ClockStep.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _record(session: Session, action: str, case_id: int, code: str, user_id: int, now: datetime) -> None:  # noqa: PLR0917
    audit.append(session, at=now, action=action, user_id=user_id, object=f"case/{case_id}", detail={"clock": code})
