"""Cases: opened once from a confirmed story, moved by the table of states, with their history."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased

from models import states
from models.clock import day_of
from models.errors import DiembaoError
from models.store import audit
from models.store.locks import Lock, hold
from models.store.reading import NotThereError, StoryView, stories_by_id
from models.store.review import in_force, locked_story
from models.tables import Case, CaseCheck, CaseDetail, CaseMove, CaseStory, User


class CaseError(DiembaoError):
    """A case that cannot be opened or moved as asked; `state` is where it stands now, if that is the matter."""


@dataclass(frozen=True, slots=True)
class Step:
    at: datetime
    by: str
    before: str | None
    after: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class CaseView:
    """A case with its stories; `steps` (oldest first) only where one case is read.

    `facts`, `informant` and `received_at` are of cases entered by hand (the time also of one that went into this);
    `owner` is (id, name); `merged_into` is the case that this one went into.
    """

    id: int
    code: str
    state: str
    opened_at: datetime
    opened_by: str
    note: str | None
    stories: tuple[StoryView, ...]
    steps: tuple[Step, ...] = ()
    origin: str = "story"
    informant: str = ""
    received_at: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    owner: tuple[int, str] | None = None
    merged_into: int | None = None


def open_case(session: Session, story_id: int, *, user_id: int, now: datetime) -> int:
    """Id of the story's case, which is made if there is none yet. Only a confirmed story gets one."""
    story = locked_story(session, story_id)
    known = session.get(CaseStory, story_id)
    if known is not None:
        return known.case_id
    decision = in_force(session, story)
    if decision is None or decision.action != "confirm":
        message = "Chỉ mở vụ việc từ tin đã xác nhận"
        raise CaseError(message)
    case = new_case(session, user_id=user_id, now=now)
    session.add(CaseStory(story_id=story_id, case_id=case.id))
    session.flush()
    audit.append(
        session, at=now, action="case.open", user_id=user_id, object=f"case/{case.id}", detail={"story": story_id}
    )
    return case.id


def new_case(session: Session, *, user_id: int, now: datetime) -> Case:
    """A case with its number and first step, and who opened it as its owner."""
    hold(session, Lock.CASE_CODE)
    case = Case(code=_next_code(session, day_of(now).year), state=states.FIRST, opened_at=now, opened_by=user_id)
    session.add(case)
    session.flush()
    session.add(CaseMove(case_id=case.id, user_id=user_id, at=now, before=None, after=case.state))
    session.add(CaseDetail(case_id=case.id, owner_id=user_id))
    session.flush()
    return case


def _next_code(session: Session, year: int) -> str:
    """VV-2026-0001, -0002, …; beyond 9999 the number simply grows a digit."""
    start = f"VV-{year}-"
    newest = session.scalar(
        select(Case.code).where(Case.code.startswith(start)).order_by(func.length(Case.code).desc(), Case.code.desc())
    )
    number = 0 if newest is None else int(newest.removeprefix(start))
    return f"{start}{number + 1:04d}"


def move(
    session: Session, case_id: int, after: str, *, seen: str, reason: str | None, user_id: int, now: datetime
) -> None:
    """Move the case on. `seen` is the state that the person's page showed; a case that moved meanwhile is refused."""
    case = locked(session, case_id)
    if case.state != seen:
        message = f"Không lưu được: vụ việc {case.code} vừa được người khác chuyển trạng thái. Ý kiến của bạn chưa ghi."
        raise CaseError(message)
    states.check_move(case.state, after, reason)
    _may_move(session, case, after)
    session.add(
        CaseMove(case_id=case_id, user_id=user_id, at=now, before=case.state, after=after, reason=reason or None)
    )
    case.state = after
    session.flush()
    audit.append(
        session,
        at=now,
        action="case.move",
        user_id=user_id,
        object=f"case/{case_id}",
        detail={"before": seen, "after": after},
    )


def _may_move(session: Session, case: Case, after: str) -> None:
    found = session.get(CaseDetail, case.id)
    if found is not None and found.merged_into is not None:
        message = f"Vụ việc {case.code} đã được gộp vào vụ việc khác"
        raise CaseError(message)
    if after == states.CLOSED:
        answered = set(session.scalars(select(CaseCheck.item).where(CaseCheck.case_id == case.id)))
        if missing := len(set(states.CLOSING) - answered):
            message = f"Chưa đóng được {case.code}: còn {missing} mục chưa kiểm tra trước khi đóng"
            raise CaseError(message)


def all_cases(session: Session, *, state: str | None = None, limit: int = 500) -> list[CaseView]:
    """Newest first, in a fixed number of statements; without those that were merged into another."""
    query = _CASES.where(CaseDetail.merged_into.is_(None)).order_by(Case.id.desc()).limit(limit)
    if state is not None:
        query = query.where(Case.state == state)
    return _views(session, query)


