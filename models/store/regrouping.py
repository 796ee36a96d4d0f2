"""What a grouping that does not depend on the order of arrival asks: what the machine alone decided on lately."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, delete, exists, func, or_, select, text, update
from sqlalchemy.orm import Session, aliased

from models.store import stories
from models.store.stories import Telling
from models.tables import (
    Article,
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
from models.tables.press import UNGROUPED, UNJUDGED

LIKELY_TYPE = 0.5
COMPARED = ("version_id", "language", "flag", "kind", "stage", "age", "sex", "victims", "types")
"""What grouping reads of a verdict: where two agree in it, an article stands where it stood."""


def unsettled(session: Session, *, since: datetime) -> set[int]:
    """Articles that wait to be grouped, were first seen since then, and of which more will be known soon: their page
    was not asked for yet, or it was read and is not judged."""
    soon = or_(Article.page == "due", text(UNJUDGED.format("article.")))
    query = select(Article.id).where(text(UNGROUPED.format("article.")), soon, Article.first_seen_at > since)
    return set(session.scalars(query))


def free_members(session: Session, *, since: datetime) -> list[Telling]:
    """Articles all of whose stories were begun since then by the machine and touched by nobody since."""
    young = dict.fromkeys(session.scalars(select(Story.id).where(Story.created_at >= since)), True)
    touched = _touched(session, young)
    members: dict[int, list[int]] = {}
    rows = session.execute(
        select(StoryArticle.article_id, StoryArticle.story_id)
        .where(StoryArticle.story_id.in_(young.keys() - touched))
        .order_by(StoryArticle.main.desc(), StoryArticle.story_id)
    )
    for article, story in rows:
        members.setdefault(article, []).append(story)
    elsewhere = exists().where(
        StoryArticle.article_id == Article.id, StoryArticle.story_id.not_in(young.keys() - touched)
    )
    tied = set(session.scalars(select(Article.id).where(Article.id.in_(members), elsewhere)))
    return stories.tellings(session, {article: tuple(of) for article, of in members.items() if article not in tied})


def _touched(session: Session, of: Collection[int]) -> set[int]:
    """Stories that a person had a say in, or that a case holds."""
    found: set[int] = set()
    for column in (
        Decision.story_id,
        CaseStory.story_id,
        StoryNote.story_id,
        PlaceCorrection.story_id,
        StoryChange.story_id,
        StoryChange.other_id,
    ):
        found.update(one for one in session.scalars(select(column).where(column.in_(of))) if one is not None)
    by_hand = select(StoryArticle.story_id).where(StoryArticle.story_id.in_(of), StoryArticle.added_by.is_not(None))
    return found | set(session.scalars(by_hand))


@dataclass(frozen=True, slots=True)
class Stand:
    """Where an article is to stand: stories by number, the main one first; a name that is no number is a new story."""

    telling: Telling
    stories: tuple[int | str, ...]
    reprint_of: int | None


def place(session: Session, stands: Sequence[Stand], *, at: datetime) -> dict[str, int]:
    """Put them there, out of where they stood; new stories are begun and their numbers returned by name. A story that
    is left without articles names the one that took its place."""
    begun: dict[str, int] = {}
    left: dict[int, int] = {}
    known = _known(session, [stand.telling.article_id for stand in stands])
    for stand in stands:
        telling = stand.telling
        ids = tuple(_number(session, name, telling, begun, at) for name in stand.stories)
        if ids == telling.stories:
            if known.get(telling.article_id) != (stand.reprint_of, telling.verdict.id):
                stories.mark_reprint(session, telling, stand.reprint_of)
            continue
        session.execute(delete(StoryArticle).where(StoryArticle.article_id == telling.article_id))
        stories.put(session, telling, ids, reprint_of=stand.reprint_of, at=at)
        left |= {story: ids[0] for story in telling.stories if story not in ids}
        session.flush()
    _lead_on(session, left)
    return begun


def _known(session: Session, articles: Collection[int]) -> dict[int, tuple[int | None, int | None]]:
    """Of which article each is a copy, and by which verdict it was grouped."""
    query = (
        select(Article.id, StoryArticle.reprint_of, Article.grouped_verdict_id)
        .join(StoryArticle, and_(StoryArticle.article_id == Article.id, StoryArticle.main))
        .where(Article.id.in_(articles))
    )
    return {article: (copy, verdict) for article, copy, verdict in session.execute(query)}


def _number(session: Session, name: int | str, telling: Telling, begun: dict[str, int], at: datetime) -> int:
    if isinstance(name, int):
        return name
    if name not in begun:
        story = Story(day=telling.day, created_at=at, decision_id=None)
        session.add(story)
        session.flush()
        begun[name] = story.id
    return begun[name]


def _lead_on(session: Session, left: Mapping[int, int]) -> None:
    held = set(session.scalars(select(StoryArticle.story_id).where(StoryArticle.story_id.in_(left))))
    for story, successor in left.items():
        if story not in held:
            gone = or_(Story.id == story, Story.merged_into == story)
            session.execute(update(Story).where(gone).values(merged_into=successor))


def pass_over_unchanged(session: Session) -> int:
    """Articles in stories that were judged anew, in nothing that grouping reads: they wait no longer. How many."""
    old = aliased(Verdict)
    same = and_(
        *(getattr(Verdict, name).is_not_distinct_from(getattr(old, name)) for name in COMPARED if name != "types")
    )
    moved = exists().where(Place.version_id == Article.version_id, Place.id != func.coalesce(Article.place_id, 0))
    query = (
        select(Article.id, Article.verdict_id, Verdict.types, old.types)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .join(old, old.id == Article.grouped_verdict_id)
        .where(text(UNGROUPED.format("article.")), same, ~moved, exists().where(StoryArticle.article_id == Article.id))
    )
    rows = [
        {"id": article, "grouped_verdict_id": verdict}
        for article, verdict, now, before in session.execute(query)
        if _likely(now) == _likely(before)
    ]
    if rows:
        session.execute(update(Article), rows)
    return len(rows)


def _likely(types: Mapping[str, float]) -> set[str]:
    return {code for code, chance in types.items() if chance >= LIKELY_TYPE}
