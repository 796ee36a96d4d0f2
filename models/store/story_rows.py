"""The statements behind lists of stories: a fixed number however long the list is, built once, read as plain columns.

Building them anew, or making the tables' own objects of the rows, took longer than the queries.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Date, Select, bindparam, select, union
from sqlalchemy.orm import Session

from models.store import places
from models.store.among import among, among_rows
from models.store.light_items import light_items, whole_items
from models.store.story_view import Judged, StoryView
from models.tables import Article, Case, CaseStory, Decision, Story, StoryArticle, User

LONGEST_LIST = 2000

StoryRows = Select[*tuple[Any, ...]]

_STORIES: StoryRows = (
    select(
        Story.id,
        Story.day,
        places.newest_of(Story.id),
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
ON_LIST = union(
    select(Story.id).where(Story.day.between(_first, _last)),
    select(StoryArticle.story_id).where(among_rows(StoryArticle.article_id, _of_days)),
)
"""Which stories stand on the lists of these days."""
BETWEEN = _STORIES.where(among_rows(Story.id, ON_LIST)).limit(LONGEST_LIST)
BY_ID = _STORIES.where(among(Story.id, "ids"))


def views(session: Session, query: StoryRows, *, light: bool = False, **values: Any) -> list[StoryView]:
    """`query` is BETWEEN or BY_ID. A story without articles is none."""
    rows = session.execute(query, values).all()
    corrected = [row[0] for row in rows if row[2] is not None]
    items = (light_items if light else whole_items)(session, [row[0] for row in rows], corrected)
    return [
        StoryView(id_, day, _judged(decision), None if code is None else (case_id, code), tuple(items[id_]))
        for id_, day, _, case_id, code, *decision in rows
        if id_ in items
    ]


def _judged(row: Sequence[Any]) -> Judged | None:
    """The columns of the decision in force; none where nobody decided."""
    id_, action, reason, note, types, user_id, by, at, undoes_id, called = row
    if id_ is None:
        return None
    named = None if types is None else tuple(types)
    return Judged(id_, action, reason, note, named, user_id, by or "", at, undoes_id, called)
