"""Working on a case together: owner, watchers, tasks, notes, and the checklist before it is closed."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, aliased

from models import states
from models.errors import DiembaoError
from models.store import audit, bells, cases
from models.store.insert import insert_new
from models.store.reading import NotThereError
from models.tables import CaseCheck, CaseNote, CaseTask, CaseWatcher, User

ANSWERS = ("done", "not_needed")


class WorkError(DiembaoError):
    """A note without words, a task that is not there, a person who is not."""


@dataclass(frozen=True, slots=True)
class Task:
    id: int
    text: str
    assignee: str | None
    due: date | None
    created_at: datetime
    created_by: str
    done_at: datetime | None
    done_by: str | None


@dataclass(frozen=True, slots=True)
class Note:
    """`kind` is note, or what was changed (owner, watch, merge …)."""

    at: datetime
    by: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Check:
    answer: str
    note: str
    by: str
    at: datetime


def _active(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None or not user.active:
        raise WorkError("Không có người này")
    return user


def staff(session: Session, roles: tuple[str, ...]) -> list[tuple[int, str]]:
    """(id, name) of those who work with cases."""
    query = select(User.id, User.display).where(User.active, User.role.in_(roles)).order_by(User.display)
    return [(row[0], row[1]) for row in session.execute(query)]


def give(session: Session, case_id: int, owner_id: int, *, user_id: int, now: datetime) -> None:
    """The owner answers for the case; they are rung, unless they took it themselves."""
    case = cases.locked(session, case_id)
    owner = _active(session, owner_id)
    cases.detail(session, case_id).owner_id = owner.id
    _note(session, case_id, "owner", f"Người phụ trách: {owner.display}", user_id, now)
    if owner.id != user_id:
        text = f"{case.code}: bạn được giao phụ trách vụ việc này."
        bells.ring(session, case_id, [owner.id], key=f"giao:{now.isoformat()}", kind="owner", text=text, now=now)
    _record(session, "case.owner", case_id, user_id, now)


def watch(session: Session, case_id: int, *, user_id: int, now: datetime, on: bool = True) -> None:
    """Whoever watches is rung like the owner when a clock ran out or an article came."""
    cases.locked(session, case_id)
    if on:
        insert_new(session, CaseWatcher, case_id=case_id, user_id=user_id, since=now)
        return
    session.execute(delete(CaseWatcher).where(CaseWatcher.case_id == case_id, CaseWatcher.user_id == user_id))


def watchers(session: Session, case_id: int) -> list[tuple[int, str]]:
    rows = session.execute(
        select(User.id, User.display)
        .join(CaseWatcher, CaseWatcher.user_id == User.id)
        .where(CaseWatcher.case_id == case_id)
        .order_by(CaseWatcher.since, User.id)
    )
    return [(row[0], row[1]) for row in rows]


def add_task(
    session: Session,
    case_id: int,
    text: str,
    *,
    assignee_id: int | None,
    due: date | None,
    user_id: int,
    now: datetime,
) -> int:
    case = cases.locked(session, case_id)
    if not text.strip():
        raise WorkError("Hãy ghi việc cần làm")
    if assignee_id is not None:
        _active(session, assignee_id)
    task = CaseTask(
        case_id=case_id, text=text.strip(), assignee_id=assignee_id, due=due, created_at=now, created_by=user_id
    )
    session.add(task)
    session.flush()
    if assignee_id is not None and assignee_id != user_id:
        said = f"{case.code}: bạn có việc cần làm" + (f", hạn {due:%d/%m/%Y}." if due else ".")
        bells.ring(session, case_id, [assignee_id], key=f"viec:{task.id}", kind="task", text=said, now=now)
    _record(session, "case.task", case_id, user_id, now)
    return task.id


def finish_task(session: Session, case_id: int, task_id: int, *, user_id: int, now: datetime) -> None:
    cases.locked(session, case_id)
    task = session.get(CaseTask, task_id)
    if task is None or task.case_id != case_id:
        raise NotThereError("Vụ việc này không có việc đó")
    if task.done_at is None:
        task.done_at, task.done_by = now, user_id
        session.flush()
        _record(session, "case.task_done", case_id, user_id, now)


def tasks(session: Session, case_id: int) -> list[Task]:
    assignee, creator, doer = aliased(User), aliased(User), aliased(User)
    rows = session.execute(
        select(CaseTask, assignee.display, creator.display, doer.display)
        .outerjoin(assignee, assignee.id == CaseTask.assignee_id)
        .join(creator, creator.id == CaseTask.created_by)
        .outerjoin(doer, doer.id == CaseTask.done_by)
        .where(CaseTask.case_id == case_id)
        .order_by(CaseTask.id)
    )
    return [Task(row.id, row.text, to, row.due, row.created_at, by, row.done_at, done) for row, to, by, done in rows]


def add_note(session: Session, case_id: int, text: str, *, user_id: int, now: datetime) -> None:
    cases.locked(session, case_id)
    if not text.strip():
        raise WorkError("Hãy ghi nội dung ghi chú")
    _note(session, case_id, "note", text.strip(), user_id, now)
    _record(session, "case.note", case_id, user_id, now)


def notes(session: Session, case_id: int) -> list[Note]:
    rows = session.execute(
        select(CaseNote, User.display)
        .join(User, User.id == CaseNote.user_id)
        .where(CaseNote.case_id == case_id)
        .order_by(CaseNote.id)
    )
    return [Note(row.at, by, row.kind, row.text) for row, by in rows]


def check(session: Session, case_id: int, item: str, answer: str, *, note: str, user_id: int, now: datetime) -> None:
    """Answer an item of the closing checklist; not needed is explained."""
    cases.locked(session, case_id)
    if item not in states.CLOSING or answer not in ANSWERS:
        raise WorkError("Không có mục kiểm tra này")
    if answer == "not_needed" and not note.strip():
        raise WorkError("Mục không cần thì ghi lý do")
    row = session.get(CaseCheck, (case_id, item))
    if row is None:
        row = CaseCheck(case_id=case_id, item=item)
        session.add(row)
    row.answer, row.note, row.user_id, row.at = answer, note.strip() or None, user_id, now
    session.flush()
    _record(session, "case.check", case_id, user_id, now)


def checks(session: Session, case_id: int) -> dict[str, Check]:
    rows = session.execute(
        select(CaseCheck, User.display).join(User, User.id == CaseCheck.user_id).where(CaseCheck.case_id == case_id)
    )
    return {row.item: Check(row.answer, row.note or "", by, row.at) for row, by in rows}


def note_change(session: Session, case_id: int, kind: str, text: str, *, user_id: int, now: datetime) -> None:
    """A change that the timeline tells."""
    _note(session, case_id, kind, text, user_id, now)


def _note(session: Session, case_id: int, kind: str, text: str, user_id: int, now: datetime) -> None:  # noqa: PLR0917
    session.add(CaseNote(case_id=case_id, user_id=user_id, at=now, kind=kind, text=text))
    session.flush()


def _record(session: Session, action: str, case_id: int, user_id: int, now: datetime) -> None:
    audit.append(session, at=now, action=action, user_id=user_id, object=f"case/{case_id}")
