"""Cases: opened once from a confirmed story, moved by the table of states, with their history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import states
from models.clock import day_of
from models.errors import DiembaoError
from models.store import audit
from models.store.locks import Lock, hold
from models.store.reading import NotThereError, StoryView, stories_by_id
from models.store.review import in_force, locked_story
from models.tables import Case, CaseMove, CaseStory, User


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
    """A case with its stories; `steps` (oldest first) only where one case is read."""

    id: int
    code: str
    state: str
    opened_at: datetime
    opened_by: str
    note: str | None
    stories: tuple[StoryView, ...]
    steps: tuple[Step, ...] = ()


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
    hold(session, Lock.CASE_CODE)
    case = Case(code=_next_code(session, day_of(now).year), state=states.FIRST, opened_at=now, opened_by=user_id)
    session.add(case)
    session.flush()
    session.add(CaseStory(story_id=story_id, case_id=case.id))
    session.add(CaseMove(case_id=case.id, user_id=user_id, at=now, before=None, after=case.state))
    session.flush()
    audit.append(
        session, at=now, action="case.open", user_id=user_id, object=f"case/{case.id}", detail={"story": story_id}
    )
    return case.id


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
    case = session.scalar(
        select(Case).where(Case.id == case_id).with_for_update().execution_options(populate_existing=True)
    )
    if case is None:
        message = f"Không có vụ việc số {case_id}"
        raise NotThereError(message)
    if case.state != seen:
        message = f"Không lưu được: vụ việc {case.code} vừa được người khác chuyển trạng thái. Ý kiến của bạn chưa ghi."
        raise CaseError(message)
    states.check_move(case.state, after, reason)
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


def all_cases(session: Session, *, state: str | None = None, limit: int = 500) -> list[CaseView]:
    """Newest first, in a fixed number of statements."""
    query = select(Case, User.display).join(User, User.id == Case.opened_by).order_by(Case.id.desc()).limit(limit)
    if state is not None:
        query = query.where(Case.state == state)
    return _views(session, [(case, by) for case, by in session.execute(query)])


def opened_between(session: Session, first: datetime, end: datetime) -> list[CaseView]:
    """Cases opened from `first` to before `end`, oldest first."""
    query = (
        select(Case, User.display)
        .join(User, User.id == Case.opened_by)
        .where(Case.opened_at >= first, Case.opened_at < end)
        .order_by(Case.id)
    )
    return _views(session, [(case, by) for case, by in session.execute(query)])


def one_case(session: Session, case_id: int) -> CaseView:
    row = session.execute(
        select(Case, User.display).join(User, User.id == Case.opened_by).where(Case.id == case_id)
    ).one_or_none()
    if row is None:
        message = f"Không có vụ việc số {case_id}"
        raise NotThereError(message)
    return _views(session, [(row[0], row[1])], _steps(session, case_id))[0]


def _steps(session: Session, case_id: int) -> tuple[Step, ...]:
    rows = session.execute(
        select(CaseMove, User.display)
        .join(User, User.id == CaseMove.user_id)
        .where(CaseMove.case_id == case_id)
        .order_by(CaseMove.id)
    )
    return tuple(Step(move.at, by, move.before, move.after, move.reason) for move, by in rows)


def _views(session: Session, rows: Sequence[tuple[Case, str]], steps: tuple[Step, ...] = ()) -> list[CaseView]:
    links = session.scalars(select(CaseStory).where(CaseStory.case_id.in_([case.id for case, _ in rows])))
    case_of = {link.story_id: link.case_id for link in links}
    stories: dict[int, list[StoryView]] = {}
    for view in stories_by_id(session, case_of):
        stories.setdefault(case_of[view.id], []).append(view)
    return [
        CaseView(case.id, case.code, case.state, case.opened_at, by, case.note, tuple(stories.get(case.id, ())), steps)
        for case, by in rows
    ]
