"""A reply to a list job becomes its outcome: entries of a feed, a sitemap or a section page."""

import hashlib
import logging

from scrapy.utils.gz import gunzip

from spiders.feedxml import FeedPage, parse_feed
from spiders.jobs import ListJob, ListOutcome
from spiders.reply import Reply
from spiders.section_page import parse_listing
from spiders.sitemap_xml import parse_sitemap
from spiders.source import Source

logger = logging.getLogger(__name__)


def list_outcome(job: ListJob, reply: Reply, source: Source | None, *, max_bytes: int) -> ListOutcome:
    """Bytes that are the same as last time are `unchanged`, as 304 is; whatever is wrong is said in `error`."""
    if reply.health is not None:
        return _outcome(job, reply, FeedPage("empty"))
    digest = hashlib.sha256(reply.body).hexdigest()
    if digest == job.body_sha256:
        return _outcome(job, reply, FeedPage("empty"), unchanged=True, digest=digest)
    try:
        page = read_list(job, _plain(reply.body, max_bytes), reply, source)
    except Exception as exc:
        logger.exception("list not read: %s", job.url)
        page = FeedPage("broken", error=f"{job.url}: {type(exc).__name__}: {exc}")
    return _outcome(job, reply, page, digest=digest)


def read_list(job: ListJob, body: bytes, reply: Reply, source: Source | None) -> FeedPage:
    if job.kind == "sitemap":
        return parse_sitemap(body, url=reply.url)
    if job.kind == "listing":
        return parse_listing(body, url=reply.url, source=source)
    clock = source is not None and source.article.local_clock
    return parse_feed(body, url=reply.url, content_type=reply.header("content-type"), local_clock=clock)


def _plain(body: bytes, max_bytes: int) -> bytes:
    """Sitemaps often come as a .gz file, which is no transfer coding; a bomb is refused by its size."""
    return gunzip(body, max_size=max_bytes) if body.startswith(b"\x1f\x8b") else body


def _outcome(
    job: ListJob, reply: Reply, page: FeedPage, *, unchanged: bool = False, digest: str | None = None
) -> ListOutcome:
    same = unchanged or reply.health == "unchanged"
    return ListOutcome(
        job=job,
        health="unchanged" if same else reply.health or page.health,
        fetched_at=reply.fetched_at,
        entries=page.entries,
        status=reply.status,
        etag=reply.header("etag") or (job.etag if same else None),
        last_modified=reply.header("last-modified") or (job.last_modified if same else None),
        body_sha256=digest or (job.body_sha256 if same else None),
        retry_after_s=reply.retry_after_s,
        error=reply.error or page.error,
    )
