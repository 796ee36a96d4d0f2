"""Alerts: queued once a story and gravity, sent until the channel took them, handed on until somebody answers."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CTE, ColumnElement, func, select, update
from sqlalchemy.orm import Session, aliased

from models.store import queue as queues
from models.store.insert import insert_new
from models.store.queue import RETRY as RETRY  # noqa: PLC0414 -- others wait in the same way
from models.tables import Alert, Decision, Reminder, SavedSearch, Story, Subscription, User


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A line that was claimed, with what sending it needs."""

    id: int
    channel: str
    title: str
    body: str


def active_subscriptions(session: Session) -> Sequence[Subscription]:
    """Of users who are still there, in order of id."""
    query = (
        select(Subscription)
        .join(User, User.id == Subscription.user_id)
        .where(Subscription.active, User.active)
        .order_by(Subscription.id)
    )
    return session.scalars(query).all()


def told_gravity(session: Session, story_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """(story, subscription) → the highest gravity that was ever queued, of the story or of one merged into it."""
    stands = _stands()
    query = (
        select(stands.c.story, Alert.subscription_id, func.max(Alert.gravity))
        .join(Alert, Alert.story_id == stands.c.told)
        .where(stands.c.story.in_(story_ids))
        .group_by(stands.c.story, Alert.subscription_id)
    )
    return {(story, subscription): gravity for story, subscription, gravity in session.execute(query)}


def _stands(*conditions: ColumnElement[bool]) -> CTE:
    """(told, story): a story of which an alert that meets the conditions was queued, with itself and with each that it
    was merged into since, however often."""
    first = select(Alert.story_id.label("told"), Alert.story_id.label("story")).where(*conditions)
    steps = first.cte("stands", recursive=True)
    further = select(steps.c.told, Story.merged_into).join(Story, Story.id == steps.c.story)
    return steps.union(further.where(Story.merged_into.is_not(None)))


def queue(
    session: Session,
    *,
    story_id: int,
    subscription_id: int,
    gravity: int,
    title: str,
    body: str,
    at: datetime,
    due: datetime,
    escalated_from: int | None = None,
) -> bool:
    """False where this story was already queued for the subscription at this gravity."""
    return insert_new(
        session,
        Alert,
        story_id=story_id,
        subscription_id=subscription_id,
        gravity=gravity,
        title=title,
        body=body,
        created_at=at,
        state="waiting",
        next_at=due,
        attempts=0,
        escalated_from=escalated_from,
    )


def claim(session: Session, *, now: datetime, limit: int) -> list[Outgoing]:
    """Alerts that are due, the gravest first; nobody else gets them until the claim runs out."""
    rows = queues.claim(session, Alert, (Alert.gravity.desc(),), now=now, limit=limit)
    channels = channels_of(session, {row.subscription_id for row in rows})
    return [Outgoing(row.id, channels[row.subscription_id], row.title, row.body) for row in rows]


def channels_of(session: Session, subscription_ids: Collection[int]) -> dict[int, str]:
    query = select(Subscription.id, Subscription.channel).where(Subscription.id.in_(subscription_ids))
    return {row[0]: row[1] for row in session.execute(query)}


def sent(session: Session, line_id: int, *, at: datetime) -> None:
    queues.sent(session, Alert, line_id, at=at)


def failed(session: Session, line_id: int, *, error: str, at: datetime | None) -> None:
    queues.failed(session, Alert, line_id, error=error, at=at)


def acknowledge(session: Session, story_id: int, *, user_id: int, at: datetime) -> int:
    """Somebody has the story: nobody else is woken for what was told so far, of it or of one merged into it.
    Returns how many alerts that settles."""
    stands = _stands(Alert.acknowledged_at.is_(None))
    told_of = select(stands.c.told).where(stands.c.story == story_id)
    result = session.execute(
        update(Alert)
        .where(Alert.story_id.in_(told_of), Alert.acknowledged_at.is_(None))
        .values(acknowledged_at=at, acknowledged_by=user_id)
        .returning(Alert.id)
    )
    return len(result.all())


def unanswered(session: Session, *, now: datetime) -> list[tuple[Alert, int]]:
    """Alerts whose time to answer is over, with the subscription to tell next; each is handed on once, and not while
    the story, or the one that it was merged into, is rejected: somebody has looked at it."""
    handed_on = aliased(Alert)
    stands = _stands(Alert.acknowledged_at.is_(None))
    rejected = (
        select(stands.c.told)
        .join(Story, Story.id == stands.c.story)
        .join(Decision, Decision.id == Story.decision_id)
        .where(Story.merged_into.is_(None), Decision.action == "reject")
    )
    query = (
        select(Alert, Subscription)
        .join(Subscription, Subscription.id == Alert.subscription_id)
        .outerjoin(handed_on, handed_on.escalated_from == Alert.id)
        .where(
            Alert.story_id.not_in(rejected),
            Alert.acknowledged_at.is_(None),
            Alert.sent_at.is_not(None),
            Subscription.ack_minutes.is_not(None),
            Subscription.escalate_to.is_not(None),
            handed_on.id.is_(None),
        )
        .order_by(Alert.id)
    )
    return [
        (alert, subscription.escalate_to)
        for alert, subscription in session.execute(query)
        if alert.sent_at is not None
        and subscription.ack_minutes is not None
        and subscription.escalate_to is not None
        and alert.sent_at + timedelta(minutes=subscription.ack_minutes) <= now
    ]


def of_story(session: Session, story_id: int) -> Sequence[Alert]:
    return session.scalars(select(Alert).where(Alert.story_id == story_id).order_by(Alert.id)).all()


@dataclass(frozen=True, slots=True)
class Told:
    """Alerts of one story as staff see them: to whom, when, and who has taken it. Never the channel's address."""

    id: int
    to: str
    subscription: str
    state: str
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    handed_on: bool
    acknowledged_at: datetime | None
    acknowledged_by: str | None


def told(session: Session, story_id: int) -> list[Told]:
    """Oldest first."""
    return [line for _, line in _told(session, Alert.story_id == story_id, newest_first=False, limit=100)]


def unsent(session: Session, *, limit: int = 100) -> list[tuple[Alert, Told]]:
    """Alerts that still wait, newest first, with what the channel said last."""
    return _told(session, Alert.state == "waiting", newest_first=True, limit=limit)


def _told(
    session: Session, condition: ColumnElement[bool], *, newest_first: bool, limit: int
) -> list[tuple[Alert, Told]]:
    taker = aliased(User)
    rows = session.execute(
        select(Alert, User.display, Subscription.name, taker.display)
        .join(Subscription, Subscription.id == Alert.subscription_id)
        .join(User, User.id == Subscription.user_id)
        .outerjoin(taker, taker.id == Alert.acknowledged_by)
        .where(condition)
        .order_by(Alert.id.desc() if newest_first else Alert.id)
        .limit(limit)
    )
    return [
        (
            alert,
            Told(
                alert.id,
                to,
                name,
                alert.state,
                alert.created_at,
                alert.sent_at,
                alert.attempts,
                alert.escalated_from is not None,
                alert.acknowledged_at,
                by,
            ),
        )
        for alert, to, name, by in rows
    ]


def of_user(session: Session, user_id: int) -> Sequence[Subscription]:
    return session.scalars(select(Subscription).where(Subscription.user_id == user_id).order_by(Subscription.id)).all()


def own(session: Session, subscription_id: int, user_id: int) -> Subscription | None:
    """The subscription if it is that user's."""
    found = session.get(Subscription, subscription_id)
    return found if found is not None and found.user_id == user_id else None


def searches_of(session: Session, user_id: int) -> dict[int, str]:
    """Names of the user's saved searches, by id."""
    rows = session.execute(
        select(SavedSearch.id, SavedSearch.name).where(SavedSearch.user_id == user_id).order_by(SavedSearch.id)
    )
    return {row[0]: row[1] for row in rows}


def handed_to(session: Session, subscription_id: int) -> bool:
    """Whether another subscription hands on to this one."""
    query = select(Subscription.id).where(Subscription.escalate_to == subscription_id, Subscription.active).limit(1)
    return session.scalar(query) is not None


def remove(session: Session, subscription: Subscription) -> None:
    """Nothing is sent by it any more and its channel is forgotten; the row stays, for alerts that were sent name it."""
    subscription.active, subscription.channel = False, ""
    for table in (Alert, Reminder):
        session.execute(
            update(table)
            .where(table.subscription_id == subscription.id, table.state == "waiting")
            .values(state="dropped", error="người nhận đã bỏ đăng ký")
        )
    session.flush()
