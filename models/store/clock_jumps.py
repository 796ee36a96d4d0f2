"""After the machine's clock had run ahead: what was dated in the future would otherwise wait there."""

from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.clock import day_of
from models.store import audit
from models.tables import Alert, Article, FeedState, Run, Story, User, UserSession

AHEAD = timedelta(minutes=10)
LONGEST_WAIT = timedelta(hours=26)
"""No alert waits longer for its next attempt or the end of quiet hours."""


def bring_back(session: Session, now: datetime) -> int:
    """Nothing may be dated later than now: lists are due, alerts go out, articles stand on today's list. How many rows
    were brought back; it is entered in the audit trail where there were any."""
    late, today = now + AHEAD, day_of(now)
    if not _any(session, late, now):
        return 0
    changes = (
        update(FeedState)
        .where(FeedState.polled_at > late)
        .values(polled_at=now, next_due_at=now, wait_until=None, good_at=now),
        update(Alert).where(Alert.state == "waiting", Alert.next_at > now + LONGEST_WAIT).values(next_at=now),
        update(Article).where(Article.first_seen_at > late).values(first_seen_at=now, day=today),
        update(Story).where(Story.created_at > late).values(created_at=now, day=today),
        update(Run).where(Run.started_at > late).values(started_at=now, finished_at=now, day=today),
        update(UserSession).where(UserSession.created_at > late).values(expires_at=now),
        update(User).where(User.locked_until > now + LONGEST_WAIT).values(locked_until=None),
    )
    rows = sum(session.execute(change.execution_options(synchronize_session=False)).rowcount for change in changes)  # type: ignore[attr-defined]
    audit.append(session, at=now, action="clock.back", detail={"rows": rows})
    return rows


def _any(session: Session, late: datetime, now: datetime) -> bool:
    queries = (
        select(FeedState.url).where(FeedState.polled_at > late),
        select(Run.id).where(or_(Run.started_at > late, Run.finished_at > late)),
        select(Alert.id).where(Alert.state == "waiting", Alert.next_at > now + LONGEST_WAIT),
        select(UserSession.user_id).where(UserSession.created_at > late),
    )
    return any(session.scalar(query.limit(1)) is not None for query in queries)
