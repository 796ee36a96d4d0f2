"""The few figures from which one can tell whether the service did its work."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from models.tables import Alert, Article, FeedState, Model, ModelEvent, Run, Verdict
from models.tables.press import UNJUDGED

LAG_REACH = timedelta(days=1)
LAG_SAMPLE = 1_000
NEWEST = 1_000
"""Rows from the newest on in which a latest time is looked for: an archive of years is not walked through for it."""


@dataclass(frozen=True, slots=True)
class Figures:
    """`per_day`: new articles of the last whole days, oldest first; `unjudged`: newest versions without a verdict.

    `lags`: for each outlet, today and yesterday, the least seconds between the time it printed and our first sight.
    """

    run_finished_at: datetime | None
    run_unfinished_since: datetime | None
    newest_at: datetime | None
    unjudged: int
    unjudged_since: datetime | None
    waiting_pages: int
    flagged_at: datetime | None
    per_day: tuple[int, ...]
    lists: int
    lists_failing: int
    alerts_stuck: int
    lags: tuple[float, ...]


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
    unjudged = select(func.count(), func.min(Article.first_seen_at)).where(
        text(UNJUDGED.format("article.")), Article.verdict_id.is_(None)
    )
    count, since = session.execute(unjudged).one()
    late = select(Verdict.judged_at).where(Verdict.flag.is_(True)).order_by(Verdict.article_id.desc()).limit(NEWEST)
    flagged = select(func.max(late.subquery().c.judged_at))
    seen = select(Article.first_seen_at).order_by(Article.id.desc()).limit(NEWEST).subquery()
    stuck = select(func.count()).where(Alert.state == "waiting", Alert.attempts >= 3, Alert.created_at < now)
    return Figures(
        run_finished_at=last_finished,
        run_unfinished_since=session.scalar(unfinished),
        newest_at=session.scalar(select(func.max(seen.c.first_seen_at))),
        unjudged=count,
        unjudged_since=since,
        waiting_pages=session.scalar(select(func.count()).where(Article.page == "due")) or 0,
        flagged_at=session.scalar(flagged),
        per_day=tuple(counts.get(began + timedelta(days=number), 0) for number in range(max((today - began).days, 0))),
        lists=session.scalar(select(func.count()).select_from(FeedState)) or 0,
        lists_failing=session.scalar(select(func.count()).where(FeedState.failures >= 3)) or 0,
        alerts_stuck=session.scalar(stuck) or 0,
        lags=_lags(session, since=today - LAG_REACH),
    )


def refused_models(session: Session) -> list[str]:
    """Models that should work or be tried but whose file was refused when it was last opened."""
    last = select(func.max(ModelEvent.id)).where(ModelEvent.model_id == Model.id).correlate(Model).scalar_subquery()
    query = (
        select(Model.name)
        .join(ModelEvent, ModelEvent.id == last)
        .where(Model.role.in_(("current", "shadow")), ModelEvent.action == "refuse")
    )
    return list(session.scalars(query.order_by(Model.name)))


def _lags(session: Session, *, since: date) -> tuple[float, ...]:
    least: dict[str, float] = {}
    query = (
        select(Article.outlet_id, Article.first_seen_at, Article.published_at)
        .where(Article.day >= since, Article.published_at.is_not(None))
        .order_by(Article.id.desc())
        .limit(LAG_SAMPLE)
    )
    for outlet, seen, printed in session.execute(query):
        if printed is not None:
            lag = (seen - printed).total_seconds()
            least[outlet] = min(lag, least.get(outlet, lag))
    return tuple(least.values())
