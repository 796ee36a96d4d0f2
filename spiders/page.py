"""A reply to a page job becomes its outcome: an article, or the reason why there is none."""

import logging
import re
from typing import NamedTuple

from models.records import Article
from spiders.article import PageNotUnderstood, parse_article
from spiders.jobs import Health, PageJob, PageOutcome
from spiders.reply import Reply
from spiders.source import Source

logger = logging.getLogger(__name__)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
PAGE = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")


class Read(NamedTuple):
    """What the bytes of a reply said."""

    health: Health
    article: Article | None
    error: str | None


def page_outcome(job: PageJob, reply: Reply, source: Source | None) -> PageOutcome:
    """`broken`: a page came but holds no article; its bytes are kept, so that a mended rule can read them again."""
    return outcome_of(job, reply, read_page(job, reply, source))


def outcome_of(job: PageJob, reply: Reply, read: Read) -> PageOutcome:
    return PageOutcome(
        job=job,
        health=read.health,
        fetched_at=reply.fetched_at,
        article=read.article,
        final_url=reply.url,
        status=reply.status,
        raw=reply.body,
        headers=reply.headers,
        retry_after_s=reply.retry_after_s,
        error=read.error,
    )


def read_page(job: PageJob, reply: Reply, source: Source | None) -> Read:
    """Pure, and all that it takes and gives can be sent to another process."""
    if reply.health is not None:
        return Read(reply.health, None, reply.error)
    kind = reply.header("content-type") or "text/html"
    if not kind.lower().startswith(PAGE):
        return Read("broken", None, f"{job.url}: not a page but {kind}")
    stated = CHARSET.search(kind)
    try:
        article = parse_article(reply.body, url=reply.url, source=source, encoding=stated[1] if stated else None)
    except PageNotUnderstood as exc:
        return Read("broken", None, str(exc))
    except Exception as exc:
        logger.exception("page not read: %s", job.url)
        return Read("broken", None, f"{job.url}: {type(exc).__name__}: {exc}")
    return Read("ok", article, None)
