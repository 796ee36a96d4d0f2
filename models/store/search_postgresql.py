"""The newest articles that match, on PostgreSQL, whose full-text index gives every match and knows no order.

A word that most articles hold fills the page from the newest articles, which are read without the index; for a rarer
one the index is asked. What a first look at a few articles finds tells which.
"""

from collections.abc import Sequence
from functools import reduce
from math import ceil
from typing import Any

from sqlalchemy import ColumnElement, Select, func, literal_column, not_, select, text
from sqlalchemy.orm import Session

from models.fold import fold
from models.store.search_filters import Search, filters_of
from models.store.search_terms import Term
from models.tables import Article, SearchText, Verdict

LOOK = 200
"""Articles of the first look."""
MOST = 3_000
"""Articles that are read without the index: about as much work as asking it for one article in sixty of a million."""
SPARE = 50
"""Matches taken beyond those wanted, for some may be second addresses of an article."""


def newest(session: Session, search: Search, terms: list[Term], limit: int, before: int | None) -> list[int]:
    """Ids of the newest articles that match, at most `limit`, below `before`."""
    session.execute(text("SET LOCAL jit = off"))
    top = before or (session.scalar(select(func.max(SearchText.article_id))) or 0) + 1
    found: list[int] = []
    looked, size = 0, LOOK
    while size and top > 1:
        found += _read(session, search, terms, top - size, top - 1)
        top, looked = top - size, looked + size
        if len(found) >= limit:
            return found[:limit]
        more = ceil(1.2 * (limit - len(found)) * looked / len(found)) if found else MOST
        size = max(more, LOOK) if looked + more <= MOST else 0
    return found + (_ask_index(session, search, terms, limit - len(found), top) if top > 1 else [])


def _read(session: Session, search: Search, terms: list[Term], first: int, last: int) -> Sequence[int]:
    """Matches among these articles, the newest first."""
    query = _filtered(session, search).where(SearchText.article_id.between(first, last), *vectors(terms, indexed=False))
    return session.scalars(query.order_by(SearchText.article_id.desc())).all()


def _filtered(session: Session, search: Search) -> Select[int]:
    query = select(SearchText.article_id).join(Article, Article.id == SearchText.article_id)
    if search.type or search.flagged:
        query = query.join(Verdict, Verdict.id == Article.verdict_id)
    return query.where(Article.same_as.is_(None), *filters_of(session, search))


def _ask_index(session: Session, search: Search, terms: list[Term], limit: int, top: int) -> list[int]:
    """The order is by a sum, or the planner walks back over all articles and reads their words one by one."""
    order = (SearchText.article_id + 0).desc()
    if search.filters:
        query = _filtered(session, search).where(SearchText.article_id < top, *vectors(terms, indexed=True))
        return list(session.scalars(query.order_by(order).limit(limit)))
    found: list[int] = []
    while len(found) < limit:
        matches = (
            select(SearchText.article_id)
            .where(SearchText.article_id < top, *vectors(terms, indexed=True))
            .order_by(order)
            .limit(limit + SPARE)
            .subquery()
        )
        query_ = select(Article.id, Article.same_as).join(matches, matches.c.article_id == Article.id)
        rows = session.execute(query_.order_by(Article.id.desc())).all()
        found += [id_ for id_, same_as in rows if same_as is None]
        if len(rows) < limit + SPARE:
            break
        top = rows[-1][0]
    return found[:limit]


def vectors(terms: list[Term], *, indexed: bool) -> list[ColumnElement[bool]]:
    """One question a column, for the index then answers it without reading the articles, exclusions too. To exclude
    something folded where only exact words are wanted, those are asked for folded as well. Not `indexed`: in words
    that the index does not know, so that it is left alone.
    """
    found: list[ColumnElement[bool]] = []
    for folded, name in ((True, "search_text.fts_folded"), (False, "search_text.fts_exact")):
        vector: ColumnElement[str] = literal_column(name if indexed else f"coalesce({name}, '')")
        wanted = [term for term in terms if term.folded is folded and not term.excluded]
        unwanted = [term for term in terms if term.folded is folded and term.excluded]
        if folded and unwanted and not wanted:
            plain = [tuple(fold(" ".join(term.words)).split()) for term in terms if not term.excluded]
            wanted = [Term(words_, folded=True, excluded=False) for words_ in plain if words_]
        if wanted:
            asked = reduce(func.tsquery_and, [_phrase(term) for term in wanted])
            asked = reduce(func.tsquery_and, [func.tsquery_not(_phrase(term)) for term in unwanted], asked)
            found.append(vector.bool_op("@@")(asked))
        elif unwanted:
            found.append(not_(vector.bool_op("@@")(reduce(func.tsquery_or, [_phrase(term) for term in unwanted]))))
    return found


def _phrase(term: Term) -> ColumnElement[Any]:
    return func.phraseto_tsquery(literal_column("'simple'"), " ".join(term.words))
