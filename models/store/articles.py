"""Articles, their addresses and versions: seen in a feed, queued, read, checked again."""

import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from models.records import Article as ReadArticle
from models.records import FeedEntry
from models.store.insert import insert_new
from models.store.rechecks import RECHECK, RETRY, next_check, note_return
from models.tables import Article, ArticleAddress, ArticleVersion, Removal, Verdict

LONG_ENOUGH = 300
"""Characters of body from which equal words mean the same text and not the same caption."""


SHOWN_BY = {"feed": "in_feed", "sitemap": "in_sitemap", "listing": "in_listing"}
"""Kind of list -> column of `article` that says when such a list first showed it."""


class Seen(Enum):
    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


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


def _digest(*parts: str | None) -> str:
    return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()


def text_digest(body: str) -> str | None:
    """Digest of the words alone, or None for a body too short to tell a reprint from a caption."""
    words = " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", body).lower()))
    return hashlib.sha256(words.encode()).hexdigest() if len(words) >= LONG_ENOUGH else None


def by_identity(session: Session, identity: str) -> Article | None:
    return session.scalar(
        select(Article)
        .join(ArticleAddress, ArticleAddress.article_id == Article.id)
        .where(ArticleAddress.identity == identity)
    )


def see_entry(
    session: Session,
    entry: FeedEntry,
    *,
    identity: str,
    outlet: str,
    run_id: int,
    day: date,
    at: datetime,
    kind: str = "feed",
) -> Seen:
    """Keep what a list of that kind shows. A new identity is a new article; a new headline makes its page due again."""
    article = by_identity(session, identity) or _begin(session, entry.url, identity, outlet=outlet, day=day, at=at)
    if getattr(article, SHOWN_BY[kind]) is None:
        setattr(article, SHOWN_BY[kind], at)
    if article.version_id is None:
        _set_published(article, entry.published)
        _add_entry_version(session, article, entry, run_id=run_id, at=at)
        return Seen.NEW
    known = session.scalars(select(ArticleVersion).where(ArticleVersion.article_id == article.id)).all()
    if any(version.title == entry.title for version in known):
        fuller = bool(entry.sapo) and not any(version.sapo for version in known)
        if not fuller or article.page == "read":
            return Seen.KNOWN
    elif article.page == "read":
        return _due_again(article, at)
    if any(version.sha256 == _digest(entry.title, entry.sapo) for version in known):
        return Seen.KNOWN
    _add_entry_version(session, article, entry, run_id=run_id, at=at)
    return Seen.CHANGED


def see_address(session: Session, url: str, *, identity: str, outlet: str, day: date, at: datetime) -> tuple[int, bool]:
    """An article known by its address alone; returns its id and whether it is new."""
    article = by_identity(session, identity)
    if article is not None:
        return article.id, False
    return _begin(session, url, identity, outlet=outlet, day=day, at=at).id, True


def _begin(session: Session, url: str, identity: str, *, outlet: str, day: date, at: datetime) -> Article:
    """A new article, or the one that another process began under this identity a moment ago."""
    article = Article(outlet_id=outlet, url=url, day=day, first_seen_at=at)
    session.add(article)
    session.flush()
    if insert_new(session, ArticleAddress, identity=identity, article_id=article.id):
        return article
    session.delete(article)
    session.flush()
    found = by_identity(session, identity)
    assert found is not None, identity  # the address is there, so is its article
    return found


def _due_again(article: Article, at: datetime) -> Seen:
    """The feed shows a headline that we never read: look at the page again, once per check."""
    if article.checks >= len(RECHECK):
        return Seen.KNOWN
    article.check_at = at
    return Seen.CHANGED


def _set_published(article: Article, published: datetime | None) -> None:
    """The first time stated counts, unless a later reading says a day or more earlier: sitemaps state changes, too."""
    if published is None:
        return
    if article.published_at is None or published <= article.published_at - timedelta(days=1):
        article.published_at = published.astimezone(UTC)
        article.published_stated = published.isoformat()


def _next_number(session: Session, article: Article) -> int:
    if article.version_id is None:
        return 1
    return session.get_one(ArticleVersion, article.version_id).number + 1


