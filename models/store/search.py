"""Search over everything kept: words and phrases with or without diacritics, by outlet, place, type and day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from typing import Any, TypeVarTuple

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Integer,
    Row,
    Select,
    and_,
    column,
    delete,
    exists,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
    type_coerce,
    union,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.errors import DiembaoError
from models.fold import exact, fold, words
from models.store import places
from models.store.insert import insert_all
from models.tables import Article, ArticleVersion, Outlet, Place, PlaceCorrection, SearchText, StoryArticle, Verdict
from models.tables.press import UNINDEXED

BATCH = 500
FEW = 3_000
"""Articles whose texts are read rather than asked of the index."""
NEWEST = 2_000
"""Articles that are looked through first."""
TERM = re.compile(r'(-?)(?:"([^"]*)"|(\S+))')
FTS_TEXT = table("fts_text", column("rowid", Integer))
"""SQLite walks its full-text index from the newest article back, so a common word costs no more than a rare one."""
_Row = TypeVarTuple("_Row")


class SearchError(DiembaoError):
    """A search that asks for nothing or cannot be understood; the message is for staff."""


@dataclass(frozen=True, slots=True)
class Area:
    """A unit as places are kept: the code of a whole province, or the finer codes that lie in the unit, by era."""

    old_province: str | None = None
    new_province: str | None = None
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """`words` may hold "phrases" and -exclusions; all parts must hold. A type is asked of flagged articles alone."""

    words: str = ""
    outlet: str | None = None
    place: Area | None = None
    type: str | None = None
    since: date | None = None
    until: date | None = None
    flagged: bool = False


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


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand side by side. With diacritics they are looked up as written, without in the folded text."""

    words: tuple[str, ...]
    folded: bool
    excluded: bool


def read_terms(query: str) -> list[Term]:
    """Raises SearchError where nothing is left to look for."""
    terms = []
    for minus, phrase, word in TERM.findall(query):
        found = tuple(words(phrase or word))
        if found:
            plain = fold(" ".join(found)) == " ".join(found)
            terms.append(Term(found, folded=plain, excluded=bool(minus)))
    if query.strip() and not any(not term.excluded for term in terms):
        raise SearchError("Hãy ghi ít nhất một từ cần tìm (từ có dấu - phía trước là từ loại bỏ).")
    return terms


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


