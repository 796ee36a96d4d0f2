"""Articles and their addresses as lists show them: seen, known by another address, seen with another headline."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from enum import Enum
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.records import FeedEntry
from models.store.insert import insert_all, insert_returning
from models.store.rechecks import RECHECK
from models.tables import Article, ArticleAddress, ArticleVersion, Verdict

SHOWN_BY = {"feed": "in_feed", "sitemap": "in_sitemap", "listing": "in_listing"}
"""Kind of list -> column of `article` that says when such a list first showed it."""
TOGETHER = 500
"""Entries of one statement; databases bound the number of its parameters."""


class Seen(Enum):
    NEW = "new"
    CHANGED = "changed"
    KNOWN = "known"


@dataclass(frozen=True, slots=True)
class Sighting:
    """`kept`: the entry became the newest version of the article."""

    seen: Seen
    article_id: int
    kept: bool


@dataclass(slots=True)
class _Said:
    """What is known of the versions of one article: the number of the newest, headlines, digests, any sapo."""

    number: int = 0
    titles: set[str] = field(default_factory=set)
    digests: set[str] = field(default_factory=set)
    sapo: bool = False

    def add(self, number: int, title: str, sapo: str, sha256: str) -> None:
        self.number = max(self.number, number)
        self.titles.add(title)
        self.digests.add(sha256)
        self.sapo = self.sapo or bool(sapo)


def digest(*parts: str | None) -> str:
    return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()


def owners(session: Session, identities: Iterable[str]) -> dict[str, int]:
    """Identity → the article that it belongs to, for those that belong to one."""
    query = (
        select(ArticleAddress.identity, Article.same_as, Article.id)
        .join(Article, Article.id == ArticleAddress.article_id)
        .where(ArticleAddress.identity.in_(list(identities)))
    )
    return {identity: same_as or article_id for identity, same_as, article_id in session.execute(query)}


def by_id(session: Session, article_ids: Iterable[int]) -> dict[int, Article]:
    return {row.id: row for row in session.scalars(select(Article).where(Article.id.in_(list(article_ids))))}


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
    """One entry of a list; see `see_entries`."""
    found = see_entries(session, [(identity, entry)], outlet=outlet, run_id=run_id, day=day, at=at, kind=kind)
    return found[0].seen


def see_entries(
    session: Session,
    shown: Sequence[tuple[str, FeedEntry]],
    *,
    outlet: str,
    run_id: int,
    day: date,
    at: datetime,
    kind: str = "feed",
) -> list[Sighting]:
    """Keep what a list of that kind shows, as (identity, entry). A new identity is a new article; a new headline makes
    its page due again. A few statements for every five hundred entries."""
    answers = []
    for start in range(0, len(shown), TOGETHER):
        part = shown[start : start + TOGETHER]
        answers += _see_part(session, part, outlet=outlet, run_id=run_id, day=day, at=at, kind=kind)
    return answers


def _see_part(
    session: Session,
    shown: Sequence[tuple[str, FeedEntry]],
    *,
    outlet: str,
    run_id: int,
    day: date,
    at: datetime,
    kind: str,
) -> list[Sighting]:
    urls = {identity: entry.url for identity, entry in reversed(shown)}
    found = _find_or_begin(session, urls, outlet=outlet, day=day, at=at)
    said = _said(session, [article.id for article in found.values() if article.version_id is not None])
    rows: list[dict[str, Any]] = []
    answers = []
    for identity, entry in shown:
        article = found[identity]
        if getattr(article, SHOWN_BY[kind]) is None:
            setattr(article, SHOWN_BY[kind], at)
        known = said.setdefault(article.id, _Said())
        answer = _look(article, known, entry, at)
        kept = answer is Seen.NEW or (answer is Seen.CHANGED and article.page != "read")
        if kept:
            rows.append(_entry_row(article, known, entry, run_id=run_id, at=at))
        answers.append(Sighting(answer, article.id, kept))
    articles = {article.id: article for article in found.values()}
    for row, version_id in zip(rows, insert_returning(session, ArticleVersion, rows), strict=True):
        articles[row["article_id"]].version_id = version_id
    session.flush()
    return answers


def _look(article: Article, known: _Said, entry: FeedEntry, at: datetime) -> Seen:
    """What an entry tells of an article: NEW and CHANGED are kept as a version, unless its page was read already."""
    if not known.number:
        set_published(article, entry.published)
        return Seen.NEW
    if entry.title in known.titles:
        fuller = bool(entry.sapo) and not known.sapo
        if not fuller or article.page == "read":
            return Seen.KNOWN
    elif article.page == "read":
        return _due_again(article, at)
    return Seen.KNOWN if digest(entry.title, entry.sapo) in known.digests else Seen.CHANGED


def _due_again(article: Article, at: datetime) -> Seen:
    """The feed shows a headline that we never read: look at the page again, once per check."""
    if article.checks >= len(RECHECK):
        return Seen.KNOWN
    article.check_at = at
    return Seen.CHANGED


def _said(session: Session, article_ids: Sequence[int]) -> dict[int, _Said]:
    columns = (ArticleVersion.article_id, ArticleVersion.number, ArticleVersion.title, ArticleVersion.sapo)
    query = select(*columns, ArticleVersion.sha256).where(ArticleVersion.article_id.in_(article_ids))
    said: dict[int, _Said] = {}
    for article_id, number, title, sapo, sha256 in session.execute(query) if article_ids else ():
        said.setdefault(article_id, _Said()).add(number, title, sapo, sha256)
    return said


def _entry_row(article: Article, known: _Said, entry: FeedEntry, *, run_id: int, at: datetime) -> dict[str, Any]:
    sha256 = digest(entry.title, entry.sapo)
    known.add(known.number + 1, entry.title, entry.sapo, sha256)
    return {
        "article_id": article.id,
        "number": known.number,
        "origin": "entry",
        "run_id": run_id,
        "fetched_at": at,
        "sha256": sha256,
        "title": entry.title,
        "sapo": entry.sapo,
        "body": "",
        "published_stated": entry.published.isoformat() if entry.published else None,
        "provenance": {},
    }


def see_address(session: Session, url: str, *, identity: str, outlet: str, day: date, at: datetime) -> tuple[int, bool]:
    """An article known by its address alone; returns its id and whether it is new."""
    known = owners(session, [identity])
    if identity in known:
        return known[identity], False
    return _find_or_begin(session, {identity: url}, outlet=outlet, day=day, at=at)[identity].id, True


def _find_or_begin(
    session: Session, urls: dict[str, str], *, outlet: str, day: date, at: datetime
) -> dict[str, Article]:
    """Identity → article; a new one where none is known, or the one that another process began a moment ago."""
    known = owners(session, urls)
    fresh = [identity for identity in urls if identity not in known]
    rows = [{"outlet_id": outlet, "url": urls[identity], "day": day, "first_seen_at": at} for identity in fresh]
    begun = dict(zip(fresh, insert_returning(session, Article, rows), strict=True))
    addresses = [{"identity": identity, "article_id": article_id} for identity, article_id in begun.items()]
    insert_all(session, ArticleAddress, addresses)
    if begun:
        known |= owners(session, begun)
    articles = by_id(session, {*known.values(), *begun.values()})
    for identity, article_id in begun.items():
        if known[identity] != article_id:
            session.delete(articles[article_id])
    return {identity: articles[known[identity]] for identity in urls}


def set_published(article: Article, published: datetime | None) -> None:
    """The first time stated counts, unless a later reading says a day or more earlier: sitemaps state changes, too."""
    if published is None:
        return
    if article.published_at is None or published <= article.published_at - timedelta(days=1):
        article.published_at = published.astimezone(UTC)
        article.published_stated = published.isoformat()


def flagged_on(session: Session, day: date) -> int:
    """How many articles of that day's list are flagged by their newest verdict."""
    query = (
        select(func.count())
        .select_from(Article)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .where(Article.day == day, Article.same_as.is_(None), Verdict.flag.is_(True))
    )
    return session.scalar(query) or 0
