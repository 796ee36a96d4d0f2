"""The day's list and one story with its articles, in a fixed number of statements however long the list is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import kept_views, places, story_rows
from models.store.among import among
from models.store.story_view import Item, Judged, StoryView, judged
from models.tables import Article, ArticleVersion, Decision, Place, Story, User, Verdict

__all__ = ["Item", "Judged", "NotThereError", "StoryView", "judged"]


class NotThereError(DiembaoError):
    """A story, article or case that does not exist (any more)."""


def stories_between(session: Session, first: date, last: date, *, light: bool = False) -> list[StoryView]:
    """Stories that first stood on a list of these days or got an article on one of them, in order of id.

    `light` leaves out of verdicts and places what no row of a list shows (the reason, evidence, the words of the
    place): reading that of a hundred stories takes longer than the rest. Asking for it then is an error. What did not
    change since the last time is the same object then.
    """
    if light:
        return kept_views.between(session, first, last)
    return story_rows.views(session, story_rows.BETWEEN, first=first, last=last)


def stories_by_id(session: Session, ids: Iterable[int]) -> list[StoryView]:
    return story_rows.views(session, story_rows.BY_ID, ids=list(ids))


def story(session: Session, story_id: int) -> StoryView:
    """Raises NotThereError; a story that was merged into another answers as that one."""
    for _ in range(50):
        found = stories_by_id(session, [story_id])
        if found:
            return found[0]
        target = session.scalar(select(Story.merged_into).where(Story.id == story_id))
        if target is None:
            break
        story_id = target
    message = f"Không có tin số {story_id}"
    raise NotThereError(message)


def versions(session: Session, article_id: int) -> Sequence[ArticleVersion]:
    """Every version of an article, oldest first."""
    return session.scalars(
        select(ArticleVersion).where(ArticleVersion.article_id == article_id).order_by(ArticleVersion.number)
    ).all()


def version(session: Session, version_id: int) -> ArticleVersion:
    return session.get_one(ArticleVersion, version_id)


def decisions_of(session: Session, story_id: int) -> list[Judged]:
    """Everything that was ever decided of the story, oldest first."""
    rows = session.execute(
        select(Decision, User.display)
        .join(User, User.id == Decision.user_id)
        .where(Decision.story_id == story_id)
        .order_by(Decision.id)
    )
    return [judged(decision, by) for decision, by in rows]


@dataclass(frozen=True, slots=True)
class Headline:
    """What the paper's headline says and the spans in it that expose a child, both of the version that was judged."""

    title: str
    exposing: list[Any]
    place: Place | None


_HEADLINES = (
    select(Article.id, ArticleVersion.title, Verdict.exposes_child, Place)
    .outerjoin(Verdict, Verdict.id == Article.verdict_id)
    .join(ArticleVersion, ArticleVersion.id == func.coalesce(Verdict.version_id, Article.version_id))
    .outerjoin(Place, Place.id == Article.place_id)
    .where(among(Article.id, "ids"), Article.version_id.is_not(None))
)


def headlines(session: Session, article_ids: Sequence[int]) -> dict[int, Headline]:
    corrected = places.of_articles(session, article_ids)
    rows = session.execute(_HEADLINES, {"ids": article_ids})
    return {
        id_: Headline(title, spans or [], places.best(corrected.get(id_), place)) for id_, title, spans, place in rows
    }


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A version without its text. `origin` is `entry` (as a feed showed it) or `page`."""

    id: int
    article_id: int
    number: int
    origin: str
    fetched_at: datetime


def version_lines(session: Session, article_ids: Sequence[int]) -> list[VersionLine]:
    """All versions of these articles, by article and number."""
    rows = session.execute(
        select(
            ArticleVersion.id,
            ArticleVersion.article_id,
            ArticleVersion.number,
            ArticleVersion.origin,
            ArticleVersion.fetched_at,
        )
        .where(ArticleVersion.article_id.in_(article_ids))
        .order_by(ArticleVersion.article_id, ArticleVersion.number)
    )
    return [VersionLine(*row) for row in rows]
