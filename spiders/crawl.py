"""The network side: lists and pages in, outcomes out. Scrapy fetches; what came is read by pure functions.

`run` owns the process's event loop, once; inside it `read_lists` and `read_pages` may be called any number of
times. Every job gets exactly one outcome, reported as soon as it is known, so that a crawl that is killed
loses only what was under way. What `on_outcome` raises ends the crawl and is raised to the caller.
"""

from collections.abc import Callable, Iterable, Mapping

from models.clock import day_of
from spiders.feed import list_outcome, nested_lists
from spiders.fetch import NOT_REACHED, Ask, Errand, fetch_all
from spiders.jobs import ListJob, ListOutcome, PageJob, PageOutcome
from spiders.options import CrawlError, CrawlOptions, user_agent
from spiders.page import outcome_of, page_outcome
from spiders.paging import Further, walk
from spiders.reactor import run
from spiders.readers import Readers
from spiders.reply import Reply
from spiders.source import Source

__all__ = ["NOT_REACHED", "CrawlError", "CrawlOptions", "read_lists", "read_pages", "run", "user_agent"]


async def read_lists(
    jobs: Iterable[ListJob],
    sources: Mapping[str, Source],
    on_outcome: Callable[[ListOutcome], None],
    options: CrawlOptions,
    further: Further | None = None,
) -> None:
    """Read feeds, sitemaps and section pages; a job's `etag` and `last_modified` make its request conditional.

    `further` is asked about each page of a section that is to be walked through, see `spiders.paging`.
    """

    def headers(job: ListJob) -> dict[str, str]:
        conditions = {"If-None-Match": job.etag, "If-Modified-Since": job.last_modified}
        return {name: value for name, value in conditions.items() if value}

    async def finish(job: ListJob, reply: Reply, ask: Ask) -> None:
        source, today, most = sources.get(job.outlet), day_of(reply.fetched_at), options.max_bytes
        parts = nested_lists(job, reply, today=today, since=options.since, max_bytes=most)
        outcome = list_outcome(job, reply, source, max_bytes=most, nested=[await ask(url) for url in parts])
        if job.walk and further is not None and outcome.health == "ok":
            outcome = await walk(outcome, reply, ask, further, source=source, options=options)
        on_outcome(outcome)

    await fetch_all(jobs, sources, options, Errand(headers, lambda _: 0, finish))


async def read_pages(
    jobs: Iterable[PageJob],
    sources: Mapping[str, Source],
    on_outcome: Callable[[PageOutcome], None],
    options: CrawlOptions,
    readers: Readers | None = None,
) -> None:
    """Read article pages, on each host those of higher priority first (among `lookahead` jobs)."""

    async def finish(job: PageJob, reply: Reply, _: Ask) -> None:
        source = sources.get(job.outlet)
        if readers is not None and readers.free and reply.health is None:
            on_outcome(outcome_of(job, reply, await readers.read(job, reply, source)))
        else:
            on_outcome(page_outcome(job, reply, source))

    await fetch_all(jobs, sources, options, Errand(lambda _: {}, lambda job: job.priority, finish))
