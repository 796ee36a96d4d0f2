"""Cases entered by hand, and two cases that prove to be one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.store import audit, case_work, cases
from models.store.cases import CaseError
from models.store.insert import insert_new
from models.store.locks import Lock, hold
from models.store.review import in_force, locked_story
from models.tables import Case, CaseApart, CaseDetail, CaseMerge, CaseStory, User

TWICE = timedelta(minutes=10)
ORIGINS = ("call", "hotline", "collective", "other")


@dataclass(frozen=True, slots=True)
class Told:
    """What a person was told: when, through which of ORIGINS, and the facts as codes. `informant` is no name but a
    description ("người dân", "giáo viên"); who they are goes into the restricted record."""

    origin: str
    received_at: datetime
    informant: str
    facts: dict[str, Any]
    note: str = ""


def open_by_hand(session: Session, told: Told, *, user_id: int, now: datetime) -> int:
    if told.origin not in ORIGINS:
        raise CaseError("Hãy chọn nguồn tin")
    if not told.facts.get("types"):
        raise CaseError("Hãy chọn ít nhất một loại hành vi")
    if told.received_at > now:
        raise CaseError("Thời điểm nhận tin còn ở phía trước: hãy xem lại ngày giờ")
    hold(session, Lock.CASE_CODE)
    before = _just_entered(session, told, user_id, now)
    if before is not None:
        return before
    case = cases.new_case(session, user_id=user_id, now=now)
    case.note = told.note or None
    detail = cases.detail(session, case.id)
    detail.origin, detail.informant, detail.received_at = told.origin, told.informant or None, told.received_at
    detail.facts = dict(told.facts)
    session.flush()
    audit.append(
        session, at=now, action="case.open", user_id=user_id, object=f"case/{case.id}", detail={"origin": told.origin}
    )
    return case.id


def _just_entered(session: Session, told: Told, user_id: int, now: datetime) -> int | None:
    """The case of a form that was sent twice: the same person, the same words, within minutes."""
    rows = session.execute(
        select(Case.id, Case.note, CaseDetail)
        .join(CaseDetail, CaseDetail.case_id == Case.id)
        .where(Case.opened_by == user_id, Case.opened_at >= now - TWICE, CaseDetail.origin == told.origin)
    )
    for case_id, note, detail in rows:
        said = (note or "", detail.informant or "", detail.received_at, detail.facts)
        if said == (told.note, told.informant, told.received_at, told.facts):
            return int(case_id)
    return None


def merge(session: Session, from_id: int, into_id: int, *, reason: str, user_id: int, now: datetime) -> None:
    """The stories of one case go to the other; both histories stay and are told together."""
    if from_id == into_id:
        raise CaseError("Không gộp một vụ việc với chính nó")
    if not reason.strip():
        raise CaseError("Gộp vụ việc cần ghi lý do")
    first, second = (cases.locked(session, case_id) for case_id in sorted((from_id, into_id)))
    gone, kept = (first, second) if first.id == from_id else (second, first)
    left, stays = cases.detail(session, gone.id), cases.detail(session, kept.id)
    for case, detail in ((gone, left), (kept, stays)):
        if detail.merged_into is not None:
            raise CaseError(f"Không gộp được: vụ việc {case.code} đã được gộp vào vụ việc khác")
    moved = list(session.scalars(select(CaseStory.story_id).where(CaseStory.case_id == gone.id)))
    session.execute(update(CaseStory).where(CaseStory.case_id == gone.id).values(case_id=kept.id))
    session.execute(update(CaseDetail).where(CaseDetail.merged_into == gone.id).values(merged_into=kept.id))
    left.merged_into = kept.id
    session.add(
        CaseMerge(at=now, user_id=user_id, from_id=gone.id, into_id=kept.id, stories=moved, reason=reason.strip())
    )
    session.flush()
    case_work.note_change(
        session, kept.id, "merge", f"Gộp {gone.code} vào vụ việc này: {reason.strip()}", user_id=user_id, now=now
    )
    audit.append(
        session, at=now, action="case.merge", user_id=user_id, object=f"case/{kept.id}", detail={"from": gone.id}
    )


def take_apart(session: Session, from_id: int, into_id: int, *, reason: str, user_id: int, now: datetime) -> None:
    """Undo a merge: the stories that came with the case, and the cases that it had taken in, are its own again."""
    if not reason.strip():
        raise CaseError("Tách lại cần ghi lý do")
    for case_id in sorted((from_id, into_id)):
        cases.locked(session, case_id)
    gone, last = cases.detail(session, from_id), _last_merge(session, from_id)
    if last is None or gone.merged_into != into_id or last.into_id != into_id:
        raise CaseError("Vụ việc này không tách trực tiếp được: hãy tách lần gộp sau cùng trước")
    session.execute(
        update(CaseStory)
        .where(CaseStory.story_id.in_(last.stories), CaseStory.case_id == into_id)
        .values(case_id=from_id)
    )
    gone.merged_into = None
    inner = select(CaseDetail.case_id).where(CaseDetail.merged_into == into_id)
    for case_id in session.scalars(inner).all():
        before = _last_merge(session, case_id)
        if before is not None and before.into_id == from_id:
            cases.detail(session, case_id).merged_into = from_id
    session.flush()
    code = session.get_one(Case, from_id).code
    text = f"Tách {code} khỏi vụ việc này: {reason.strip()}"
    case_work.note_change(session, into_id, "merge", text, user_id=user_id, now=now)
    audit.append(
        session, at=now, action="case.take_apart", user_id=user_id, object=f"case/{into_id}", detail={"from": from_id}
    )


def _last_merge(session: Session, from_id: int) -> CaseMerge | None:
    return session.scalar(select(CaseMerge).where(CaseMerge.from_id == from_id).order_by(CaseMerge.id.desc()).limit(1))


def attach(session: Session, case_id: int, story_id: int, *, user_id: int, now: datetime) -> None:
    """A confirmed story that belongs to no case becomes part of this one."""
    case = cases.locked(session, case_id)
    story = locked_story(session, story_id)
    known = session.get(CaseStory, story_id)
    if known is not None:
        if known.case_id == case_id:
            return
        raise CaseError(f"Tin số {story_id} đã thuộc một vụ việc khác: hãy gộp hai vụ việc")
    decision = in_force(session, story)
    if decision is None or decision.action != "confirm":
        raise CaseError("Chỉ gắn được tin đã xác nhận")
    session.add(CaseStory(story_id=story_id, case_id=case.id))
    session.flush()
    case_work.note_change(session, case_id, "attach", f"Gắn tin số {story_id}", user_id=user_id, now=now)
    audit.append(
        session, at=now, action="case.attach", user_id=user_id, object=f"case/{case_id}", detail={"story": story_id}
    )


def family(session: Session, case_ids: Collection[int]) -> dict[int, int]:
    """Every case that was merged into one of these, and these themselves -> the one that stays."""
    found = {case_id: case_id for case_id in case_ids}
    rows = session.execute(
        select(CaseDetail.case_id, CaseDetail.merged_into).where(CaseDetail.merged_into.in_(case_ids))
    )
    found.update({row[0]: row[1] for row in rows if row[1] is not None})
    return found


def merged(session: Session, case_id: int) -> list[tuple[int, str, str, datetime, str]]:
    """(id, code, reason, when, by whom) of the cases that went into this one, oldest first."""
    rows = session.execute(
        select(Case.id, Case.code, CaseMerge.reason, CaseMerge.at, User.display)
        .join(CaseMerge, CaseMerge.from_id == Case.id)
        .join(CaseDetail, CaseDetail.case_id == Case.id)
        .join(User, User.id == CaseMerge.user_id)
        .where(CaseDetail.merged_into == case_id)
        .order_by(CaseMerge.id)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def set_apart(session: Session, one: int, other: int, *, user_id: int, now: datetime) -> None:
    first, second = sorted((one, other))
    if insert_new(session, CaseApart, first_id=first, second_id=second, user_id=user_id, at=now):
        audit.append(
            session, at=now, action="case.apart", user_id=user_id, object=f"case/{first}", detail={"other": second}
        )


def apart_from(session: Session, case_id: int) -> set[int]:
    rows = session.execute(
        select(CaseApart.first_id, CaseApart.second_id).where(
            (CaseApart.first_id == case_id) | (CaseApart.second_id == case_id)
        )
    )
    return {first if second == case_id else second for first, second in rows}
