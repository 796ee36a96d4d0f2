"""Texts that nobody labelled: what training takes as usual, and what comparisons and the queue draw from."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from models.records import Reading
from models.tables import Article, ArticleVersion, StoryArticle

CHUNK = 500


def unlisted(session: Session, *, until: datetime, limit: int) -> list[Reading]:
    """Title and sapo of articles that stand in no story, newest first."""
    query = (
        select(Article.id, Article.outlet_id, Article.first_seen_at, ArticleVersion.title, ArticleVersion.sapo)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .where(
            Article.first_seen_at <= until,
            Article.same_as.is_(None),
            ~exists().where(StoryArticle.article_id == Article.id),
        )
        .order_by(Article.first_seen_at.desc(), Article.id)
        .limit(limit)
    )
    return [
        Reading(id=f"bai-{number}", title=title, sapo=sapo, source=outlet, published=seen)
        for number, outlet, seen, title, sapo in session.execute(query)
    ]


def ids_between(session: Session, *, after: datetime, until: datetime) -> list[int]:
    """Articles first seen in that time, with a text, by id."""
    query = (
        select(Article.id)
        .where(
            Article.first_seen_at > after,
            Article.first_seen_at <= until,
            Article.same_as.is_(None),
            Article.version_id.is_not(None),
        )
        .order_by(Article.id)
    )
    return list(session.scalars(query))


def newest_seen(session: Session) -> datetime | None:
    return session.scalar(select(func.max(Article.first_seen_at)))


def readings(session: Session, article_ids: Sequence[int]) -> list[tuple[int, int, Reading]]:
    """(article, version, text) of these articles, in the order asked; those that are gone are left out."""
    found: dict[int, tuple[int, int, Reading]] = {}
    for start in range(0, len(article_ids), CHUNK):
        rows = session.execute(
            select(Article, ArticleVersion)
            .join(ArticleVersion, ArticleVersion.id == Article.version_id)
            .where(Article.id.in_(article_ids[start : start + CHUNK]))
        )
        for article, version in rows:
            reading = Reading(
                id=f"bai-{article.id}",
                title=version.title,
                sapo=version.sapo,
                text=version.body,
                url=article.url,
                source=article.outlet_id,
                published=article.first_seen_at,
            )
            found[article.id] = (article.id, version.id, reading)
    return [found[number] for number in article_ids if number in found]
