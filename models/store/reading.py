"""The day's list and one story with its articles, in a fixed number of statements however long the list is."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, select, union
from sqlalchemy.orm import Session, aliased

from models.errors import DiembaoError
from models.store import places
from models.tables import (
    Article,
    ArticleVersion,
    Case,
    CaseStory,
    Decision,
    Outlet,
    Place,
    Story,
    StoryArticle,
    User,
    Verdict,
)

LONGEST_LIST = 2000


class NotThereError(DiembaoError):
    """A story, article or case that does not exist (any more)."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision with the name of the person who made it."""

    id: int
    action: str
    reason: str | None
    note: str | None
    types: tuple[str, ...] | None
    user_id: int
    by: str
    at: datetime
    undoes_id: int | None


@dataclass(frozen=True, slots=True)
class Item:
    """An article as one line. `shown_id` is the version that the verdict speaks of, else the newest."""

    id: int
    outlet_id: str
    outlet: str
    url: str
    day: date
    first_seen_at: datetime
    published_at: datetime | None
    page: str
    score: float
    main: bool
    reprint_of: int | None
    title: str
    version_id: int
    shown_id: int
    verdict: Verdict | None
    place: Place | None


@dataclass(frozen=True)
class StoryView:
    """A story with its articles, earliest first. `case` is (id, code)."""

    id: int
    day: date
    decision: Judged | None
    case: tuple[int, str] | None
    items: tuple[Item, ...]

    @cached_property
    def lead(self) -> Item:
        """The article to read: the likeliest of those that are on the event itself."""
        return max(self.items, key=lambda item: (item.main, item.verdict is not None, item.score, -item.id))

    @cached_property
    def first_seen_at(self) -> datetime:
        return min(item.first_seen_at for item in self.items)

    @property
    def danger_now(self) -> bool:
        return any(item.verdict is not None and item.verdict.danger_now for item in self.items)


def stories_between(session: Session, first: date, last: date, *, light: bool = False) -> list[StoryView]:
    """Stories that first stood on a list of these days or got an article on one of them, in order of id.

    `light` leaves out of verdicts and places what no row of a list shows (the reason, evidence, the words of the
    place): reading that of a hundred stories takes longer than the rest. Asking for it then is an error.
    """
    return _views(session, _BETWEEN, light=light, first=first, last=last)


def stories_by_id(session: Session, ids: Iterable[int]) -> list[StoryView]:
    return _views(session, _BY_ID, ids=list(ids))


def story(session: Session, story_id: int) -> StoryView:
    """Raises NotThereError; a story that was merged into another answers as that one."""
    for _ in range(50):
        row = session.get(Story, story_id)
        if row is None or row.merged_into is None:
            break
        story_id = row.merged_into
    found = stories_by_id(session, [story_id])
    if not found:
        message = f"Không có tin số {story_id}"
        raise NotThereError(message)
    return found[0]


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


def judged(decision: Decision, by: str) -> Judged:
    return Judged(
        decision.id,
        decision.action,
        decision.reason,
        decision.note,
        None if decision.types is None else tuple(decision.types),
        decision.user_id,
        by,
        decision.at,
        decision.undoes_id,
    )


StoryRows = Select[Story, Decision, str, int, str]
"""All but the story come by outer joins and may be None."""

_STORIES: StoryRows = (
    select(Story, Decision, User.display, Case.id, Case.code)
    .outerjoin(Decision, Decision.id == Story.decision_id)
    .outerjoin(User, User.id == Decision.user_id)
    .outerjoin(CaseStory, CaseStory.story_id == Story.id)
    .outerjoin(Case, Case.id == CaseStory.case_id)
    .where(Story.merged_into.is_(None))
    .order_by(Story.id)
)
_first, _last = bindparam("first", type_=Date), bindparam("last", type_=Date)
_days = union(
    select(Story.id).where(Story.day.between(_first, _last)),
    select(StoryArticle.story_id)
    .join(Article, Article.id == StoryArticle.article_id)
    .where(Article.day.between(_first, _last)),
).subquery()
_BETWEEN = _STORIES.where(Story.id.in_(select(_days.c.id))).limit(LONGEST_LIST)
_BY_ID = _STORIES.where(Story.id.in_(bindparam("ids", expanding=True)))

_newest, _shown = aliased(ArticleVersion), aliased(ArticleVersion)
_ITEM = (
    StoryArticle.story_id,
    Article.id,
    Article.outlet_id,
    Outlet.title,
    Article.url,
    Article.day,
    Article.first_seen_at,
    Article.published_at,
    Article.page,
    Article.score,
    StoryArticle.main,
    StoryArticle.reprint_of,
    func.coalesce(_shown.title, _newest.title),
    _newest.id,
    func.coalesce(_shown.id, _newest.id),
)


