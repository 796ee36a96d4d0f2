"""The few figures from which one can tell whether the service did its work."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.tables import Alert, Article, FeedState, Run, Verdict


@dataclass(frozen=True, slots=True)
class Figures:
    """`per_day`: new articles of the last whole days, oldest first; `unjudged`: newest versions without a verdict."""

    run_finished_at: datetime | None
    run_unfinished_since: datetime | None
    newest_at: datetime | None
    unjudged: int
    waiting_pages: int
    flagged_at: datetime | None
    per_day: tuple[int, ...]
    lists: int
    lists_failing: int
    alerts_stuck: int


def figures(session: Session, *, today: date, now: datetime, days: int = 14) -> Figures:
    first = today - timedelta(days=days)
    counts = dict(
        session.execute(
            select(Article.day, func.count()).where(Article.day >= first, Article.day < today).group_by(Article.day)
        ).all()
    )
    began = min(counts, default=today)
    last_finished = session.scalar(select(func.max(Run.finished_at)))
    unfinished = select(func.min(Run.started_at)).where(Run.finished_at.is_(None))
    if last_finished is not None:
        unfinished = unfinished.where(Run.started_at > last_finished)
    unjudged = (
        select(func.count())
        .select_from(Article)
        .where(Article.same_as.is_(None), Article.version_id.is_not(None), Article.verdict_id.is_(None))
    )
    flagged = select(func.max(Verdict.judged_at)).where(Verdict.flag.is_(True))
    stuck = select(func.count()).where(Alert.state == "waiting", Alert.attempts >= 3, Alert.created_at < now)
    return Figures(
        run_finished_at=last_finished,
        run_unfinished_since=session.scalar(unfinished),
        newest_at=session.scalar(select(func.max(Article.first_seen_at))),
        unjudged=session.scalar(unjudged) or 0,
        waiting_pages=session.scalar(select(func.count()).where(Article.page == "due")) or 0,
        flagged_at=session.scalar(flagged),
        per_day=tuple(counts.get(began + timedelta(days=number), 0) for number in range(max((today - began).days, 0))),
        lists=session.scalar(select(func.count()).select_from(FeedState)) or 0,
        lists_failing=session.scalar(select(func.count()).where(FeedState.failures >= 3)) or 0,
        alerts_stuck=session.scalar(stuck) or 0,
    )
