"""Articles of a list as plain records: what is known of them for good is read from the database once.

A verdict, a place and a version never change once they are written; an article only points to newer ones. A list asks
where its articles point to, and reads what it has not met. Reading it all for each page took most of the page's time.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.orm import Session

from models.store import places
from models.store.among import among
from models.store.story_view import Item
from models.tables import Article, ArticleVersion, Outlet, Place, StoryArticle, Verdict

KEPT = 10_000
"""Articles of which is kept what was read: about 20 MB."""

_LINES = (
    select(
        StoryArticle.story_id,
        Article.verdict_id,
        Article.place_id,
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
        Article.version_id,
    )
    .select_from(StoryArticle)
    .join(Article, Article.id == StoryArticle.article_id)
    .outerjoin(Outlet, Outlet.id == Article.outlet_id)
    .where(among(StoryArticle.story_id, "ids"), Article.same_as.is_(None), Article.version_id.is_not(None))
    .order_by(Article.first_seen_at, Article.id)
)


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


@dataclass(frozen=True, slots=True)
class _Told:
    """`shown_id` is the version that the verdict speaks of, else the newest; the title is that version's."""

    shown_id: int
    title: str
    verdict: Any
    place: Any


def _columns(table: type[Any], record: type[Any]) -> list[Any]:
    return [getattr(table, field.name) for field in fields(record)]


_TOLD = (
    select(
        Article.id,
        Article.verdict_id,
        Article.place_id,
        Article.version_id,
        ArticleVersion.id,
        ArticleVersion.title,
        *_columns(Verdict, _LightVerdict),
        *_columns(Place, _LightPlace),
    )
    .outerjoin(Verdict, Verdict.id == Article.verdict_id)
    .join(ArticleVersion, ArticleVersion.id == func.coalesce(Verdict.version_id, Article.version_id))
    .outerjoin(Place, Place.id == Article.place_id)
    .where(among(Article.id, "ids"), Article.version_id.is_not(None))
)
_KEY = 4
_VERDICT = _KEY + 2
_PLACE = _VERDICT + len(fields(_LightVerdict))

_Key = tuple[Any, ...]
"""Article, verdict, place, version: as long as an article points there, what is told of it stays the same."""
_kept: WeakKeyDictionary[Engine | Connection, dict[_Key, _Told]] = WeakKeyDictionary()


def light_items(session: Session, story_ids: Sequence[int]) -> dict[int, list[Item]]:
    """Story -> its articles, earliest first; verdicts and places without what no row of a list shows."""
    lines = session.execute(_LINES, {"ids": story_ids}).all()
    told = _told(session, [(line[3], line[1], line[2], line[-1]) for line in lines])
    corrected = places.of_stories(session, story_ids)
    items: dict[int, list[Item]] = defaultdict(list)
    for story_id, _, _, *line in lines:
        values: list[Any] = line
        *start, main, reprint_of, version_id = values
        found = told.get(values[0])
        if found is None:  # deleted meanwhile
            continue
        place = places.best(corrected.get(story_id), found.place, main=main)
        start += [main, reprint_of, found.title, version_id, found.shown_id, found.verdict, place]
        items[story_id].append(Item(*start))
    return items


def _told(session: Session, keys: Sequence[_Key]) -> dict[int, _Told]:
    """Of each article, from what is kept and the rest from the database; that is kept from then on."""
    kept = _kept.setdefault(session.get_bind(), {})
    found = {key[0]: kept[key] for key in keys if key in kept}
    missing = [key[0] for key in keys if key[0] not in found]
    if missing:
        read = _read(session, missing)
        found |= {key[0]: told for key, told in read.items()}
        if len(kept) + len(read) > KEPT:
            kept.clear()
        kept |= read
    return found


def _read(session: Session, article_ids: Iterable[int]) -> dict[_Key, _Told]:
    """Plain records in place of mapped ones, which take five times as long to make."""
    read: dict[_Key, _Told] = {}
    for row in session.execute(_TOLD, {"ids": article_ids}):
        verdict = None if row[_VERDICT] is None else _LightVerdict(*row[_VERDICT:_PLACE])
        place = None if row[_PLACE] is None else _LightPlace(*row[_PLACE:])
        read[row[0], row[1], row[2], row[3]] = _Told(row[_KEY], row[_KEY + 1], verdict, place)
    return read
