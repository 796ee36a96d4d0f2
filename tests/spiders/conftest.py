"""One reactor for all crawl tests of a process, in a thread, because it cannot be started twice."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from twisted.internet.address import IPv4Address

from spiders.crawl import CrawlOptions, read_lists, read_pages, run
from spiders.jobs import ListJob, ListOutcome, PageJob, PageOutcome
from spiders.reactor import resolver
from spiders.sample_press import SamplePress

DAY = date(2026, 3, 10)

# on a machine with other work an example takes as long as it takes: what is tested is the answer
settings.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy machine")


class Crawler:
    """Runs crawls from the test's thread and returns their outcomes in the order in which they came."""

    def __init__(self) -> None:
        self.loop: asyncio.AbstractEventLoop | None = None
        self.started = threading.Event()
        self.stop: asyncio.Event | None = None

    async def main(self) -> None:
        self.loop, self.stop = asyncio.get_running_loop(), asyncio.Event()
        self.started.set()
        await self.stop.wait()

    def call(self, work: Callable[[], Coroutine[Any, Any, None]], timeout: float = 60) -> None:
        assert self.loop is not None
        asyncio.run_coroutine_threadsafe(work(), self.loop).result(timeout)

    def lists(self, jobs: list[ListJob], options: CrawlOptions, sources: Any = None) -> list[ListOutcome]:
        outcomes: list[ListOutcome] = []
        self.call(lambda: read_lists(jobs, sources or {}, outcomes.append, options))
        return outcomes

    def pages(self, jobs: list[PageJob], options: CrawlOptions, sources: Any = None) -> list[PageOutcome]:
        outcomes: list[PageOutcome] = []
        self.call(lambda: read_pages(jobs, sources or {}, outcomes.append, options))
        return outcomes

    def page(self, url: str, options: CrawlOptions) -> PageOutcome:
        (outcome,) = self.pages([PageJob("mau", url, 1)], options)
        return outcome

    def feed(self, url: str, options: CrawlOptions) -> ListOutcome:
        (outcome,) = self.lists([ListJob("mau", url)], options)
        return outcome


@pytest.fixture(scope="session")
def crawler() -> Iterator[Crawler]:
    crawler = Crawler()
    thread = threading.Thread(target=lambda: run(crawler.main), name="reactor")
    thread.start()
    assert crawler.started.wait(20)
    yield crawler
    assert crawler.loop is not None
    assert crawler.stop is not None
    crawler.loop.call_soon_threadsafe(crawler.stop.set)
    thread.join(20)


@pytest.fixture
def press() -> Iterator[SamplePress]:
    with SamplePress(DAY) as press:
        yield press


@pytest.fixture
def options(press: SamplePress) -> CrawlOptions:
    """In a hurry, and allowed to read the sample press."""
    return quick(press.hosts)


def quick(allowed: frozenset[str], **changes: Any) -> CrawlOptions:
    values: dict[str, Any] = {"delay_s": 0.0, "backoff_s": 0.02, "timeout_s": 10.0, "max_wait_s": 1.0} | changes
    return CrawlOptions(allowed_private=allowed, **values)


@pytest.fixture
def names(crawler: Crawler) -> Iterator[dict[str, str]]:
    """A name service of the test's own: host name -> address. No other name resolves."""
    known: dict[str, str] = {}
    guard = resolver()
    inner, guard.inner = guard.inner, FakeNames(known)
    yield known
    guard.inner = inner
    guard.forget()


class FakeNames:
    def __init__(self, known: dict[str, str]) -> None:
        self.known = known

    def resolveHostName(self, receiver: Any, name: str, port: int = 0, *_: Any) -> Any:  # noqa: N802
        receiver.resolutionBegan(None)
        for address in self.known.get(name, "").split():
            receiver.addressResolved(IPv4Address("TCP", address, port))
        receiver.resolutionComplete()
        return receiver
