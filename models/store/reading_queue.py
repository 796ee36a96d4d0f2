"""What to read next besides the list: the day's picks, what a second person reads again, and how far it got."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from models.store.insert import insert_all
from models.tables import Article, AuditSample, Decision, Label, Outlet, ReadingPick, StoryArticle, Verdict


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article of the day that nobody read, with what the model in force says."""

    article_id: int
    version_id: int
    score: float
    types: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Waiting:
    """An article to read; nothing tells why it was picked."""

    article_id: int
    version_id: int
    outlet: str
    url: str
    published_at: datetime | None
    first_seen_at: datetime


def candidates(session: Session, day: date) -> list[Candidate]:
    """Articles of the day, in no story, that nobody decided, sampled, read or was offered yet; by id."""
    query = (
        select(Article.id, Article.version_id, Article.score, Verdict.types)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .where(
            Article.day == day,
            Article.same_as.is_(None),
            Article.version_id.is_not(None),
            Verdict.language == "vi",
            ~exists().where(StoryArticle.article_id == Article.id),
            ~exists().where(Decision.article_id == Article.id),
            ~exists().where(AuditSample.article_id == Article.id),
            ~exists().where(Label.article_id == Article.id),
            ~exists().where(ReadingPick.article_id == Article.id),
        )
        .order_by(Article.id)
    )
    return [Candidate(*row) for row in session.execute(query) if row[1] is not None]


def drawn(session: Session, day: date) -> bool:
    return session.scalar(select(ReadingPick.id).where(ReadingPick.day == day).limit(1)) is not None


def put(session: Session, day: date, picks: Sequence[tuple[int, int, str, float]]) -> None:
    """Keep (article, version, why, chance) as the day's queue; a second time adds nothing to what is there."""
    rows = [
        {"day": day, "article_id": article, "version_id": version, "why": why, "chance": chance}
        for article, version, why, chance in picks
    ]
    insert_all(session, ReadingPick, rows)


def waiting(session: Session, *, since: date, limit: int) -> list[Waiting]:
    """Picks that nobody read, the newest day first, within a day in an order that tells nothing."""
    query = (
        select(Article, ReadingPick.version_id, Outlet.title)
        .join(ReadingPick, ReadingPick.article_id == Article.id)
        .join(Outlet, Outlet.id == Article.outlet_id)
        .where(ReadingPick.label_id.is_(None), ReadingPick.day >= since)
        .order_by(ReadingPick.day.desc(), Article.id)
        .limit(limit)
    )
    return [
        Waiting(article.id, version, outlet, article.url, article.published_at, article.first_seen_at)
        for article, version, outlet in session.execute(query)
    ]


def counts(session: Session, day: date) -> tuple[int, int]:
    """(read, all) of the day's picks."""
    row = session.execute(select(func.count(ReadingPick.label_id), func.count()).where(ReadingPick.day == day)).one()
    return row[0], row[1]


def pick_of(session: Session, article_id: int) -> ReadingPick | None:
    """The pick that still waits for this article, held against another reader."""
    query = select(ReadingPick).where(ReadingPick.article_id == article_id, ReadingPick.label_id.is_(None))
    return session.scalar(query.order_by(ReadingPick.id).limit(1).with_for_update())


def again_of(seed: str, key: str) -> float:
    """The text's random number in [0, 1): below the share set, a second person reads it."""
    digest = hashlib.sha256(f"{seed}|second|{key}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def type_counts(session: Session, codes: Sequence[str]) -> list[int]:
    """How many confirmed or labelled articles each type has, as a rough measure of which are rare."""
    found = dict.fromkeys(codes, 0)
    chosen = select(Decision.types).where(Decision.action == "confirm", Decision.types.is_not(None))
    for types in [*session.scalars(chosen), *session.scalars(select(Label.types).where(Label.flag == 1))]:
        for code in types or []:
            if code in found:
                found[code] += 1
    return [found[code] for code in codes]
