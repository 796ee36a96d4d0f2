"""Search over everything kept: words and phrases with or without diacritics, by outlet, place, type and day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    column,
    delete,
    literal,
    literal_column,
    not_,
    select,
    table,
    text,
    update,
)
from sqlalchemy.orm import Session

from models.fold import exact, fold
from models.store import search_filters, search_postgresql
from models.store.among import among
from models.store.insert import insert_all
from models.store.search_filters import Area, Search, filters_of
from models.store.search_terms import SearchError, Term, fts5, read_terms
from models.tables import Article, ArticleVersion, Outlet, SearchText, StoryArticle, Verdict
from models.tables.press import UNINDEXED

__all__ = ["Area", "Found", "Search", "SearchError", "Term", "find", "fts5", "index_new", "matching", "read_terms"]

BATCH = 500
FTS_TEXT = table("fts_text", column("rowid", Integer))
"""SQLite walks its full-text index from the newest article back, so a common word costs no more than a rare one."""
_Row = TypeVarTuple("_Row")


@dataclass(frozen=True, slots=True)
class Found:
    article_id: int
    story_id: int | None
    title: str
    sapo: str
    outlet: str
    day: date
    published_at: datetime | None
    flag: bool
    score: float


def index_new(session: Session, *, limit: int = BATCH) -> int:
    """Index articles whose newest version is not indexed yet; returns how many. Call until it returns 0."""
    rows = session.execute(
        select(Article.id, ArticleVersion.id, ArticleVersion.title, ArticleVersion.sapo, ArticleVersion.body)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .where(text(UNINDEXED.format("article.")))
        .order_by(Article.id)
        .limit(limit)
    ).all()
    if not rows:
        return 0
    session.execute(delete(SearchText).where(SearchText.article_id.in_([row[0] for row in rows])))
    texts = [(row[0], row[1], "\n".join(row[2:])) for row in rows]
    insert_all(
        session,
        SearchText,
        [{"article_id": a, "version_id": v, "folded": fold(full), "exact": exact(full)} for a, v, full in texts],
    )
    session.execute(update(Article), [{"id": row[0], "indexed_version_id": row[1]} for row in rows])
    return len(rows)


_LINES = (
    select(
        Article.id,
        StoryArticle.story_id,
        ArticleVersion.title,
        ArticleVersion.sapo,
        Outlet.title,
        Article.day,
        Article.published_at,
        Verdict.flag,
        Article.score,
    )
    .join(ArticleVersion, ArticleVersion.id == Article.version_id)
    .join(Outlet, Outlet.id == Article.outlet_id)
    .outerjoin(Verdict, Verdict.id == Article.verdict_id)
    .outerjoin(StoryArticle, and_(StoryArticle.article_id == Article.id, StoryArticle.main))
    .order_by(Article.id.desc())
)


def find(session: Session, search: Search, *, limit: int = 50, before: int | None = None) -> list[Found]:
    """The newest articles that match, at most `limit`; `before` is the last id of the page before."""
    terms = read_terms(search.words)
    lines = (_LINES if before is None else _LINES.where(Article.id < before)).limit(limit)
    few = search_filters.few(session, search) if terms else None
    if few is not None:
        rows = session.execute(_among(lines, terms), {"ids": few}).all()
    elif terms and _postgresql(session):
        ids = search_postgresql.newest(session, search, terms, limit, before)
        rows = session.execute(_LINES.where(among(Article.id, "ids")), {"ids": ids}).all()
    else:
        query = lines.where(Article.same_as.is_(None), *filters_of(session, search))
        rows = session.execute(_matching(session, query, terms) if terms else _walked(query, search)).all()
    return [Found(*row[:7], flag=bool(row[7]), score=row[8]) for row in rows]


def _walked(query: Select[*_Row], search: Search) -> Select[*_Row]:
    """The flagged articles are walked back by an index of theirs, for they are few."""
    if not (search.type or search.flagged):
        return query
    return query.where(Verdict.article_id == Article.id).order_by(None).order_by(Verdict.article_id.desc())


def _among(query: Select[*_Row], terms: list[Term]) -> Select[*_Row]:
    """Those of the articles `ids` in whose texts the terms stand. Texts are words split by one space, so words that
    stand side by side are a part of the text."""

    def holds(term: Term) -> ColumnElement[bool]:
        whole = literal(" ") + (SearchText.folded if term.folded else SearchText.exact) + literal(" ")
        found = whole.contains(f" {' '.join(term.words)} ", autoescape=True)
        return not_(found) if term.excluded else found

    return query.join(SearchText, SearchText.article_id == Article.id).where(
        among(Article.id, "ids"), *(holds(term) for term in terms)
    )


def matching(session: Session, search: Search, article_ids: Sequence[int]) -> set[int]:
    """Which of these articles the search would find."""
    query = (
        select(Article.id)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .outerjoin(Verdict, Verdict.id == Article.verdict_id)
        .where(Article.id.in_(article_ids), *filters_of(session, search))
    )
    terms = read_terms(search.words)
    if terms:
        query = _matching(session, query, terms)
    return set(session.scalars(query))


def _matching(session: Session, query: Select[*_Row], terms: list[Term]) -> Select[*_Row]:
    if _postgresql(session):
        return query.join(SearchText, SearchText.article_id == Article.id).where(
            *search_postgresql.vectors(terms, indexed=True)
        )
    matches = literal_column("fts_text").op("MATCH")(literal(fts5(terms)))
    rowid = FTS_TEXT.c.rowid
    return query.join(FTS_TEXT, rowid == Article.id).where(matches).order_by(None).order_by(rowid.desc())


def _postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
