"""One contender of the scan bench in a process of its own: `python -m tests.bench.scan_contenders NAME BASE COUNT`.

Prints one JSON object: pages read, seconds of the crawl (imports and models are loaded before), CPU seconds of it,
and the largest memory in MB; processes that the crawl starts count.
"""

import json
import logging
import resource
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from datetime import date
from pathlib import Path
from typing import Any

from tests.bench.scan_pages import sources, urls

WIDTH = 8
"""Requests at once to the one host, Scrapy's default; the same for all."""
DAY = date(2026, 3, 10)
WHO = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)


Contender = tuple[list[int], Callable[[], Any]]
"""A counter of pages that is filled while the second runs."""


def _scrapy(base: str, count: int, read: Callable[[Any], object]) -> Contender:
    import scrapy
    from scrapy.crawler import AsyncCrawlerProcess

    done = [0]

    class Bare(scrapy.Spider):
        name = "bare"

        async def start(self) -> AsyncIterator[Any]:
            for _, url in urls(base, count):
                yield scrapy.Request(url)

        def parse(self, response: Any) -> None:
            done[0] += read(response) is not None

    def go() -> None:
        process = AsyncCrawlerProcess({"LOG_ENABLED": False, "CONCURRENT_REQUESTS_PER_DOMAIN": WIDTH})
        process.crawl(Bare)
        process.start()

    return done, go


def bare(base: str, count: int) -> Contender:
    return _scrapy(base, count, lambda response: response)


def with_trafilatura(base: str, count: int) -> Contender:
    from trafilatura import bare_extraction

    return _scrapy(base, count, lambda page: bare_extraction(page.text, url=page.url, with_metadata=True))


def pages(base: str, count: int) -> Contender:
    """Ours without the store: fetch and read."""
    from spiders.crawl import CrawlOptions, read_pages, run
    from spiders.jobs import PageJob, PageOutcome

    papers, read = sources(base, count), [0]

    def keep(outcome: PageOutcome) -> None:
        read[0] += outcome.article is not None

    async def main() -> None:
        jobs = (PageJob(name, url, key) for key, (name, url) in enumerate(urls(base, count)))
        await read_pages(jobs, papers, keep, options(base, CrawlOptions))

    return read, lambda: run(main)


def archived(base: str, count: int) -> Contender:
    """Ours with the evidence archive: fetch, read, keep every response in a WARC file."""
    from spiders.archive import Archive
    from spiders.crawl import CrawlOptions, read_pages, run
    from spiders.jobs import PageJob, PageOutcome

    papers, read = sources(base, count), [0]

    async def main() -> None:
        jobs = (PageJob(name, url, key) for key, (name, url) in enumerate(urls(base, count)))
        with tempfile.TemporaryDirectory() as folder, Archive(Path(folder), run="bench", day=DAY) as archive:

            def keep(outcome: PageOutcome) -> None:
                if outcome.answer is not None:
                    archive.write(outcome.answer)
                read[0] += outcome.article is not None

            await read_pages(jobs, papers, keep, options(base, CrawlOptions))

    return read, lambda: run(main)


def scan(base: str, count: int) -> Contender:
    """The whole pass: lists, judge, pages, archive, judge again, places, stories, search index, all in the store."""
    from classifier.places import PlaceFinder
    from classifier.predict import load_judge
    from models.clock import now
    from models.migrations import upgrade
    from models.session import Store
    from pipeline.evidence import RunArchive
    from pipeline.judging_beside import helpers
    from pipeline.scan import Scan
    from spiders.crawl import CrawlOptions, run
    from spiders.readers import spare_cores

    folder = tempfile.TemporaryDirectory()
    store = Store(f"sqlite:///{folder.name}/bench.db")
    upgrade(store.engine)
    archive, read = RunArchive(Path(folder.name)), [0]

    class Silent:
        def stage(self, name: str, total: int | None) -> None:
            """Nobody watches."""

        def step(self, count: int = 1) -> None:
            """Nobody watches."""

    judge, places = load_judge(), PlaceFinder.load()
    papers = sources(base, count)

    def go() -> None:
        with helpers(store, judge, places, processes=spare_cores()) as readers:
            job = Scan(
                store=store,
                sources=papers,
                judge=judge,
                places=places,
                options=options(base, CrawlOptions),
                day=DAY,
                now=now,
                progress=Silent(),
                evidence=archive,
                helpers=readers,
            )
            read[0] = run(job.run).articles_read
        archive.close()
        store.close()
        folder.cleanup()

    return read, go


def options(base: str, make: Callable[..., Any]) -> Any:
    return make(allowed_private=frozenset({base.partition("://")[2]}), per_host=WIDTH, timeout_s=60)


def fetched(base: str, count: int) -> Contender:
    """Ours without reading: what robots, guard, lanes and outcomes cost beside bare Scrapy."""
    import spiders.page
    from models.records import Article

    spiders.page.parse_article = lambda raw, *, url, **_: Article(url, "x", raw[:1].decode("latin-1"))
    return pages(base, count)


CONTENDERS = {
    "scrapy": bare,
    "scrapy+trafilatura": with_trafilatura,
    "fetch": fetched,
    "pages": pages,
    "pages+archive": archived,
    "scan": scan,
}


class Children(threading.Thread):
    """Looks at the memory of started processes twice a second: their largest use ever, which their own start hides
    from `getrusage`."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most_kb = 0

    def run(self) -> None:
        while True:
            self.most_kb = max(self.most_kb, sum(map(_largest_kb, _children())))
            time.sleep(0.5)


def _children() -> list[str]:
    found = (task.read_text().split() for task in Path("/proc/self/task").glob("*/children"))
    return [pid for pids in found for pid in pids]


def _largest_kb(pid: str) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def spent() -> float:
    """CPU seconds of this process and of those that it started and that have ended."""
    return sum(sum(resource.getrusage(who)[:2]) for who in WHO)


def main(name: str, base: str, count: int) -> None:
    logging.disable(logging.CRITICAL)
    read, go = CONTENDERS[name](base, count)
    children = Children()
    children.start()
    started, cpu = time.perf_counter(), spent()
    go()
    result = {
        "name": name,
        "pages": read[0],
        "seconds": round(time.perf_counter() - started, 2),
        "cpu_s": round(spent() - cpu, 2),
        "memory_mb": round((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss + children.most_kb) / 1024),
    }
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
