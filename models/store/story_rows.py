"""The statements behind lists of stories: a fixed number however long the list is, built once, read as plain columns.

Building them anew, or making the tables' own objects of the rows, took longer than the queries.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, select, union
from sqlalchemy.orm import Session

from models.store import places
from models.store.among import among, among_rows
from models.store.story_view import Item, Judged, StoryView
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

StoryRows = Select[*tuple[Any, ...]]

_STORIES: StoryRows = (
    select(
        Story.id,
        Story.day,
        Case.id,
        Case.code,
        Decision.id,
        Decision.action,
        Decision.reason,
        Decision.note,
        Decision.types,
        Decision.user_id,
        User.display,
        Decision.at,
        Decision.undoes_id,
        Decision.reason_words,
    )
    .outerjoin(Decision, Decision.id == Story.decision_id)
    .outerjoin(User, User.id == Decision.user_id)
    .outerjoin(CaseStory, CaseStory.story_id == Story.id)
    .outerjoin(Case, Case.id == CaseStory.case_id)
    .where(Story.merged_into.is_(None))
    .order_by(Story.id)
)
_first, _last = bindparam("first", type_=Date), bindparam("last", type_=Date)
_of_days = select(Article.id).where(Article.day.between(_first, _last))
_on_list = union(
    select(Story.id).where(Story.day.between(_first, _last)),
    select(StoryArticle.story_id).where(among_rows(StoryArticle.article_id, _of_days)),
)
BETWEEN = _STORIES.where(among_rows(Story.id, _on_list)).limit(LONGEST_LIST)
BY_ID = _STORIES.where(among(Story.id, "ids"))

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
    ArticleVersion.title,
    Article.version_id,
    ArticleVersion.id,
)
"""The version is the one that the verdict speaks of, else the newest."""


def _items_of(*what: Any) -> Select[*tuple[Any, ...]]:
    """Articles of stories, with what is wanted of their verdict and place. The outlet is joined from outside, so that
    no database starts there."""
    return (
        select(*_ITEM, *what)
        .select_from(StoryArticle)
        .join(Article, Article.id == StoryArticle.article_id)
        .outerjoin(Verdict, Verdict.id == Article.verdict_id)
        .join(ArticleVersion, ArticleVersion.id == func.coalesce(Verdict.version_id, Article.version_id))
        .outerjoin(Outlet, Outlet.id == Article.outlet_id)
        .outerjoin(Place, Place.id == Article.place_id)
        .where(among(StoryArticle.story_id, "ids"), Article.same_as.is_(None), Article.version_id.is_not(None))
        .order_by(Article.first_seen_at, Article.id)
    )


ITEMS = _items_of(Verdict, Place)
LIGHT_ITEMS = _items_of(
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


def views(session: Session, query: StoryRows, *, light: bool = False, **values: Any) -> list[StoryView]:
    """`query` is BETWEEN or BY_ID. A story without articles is none."""
    rows = session.execute(query, values).all()
    items = _items(session, [row[0] for row in rows], light=light)
    return [
        StoryView(id_, day, _judged(decision), None if code is None else (case_id, code), tuple(items[id_]))
        for id_, day, case_id, code, *decision in rows
        if id_ in items
    ]


def _judged(row: Sequence[Any]) -> Judged | None:
    """The columns of the decision in force; none where nobody decided."""
    id_, action, reason, note, types, user_id, by, at, undoes_id, called = row
    if id_ is None:
        return None
    named = None if types is None else tuple(types)
    return Judged(id_, action, reason, note, named, user_id, by or "", at, undoes_id, called)


def _items(session: Session, story_ids: list[int], *, light: bool) -> dict[int, list[Item]]:
    items: dict[int, list[Item]] = defaultdict(list)
    corrected = places.of_stories(session, story_ids)
    first = len(_ITEM)
    for row in session.execute(LIGHT_ITEMS if light else ITEMS, {"ids": story_ids}):
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
