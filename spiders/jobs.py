"""What the pipeline asks the spiders for, and what they answer. Every job gets exactly one outcome."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from models.records import Article, FeedEntry

ListKind = Literal["feed", "sitemap", "listing"]
Health = Literal["ok", "unchanged", "empty", "broken", "blocked", "gone", "failed", "refused"]
"""ok: entries read · unchanged: 304 or same bytes · empty: well-formed without entries · broken: cannot be
parsed · blocked: 401, 403, 429 or a captcha · gone: 404 or 410 · failed: 5xx, time-out, no connection ·
refused: by robots.txt or by our own guard (address, size, scheme)."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response as received, for the evidence archive. `asked` is the address before redirects."""

    asked: str
    url: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class ListJob:
    """Read one feed, news sitemap or section page; `etag`, `last_modified` and `body_sha256` make the request
    conditional. `walk`: nothing was read for a while, so the further pages of a section are read, too; those pages
    come as outcomes of jobs of their own with their `page` number."""

    outlet: str
    url: str
    kind: ListKind = "feed"
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    walk: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class ListOutcome:
    """`answers` are the responses in which the entries stood: one, or those of the sitemaps that an index names.

    `joined` is told of sections that were walked through: whether their pages reach back to what was read before.
    """

    job: ListJob
    health: Health
    fetched_at: datetime
    entries: tuple[FeedEntry, ...] = ()
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    body_sha256: str | None = None
    retry_after_s: float | None = None
    error: str | None = None
    answers: tuple[Answer, ...] = ()
    joined: bool | None = None


@dataclass(frozen=True, slots=True)
class PageJob:
    """Read one article page; `key` is the store's own id and comes back unchanged. Higher priority goes first."""

    outlet: str
    url: str
    key: int
    priority: int = 0


@dataclass(frozen=True, slots=True)
class PageOutcome:
    """`article` is None unless `health` is ok. `raw` is the response as received, for the evidence archive."""

    job: PageJob
    health: Health
    fetched_at: datetime
    article: Article | None = None
    final_url: str | None = None
    status: int | None = None
    raw: bytes = b""
    headers: tuple[tuple[str, str], ...] = field(default=())
    retry_after_s: float | None = None
    error: str | None = None

    @property
    def answer(self) -> Answer | None:
        if self.status is None:
            return None
        final = self.final_url or self.job.url
        return Answer(self.job.url, final, self.fetched_at, self.status, self.headers, self.raw)
