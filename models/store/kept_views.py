"""The stories of a list, kept from one page to the next as long as nothing of them changed.

One statement asks for the state of each: which articles stand in it, where these point to, who decided, which case it
is in, what was corrected. Verdicts, places, versions and decisions never change once they are written, so a story of
the same state is told in the same words; the others are read anew. Reading them all took most of a page's time.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import ColumnElement, Pool, String, cast, func, literal_column, select
from sqlalchemy.orm import Session

from models.store import places
from models.store.among import among_rows
from models.store.story_rows import BY_ID, LONGEST_LIST, ON_LIST, views
from models.store.story_view import StoryView
from models.tables import Article, Case, CaseStory, Decision, Outlet, Story, StoryArticle, User

KEPT = 5_000
"""Stories that are kept: about 20 MB."""


def _joined(*columns: Any) -> ColumnElement[str]:
    """The values in one text."""
    first, *rest = (func.coalesce(cast(column, String), "") for column in columns)
    text: ColumnElement[str] = first
    for column in rest:
        text = text + literal_column("'|'", String) + column
    return text


_ARTICLES = (
    select(
        func.aggregate_strings(
            _joined(
                Article.id,
                Article.version_id,
                Article.verdict_id,
                Article.place_id,
                Article.score,
                StoryArticle.main,
                Outlet.title,
            ),
            "\n",
        )
        + cast(func.min(Article.first_seen_at), String)
        + cast(func.max(Article.day), String)
    )
    .select_from(StoryArticle)
    .join(Article, Article.id == StoryArticle.article_id)
    .outerjoin(Outlet, Outlet.id == Article.outlet_id)
    .where(StoryArticle.story_id == Story.id, Article.same_as.is_(None), Article.version_id.is_not(None))
    .correlate(Story)
    .scalar_subquery()
)
"""Times change only where a clock had jumped: the earliest and the latest tell that. When a paper printed an article
and how far its page was read is for the page of a story, which reads its articles whole."""
_STATES = (
    select(
        Story.id,
        Story.decision_id,
        CaseStory.case_id,
        _ARTICLES,
        Story.day,
        User.display,
        Case.code,
        places.newest_of(Story.id),
    )
    .outerjoin(Decision, Decision.id == Story.decision_id)
    .outerjoin(User, User.id == Decision.user_id)
    .outerjoin(CaseStory, CaseStory.story_id == Story.id)
    .outerjoin(Case, Case.id == CaseStory.case_id)
    .where(Story.merged_into.is_(None), among_rows(Story.id, ON_LIST))
    .order_by(Story.id)
    .limit(LONGEST_LIST)
)

_State = tuple[Any, ...]
_kept: WeakKeyDictionary[Pool, dict[int, tuple[_State, StoryView]]] = WeakKeyDictionary()


def between(session: Session, first: date, last: date) -> list[StoryView]:
    """Stories of the lists of these days, in order of id. What did not change since the last time is the same object.

    What was read a moment after its state is kept only if it still is of that state.
    """
    states: Sequence[Any] = session.execute(_STATES, {"first": first, "last": last}).all()
    states = [tuple(state) for state in states if state[3] is not None]
    kept = _kept.setdefault(session.get_bind().engine.pool, {})
    found = {state[0]: one[1] for state in states if (one := kept.get(state[0])) is not None and one[0] == state}
    changed = {state[0]: state for state in states if state[0] not in found}
    if changed:
        read = {view.id: view for view in views(session, BY_ID, light=True, ids=list(changed))}
        if len(kept) + len(read) > KEPT:
            kept.clear()
        kept.update((id_, (changed[id_], view)) for id_, view in read.items() if _fits(changed[id_], view))
        found |= read
    return [found[state[0]] for state in states if state[0] in found]


def _fits(state: _State, view: StoryView) -> bool:
    """Whether what was read is of that state still: somebody may have decided in between, and take it back later."""
    _, decision_id, case_id, articles, *_ = state
    decided = None if view.decision is None else view.decision.id
    in_case = None if view.case is None else view.case[0]
    standing = {line.partition("|")[0] for line in articles.split("\n")}
    return (decided, in_case) == (decision_id, case_id) and standing == {str(item.id) for item in view.items}
