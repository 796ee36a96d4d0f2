"""Stories: which articles tell of one event."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Exists, Row, delete, exists, func, or_, select, text, update
from sqlalchemy.orm import Session

from models.store.insert import insert_new
from models.tables import (
    Article,
    ArticleVersion,
    CaseStory,
    Decision,
    Place,
    PlaceCorrection,
    Story,
    StoryArticle,
    StoryChange,
    StoryNote,
    Verdict,
)
from models.tables.press import UNGROUPED

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


def _listed() -> tuple[ColumnElement[bool], ...]:
    return Verdict.language == "vi", or_(Verdict.flag.is_(True), Verdict.kind.in_(LISTED_KINDS))


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


def ungrouped(session: Session) -> list[Telling]:
    """Articles for the list that are in no story yet, in an order that does not depend on the crawl's."""
    query = (
        select(Article, ArticleVersion, Verdict, Place)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .outerjoin(Place, Place.id == Article.place_id)
        .where(text(UNGROUPED.format("article.")), *_listed(), ~_stands())
        .order_by(Article.published_at.is_(None), Article.published_at, Article.url)
    )
    return [_telling(row) for row in session.execute(query)]


def reread(session: Session) -> list[Telling]:
    """Articles that stand in stories and have been judged anew since, mostly because their page was read after the
    entry of a feed; with the stories in which they stand."""
    query = (
        select(Article, ArticleVersion, Verdict, Place)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .outerjoin(Place, Place.id == Article.place_id)
        .where(text(UNGROUPED.format("article.")), *_listed(), _stands())
        .order_by(Article.published_at.is_(None), Article.published_at, Article.url)
    )
    rows = session.execute(query).all()
    stands = _stories_of(session, [row[0].id for row in rows])
    return [_telling(row, tuple(stands[row[0].id])) for row in rows]


def tellings(session: Session, stands: Mapping[int, tuple[int, ...]]) -> list[Telling]:
    """Articles of these numbers, with the stories in which each stands, in the order of `ungrouped`."""
    query = (
        select(Article, ArticleVersion, Verdict, Place)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .outerjoin(Place, Place.id == Article.place_id)
        .where(Article.id.in_(stands))
        .order_by(Article.published_at.is_(None), Article.published_at, Article.url)
    )
    return [_telling(row, stands[row[0].id]) for row in session.execute(query)]


def free(session: Session, telling: Telling) -> bool:
    """Whether the machine may still move it: nobody has touched its place or its story, no case holds the story, and it
    is alone in it or came to it later than another."""
    links = session.scalars(select(StoryArticle).where(StoryArticle.article_id == telling.article_id)).all()
    if len(links) != 1 or links[0].added_by is not None:
        return False
    story_id = links[0].story_id
    touched = any(
        session.scalar(select(exists().where(of_story == story_id)))
        for of_story in (
            Decision.story_id,
            CaseStory.story_id,
            StoryNote.story_id,
            PlaceCorrection.story_id,
            StoryChange.story_id,
            StoryChange.other_id,
        )
    )
    first = session.scalar(select(func.min(StoryArticle.added_at)).where(StoryArticle.story_id == story_id))
    members = session.scalar(select(func.count()).where(StoryArticle.story_id == story_id))
    return not touched and (members == 1 or links[0].added_at != first)


def move(
    session: Session, telling: Telling, stories: Sequence[int], *, reprint_of: int | None, at: datetime
) -> list[int]:
    """Out of the one story in which it stands, into these (none: a new one). A story that is left without articles
    names the one that took its place, so that addresses and alerts lead on."""
    (source,) = telling.stories
    session.execute(delete(StoryArticle).where(StoryArticle.article_id == telling.article_id))
    ids = put(session, telling, stories, reprint_of=reprint_of, at=at)
    if not session.scalar(select(exists().where(StoryArticle.story_id == source))):
        session.get_one(Story, source).merged_into = ids[0]
    session.flush()
    return ids


def mark_reprint(session: Session, telling: Telling, of: int | None) -> None:
    """Its text, now whole, is or is not a copy of another's."""
    session.execute(update(StoryArticle).where(StoryArticle.article_id == telling.article_id).values(reprint_of=of))
    _looked_at(session, telling)


def _looked_at(session: Session, telling: Telling) -> None:
    session.execute(
        update(Article).where(Article.id == telling.article_id).values(grouped_verdict_id=telling.verdict.id)
    )


def _stories_of(session: Session, articles: Collection[int]) -> dict[int, list[int]]:
    """The main one first."""
    stands: dict[int, list[int]] = {article: [] for article in articles}
    rows = session.execute(
        select(StoryArticle.article_id, StoryArticle.story_id)
        .where(StoryArticle.article_id.in_(articles))
        .order_by(StoryArticle.main.desc(), StoryArticle.story_id)
    )
    for article, story in rows:
        stands[article].append(story)
    return stands


def settle(session: Session) -> int:
    """Articles that wait although they are not for the list or stand in a story do so no longer; how many."""
    listed = exists().where(Verdict.id == Article.verdict_id, *_listed())
    done = (
        update(Article)
        .where(text(UNGROUPED.format("article.")), or_(~listed, _stands()))
        .values(grouped_verdict_id=Article.verdict_id)
        .returning(Article.id)
        .execution_options(synchronize_session=False)
    )
    return len(session.execute(done).all())


def _stands() -> Exists:
    return exists().where(StoryArticle.article_id == Article.id)


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
        .where(Article.day >= since, Article.same_as.is_(None), _stands())
        .order_by(Article.published_at.is_(None), Article.published_at, Article.url)
        .execution_options(yield_per=500)
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
    _looked_at(session, telling)
    return ids


def corrections(session: Session) -> int:
    """Grows whenever a person merges, splits or detaches, or takes it back: an index in memory is then out of date."""
    return session.scalar(select(func.max(StoryChange.id))) or 0


def corrected(session: Session, *, since: int) -> dict[int, list[int]]:
    """Articles that people moved by changes later than this one, with the stories in which they stand now, the main one
    first."""
    moved = {
        article
        for articles in session.scalars(select(StoryChange.articles).where(StoryChange.id > since))
        for article in articles
    }
    return _stories_of(session, moved)
