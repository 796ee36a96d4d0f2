"""Counts of whole days for the watch over the model, and what people decided in a week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from models.store.insert import insert_new
from models.store.recall import NOT_OURS
from models.tables import (
    Article,
    ArticleVersion,
    AuditSample,
    Decision,
    Label,
    ReadingPick,
    Story,
    Verdict,
    WatchDay,
)


@dataclass(frozen=True, slots=True)
class Week:
    """Decisions in force of some days on stories that the model had flagged; samples of what it had not."""

    confirmed: int
    rejected: int
    unsure: int
    retyped: int
    samples: int
    misses: int


def keep(session: Session, day: date, figures: dict[str, Any], *, at: datetime) -> bool:
    return insert_new(session, WatchDay, day=day, made_at=at, figures=figures)


def between(session: Session, first: date, last: date) -> Sequence[WatchDay]:
    return session.scalars(select(WatchDay).where(WatchDay.day.between(first, last)).order_by(WatchDay.day)).all()


def missing(session: Session, *, before: date, days: int) -> list[date]:
    """Whole days of the last `days` with articles but no counts, oldest first."""
    first = before - timedelta(days=days)
    have = set(session.scalars(select(WatchDay.day).where(WatchDay.day >= first)))
    with_articles = session.scalars(
        select(Article.day).where(Article.day >= first, Article.day < before).distinct().order_by(Article.day)
    )
    return [day for day in with_articles if day not in have]


def entries(session: Session, day: date, limit: int) -> list[tuple[str, float, bool, str, str]]:
    """(outlet, score, flag, title, sapo) of the day's judged articles."""
    rows = session.execute(
        select(Article.outlet_id, Article.score, Verdict.flag, ArticleVersion.title, ArticleVersion.sapo)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .where(Article.day == day, Article.same_as.is_(None))
        .order_by(Article.id)
        .limit(limit)
    )
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


def random_reads(session: Session, since: datetime) -> list[tuple[int, float]]:
    """(flag, chance) of what was read of the queue's random picks since then: a sample of what stood in no story."""
    rows = session.execute(
        select(Label.flag, ReadingPick.chance)
        .join(ReadingPick, ReadingPick.label_id == Label.id)
        .where(ReadingPick.why == "random", Label.at > since, Label.flag != 2)
    )
    return [(row[0], row[1]) for row in rows]


def week(session: Session, first: datetime, last: datetime) -> Week:
    rows = session.execute(
        select(Decision.action, Decision.reason, Decision.types, Verdict.types)
        .join(Story, Story.decision_id == Decision.id)
        .outerjoin(Verdict, Verdict.id == Decision.verdict_id)
        .where(Decision.at > first, Decision.at <= last)
    ).all()
    counts = {"confirm": 0, "reject": 0, "unsure": 0}
    retyped = 0
    for action, reason, types, said in rows:
        ours = action == "reject" and reason not in NOT_OURS
        counts["confirm" if ours else action] += 1
        named = {code for code, chance in (said or {}).items() if chance >= 0.5}
        retyped += action == "confirm" and types is not None and set(types) != named
    samples, misses = session.execute(
        select(func.count(), func.sum(case((AuditSample.answer == "yes", 1), else_=0))).where(
            AuditSample.answered_at > first, AuditSample.answered_at <= last, AuditSample.stratum == "unlisted"
        )
    ).one()
    return Week(counts["confirm"], counts["reject"], counts["unsure"], retyped, samples, int(misses or 0))
