"""Stories: which articles tell of one event."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Row, func, or_, select
from sqlalchemy.orm import Session

from models.store.insert import insert_new
from models.tables import Article, ArticleVersion, Place, Story, StoryArticle, StoryChange, Verdict

LISTED_KINDS = ("tai_nan", "chinh_sach")
"""Kinds that stand on the list (in sections of their own) although they are not flagged: law and plans ask for them."""


@dataclass(frozen=True, slots=True)
class Telling:
    """One judged article as the story index needs it."""

    article_id: int
    day: date
    seen_at: datetime
    published_at: datetime | None
    url: str
    title: str
    sapo: str
    body: str
    verdict: Verdict
    places: tuple[str, ...]
    stories: tuple[int, ...] = ()


def _tellings() -> tuple[ColumnElement[bool], ...]:
    return (
        Article.same_as.is_(None),
        Verdict.language == "vi",
        or_(Verdict.flag.is_(True), Verdict.kind.in_(LISTED_KINDS)),
    )


def _telling(row: Row[Article, ArticleVersion, Verdict, Place | None], stories: tuple[int, ...] = ()) -> Telling:
    article, version, verdict, place = row
    return Telling(
        article_id=article.id,
        day=article.day,
        seen_at=article.first_seen_at,
        published_at=article.published_at,
        url=article.url,
        title=version.title,
        sapo=version.sapo,
        body=version.body,
        verdict=verdict,
        places=() if place is None else tuple(place.new_codes) or tuple(filter(None, [place.new_province])),
        stories=stories,
    )


def ungrouped(session: Session) -> Iterator[Telling]:
    """Articles for the list that are in no story yet, in an order that does not depend on the crawl's."""
    query = (
        select(Article, ArticleVersion, Verdict, Place)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .outerjoin(Place, Place.id == Article.place_id)
        .outerjoin(StoryArticle, StoryArticle.article_id == Article.id)
        .where(*_tellings(), StoryArticle.story_id.is_(None))
        .order_by(Article.published_at.is_(None), Article.published_at, Article.url)
    )
    for row in session.execute(query):
        yield _telling(row)


def grouped(session: Session, *, since: date) -> Iterator[Telling]:
    """Articles that stand in stories, first seen on `since` or later, in order of arrival."""
    members: dict[int, list[int]] = {}
    pairs = (
        select(StoryArticle.article_id, StoryArticle.story_id)
        .join(Article, Article.id == StoryArticle.article_id)
        .where(Article.day >= since)
        .order_by(StoryArticle.main.desc(), StoryArticle.story_id)
    )
    for article_id, story_id in session.execute(pairs):
        members.setdefault(article_id, []).append(story_id)
    query = (
        select(Article, ArticleVersion, Verdict, Place)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .outerjoin(Place, Place.id == Article.place_id)
        .where(Article.day >= since, Article.same_as.is_(None), Article.id.in_(members))
        .order_by(Article.published_at.is_(None), Article.published_at, Article.url)
    )
    for row in session.execute(query):
        yield _telling(row, tuple(members[row[0].id]))


def put(
    session: Session,
    telling: Telling,
    stories: Sequence[int],
    *,
    reprint_of: int | None,
    at: datetime,
    by: int | None = None,
) -> list[int]:
    """Put an article into stories, the main one first; no stories means a new one. Returns the story ids."""
    ids = list(stories)
    if not ids:
        story = Story(day=telling.day, created_at=at, decision_id=None)
        session.add(story)
        session.flush()
        ids = [story.id]
    for place, story_id in enumerate(ids):
        insert_new(
            session,
            StoryArticle,
            story_id=story_id,
            article_id=telling.article_id,
            main=place == 0,
            reprint_of=reprint_of,
            added_by=by,
            added_at=at,
        )
    return ids


def corrections(session: Session) -> int:
    """Grows whenever a person merges, splits or detaches, or takes it back: an index in memory is then out of date."""
    return session.scalar(select(func.max(StoryChange.id))) or 0
