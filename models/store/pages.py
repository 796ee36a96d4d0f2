"""Pages of articles: which are to be read now, and what came of reading them."""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, union_all, update
from sqlalchemy.orm import Session

from models.records import Article as ReadArticle
from models.store.articles import by_id, digest, owners, set_published
from models.store.insert import insert_all, insert_returning
from models.store.rechecks import RECHECK, RETRY, next_check, note_return
from models.tables import Article, ArticleAddress, ArticleVersion, Removal

LONG_ENOUGH = 300
"""Characters of body from which equal words mean the same text and not the same caption."""
WORD = re.compile(r"\w+")


class Stored(Enum):
    FIRST = "first"
    CHANGED = "changed"
    SAME = "same"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, slots=True)
class DuePage:
    id: int
    outlet: str
    url: str
    score: float


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page that was read. `identities` are those of the final and the canonical address: one that belongs to
    another article shows that this row is a second address of it."""

    article_id: int
    read: ReadArticle
    identities: Sequence[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest version of an article, without its text."""

    number: int
    origin: str
    sha256: str


@dataclass(slots=True)
class _Known:
    """What the store knows of the articles of one batch, kept up to date while the batch is worked through."""

    articles: dict[int, Article]
    newest: dict[int, Newest]
    read_before: set[int]
    owners: dict[str, int]
    texts: dict[tuple[str, str], list[int]]
    addresses: list[dict[str, Any]] = field(default_factory=list)
    versions: list[dict[str, Any]] = field(default_factory=list)


def text_digest(body: str) -> str | None:
    """Digest of the words alone, or None for a body too short to tell a reprint from a caption."""
    words = " ".join(WORD.findall(unicodedata.normalize("NFC", body).lower()))
    return hashlib.sha256(words.encode()).hexdigest() if len(words) >= LONG_ENOUGH else None


def pages_due(
    session: Session, *, now: datetime, outlets: Sequence[str] | None = None, limit: int | None = None
) -> list[DuePage]:
    """Pages to read now, the likeliest report of abuse first."""
    query = (
        select(Article.id, Article.outlet_id, Article.url, Article.score)
        .where(*_due(now))
        .order_by(Article.score.desc(), Article.id)
        .limit(limit)
    )
    if outlets is not None:
        query = query.where(Article.outlet_id.in_(outlets))
    return [DuePage(*row) for row in session.execute(query)]


def outlets_due(session: Session, *, now: datetime) -> dict[str, float]:
    """Outlets with pages to read now, and the highest score among each one's."""
    waiting = union_all(
        *(
            select(Article.outlet_id, Article.score).where(why, Article.same_as.is_(None))
            for why in (Article.page == "due", Article.check_at <= now)
        )
    ).subquery()  # apart, each is found by an index of its own; joined by OR, all articles are walked through
    query = select(waiting.c.outlet_id, func.max(waiting.c.score)).group_by(waiting.c.outlet_id)
    return dict(session.execute(query).all())


def backlog(session: Session) -> int:
    """Pages that were never read and wait to be."""
    query = select(func.count()).select_from(Article).where(Article.page == "due", Article.same_as.is_(None))
    return session.scalar(query) or 0


def _due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Article.same_as.is_(None), or_(Article.page == "due", Article.check_at <= now)


def record_page(
    session: Session, article_id: int, read: ReadArticle, *, identities: Sequence[str], run_id: int, at: datetime
) -> Stored:
    """One page; see `record_pages`."""
    return record_pages(session, [PageRead(article_id, read, identities, at)], run_id=run_id)[0]


def record_pages(session: Session, batch: Sequence[PageRead], *, run_id: int) -> list[Stored]:
    """Keep each page as a version unless it says what the last reading said; a few statements for the whole batch.

    The pages are taken in their order, so that two addresses of one article in the same batch are found out too.
    """
    texts = [text_digest(page.read.body) for page in batch]
    known = _known(session, batch, texts)
    answers = [_record(session, known, page, text, run_id=run_id) for page, text in zip(batch, texts, strict=True)]
    insert_all(session, ArticleAddress, known.addresses)
    for row, version_id in zip(known.versions, insert_returning(session, ArticleVersion, known.versions), strict=True):
        known.articles[row["article_id"]].version_id = version_id
    session.flush()
    return answers


def _known(session: Session, batch: Sequence[PageRead], digests: Sequence[str | None]) -> _Known:
    rows = by_id(session, {page.article_id for page in batch})
    same_text = (
        select(ArticleVersion.text_sha256, Article.outlet_id, Article.id)
        .join(Article, Article.version_id == ArticleVersion.id)
        .where(ArticleVersion.text_sha256.in_({text for text in digests if text}), Article.same_as.is_(None))
        .order_by(Article.id)
    )
    texts: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for text, outlet, article_id in session.execute(same_text):
        if text is not None:
            texts[text, outlet].append(article_id)
    return _Known(
        articles=rows,
        newest=newest_of(session, rows.values()),
        read_before=_read_before(session, rows),
        owners=owners(session, {identity for page in batch for identity in page.identities}),
        texts=texts,
    )


