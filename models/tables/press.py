"""What was read: outlets, the state of their feeds, articles with their versions, the evidence kept, and runs."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Key


class Run(Base):
    """One pass of the daily scan; `finished_at` stays empty when it was cut off."""

    __tablename__ = "run"
    id: Mapped[Key]
    day: Mapped[date] = mapped_column(index=True)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    counters: Mapped[dict[str, Any]]


class Outlet(Base):
    """A newspaper or portal; its declaration is the source file of the same name."""

    __tablename__ = "outlet"
    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    home: Mapped[str]
    province: Mapped[str | None]


class FeedState(Base):
    """What the last poll of one feed, sitemap or section page said, what makes the next one conditional, and when.

    `overlap` is the share of entries that the poll before had shown too (None: nothing to compare); at zero something
    may have been missed, and `gap_at` says when that was last so. `moved_at`: when a new entry last appeared;
    `newest_at`: the latest date that an entry stated. `wait_until`: the host asked to be left alone until then.
    `memory` is the polling policy's own (rhythm by hour, entries shown last, polls of the day).
    """

    __tablename__ = "feed_state"
    url: Mapped[str] = mapped_column(primary_key=True)
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), index=True)
    kind: Mapped[str]
    health: Mapped[str]
    status: Mapped[int | None]
    error: Mapped[str | None]
    etag: Mapped[str | None]
    last_modified: Mapped[str | None]
    body_sha256: Mapped[str | None]
    failures: Mapped[int] = mapped_column(default=0)
    entries: Mapped[int] = mapped_column(default=0)
    polled_at: Mapped[datetime]
    good_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    newest_at: Mapped[datetime | None]
    interval_s: Mapped[float | None]
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    wait_until: Mapped[datetime | None]
    overlap: Mapped[float | None]
    fresh: Mapped[int] = mapped_column(default=0)
    gap_at: Mapped[datetime | None]
    gaps: Mapped[int] = mapped_column(default=0)
    memory: Mapped[dict[str, Any]] = mapped_column(default=dict)


UNINDEXED = "coalesce({0}indexed_version_id, 0) != {0}version_id AND {0}same_as IS NULL"
UNJUDGED = "coalesce({0}judged_version_id, 0) != {0}version_id AND {0}same_as IS NULL"
UNGROUPED = "coalesce({0}grouped_verdict_id, 0) != {0}verdict_id AND {0}same_as IS NULL"
"""What waits for each step, word for word as in the partial indexes: databases use those for no other words. The
field takes the table's name and a dot in a query, nothing in an index."""


def _waiting(name: str, column: str, words: str) -> Index:
    condition = text(words.format(""))
    return Index(f"ix_article_{name}", column, sqlite_where=condition, postgresql_where=condition)


class Article(Base):
    """One article. `day` is the day in Viet Nam on whose list it stands: when we first saw it.

    `page` says how far reading went: due, read, failed (tried again at `check_at`), gone (404 or 410).
    `same_as` names the article of which this one proved to be a second address; such a row is shown nowhere.
    `in_feed`, `in_sitemap`, `in_listing`: when each kind of list first showed it, so that one can check the others.
    `version_id`, `verdict_id` and `place_id` point to the newest of each and `score` repeats the verdict's, so that
    the page queue and the list are one query (no foreign keys: the tables would need each other).
    `indexed_version_id`, `judged_version_id` (by `judged_model`) and `grouped_verdict_id` are what search, judging and
    grouping have seen. Where one differs from the newest, the article waits for that step, whoever changed it; partial
    indexes hold just those.
    """

    __tablename__ = "article"
    __table_args__ = (
        Index("ix_article_page_score", "page", "score"),
        Index("ix_article_day_score", "day", "score", postgresql_include=["id"]),
        Index("ix_article_check_at", "check_at"),
        Index("ix_article_judged_model_version_id", "judged_model", "version_id"),
        _waiting("unindexed", "id", UNINDEXED),
        _waiting("unjudged", "version_id", UNJUDGED),
        _waiting("ungrouped", "id", UNGROUPED),
    )
    id: Mapped[Key]
    outlet_id: Mapped[str] = mapped_column(ForeignKey("outlet.id"), index=True)
    url: Mapped[str]
    day: Mapped[date]
    first_seen_at: Mapped[datetime]
    published_at: Mapped[datetime | None] = mapped_column(index=True)
    published_stated: Mapped[str | None]
    page: Mapped[str] = mapped_column(default="due")
    attempts: Mapped[int] = mapped_column(default=0)
    checks: Mapped[int] = mapped_column(default=0)
    in_feed: Mapped[datetime | None]
    in_sitemap: Mapped[datetime | None]
    in_listing: Mapped[datetime | None]
    check_at: Mapped[datetime | None]
    page_error: Mapped[str | None]
    same_as: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    version_id: Mapped[int | None] = mapped_column(index=True)
    verdict_id: Mapped[int | None]
    place_id: Mapped[int | None]
    score: Mapped[float] = mapped_column(default=0.0)
    indexed_version_id: Mapped[int | None]
    judged_version_id: Mapped[int | None]
    judged_model: Mapped[str | None]
    grouped_verdict_id: Mapped[int | None]


class ArticleAddress(Base):
    """Every identity (normalised address or outlet's own id) under which an article was met; each belongs to one."""

    __tablename__ = "article_address"
    identity: Mapped[str] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)


WHOLE = "body <> ''"
"""Versions that hold a body, word for word as in the partial index."""


class ArticleVersion(Base):
    """What an article said at one time: `entry` as a feed showed it, `page` as the page stood. Never changed, but for
    the body of an article that nobody needed, which goes after some time (models.store.texts).

    `sha256` covers all that was read; `text_sha256` only the folded words of a long enough body, to know a reprint.
    """

    __tablename__ = "article_version"
    __table_args__ = (
        UniqueConstraint("article_id", "number"),
        Index("ix_article_version_whole", "fetched_at", sqlite_where=text(WHOLE), postgresql_where=text(WHOLE)),
    )
    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    number: Mapped[int]
    origin: Mapped[str]
    run_id: Mapped[int] = mapped_column(ForeignKey("run.id"))
    fetched_at: Mapped[datetime]
    sha256: Mapped[str]
    text_sha256: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str]
    sapo: Mapped[str]
    body: Mapped[str]
    author: Mapped[str | None]
    section: Mapped[str | None]
    published_stated: Mapped[str | None]
    modified_stated: Mapped[str | None]
    provenance: Mapped[dict[str, Any]]


class Removal(Base):
    """A page that had been read was gone (404, 410) when it was looked at again; `back_at`: it stood there again."""

    __tablename__ = "removal"
    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    noticed_at: Mapped[datetime]
    error: Mapped[str]
    back_at: Mapped[datetime | None]


class Archived(Base):
    """Where the evidence archive keeps a response: file below the archive folder, offset of the WARC record in it.

    `sha256` is that of the body as received. `version_id` is None for a page in which no article was found.
    """

    __tablename__ = "archived"
    __table_args__ = (Index("ix_archived_file_offset", "file", "offset"),)
    id: Mapped[Key]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("article_version.id"), index=True)
    url: Mapped[str]
    fetched_at: Mapped[datetime]
    file: Mapped[str]
    offset: Mapped[int]
    length: Mapped[int]
    sha256: Mapped[str]
