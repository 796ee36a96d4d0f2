"""Bells of cases: one telling a person and matter, sent over the person's own channels until one takes it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from models.store.alerts import RETRY
from models.store.insert import insert_new
from models.tables import Case, CaseBell, CaseDetail, CaseWatcher, Subscription, User

SHOWN, WAITING, SENT = "shown", "waiting", "sent"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A bell that is due with every channel of its person."""

    id: int
    case_id: int
    code: str
    text: str
    channels: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BellLine:
    case_id: int
    code: str
    kind: str
    text: str
    at: datetime
    state: str
    sent_at: datetime | None


def ring(
    session: Session, case_id: int, user_ids: Collection[int], *, key: str, kind: str, text: str, now: datetime
) -> int:
    """Tell each of them once; returns how many were not told before. Whoever has no channel sees it on the pages."""
    reached = set(channels_of(session, user_ids))
    return sum(
        insert_new(
            session,
            CaseBell,
            case_id=case_id,
            user_id=user_id,
            key=key,
            kind=kind,
            text=text,
            at=now,
            state=WAITING if user_id in reached else SHOWN,
            next_at=now,
            attempts=0,
        )
        for user_id in sorted(set(user_ids))
    )


def told(session: Session, case_ids: Collection[int]) -> set[tuple[int, int, str]]:
    """(case, person, key) of everything that was ever told of these cases."""
    query = select(CaseBell.case_id, CaseBell.user_id, CaseBell.key).where(CaseBell.case_id.in_(case_ids))
    return {(row[0], row[1], row[2]) for row in session.execute(query)}


def channels_of(session: Session, user_ids: Collection[int]) -> dict[int, tuple[str, ...]]:
    """Channels of their subscriptions in use; people without any are left out."""
    found: dict[int, list[str]] = {}
    rows = session.execute(
        select(Subscription.user_id, Subscription.channel)
        .join(User, User.id == Subscription.user_id)
        .where(Subscription.user_id.in_(user_ids), Subscription.active, User.active)
        .order_by(Subscription.id)
    )
    for user_id, channel in rows:
        if channel not in found.setdefault(user_id, []):
            found[user_id].append(channel)
    return {user_id: tuple(channels) for user_id, channels in found.items()}


def people_of(session: Session, case_ids: Collection[int]) -> dict[int, tuple[list[int], list[int]]]:
    """Case -> (owner or, without one, who opened it; watchers); people who left are left out."""
    found: dict[int, tuple[list[int], list[int]]] = {case_id: ([], []) for case_id in case_ids}
    owners = session.execute(
        select(Case.id, User.id)
        .outerjoin(CaseDetail, CaseDetail.case_id == Case.id)
        .join(User, User.id == func.coalesce(CaseDetail.owner_id, Case.opened_by))
        .where(Case.id.in_(case_ids), User.active)
    )
    for case_id, user_id in owners:
        found[case_id][0].append(user_id)
    watchers = session.execute(
        select(CaseWatcher.case_id, CaseWatcher.user_id)
        .join(User, User.id == CaseWatcher.user_id)
        .where(CaseWatcher.case_id.in_(case_ids), User.active)
    )
    for case_id, user_id in watchers:
        found[case_id][1].append(user_id)
    return found


def next_in_line(session: Session, user_ids: Collection[int]) -> list[int]:
    """Whom these people's subscriptions hand on to."""
    other = select(Subscription.escalate_to).where(
        Subscription.user_id.in_(user_ids), Subscription.active, Subscription.escalate_to.is_not(None)
    )
    return list(session.scalars(select(Subscription.user_id).where(Subscription.id.in_(other)).distinct()))


def due(session: Session, *, now: datetime, limit: int) -> list[Outgoing]:
    rows = session.execute(
        select(CaseBell, Case.code)
        .join(Case, Case.id == CaseBell.case_id)
        .where(CaseBell.state == WAITING, CaseBell.next_at <= now)
        .order_by(CaseBell.attempts, CaseBell.id)
        .limit(limit)
    ).all()
    channels = channels_of(session, [bell.user_id for bell, _ in rows])
    return [Outgoing(bell.id, bell.case_id, code, bell.text, channels.get(bell.user_id, ())) for bell, code in rows]


def sent(session: Session, bell_id: int, *, at: datetime) -> None:
    session.execute(
        update(CaseBell)
        .where(CaseBell.id == bell_id, CaseBell.state == WAITING)
        .values(state=SENT, sent_at=at, error=None, attempts=CaseBell.attempts + 1)
    )


def failed(session: Session, bell_id: int, *, error: str, at: datetime) -> None:
    bell = session.get_one(CaseBell, bell_id)
    bell.error = error[:500]
    bell.next_at = at + RETRY[min(bell.attempts, len(RETRY) - 1)]
    bell.attempts += 1


def unseen(session: Session, user_id: int, *, limit: int = 50) -> list[BellLine]:
    """What the person was told and has not opened the case since, newest first."""
    rows = session.execute(
        select(CaseBell, Case.code)
        .join(Case, Case.id == CaseBell.case_id)
        .where(CaseBell.user_id == user_id, CaseBell.seen_at.is_(None))
        .order_by(CaseBell.id.desc())
        .limit(limit)
    )
    return [_line(bell, code) for bell, code in rows]


def of_case(session: Session, case_id: int, *, limit: int = 100) -> list[tuple[BellLine, str]]:
    rows = session.execute(
        select(CaseBell, Case.code, User.display)
        .join(Case, Case.id == CaseBell.case_id)
        .join(User, User.id == CaseBell.user_id)
        .where(CaseBell.case_id == case_id)
        .order_by(CaseBell.id.desc())
        .limit(limit)
    )
    return [(_line(bell, code), to) for bell, code, to in rows]


def see(session: Session, case_id: int, *, user_id: int, now: datetime) -> None:
    session.execute(
        update(CaseBell)
        .where(CaseBell.case_id == case_id, CaseBell.user_id == user_id, CaseBell.seen_at.is_(None))
        .values(seen_at=now)
    )


def _line(bell: CaseBell, code: str) -> BellLine:
    return BellLine(bell.case_id, code, bell.kind, bell.text, bell.at, bell.state, bell.sent_at)
