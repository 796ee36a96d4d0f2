"""Articles of stories: whole, with everything known of them, or light, with what a row of a list shows."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.store import places
from models.store.among import among
from models.store.story_view import Item
from models.tables import Article, ArticleVersion, Outlet, Place, StoryArticle, Verdict


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
_MAIN = _ITEM.index(StoryArticle.main)


def _columns(table: type[Any], record: type[Any]) -> list[Any]:
    return [getattr(table, field.name) for field in fields(record)]


def _items_with(*told: Any) -> Select[*tuple[Any, ...]]:
    """The outlet is joined from outside, so that no database starts there."""
    return (
        select(*_ITEM, *told)
        .select_from(StoryArticle)
        .join(Article, Article.id == StoryArticle.article_id)
        .outerjoin(Verdict, Verdict.id == Article.verdict_id)
        .join(ArticleVersion, ArticleVersion.id == func.coalesce(Verdict.version_id, Article.version_id))
        .outerjoin(Outlet, Outlet.id == Article.outlet_id)
        .outerjoin(Place, Place.id == Article.place_id)
        .where(among(StoryArticle.story_id, "ids"), Article.same_as.is_(None), Article.version_id.is_not(None))
        .order_by(Article.first_seen_at, Article.id)
    )


_WHOLE = _items_with(Verdict, Place)
_LIGHT = _items_with(*_columns(Verdict, _LightVerdict), *_columns(Place, _LightPlace))
_VERDICT = len(_ITEM)
_PLACE = _VERDICT + len(fields(_LightVerdict))


def whole_items(session: Session, story_ids: Sequence[int], corrected: Sequence[int]) -> dict[int, list[Item]]:
    """Story -> its articles, earliest first; `corrected` are those of the stories of which a place was corrected."""
    items: dict[int, list[Item]] = defaultdict(list)
    named = places.of_stories(session, corrected) if corrected else {}
    for *row, verdict, place in session.execute(_WHOLE, {"ids": story_ids}):
        values: list[Any] = row
        found = places.best(named.get(values[0]), place, main=values[_MAIN])
        items[values[0]].append(_item(values[1:], verdict, found))
    return items


def light_items(session: Session, story_ids: Sequence[int], corrected: Sequence[int]) -> dict[int, list[Item]]:
    """The same with plain records in place of mapped ones, which take five times as long to make."""
    items: dict[int, list[Item]] = defaultdict(list)
    named = places.of_stories(session, corrected) if corrected else {}
    for row in session.execute(_LIGHT, {"ids": story_ids}):
        values: Any = row
        verdict: Any = None if values[_VERDICT] is None else _LightVerdict(*values[_VERDICT:_PLACE])
        place: Any = None if values[_PLACE] is None else _LightPlace(*values[_PLACE:])
        found = places.best(named.get(values[0]), place, main=values[_MAIN])
        items[values[0]].append(_item(values[1:_VERDICT], verdict, found))
    return items


def _item(values: Sequence[Any], verdict: Any, place: Any) -> Item:
    """`values` in the order of the columns."""
    every: list[Any] = [*values, verdict, place]
    return Item(*every)