def find(session: Session, search: Search, *, limit: int = 50, before: int | None = None) -> list[Found]:
    """The newest articles that match, at most `limit`; `before` is the last id of the page before."""
    query = (
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
        .where(Article.same_as.is_(None), *_filters(session, search))
        .order_by(Article.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(Article.id < before)
    terms = read_terms(search.words)
    few = _few(session, search) if terms else None
    if few is not None:
        rows = session.execute(_among(query, few, terms)).all()
    elif terms and _postgresql(session):
        rows = _newest_first(session, _matching(session, query, terms), limit, before)
    else:
        rows = session.execute(_matching(session, query, terms) if terms else query).all()
    return [Found(*row[:7], flag=bool(row[7]), score=row[8]) for row in rows]


def _few(session: Session, search: Search) -> Sequence[int] | None:
    """Articles that the filters leave, where they leave few: then those are looked through, for walking over every
    article with a common word until one lies in a small place takes seconds."""
    if not (search.place or search.type or search.flagged or search.outlet or search.since or search.until):
        return None
    left = select(Article.id).where(Article.same_as.is_(None), *_filters(session, replace(search, place=None)))
    if search.type or search.flagged:
        left = left.join(Verdict, Verdict.id == Article.verdict_id)
    found: Select[int] | CompoundSelect[int] = left
    if search.place:
        seen = left.join(Place, and_(Place.id == Article.place_id, Place.article_id == Article.id))
        found = seen = seen.where(_lies_in(session, Place, search.place))
        if places.any_correction(session):
            named = places.corrected_articles(_lies_in(session, PlaceCorrection, search.place))
            found = union(seen.where(Article.id.not_in(places.corrected_articles())), left.where(Article.id.in_(named)))
    ids = session.scalars(found.limit(FEW + 1)).all()
    return ids if len(ids) <= FEW else None


def _among(query: Select[*_Row], few: Sequence[int], terms: list[Term]) -> Select[*_Row]:
    """Texts are words split by one space, so words that stand side by side are a part of the text."""

    def holds(term: Term) -> ColumnElement[bool]:
        whole = literal(" ") + (SearchText.folded if term.folded else SearchText.exact) + literal(" ")
        found = whole.contains(f" {' '.join(term.words)} ", autoescape=True)
        return not_(found) if term.excluded else found

    return query.join(SearchText, SearchText.article_id == Article.id).where(
        Article.id.in_(few), *(holds(term) for term in terms)
    )


def _newest_first(session: Session, query: Select[*_Row], limit: int, before: int | None) -> Sequence[Row[*_Row]]:
    """PostgreSQL collects every match before it sorts, which takes seconds for a word that most articles hold; such a
    word fills the page from the newest articles alone."""
    session.execute(text("SET LOCAL jit = off"))
    last = before or (session.scalar(select(func.max(SearchText.article_id))) or 0) + 1
    rows = session.execute(query.where(SearchText.article_id.between(last - NEWEST, last - 1))).all()
    return rows if len(rows) == limit else session.execute(query).all()


def matching(session: Session, search: Search, article_ids: Sequence[int]) -> set[int]:
    """Which of these articles the search would find."""
    query = (
        select(Article.id)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .outerjoin(Verdict, Verdict.id == Article.verdict_id)
        .where(Article.id.in_(article_ids), *_filters(session, search))
    )
    terms = read_terms(search.words)
    if terms:
        query = _matching(session, query, terms)
    return set(session.scalars(query))


def _filters(session: Session, search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.outlet:
        found.append(Article.outlet_id == search.outlet)
    if search.since:
        found.append(Article.day >= search.since)
    if search.until:
        found.append(Article.day <= search.until)
    if search.flagged and not search.type:
        found.append(Verdict.flag.is_(True))
    if search.type:
        found += [Verdict.flag.is_(True), Verdict.types[search.type].as_float() >= 0.5]
    if search.place:
        found.append(_placed(session, search.place))
    return found


def _placed(session: Session, area: Area) -> ColumnElement[bool]:
    """Articles that lie in this unit; what a person said of a story counts for all its articles."""
    seen = Article.place_id.in_(select(Place.id).where(_lies_in(session, Place, area)))
    if not places.any_correction(session):
        return seen
    named = places.corrected_articles(_lies_in(session, PlaceCorrection, area))
    return or_(Article.id.in_(named), and_(seen, Article.id.not_in(places.corrected_articles())))


def _lies_in(session: Session, kept: type[Place] | type[PlaceCorrection], area: Area) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = []
    if area.old_province:
        found.append(kept.old_province == area.old_province)
    if area.new_province:
        found.append(kept.new_province == area.new_province)
    for column_, codes in ((kept.old_codes, area.old), (kept.new_codes, area.new)):
        if codes:
            found.append(_holds_any(session, column_, codes))
    return or_(false(), *found)


def _holds_any(session: Session, kept: InstrumentedAttribute[list[Any]], codes: Sequence[str]) -> ColumnElement[bool]:
    """Whether a list kept as JSON holds one of these."""
    if _postgresql(session):
        held: ColumnElement[bool] = type_coerce(kept, JSONB).has_any(array([literal(code) for code in codes]))
        return held
    each = func.json_each(kept).table_valued("value")
    return exists(select(literal(1)).select_from(each).where(each.c.value.in_(codes)))


def _matching(session: Session, query: Select[*_Row], terms: list[Term]) -> Select[*_Row]:
    if _postgresql(session):
        return query.join(SearchText, SearchText.article_id == Article.id).where(*_vectors(terms))
    matches = literal_column("fts_text").op("MATCH")(literal(fts5(terms)))
    rowid = FTS_TEXT.c.rowid
    return query.join(FTS_TEXT, rowid == Article.id).where(matches).order_by(None).order_by(rowid.desc())


def fts5(terms: list[Term]) -> str:
    """The terms in FTS5's own language; every word is quoted, so nothing a person types is an operator."""

    def one(term: Term) -> str:
        return f'{"folded" if term.folded else "exact"} : "{" ".join(term.words)}"'

    wanted = " AND ".join(one(term) for term in terms if not term.excluded)
    unwanted = "".join(f" NOT {one(term)}" for term in terms if term.excluded)
    return f"({wanted}){unwanted}"


def _vectors(terms: list[Term]) -> list[ColumnElement[bool]]:
    """One question a column, for the index then answers it without reading the articles, exclusions too. To exclude
    something folded where only exact words are wanted, those are asked for folded as well."""
    found: list[ColumnElement[bool]] = []
    for folded, name in ((True, "search_text.fts_folded"), (False, "search_text.fts_exact")):
        vector: ColumnElement[str] = literal_column(name)
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


def _postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
