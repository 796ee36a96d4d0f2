"""A reply to a list job becomes its outcome: entries of a feed, a sitemap or a section page."""

import hashlib
import logging
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from scrapy.utils.gz import gunzip

from models.records import FeedEntry
from spiders.feedxml import FeedPage, parse_feed
from spiders.identity import bare_host
from spiders.jobs import Answer, ListJob, ListOutcome
from spiders.reply import Reply
from spiders.section_page import parse_listing
from spiders.sitemap_xml import parse_sitemap
from spiders.source import Source

logger = logging.getLogger(__name__)
MOST_NESTED = 2
"""Sitemaps that are read of those that an index names."""
NO_NEWS = re.compile(r"video|image|photo|categor|section|topic|tag|author|page|static|event", re.IGNORECASE)


def list_outcome(
    job: ListJob, reply: Reply, source: Source | None, *, max_bytes: int, nested: Sequence[Reply] = ()
) -> ListOutcome:
    """Bytes that are the same as last time are `unchanged`, as 304 is; whatever is wrong is said in `error`.

    `nested` are the replies for the sitemaps that `nested_lists` chose; such an index is never asked for
    conditionally, for it may stay the same while they change.
    """
    if reply.health is not None:
        return _outcome(job, reply, FeedPage("empty"))
    digest = hashlib.sha256(b"".join([reply.body, *(part.body for part in nested)])).hexdigest()
    if digest == job.body_sha256:
        return _outcome(job, reply, FeedPage("empty"), unchanged=True, digest=digest, conditional=not nested)
    pages = [read_list(job, part, source, max_bytes) for part in (nested or (reply,)) if part.health is None]
    if not pages:
        return _outcome(job, nested[0], FeedPage("empty"))
    found = _outcome(job, reply, _joined(pages), digest=digest, conditional=not nested)
    parts = {part.url: part for part in nested if part.health is None} or {job.url: reply}
    return replace(found, answers=tuple(_answer(asked, part) for asked, part in parts.items()))


def nested_lists(job: ListJob, reply: Reply, *, today: date, max_bytes: int, since: date | None = None) -> list[str]:
    """The sitemaps of an index that most likely hold today's articles: by their names, else the first of them.

    With `since` also those of each month from then on.
    """
    if job.kind != "sitemap" or reply.health is not None or not _is_index(reply.body, max_bytes):
        return []
    page = read_list(job, reply, None, max_bytes)
    if page.entries:
        return []
    host = _host(reply.url)
    wanted = _months(since or today, today)
    months = [name for day in wanted for name in _month_names(day)]

    def name(url: str) -> str:
        return url.rpartition("//")[2].partition("/")[2].lower()

    def rank(url: str) -> int:
        said = any(word in name(url) for word in ("news", "latest", "daily"))
        return -2 * any(month in name(url) for month in months) - said

    own = [url for url in page.nested if _host(url) == host]
    likely = [url for url in own if not NO_NEWS.search(name(url))]
    return sorted(likely or own, key=rank)[: MOST_NESTED + len(wanted) - 1]


def _months(first: date, last: date) -> list[date]:
    """The first days of the months from one day to another, at most a year of them."""
    end = last.year * 12 + last.month
    numbers = range(max(first.year * 12 + first.month, end - 11), end + 1)
    return [date((number - 1) // 12, (number - 1) % 12 + 1, 1) for number in numbers]


def _month_names(day: date) -> tuple[str, ...]:
    return f"{day:%Y-%m}", f"{day:%Y%m}", f"{day:%Y/%m}", f"{day.year}-{day.month}."


def read_list(job: ListJob, reply: Reply, source: Source | None, max_bytes: int) -> FeedPage:
    """What the bytes say; they never raise."""
    try:
        body = _plain(reply.body, max_bytes)
        if job.kind == "sitemap":
            return parse_sitemap(body, url=reply.url)
        if job.kind == "listing":
            return parse_listing(body, url=reply.url, source=source)
        clock = source is not None and source.article.local_clock
        return parse_feed(body, url=reply.url, content_type=reply.header("content-type"), local_clock=clock)
    except Exception as exc:
        logger.exception("list not read: %s", job.url)
        return FeedPage("broken", error=f"{job.url}: {type(exc).__name__}: {exc}")


def _plain(body: bytes, max_bytes: int) -> bytes:
    """Sitemaps often come as a .gz file, which is no transfer coding; a bomb is refused by its size."""
    return gunzip(body, max_size=max_bytes) if body.startswith(b"\x1f\x8b") else body


def _is_index(body: bytes, max_bytes: int) -> bool:
    try:
        return b"sitemapindex" in _plain(body, max_bytes)[:4_096]
    except Exception:  # noqa: BLE001 a file that cannot be unpacked is told of when it is read
        return False


def _joined(pages: list[FeedPage]) -> FeedPage:
    """Several sitemaps as one list, each address once."""
    if len(pages) == 1:
        return pages[0]
    entries: dict[str, FeedEntry] = {}
    for page in pages:
        for entry in page.entries:
            entries.setdefault(entry.url, entry)
    error = next((page.error for page in pages if page.error), None)
    return FeedPage("ok" if entries else pages[0].health, tuple(entries.values()), error)


def _answer(asked: str, reply: Reply) -> Answer:
    return Answer(asked, reply.url, reply.fetched_at, reply.status or 0, reply.headers, reply.body)


def _host(url: str) -> str:
    return bare_host(url.partition("//")[2].partition("/")[0])


def _outcome(
    job: ListJob,
    reply: Reply,
    page: FeedPage,
    *,
    unchanged: bool = False,
    digest: str | None = None,
    conditional: bool = True,
) -> ListOutcome:
    same = unchanged or reply.health == "unchanged"
    etag = reply.header("etag") or (job.etag if same else None)
    last_modified = reply.header("last-modified") or (job.last_modified if same else None)
    return ListOutcome(
        job=job,
        health="unchanged" if same else reply.health or page.health,
        fetched_at=reply.fetched_at,
        entries=page.entries,
        status=reply.status,
        etag=etag if conditional else None,
        last_modified=last_modified if conditional else None,
        body_sha256=digest or (job.body_sha256 if same else None),
        retry_after_s=reply.retry_after_s,
        error=reply.error or page.error,
    )
