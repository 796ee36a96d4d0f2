"""Every label there is, whoever gave it; keeping one, and what a reader of a text is shown."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store.label_records import (
    DECISION,
    IMPORT,
    READ,
    SECOND,
    SETTLED,
    Given,
    LabelError,
    Said,
    check,
    of_model,
)
from models.store.label_sources import collect
from models.tables import Article, ArticleVersion, Label, StoryArticle, StoryChange, Verdict

__all__ = [
    "DECISION",
    "IMPORT",
    "READ",
    "SECOND",
    "SETTLED",
    "Given",
    "LabelError",
    "Said",
    "add",
    "check",
    "collect",
    "exposed",
    "known",
    "of_model",
    "shown",
    "story_pairs",
    "version_of",
]


def story_pairs(session: Session) -> list[tuple[int, int, bool, int, datetime]]:
    """What people corrected of stories: (article, article of the other story, same event, user, when)."""
    undone = set(session.scalars(select(StoryChange.undoes_id).where(StoryChange.undoes_id.is_not(None))))
    changes = session.scalars(select(StoryChange).where(StoryChange.undoes_id.is_(None)).order_by(StoryChange.id)).all()
    members: dict[int, list[int]] = {}
    for story_id, article_id in session.execute(
        select(StoryArticle.story_id, StoryArticle.article_id)
        .where(StoryArticle.main)
        .order_by(StoryArticle.article_id)
    ):
        members.setdefault(story_id, []).append(article_id)
    found = []
    for change in changes:
        if change.id in undone:
            continue
        moved = set(change.articles)
        others = [article for article in members.get(change.story_id, []) if article not in moved]
        found += [
            (article, other, change.action == "merge", change.user_id, change.at)
            for article in sorted(moved)
            for other in others[:3]
        ]
    return found


def add(
    session: Session,
    said: Said,
    *,
    source: str,
    at: datetime,
    key: str,
    user_id: int | None = None,
    reader: str = "",
    article_id: int | None = None,
    version_id: int | None = None,
    item: Mapping[str, Any] | None = None,
    model: Mapping[str, Any] | None = None,
    why: str | None = None,
    chance: float | None = None,
    note: str | None = None,
) -> int:
    """Keep one label; its id. Raises LabelError for a code that the guide does not have."""
    check(said)
    row = Label(
        key=key,
        article_id=article_id,
        version_id=version_id,
        item=dict(item or {}),
        user_id=user_id,
        reader=reader,
        at=at,
        source=source,
        flag=said.flag,
        kind=said.kind,
        types=list(said.types),
        province=said.province,
        setting=said.setting,
        age=said.age,
        sex=said.sex,
        story=said.story,
        said=dict(model or {}),
        why=why,
        chance=chance,
        note=note,
    )
    session.add(row)
    session.flush()
    return row.id


def known(session: Session, key: str, reader: str, flag: int) -> bool:
    """Whether this reader's same word on this text was imported before."""
    query = select(Label.id).where(Label.key == key, Label.reader == reader, Label.flag == flag).limit(1)
    return session.scalar(query) is not None


def version_of(session: Session, article_id: int, version_id: int | None) -> tuple[int, int] | None:
    """(article, version) if they are there and belong together; the newest version where none is named."""
    article = session.get(Article, article_id)
    if article is None or article.version_id is None:
        return None
    if version_id is None:
        return article.id, article.version_id
    version = session.get(ArticleVersion, version_id)
    return (article.id, version.id) if version is not None and version.article_id == article.id else None


def shown(session: Session, article_id: int) -> tuple[Article, ArticleVersion, Verdict | None] | None:
    """An article as a reader is to see it."""
    article = session.get(Article, article_id)
    if article is None or article.version_id is None:
        return None
    verdict = None if article.verdict_id is None else session.get(Verdict, article.verdict_id)
    return article, session.get_one(ArticleVersion, article.version_id), verdict


def exposed(session: Session, version_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Version -> spans that expose a child, of all verdicts on it."""
    found: dict[int, list[Any]] = {}
    for start in range(0, len(version_ids), 500):
        rows = session.execute(
            select(Verdict.version_id, Verdict.exposes_child).where(
                Verdict.version_id.in_(version_ids[start : start + 500])
            )
        )
        for version_id, spans in rows:
            found.setdefault(version_id, []).extend(spans)
    return found
