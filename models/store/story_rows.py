"""The statements behind lists of stories: a fixed number however long the list is, built once, read as plain columns.

Building them anew, or making the tables' own objects of the rows, took longer than the queries.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, Select, bindparam, func, select, union
from sqlalchemy.orm import Session

from models.store import places
from models.store.among import among, among_rows
from models.store.light_items import light_items
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
MAIN = _ITEM.index(StoryArticle.main) - 1
"""Where it stands in the values of an Item."""


ITEMS = (
    select(*_ITEM, Verdict, Place)
    .select_from(StoryArticle)
    .join(Article, Article.id == StoryArticle.article_id)
    .outerjoin(Verdict, Verdict.id == Article.verdict_id)
    .join(ArticleVersion, ArticleVersion.id == func.coalesce(Verdict.version_id, Article.version_id))
    .outerjoin(Outlet, Outlet.id == Article.outlet_id)
    .outerjoin(Place, Place.id == Article.place_id)
    .where(among(StoryArticle.story_id, "ids"), Article.same_as.is_(None), Article.version_id.is_not(None))
    .order_by(Article.first_seen_at, Article.id)
)
"""Articles of stories with everything known of them. The outlet is joined from outside, so that no database starts
there."""


def views(session: Session, query: StoryRows, *, light: bool = False, **values: Any) -> list[StoryView]:
    """`query` is BETWEEN or BY_ID. A story without articles is none."""
    rows = session.execute(query, values).all()
    items = (light_items if light else _items)(session, [row[0] for row in rows])
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


def _items(session: Session, story_ids: list[int]) -> dict[int, list[Item]]:
    items: dict[int, list[Item]] = defaultdict(list)
    corrected = places.of_stories(session, story_ids)
    for *row, verdict, place in session.execute(ITEMS, {"ids": story_ids}):
        story_id: int = row[0]
        values: list[Any] = row[1:]
        found = places.best(corrected.get(story_id), place, main=values[MAIN])
        values += [verdict, found]
        items[story_id].append(Item(*values))
    return items