def _items_of(*what: Any) -> Select[*tuple[Any, ...]]:
    """Articles of stories, with what is wanted of their verdict and place."""
    return (
        select(*_ITEM, *what)
        .select_from(StoryArticle)
        .join(Article, Article.id == StoryArticle.article_id)
        .join(_newest, _newest.id == Article.version_id)
        .outerjoin(Outlet, Outlet.id == Article.outlet_id)
        .outerjoin(Verdict, Verdict.id == Article.verdict_id)
        .outerjoin(_shown, _shown.id == Verdict.version_id)
        .outerjoin(Place, Place.id == Article.place_id)
        .where(StoryArticle.story_id.in_(bindparam("ids", expanding=True)), Article.same_as.is_(None))
        .order_by(Article.first_seen_at, Article.id)
    )


_ITEMS = _items_of(Verdict, Place)
_LIGHT_ITEMS = _items_of(
    Verdict.id,
    Verdict.version_id,
    Verdict.score,
    Verdict.flag,
    Verdict.kind,
    Verdict.types,
    Verdict.setting,
    Verdict.stage,
    Verdict.age,
    Verdict.sex,
    Verdict.danger_now,
    Verdict.exposes_child,
    Place.id,
    Place.era,
    Place.old_codes,
    Place.new_codes,
    Place.old_province,
    Place.new_province,
)
"""Built once, and read as plain columns where the table's own class is not needed: either took longer than the query.
The outlet is joined from outside, so that no database starts there.
"""


def _views(session: Session, query: StoryRows, *, light: bool = False, **values: Any) -> list[StoryView]:
    rows = session.execute(query, values).all()
    items = _items(session, [row[0].id for row in rows], light=light)
    return [
        StoryView(
            row.id,
            row.day,
            None if decision is None else judged(decision, by or ""),
            None if case_id is None or code is None else (case_id, code),
            tuple(items[row.id]),
        )
        for row, decision, by, case_id, code in rows
        if row.id in items
    ]


def _items(session: Session, story_ids: list[int], *, light: bool) -> dict[int, list[Item]]:
    items: dict[int, list[Item]] = defaultdict(list)
    corrected = places.of_stories(session, story_ids)
    first = len(_ITEM)
    for row in session.execute(_LIGHT_ITEMS if light else _ITEMS, {"ids": story_ids}):
        story_id: int = row[0]
        verdict, place = _light(row[first:]) if light else row[first:]
        found = places.best(corrected.get(story_id), place, main=row.main)
        values: list[Any] = [*row[1:first], verdict, found]
        items[story_id].append(Item(*values))
    return items


@dataclass(frozen=True, slots=True)
class _LightVerdict:
    """What a row of a list shows of a verdict. Asking for more is an error, and so is changing it."""

    id: int
    version_id: int
    score: float
    flag: bool
    kind: str | None
    types: dict[str, Any]
    setting: str | None
    stage: str | None
    age: str | None
    sex: str | None
    danger_now: bool | None
    exposes_child: list[Any]


@dataclass(frozen=True, slots=True)
class _LightPlace:
    id: int
    era: str
    old_codes: list[Any]
    new_codes: list[Any]
    old_province: str | None
    new_province: str | None


_VERDICT = len(fields(_LightVerdict))


def _light(row: Sequence[Any]) -> tuple[Any, Any]:
    """Plain records in place of mapped ones, which take five times as long to make."""
    verdict = None if row[0] is None else _LightVerdict(*row[:_VERDICT])
    place = None if row[_VERDICT] is None else _LightPlace(*row[_VERDICT:])
    return verdict, place


@dataclass(frozen=True, slots=True)
class Headline:
    """What the paper's headline says and the spans in it that expose a child, both of the version that was judged."""

    title: str
    exposing: list[Any]
    place: Place | None


def headlines(session: Session, article_ids: Sequence[int]) -> dict[int, Headline]:
    corrected = places.of_articles(session, article_ids)
    rows = session.execute(
        select(Article.id, _newest.title, _shown.title, Verdict.exposes_child, Place)
        .join(_newest, _newest.id == Article.version_id)
        .outerjoin(Verdict, Verdict.id == Article.verdict_id)
        .outerjoin(_shown, _shown.id == Verdict.version_id)
        .outerjoin(Place, Place.id == Article.place_id)
        .where(Article.id.in_(article_ids))
    )
    return {
        id_: Headline(
            newest if judged_title is None else judged_title, spans or [], places.best(corrected.get(id_), place)
        )
        for id_, newest, judged_title, spans, place in rows
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
