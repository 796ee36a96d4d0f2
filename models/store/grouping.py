"""Merging, splitting and detaching by people, each of which can be taken back. The machine obeys what people did."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit
from models.store.locks import Lock, hold
from models.store.reading import NotThereError
from models.store.review import locked_story
from models.tables import CaseStory, Story, StoryArticle, StoryChange, User


class GroupingError(DiembaoError):
    """A merge or split that makes no sense as asked; nothing was changed."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change that touched a story. `undoable` is true for those whose articles still lie where it put them."""

    id: int
    action: str
    at: datetime
    by: str
    story_id: int
    other_id: int
    articles: int
    undoable: bool


def merge(session: Session, into_id: int, other_id: int, *, user_id: int, now: datetime) -> int:
    """Put all articles of one story into the other; returns the id of the one that stays.

    The one with a case stays; two with a case each are left alone, for cases are joined on their own page.
    """
    if into_id == other_id:
        raise GroupingError("Hai tin phải khác nhau")
    hold(session, Lock.STORY)
    for story_id in sorted((into_id, other_id)):
        locked_story(session, story_id)
    in_case = set(session.scalars(select(CaseStory.story_id).where(CaseStory.story_id.in_((into_id, other_id)))))
    if len(in_case) > 1:
        raise GroupingError("Hai tin đã thuộc hai vụ việc")
    if other_id in in_case:
        into_id, other_id = other_id, into_id
    moved = _move(session, _articles(session, other_id), source=other_id, target=into_id, user_id=user_id, now=now)
    session.get_one(Story, other_id).merged_into = into_id
    _record(session, "merge", into_id, other_id, moved, user_id=user_id, now=now)
    return into_id


def split(session: Session, story_id: int, article_ids: Iterable[int], *, user_id: int, now: datetime) -> int:
    """Put some of the story's articles into a story of their own; returns its id."""
    hold(session, Lock.STORY)
    story = locked_story(session, story_id)
    there = _articles(session, story_id)
    chosen = [article_id for article_id in there if article_id in set(article_ids)]
    if not chosen:
        raise GroupingError("Hãy chọn bài cần tách")
    if len(chosen) == len(there):
        raise GroupingError("Tin phải còn lại ít nhất một bài")
    new = Story(day=story.day, created_at=now)
    session.add(new)
    session.flush()
    _move(session, chosen, source=story_id, target=new.id, user_id=user_id, now=now)
    action = "detach" if len(chosen) == 1 else "split"
    _record(session, action, story_id, new.id, chosen, user_id=user_id, now=now)
    return new.id


def take_back(session: Session, change_id: int, *, user_id: int, now: datetime) -> int:
    """Undo a change whose articles still lie where it put them; returns the story that it was made on."""
    hold(session, Lock.STORY)
    change = session.get(StoryChange, change_id)
    if change is None:
        raise NotThereError("Không có thay đổi này")
    if not _undoable(session, [change]):
        raise GroupingError("Không hoàn tác được: các bài đã được gộp hoặc tách tiếp, hoặc đã hoàn tác rồi")
    merged = change.action == "merge"
    source, target = (change.story_id, change.other_id) if merged else (change.other_id, change.story_id)
    if session.get(CaseStory, source) is not None and not merged:
        raise GroupingError("Không hoàn tác được: tin đã tách ra nay thuộc một vụ việc")
    session.get_one(Story, change.other_id).merged_into = None if merged else change.story_id
    _move(session, change.articles, source=source, target=target, user_id=user_id, now=now)
    _record(
        session,
        "undo",
        change.story_id,
        change.other_id,
        list(change.articles),
        user_id=user_id,
        now=now,
        undoes=change,
    )
    return change.story_id


def changes_of(session: Session, story_id: int) -> list[Change]:
    """Changes that touched the story, oldest first."""
    rows = session.execute(
        select(StoryChange, User.display)
        .join(User, User.id == StoryChange.user_id)
        .where(or_(StoryChange.story_id == story_id, StoryChange.other_id == story_id))
        .order_by(StoryChange.id)
    ).all()
    undoable = _undoable(session, [row for row, _ in rows])
    return [
        Change(row.id, row.action, row.at, by, row.story_id, row.other_id, len(row.articles), row.id in undoable)
        for row, by in rows
    ]


def _undoable(session: Session, changes: Sequence[StoryChange]) -> set[int]:
    if not changes:
        return set()
    ids = {article for change in changes for article in change.articles}
    links = session.scalars(select(StoryArticle).where(StoryArticle.article_id.in_(ids)))
    lies = {(link.story_id, link.article_id) for link in links}
    undone = set(
        session.scalars(
            select(StoryChange.undoes_id).where(StoryChange.undoes_id.in_([change.id for change in changes]))
        )
    )
    return {
        change.id
        for change in changes
        if change.action != "undo"
        and change.id not in undone
        and all((_holder(change), a) in lies for a in change.articles)
    }


def _holder(change: StoryChange) -> int:
    """The story in which the change left its articles."""
    return change.story_id if change.action == "merge" else change.other_id


def _articles(session: Session, story_id: int) -> list[int]:
    query = select(StoryArticle.article_id).where(StoryArticle.story_id == story_id).order_by(StoryArticle.article_id)
    return list(session.scalars(query))


def _move(
    session: Session, articles: Sequence[int], *, source: int, target: int, user_id: int, now: datetime
) -> list[int]:
    """Ids of the articles that moved; one that the target holds anyway (a round-up) only leaves the source."""
    known = set(_articles(session, target))
    doubled = [article for article in articles if article in known]
    moving = [article for article in articles if article not in known]
    there = StoryArticle.story_id == source
    session.execute(delete(StoryArticle).where(there, StoryArticle.article_id.in_(doubled)))
    session.execute(
        update(StoryArticle)
        .where(there, StoryArticle.article_id.in_(moving))
        .values(story_id=target, added_by=user_id, added_at=now)
    )
    return moving


def _record(
    session: Session,
    action: str,
    story_id: int,
    other_id: int,
    articles: Sequence[int],
    *,
    user_id: int,
    now: datetime,
    undoes: StoryChange | None = None,
) -> None:
    change = StoryChange(
        at=now,
        user_id=user_id,
        action=action,
        story_id=story_id,
        other_id=other_id,
        articles=list(articles),
        undoes_id=None if undoes is None else undoes.id,
    )
    session.add(change)
    session.flush()
    audit.append(
        session,
        at=now,
        action=f"story.{action}",
        user_id=user_id,
        object=f"story/{story_id}",
        detail={"other": other_id, "articles": len(articles), "change": change.id},
    )
