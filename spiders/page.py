"""A reply to a page job becomes its outcome: an article, or the reason why there is none."""

import logging
import re

from models.records import Article
from spiders.article import PageNotUnderstood, parse_article
from spiders.jobs import Health, PageJob, PageOutcome
from spiders.reply import Reply
from spiders.source import Source

logger = logging.getLogger(__name__)
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
PAGE = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml")


def page_outcome(job: PageJob, reply: Reply, source: Source | None) -> PageOutcome:
    """`broken`: a page came but holds no article; its bytes are kept, so that a mended rule can read them again."""
    health, article, error = _read(job, reply, source)
    return PageOutcome(
        job=job,
        health=health,
        fetched_at=reply.fetched_at,
        article=article,
        final_url=reply.url,
        status=reply.status,
        raw=reply.body,
        headers=reply.headers,
        retry_after_s=reply.retry_after_s,
        error=error,
    )


def _read(job: PageJob, reply: Reply, source: Source | None) -> tuple[Health, Article | None, str | None]:
    if reply.health is not None:
        return reply.health, None, reply.error
    kind = reply.header("content-type") or "text/html"
    if not kind.lower().startswith(PAGE):
        return "broken", None, f"{job.url}: not a page but {kind}"
    stated = CHARSET.search(kind)
    try:
        article = parse_article(reply.body, url=reply.url, source=source, encoding=stated[1] if stated else None)
    except PageNotUnderstood as exc:
        return "broken", None, str(exc)
    except Exception as exc:
        logger.exception("page not read: %s", job.url)
        return "broken", None, f"{job.url}: {type(exc).__name__}: {exc}"
    return "ok", article, None
