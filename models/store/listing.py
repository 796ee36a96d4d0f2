"""The flagged articles of a day as plain rows, for the command line."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Article, ArticleVersion, Outlet, Place, StoryArticle, Verdict


@dataclass(frozen=True, slots=True)
class ListedArticle:
    title: str
    outlet: str
    place: str | None
    types: tuple[str, ...]
    published_at: datetime | None
    score: float
    story_id: int | None
    article_id: int


def flagged(session: Session, day: date) -> list[ListedArticle]:
    """One row an article flagged by its newest verdict, the highest score first."""
    query = (
        select(Article, ArticleVersion.title, Outlet.title, Verdict, Place, StoryArticle.story_id)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .join(Outlet, Outlet.id == Article.outlet_id)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .outerjoin(Place, Place.id == Article.place_id)
        .outerjoin(StoryArticle, (StoryArticle.article_id == Article.id) & StoryArticle.main)
        .where(Article.day == day, Article.same_as.is_(None), Verdict.flag.is_(True))
        .order_by(Article.score.desc(), Article.id)
    )
    return [
        ListedArticle(
            title=title,
            outlet=outlet,
            place=None if place is None else _name(place),
            types=tuple(code for code, chance in verdict.types.items() if chance >= 0.5),
            published_at=article.published_at,
            score=article.score,
            story_id=story_id,
            article_id=article.id,
        )
        for article, title, outlet, verdict, place, story_id in session.execute(query)
    ]


def _name(place: Place) -> str:
    return ", ".join(part for part in (place.commune, place.district, place.province) if part)