def open_cases(session: Session) -> list[CaseView]:
    """Those that are still worked on, oldest first."""
    ended = Case.state.not_in(tuple(states.NEED_REASON))
    return _views(session, _CASES.where(CaseDetail.merged_into.is_(None), ended).order_by(Case.id))


def cases_by_id(session: Session, ids: Collection[int]) -> list[CaseView]:
    return _views(session, _CASES.where(Case.id.in_(ids)).order_by(Case.id))


def opened_between(session: Session, first: datetime, end: datetime) -> list[CaseView]:
    """Cases opened from `first` to before `end`, oldest first, without those that were merged into another."""
    span = (Case.opened_at >= first, Case.opened_at < end, CaseDetail.merged_into.is_(None))
    return _views(session, _CASES.where(*span).order_by(Case.id))


def one_case(session: Session, case_id: int) -> CaseView:
    found = _views(session, _CASES.where(Case.id == case_id), _steps(session, case_id))
    if not found:
        message = f"Không có vụ việc số {case_id}"
        raise NotThereError(message)
    return found[0]


def id_of_code(session: Session, code: str) -> int | None:
    return session.scalar(select(Case.id).where(Case.code == code))


def locked(session: Session, case_id: int) -> Case:
    """The case, held against other writers until the transaction ends."""
    case = session.scalar(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    )
    if case is None:
        message = f"Không có vụ việc số {case_id}"
        raise NotThereError(message)
    return case


def hold_all(session: Session, case_ids: Iterable[int]) -> None:
    """Hold several cases, always in one order, before anything is put on record: whoever holds the audit trail must
    not wait for a case."""
    for case_id in sorted(set(case_ids)):
        locked(session, case_id)


def detail(session: Session, case_id: int) -> CaseDetail:
    """The case's detail for writing; hold the case first."""
    found = session.get(CaseDetail, case_id)
    if found is None:
        found = CaseDetail(case_id=case_id, origin="story", facts={})
        session.add(found)
    return found


def _steps(session: Session, case_id: int) -> tuple[Step, ...]:
    rows = session.execute(
        select(CaseMove, User.display)
        .join(User, User.id == CaseMove.user_id)
        .where(CaseMove.case_id == case_id)
        .order_by(CaseMove.id)
    )
    return tuple(Step(move.at, by, move.before, move.after, move.reason) for move, by in rows)


CaseRows = Select[Case, str, CaseDetail, str]
"""Detail and owner come by outer joins and may be None."""
_opener, _owner = aliased(User), aliased(User)
_CASES: CaseRows = (
    select(Case, _opener.display, CaseDetail, _owner.display)
    .join(_opener, _opener.id == Case.opened_by)
    .outerjoin(CaseDetail, CaseDetail.case_id == Case.id)
    .outerjoin(_owner, _owner.id == CaseDetail.owner_id)
)


def _views(session: Session, query: CaseRows, steps: tuple[Step, ...] = ()) -> list[CaseView]:
    rows: list[Any] = list(session.execute(query))
    links = session.scalars(select(CaseStory).where(CaseStory.case_id.in_([row[0].id for row in rows])))
    case_of = {link.story_id: link.case_id for link in links}
    stories: dict[int, list[StoryView]] = {}
    for view in stories_by_id(session, case_of):
        stories.setdefault(case_of[view.id], []).append(view)
    earliest = _earliest(session, [row[0].id for row in rows])
    return [_view(row, tuple(stories.get(row[0].id, ())), steps, earliest.get(row[0].id)) for row in rows]


def _earliest(session: Session, case_ids: Sequence[int]) -> dict[int, datetime]:
    """Case -> when the first of the cases that went into it was received by hand."""
    rows = session.execute(
        select(CaseDetail.merged_into, CaseDetail.received_at).where(
            CaseDetail.merged_into.in_(case_ids), CaseDetail.received_at.is_not(None)
        )
    )
    found: dict[int, datetime] = {}
    for into, at in rows:
        if into is not None and at is not None:
            found[into] = min(at, found.get(into, at))
    return found


def _view(row: Any, stories: tuple[StoryView, ...], steps: tuple[Step, ...], earliest: datetime | None) -> CaseView:
    case, opener, kept, owner = row
    view = CaseView(case.id, case.code, case.state, case.opened_at, opener, case.note, stories, steps)
    if kept is None:
        return view
    return replace(
        view,
        origin=kept.origin,
        informant=kept.informant or "",
        received_at=min(filter(None, (kept.received_at, earliest)), default=None),
        facts=kept.facts,
        owner=None if kept.owner_id is None else (kept.owner_id, owner),
        merged_into=kept.merged_into,
    )