def newest_of(session: Session, articles: Iterable[Article]) -> dict[int, Newest]:
    """By article id, for those that have a version."""
    ids = [article.version_id for article in articles if article.version_id is not None]
    columns = (ArticleVersion.article_id, ArticleVersion.number, ArticleVersion.origin, ArticleVersion.sha256)
    found = session.execute(select(*columns).where(ArticleVersion.id.in_(ids)))
    return {article_id: Newest(number, origin, sha256) for article_id, number, origin, sha256 in found}


def _read_before(session: Session, article_ids: Iterable[int]) -> set[int]:
    """Articles of which some version is a page."""
    query = select(ArticleVersion.article_id).where(
        ArticleVersion.article_id.in_(list(article_ids)), ArticleVersion.origin == "page"
    )
    return set(session.scalars(query.distinct()))


def _record(session: Session, known: _Known, page: PageRead, text: str | None, *, run_id: int) -> Stored:
    article = known.articles[page.article_id]
    article.attempts, article.page_error = 0, None
    other = _other_article(known, article, page.identities, text)
    if other is not None:
        _merge(session, known, article, other)
        return Stored.DUPLICATE
    for identity in page.identities:
        if identity not in known.owners:
            known.owners[identity] = article.id
            known.addresses.append({"identity": identity, "article_id": article.id})
    first = article.id not in known.read_before
    if article.page == "gone":
        note_return(session, article.id, page.at)
    article.page = "read"
    article.check_at = next_check(session, article, page.at)
    article.checks += 1
    set_published(article, page.read.published)
    row = _page_row(article, known.newest.get(article.id), page.read, text, run_id=run_id, at=page.at)
    if row is None:
        return Stored.SAME
    known.versions.append(row)
    known.newest[article.id] = Newest(row["number"], "page", row["sha256"])
    known.read_before.add(article.id)
    if text is not None:
        known.texts.setdefault((text, article.outlet_id), []).append(article.id)
    return Stored.FIRST if first else Stored.CHANGED


def _other_article(known: _Known, article: Article, identities: Sequence[str], text: str | None) -> int | None:
    """The article of which this is a second address: by canonical identity, else by the same words in one outlet."""
    for identity in identities:
        owner = known.owners.get(identity, article.id)
        if owner != article.id:
            return owner
    if text is None or article.page == "read":
        return None
    return min((other for other in known.texts.get((text, article.outlet_id), ()) if other != article.id), default=None)


def _merge(session: Session, known: _Known, article: Article, other: int) -> None:
    """The article is a second address of the other one."""
    article.page, article.same_as, article.check_at = "read", other, None
    session.execute(update(ArticleAddress).where(ArticleAddress.article_id == article.id).values(article_id=other))
    known.owners.update({identity: other for identity, owner in known.owners.items() if owner == article.id})
    for row in known.addresses:
        if row["article_id"] == article.id:
            row["article_id"] = other


def _page_row(
    article: Article, newest: Newest | None, read: ReadArticle, text: str | None, *, run_id: int, at: datetime
) -> dict[str, Any] | None:
    """A version for what was read, or None where the newest version says the same."""
    sha256 = digest(read.title, read.sapo, read.body)
    if newest is not None and newest.origin == "page" and newest.sha256 == sha256:
        return None
    return {
        "article_id": article.id,
        "number": 1 if newest is None else newest.number + 1,
        "origin": "page",
        "run_id": run_id,
        "fetched_at": at,
        "sha256": sha256,
        "text_sha256": text,
        "title": read.title,
        "sapo": read.sapo,
        "body": read.body,
        "author": read.author,
        "section": read.section,
        "published_stated": read.published.isoformat() if read.published else None,
        "modified_stated": read.modified.isoformat() if read.modified else None,
        "provenance": dict(read.provenance),
    }


def record_again(session: Session, article_id: int, read: ReadArticle, *, run_id: int, at: datetime) -> bool:
    """A stored copy was read anew; True when that says something else than the newest version and became one."""
    article = session.get_one(Article, article_id)
    set_published(article, read.published)
    newest = newest_of(session, [article]).get(article_id)
    row = _page_row(article, newest, read, text_digest(read.body), run_id=run_id, at=at)
    if row is None:
        return False
    article.version_id = insert_returning(session, ArticleVersion, [row])[0]
    article.page = "read" if article.page != "gone" else "gone"
    session.flush()
    return True


def page_failed(
    session: Session, article_id: int, *, gone: bool, error: str, at: datetime, wait_s: float | None = None
) -> None:
    """A page that could not be read stays in the queue and comes up again later.

    One that had been read stays read, for what it said is known, and after a few attempts waits for its next check;
    if it is gone, that is recorded with the time. A page that stays gone is asked for no more, unless it belongs to
    an open case (then as `CASE_RECHECK` says).
    """
    article = session.get_one(Article, article_id)
    read = article_id in _read_before(session, [article_id])
    if gone and read and article.page != "gone":
        session.add(Removal(article_id=article_id, noticed_at=at, error=error))
    article.page = "gone" if gone else "read" if read else "failed"
    article.page_error = error
    wait = max(RETRY[min(article.attempts, len(RETRY) - 1)], timedelta(seconds=wait_s or 0))
    article.check_at = at + wait
    article.attempts += 1
    if article.attempts > len(RETRY) and (gone or read):
        article.attempts = 0 if read else article.attempts
        article.checks = max(article.checks, len(RECHECK)) if gone else article.checks
        article.check_at = next_check(session, article, at)
        article.checks += 1