def _add_entry_version(session: Session, article: Article, entry: FeedEntry, *, run_id: int, at: datetime) -> None:
    version = ArticleVersion(
        article_id=article.id,
        number=_next_number(session, article),
        origin="entry",
        run_id=run_id,
        fetched_at=at,
        sha256=_digest(entry.title, entry.sapo),
        title=entry.title,
        sapo=entry.sapo,
        body="",
        published_stated=entry.published.isoformat() if entry.published else None,
        provenance={},
    )
    session.add(version)
    session.flush()
    article.version_id = version.id


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
    query = select(Article.outlet_id, func.max(Article.score)).where(*_due(now)).group_by(Article.outlet_id)
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
    """Keep the page as a version unless it says what the last reading said.

    `identities` are those of the final and the canonical address: one that belongs to another article shows that
    this row is a second address of it.
    """
    article = session.get_one(Article, article_id)
    article.attempts, article.page_error = 0, None
    owners = _owners(session, identities)
    claimed = [owners[identity] for identity in identities if identity in owners]
    other = _other_article(session, article, claimed, text_digest(read.body))
    if other is not None:
        article.page, article.same_as, article.check_at = "read", other, None
        session.execute(update(ArticleAddress).where(ArticleAddress.article_id == article.id).values(article_id=other))
        return Stored.DUPLICATE
    for identity in identities:
        if identity not in owners:
            insert_new(session, ArticleAddress, identity=identity, article_id=article.id)
    first = not _was_read(session, article)
    if article.page == "gone":
        note_return(session, article_id, at)
    article.page = "read"
    article.check_at = next_check(session, article, at)
    article.checks += 1
    _set_published(article, read.published)
    if not _add_page_version(session, article, read, run_id=run_id, at=at):
        return Stored.SAME
    return Stored.FIRST if first else Stored.CHANGED


def _was_read(session: Session, article: Article) -> bool:
    if article.version_id is None or (article.page == "due" and not article.checks):
        return False
    query = select(ArticleVersion.id).where(ArticleVersion.article_id == article.id, ArticleVersion.origin == "page")
    return session.scalar(query.limit(1)) is not None


def _owners(session: Session, identities: Sequence[str]) -> dict[str, int]:
    """Identity → the article that it belongs to, for those that belong to one."""
    query = (
        select(ArticleAddress.identity, Article.same_as, Article.id)
        .join(Article, Article.id == ArticleAddress.article_id)
        .where(ArticleAddress.identity.in_(identities))
    )
    return {identity: same_as or article_id for identity, same_as, article_id in session.execute(query)}


def _other_article(session: Session, article: Article, owners: Sequence[int], text: str | None) -> int | None:
    """The article of which this is a second address: by canonical identity, else by the same words in one outlet."""
    for owner in owners:
        if owner != article.id:
            return owner
    if text is None or article.page == "read":
        return None
    return session.scalar(
        select(Article.id)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .where(
            ArticleVersion.text_sha256 == text,
            Article.outlet_id == article.outlet_id,
            Article.id != article.id,
            Article.same_as.is_(None),
        )
        .order_by(Article.id)
        .limit(1)
    )


def _add_page_version(session: Session, article: Article, read: ReadArticle, *, run_id: int, at: datetime) -> bool:
    digest = _digest(read.title, read.sapo, read.body)
    last = None if article.version_id is None else session.get_one(ArticleVersion, article.version_id)
    if last is not None and last.origin == "page" and last.sha256 == digest:
        return False
    version = ArticleVersion(
        article_id=article.id,
        number=1 if last is None else last.number + 1,
        origin="page",
        run_id=run_id,
        fetched_at=at,
        sha256=digest,
        text_sha256=text_digest(read.body),
        title=read.title,
        sapo=read.sapo,
        body=read.body,
        author=read.author,
        section=read.section,
        published_stated=read.published.isoformat() if read.published else None,
        modified_stated=read.modified.isoformat() if read.modified else None,
        provenance=dict(read.provenance),
    )
    session.add(version)
    session.flush()
    article.version_id = version.id
    return True


def record_again(session: Session, article_id: int, read: ReadArticle, *, run_id: int, at: datetime) -> bool:
    """A stored copy was read anew; True when that says something else than the newest version and became one."""
    article = session.get_one(Article, article_id)
    _set_published(article, read.published)
    if not _add_page_version(session, article, read, run_id=run_id, at=at):
        return False
    article.page = "read" if article.page != "gone" else "gone"
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
    read = _was_read(session, article)
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


def flagged_on(session: Session, day: date) -> int:
    """How many articles of that day's list are flagged by their newest verdict."""
    query = (
        select(func.count())
        .select_from(Article)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .where(Article.day == day, Article.same_as.is_(None), Verdict.flag.is_(True))
    )
    return session.scalar(query) or 0
