"""Looking again: the falling schedule of pages that were read, longer in open cases, and pages that were taken down."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from models.tables import Article, Case, CaseStory, Removal, StoryArticle

RECHECK = (timedelta(minutes=30), timedelta(hours=3), timedelta(days=1), timedelta(days=3))
"""A page that was read is read again after these times: most corrections come early."""
RETRY = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
"""A page that could not be read is tried again after these times, then once a day; it is never given up."""
CASE_RECHECK = (timedelta(days=7), timedelta(days=14), timedelta(days=30))
"""What follows for an article of an open case, monthly at last: a correction or removal must be followed."""
CLOSED = ("dong", "khong_phai")
"""States of a case that is followed no more."""


def next_check(session: Session, article: Article, at: datetime) -> datetime | None:
    if article.checks < len(RECHECK):
        return at + RECHECK[article.checks]
    if session.scalar(_in_open_case().where(StoryArticle.article_id == article.id).limit(1)) is None:
        return None
    return at + CASE_RECHECK[min(article.checks - len(RECHECK), len(CASE_RECHECK) - 1)]


def _in_open_case() -> Select[int]:
    return (
        select(StoryArticle.article_id)
        .join(CaseStory, CaseStory.story_id == StoryArticle.story_id)
        .join(Case, Case.id == CaseStory.case_id)
        .where(Case.state.not_in(CLOSED))
    )


def follow_cases(session: Session, *, now: datetime) -> int:
    """Put articles of open cases back on a schedule that had run out before the case was opened; how many."""
    found = session.execute(
        update(Article)
        .where(
            Article.check_at.is_(None),
            Article.same_as.is_(None),
            Article.page.in_(("read", "gone")),
            Article.id.in_(_in_open_case()),
        )
        .values(check_at=now)
        .returning(Article.id)
    )
    return len(found.all())


def note_return(session: Session, article_id: int, at: datetime) -> None:
    session.execute(
        update(Removal).where(Removal.article_id == article_id, Removal.back_at.is_(None)).values(back_at=at)
    )


def removals(session: Session, article_ids: Iterable[int]) -> dict[int, list[Removal]]:
    """When articles were found gone and back again, oldest first."""
    found: dict[int, list[Removal]] = {}
    query = select(Removal).where(Removal.article_id.in_(list(article_ids))).order_by(Removal.id)
    for row in session.scalars(query):
        found.setdefault(row.article_id, []).append(row)
    return found
