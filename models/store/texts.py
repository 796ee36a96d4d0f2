"""Several versions with their texts at once; bodies of articles that nobody needed, which go after some time."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_, select, text, update
from sqlalchemy.orm import Session

from models.tables import (
    Article,
    ArticleVersion,
    AuditSample,
    Decision,
    Label,
    PlaceCorrection,
    StoryArticle,
    Verdict,
)
from models.tables.press import WHOLE


def versions_by_id(session: Session, version_ids: Iterable[int]) -> dict[int, ArticleVersion]:
    query = select(ArticleVersion).where(ArticleVersion.id.in_(list(version_ids)))
    return {version.id: version for version in session.scalars(query)}


def _needed() -> ColumnElement[bool]:
    """In a story (so also on a list or in a case), flagged by a model at any time, or read by a person."""
    of_article = (StoryArticle, Decision, AuditSample, PlaceCorrection, Label)
    return or_(
        *(exists().where(table.article_id == ArticleVersion.article_id) for table in of_article),
        exists().where(Verdict.article_id == ArticleVersion.article_id, Verdict.flag.is_(True)),
    )


def _judged() -> ColumnElement[bool]:
    """Nothing goes that a model has not seen, however long judging stood still."""
    seen = or_(Article.judged_version_id == Article.version_id, Article.same_as.is_not(None))
    return exists().where(Article.id == ArticleVersion.article_id, seen)


def empty_bodies(session: Session, before: datetime, *, limit: int) -> int:
    """Drop the body of at most `limit` versions fetched before then of articles that nobody needed; how many.

    Title, opening, address, dates, digests and verdicts stay, so that the article is known again, is found by these
    words and is judged by a new model as a feed entry is. What search holds of the body goes when it is indexed anew.
    """
    due = (
        select(ArticleVersion.id, ArticleVersion.article_id)
        .where(text(WHOLE), ArticleVersion.fetched_at < before, ~_needed(), _judged())
        .order_by(ArticleVersion.fetched_at)
        .limit(limit)
    )
    rows = session.execute(due).all()
    gone = [version_id for version_id, _ in rows]
    articles = sorted({article_id for _, article_id in rows})
    session.execute(
        update(ArticleVersion).where(ArticleVersion.id.in_(gone)).values(body=""),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(Article).where(Article.id.in_(articles), Article.version_id.in_(gone)).values(indexed_version_id=None),
        execution_options={"synchronize_session": False},
    )
    return len(gone)
