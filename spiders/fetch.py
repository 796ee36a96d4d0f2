"""Scrapy as the one that fetches: a spider whose start is the whole crawl, lane by lane."""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from typing import Any, Generic, Protocol, TypeVar

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from twisted.internet.defer import AlreadyCalledError

from spiders.jobs import Health
from spiders.lanes import Lanes, first_error
from spiders.manners import BREAK_AFTER
from spiders.middlewares import RETRY_ERRORS, NotReadError, host_key, proxy_host
from spiders.options import CrawlOptions
from spiders.reactor import resolver
from spiders.replay import SavedPages
from spiders.reply import Reply, judge_status
from spiders.settings import HEADERS, scrapy_settings
from spiders.source import Source

logger = logging.getLogger(__name__)
NOT_REACHED = "not reached within the time of this pass"


class Job(Protocol):
    @property
    def outlet(self) -> str: ...
    @property
    def url(self) -> str: ...


J = TypeVar("J", bound=Job)
Ask = Callable[[str], Awaitable[Reply]]


@dataclass(frozen=True, slots=True)
class Errand(Generic[J]):
    """How one sort of job is asked for (extra headers, priority) and answered.

    `finish` may ask for further addresses that belong to the job, one after the other, at the pace of its outlet.
    """

    headers: Callable[[J], Mapping[str, str]]
    priority: Callable[[J], int]
    finish: Callable[[J, Reply, Ask], Awaitable[None]]


class PressSpider(Spider):
    name = "diembao"

    def __init__(
        self,
        options: CrawlOptions | None = None,
        work: "Callable[[PressSpider], Awaitable[None]] | None" = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.options = options or CrawlOptions()
        self.saved = None if self.options.replay is None else SavedPages(self.options.replay)
        self.work = work

    async def start(self) -> AsyncIterator[Any]:
        """Nothing is yielded: the lanes ask the engine themselves, so a reply returns to where it was asked."""
        if self.work is not None:
            await self.work(self)
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request


async def fetch_all(jobs: Iterable[J], sources: Mapping[str, Source], options: CrawlOptions, errand: Errand[J]) -> None:
    """Every job is asked for once and finished once; what `finish` raises ends the crawl and is raised here.

    Outlets that say `verify = false` are asked in a crawl of their own beside the others.
    """
    if all(source.verify for source in sources.values()):
        await _fetch(jobs, sources, options, errand, verify=True)
        return
    sure: list[J] = []
    unsure: list[J] = []
    for job in jobs:
        source = sources.get(job.outlet)
        (sure if source is None or source.verify else unsure).append(job)
    try:
        async with asyncio.TaskGroup() as crawls:
            for part, verify in ((sure, True), (unsure, False)):
                crawls.create_task(_fetch(part, sources, options, errand, verify=verify))
    except BaseExceptionGroup as errors:
        raise first_error(errors) from None


async def _fetch(
    jobs: Iterable[J], sources: Mapping[str, Source], options: CrawlOptions, errand: Errand[J], *, verify: bool
) -> None:
    guard = resolver()
    options.manners.new_pass()
    lanes = Lanes(
        jobs,
        lane=lambda job: host_key(job.url),
        priority=errand.priority,
        width=options.per_host,
        lookahead=options.lookahead,
    )
    deadline = None if options.deadline_s is None else monotonic() + options.deadline_s
    failures: list[Exception] = []

    async def work(spider: PressSpider) -> None:
        async def do(job: J) -> None:
            source = sources.get(job.outlet)
            delay_s = _delay(source, options)
            reply = await _ask(spider, job.url, delay_s, errand.headers(job), deadline)
            await errand.finish(job, reply, lambda url: _ask(spider, url, delay_s, {}, deadline))

        try:
            await lanes.run(do)
        except Exception as exc:  # noqa: BLE001 raised to the caller once the engine is closed
            failures.append(exc)
        finally:
            for key, slot in spider.crawler.engine.downloader.slots.items():
                options.manners.host(key).last_request = slot.lastseen

    crawler = AsyncCrawlerRunner(scrapy_settings(options, verify=verify)).create_crawler(PressSpider)
    with guard.allowing(options.allowed_private | proxy_host(options.proxy)):
        crawl = asyncio.ensure_future(crawler.crawl_async(options=options, work=work))
        try:
            await asyncio.shield(crawl)
        except asyncio.CancelledError:
            while not crawl.done() and not crawler.engine.running:  # noqa: ASYNC110 it has no event for this
                await asyncio.sleep(0.01)  # Scrapy forgets a stop that comes before its engine runs, and never ends
            await crawler.stop_async()
            with suppress(asyncio.CancelledError):
                await crawl
            raise
    if failures:
        raise failures[0]


def _delay(source: Source | None, options: CrawlOptions) -> float:
    if options.replay is not None:
        return 0.0
    if options.delay_s is not None:
        return options.delay_s
    return 2.0 if source is None else source.delay_s


async def _ask(
    spider: PressSpider, url: str, delay_s: float, headers: Mapping[str, str], deadline: float | None
) -> Reply:
    """One request with its retries and redirects. No exception of the network leaves this function."""
    options = spider.options
    host = options.manners.host(host_key(url))
    if (left := host.closed_for_s) > 0:
        await asyncio.sleep(0)
        health: Health = "blocked" if "429" in host.closed_why else "failed"
        return _refusal(url, health, host.closed_why, retry_after_s=left)
    if host.failures >= BREAK_AFTER:
        await asyncio.sleep(0)
        return _refusal(url, "failed", f"left alone: {host.failures} requests to this host failed in a row")
    if deadline is not None and monotonic() >= deadline:
        await asyncio.sleep(0)
        return _refusal(url, "failed", NOT_REACHED)
    try:
        request = Request(
            url,
            headers={**HEADERS, "User-Agent": options.user_agent, **headers},
            meta={"delay_s": delay_s, "download_timeout": options.timeout_s},
            callback=NO_CALLBACK,
        )
    except (ValueError, TypeError) as exc:
        return _refusal(url, "refused", f"{url}: {exc}")
    try:
        response = await spider.crawler.engine.download_async(request)
    except Exception as exc:  # noqa: BLE001 sorted out below; the crawl of the others goes on
        host.failures += isinstance(exc, RETRY_ERRORS)
        return _problem(url, exc)
    host.failures = host.failures + 1 if response.status == 429 else 0
    return judge_status(response.url, response.status, _headers(response), response.body)


def _problem(url: str, exc: Exception) -> Reply:
    if isinstance(exc, NotReadError):
        return _refusal(url, exc.health, str(exc))
    if isinstance(exc, IgnoreRequest | DownloadCancelledError):
        return _refusal(url, "refused", f"{url}: {str(exc) or 'larger than the limit'}")
    if isinstance(exc, RETRY_ERRORS):
        return _refusal(url, "failed", f"{url}: {type(exc).__name__}: {exc}")
    if isinstance(exc, AlreadyCalledError):  # the answer came while the crawl was being ended
        return _refusal(url, "failed", f"{url}: the crawl was ended")
    logger.warning("request failed: %s: %s", url, exc, exc_info=exc)
    return _refusal(url, "failed", f"{url}: {type(exc).__name__}: {exc}")


def _refusal(url: str, health: Health, error: str, *, retry_after_s: float | None = None) -> Reply:
    return Reply(url, datetime.now(UTC), health=health, error=error, retry_after_s=retry_after_s)


def _headers(response: Response) -> tuple[tuple[str, str], ...]:
    return tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
