"""Let the watch run in this process until it is told to stop."""

import asyncio
import signal
from collections.abc import Callable, Mapping

from models.clock import now
from models.session import Store
from pipeline.judging import Judges, Places
from pipeline.keeping import Evidence
from pipeline.polling import Policy
from pipeline.run_report import ScanReport
from pipeline.watch import Pace, Watch
from spiders.options import CrawlOptions
from spiders.reactor import run
from spiders.source import Source

SIGNALS = (signal.SIGTERM, signal.SIGINT)


def watch_until_stopped(
    store: Store,
    sources: Mapping[str, Source],
    options: CrawlOptions,
    *,
    judge: Judges,
    places: Places,
    report: Callable[[ScanReport], None],
    evidence: Evidence | None = None,
    policy: Policy | None = None,
    pace: Pace | None = None,
    tell: Callable[[], object] | None = None,
    nightly: Callable[[], object] | None = None,
) -> None:
    """SIGTERM and Ctrl-C end it in good order; a second Ctrl-C at once. Once a process, like every crawl."""

    async def main() -> None:
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()

        def end() -> None:
            for name in SIGNALS:
                loop.remove_signal_handler(name)
            stop.set()

        for name in SIGNALS:
            loop.add_signal_handler(name, end)
        watch = Watch(
            store=store,
            sources=sources,
            judge=judge,
            places=places,
            options=options,
            now=now,
            report=report,
            evidence=evidence,
            policy=policy,
            pace=pace,
            tell=tell,
            nightly=nightly,
        )
        await watch.run(stop)

    try:
        run(main)
    finally:
        if evidence is not None:
            evidence.close()
