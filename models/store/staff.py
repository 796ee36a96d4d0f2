"""People who come and go: leaving with their work handed over, standing in for one another, the emergency key."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from models.states import CLOSED
from models.store import audit, case_work, cases, users
from models.store.users import UserError
from models.tables import Case, CaseDetail, CaseTask, Departure, Deputy, Subscription, User

LONGEST_DAYS = 92
Detail = dict[str, str | int | bool | None]


@dataclass(frozen=True, slots=True)
class OpenWork:
    """What a person would leave behind: open cases that they answer for, tasks not done, subscriptions to alerts."""

    cases: int
    tasks: int
    subscriptions: int


@dataclass(frozen=True, slots=True)
class StandIn:
    """`deputy` does the work of `person` until then."""

    id: int
    person: str
    deputy: str
    since: datetime
    until: datetime


def _owned(user_id: int) -> tuple[ColumnElement[bool], ...]:
    """Cases without an owner belong to whoever opened them."""
    return Case.state != CLOSED, func.coalesce(CaseDetail.owner_id, Case.opened_by) == user_id


def _open_cases(session: Session, user_id: int) -> Sequence[int]:
    query = select(Case.id).outerjoin(CaseDetail, CaseDetail.case_id == Case.id).where(*_owned(user_id))
    return session.scalars(query.order_by(Case.id)).all()


def open_work(session: Session, user_id: int) -> OpenWork:
    tasks = select(func.count()).where(CaseTask.assignee_id == user_id, CaseTask.done_at.is_(None))
    subscriptions = select(func.count()).where(Subscription.user_id == user_id, Subscription.active)
    return OpenWork(len(_open_cases(session, user_id)), session.scalar(tasks) or 0, session.scalar(subscriptions) or 0)


def leave(session: Session, user: User, successor: User | None, *, by: int | None, now: datetime) -> OpenWork:
    """The account is closed and its sessions end; open work goes to the successor, subscriptions stop.

    Raises UserError where there is open work and nobody to take it. `by` is None for the command line.
    """
    work = open_work(session, user.id)
    if successor is None and (work.cases or work.tasks):
        raise UserError(f"{user.display} còn {work.cases} vụ việc và {work.tasks} việc chưa xong: hãy chọn người nhận")
    if successor is not None:
        _check_other(user, successor)
        open_cases = _open_cases(session, user.id)
        cases.hold_all(session, open_cases)
        for case_id in open_cases:
            case_work.give(session, case_id, successor.id, user_id=by or successor.id, now=now)
        session.execute(
            update(CaseTask)
            .where(CaseTask.assignee_id == user.id, CaseTask.done_at.is_(None))
            .values(assignee_id=successor.id)
        )
    session.execute(update(Subscription).where(Subscription.user_id == user.id).values(active=False))
    for row in _running(session, now, or_(Deputy.user_id == user.id, Deputy.deputy_id == user.id)):
        row.ended_at = now
    users.set_active(session, user, active=False)
    session.add(
        Departure(
            user_id=user.id,
            successor_id=None if successor is None else successor.id,
            at=now,
            by_id=by,
            cases=work.cases,
            tasks=work.tasks,
            subscriptions=work.subscriptions,
        )
    )
    detail: Detail = {"to": "" if successor is None else successor.id, "cases": work.cases, "tasks": work.tasks}
    detail |= {"subscriptions": work.subscriptions, "cli": by is None}
    audit.append(session, at=now, action="user.leave", user_id=by, object=f"user/{user.id}", detail=detail)
    return work


def _check_other(user: User, other: User) -> None:
    """Work goes between people of one role: an administrator sees no content, an officer keeps no house."""
    if other.id == user.id or not other.active:
        raise UserError("Người nhận phải là một người khác đang làm việc")
    if other.role != user.role:
        raise UserError("Người nhận phải có cùng vai trò")


def stand_in(session: Session, user: User, deputy: User, *, until: datetime, by: int | None, now: datetime) -> int:
    """For that time the deputy sees the territory of both and is rung with the owner of each open case."""
    _check_other(user, deputy)
    if not now < until or (until - now).days > LONGEST_DAYS:
        raise UserError(f"Thời hạn phải sau hôm nay và trong {LONGEST_DAYS} ngày")
    both = (Deputy.user_id == user.id) & (Deputy.deputy_id == deputy.id)
    if _running(session, now, both):
        raise UserError(f"{deputy.display} đang thay {user.display} rồi")
    row = Deputy(
        user_id=user.id, deputy_id=deputy.id, since=now, until=until, granted_by=by, granted_at=now, ended_at=None
    )
    session.add(row)
    session.flush()
    for case_id in _open_cases(session, user.id):
        case_work.watch(session, case_id, user_id=deputy.id, now=now)
    detail: Detail = {"deputy": deputy.id, "until": until.isoformat(), "cli": by is None}
    audit.append(session, at=now, action="user.deputy", user_id=by, object=f"user/{user.id}", detail=detail)
    return row.id


def end_stand_in(session: Session, stand_in_id: int, *, by: int | None, now: datetime) -> None:
    row = session.get(Deputy, stand_in_id)
    if row is None:
        raise UserError("Không có việc thay này")
    if row.ended_at is None:
        row.ended_at = now
        detail: Detail = {"deputy": row.deputy_id, "ended": True, "cli": by is None}
        audit.append(session, at=now, action="user.deputy", user_id=by, object=f"user/{row.user_id}", detail=detail)


def _running(session: Session, now: datetime, *wanted: ColumnElement[bool]) -> Sequence[Deputy]:
    query = select(Deputy).where(Deputy.ended_at.is_(None), Deputy.until > now, *wanted)
    return session.scalars(query).all()


def stand_ins(session: Session, now: datetime) -> list[StandIn]:
    """Those that hold now."""
    person, deputy = aliased(User), aliased(User)
    query = (
        select(Deputy.id, person.display, deputy.display, Deputy.since, Deputy.until)
        .join(person, person.id == Deputy.user_id)
        .join(deputy, deputy.id == Deputy.deputy_id)
        .where(Deputy.ended_at.is_(None), Deputy.until > now)
        .order_by(Deputy.until)
    )
    return [StandIn(*row) for row in session.execute(query)]


def reset(session: Session, user: User, *, by: int | None, now: datetime) -> str:
    """A lost password or a lost phone: both are taken away, every session ends; returns the secret of a link."""
    user.password_hash, user.must_change = None, True
    users.set_totp(session, user, None)
    users.note_success(user)
    users.sign_out_everywhere(session, user.id)
    detail: Detail = {"cli": by is None}
    audit.append(session, at=now, action="user.reset", user_id=by, object=f"user/{user.id}", detail=detail)
    return users.new_sign_in_token(session, user.id, now)


def emergency(session: Session, name: str, *, now: datetime) -> str:
    """When no administrator can sign in: a new administrator, by whoever has the server itself; never an old account,
    so that nobody's name is used by another. Returns the secret of a link."""
    user = users.add_user(session, name=name, display=f"{name} (khẩn cấp)", role="admin", now=now)
    user.must_change = True
    detail: Detail = {"cli": True}
    audit.append(session, at=now, action="user.emergency", object=f"user/{user.id}", detail=detail)
    return users.new_sign_in_token(session, user.id, now)
