"""One worker: a process that takes jobs until it is told to stop."""

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from procrastinate import App

from classifier.places import PlaceFinder
from models import clock
from models.clock import day_of
from models.errors import DiembaoError
from models.session import Store
from pipeline.cluster.house import House, WorkerArchive
from pipeline.cluster.jobs import AGAIN, MIND, READ, TELL, Jobs
from pipeline.cluster.queue import install, let_go_of_the_lost, worker_app
from pipeline.config import Settings
from pipeline.digest import read_rules
from pipeline.digest_drafts import make_draft
from pipeline.documents.letterhead import FILE as LETTERHEAD
from pipeline.documents.letterhead import read_letterhead
from pipeline.judging import Judges
from pipeline.lock import scan_lock
from pipeline.retention import prune_old
from pipeline.telling import tell
from spiders.options import CrawlOptions
from spiders.reactor import run
from spiders.source import Source

log = logging.getLogger(__name__)
REPORT_S = 60.0
SIGNALS = (signal.SIGTERM, signal.SIGINT)


@dataclass(frozen=True, slots=True)
class Pace:
    """How much at a time, and in seconds: signs of life, how long a stopping worker waits for its jobs, polling.

    A worker that gave no sign of life for four times `heartbeat_s` is lost: its jobs and their locks go to others after
    that time, twice it at the most.
    """

    reads: int = 20
    tells: int = 4
    heartbeat_s: float = 10.0
    stop_s: float = 20.0
    poll_s: float = 5.0


def worker_name() -> str:
    """Also in the names of archive files, so nothing but letters, digits and hyphens."""
    host = "".join(c if c.isascii() and c.isalnum() else "-" for c in socket.gethostname())
    return f"{host}-{os.getpid()}"


def work(
    store: Store,
    settings: Settings,
    sources: Mapping[str, Source],
    options: CrawlOptions,
    *,
    judge: Judges,
    queues: frozenset[str] = frozenset({READ, MIND, AGAIN, TELL}),
    pace: Pace | None = None,
    now: Callable[[], datetime] = clock.now,
) -> None:
    """Until SIGTERM or Ctrl-C: jobs under way end at their next batch and ask for what is left of them.

    Raises ClusterError without PostgreSQL, ScanRunningError where a scan of the single machine is at work.
    """
    install(store)
    let_go_of_the_lost(store)
    archive = WorkerArchive(settings.archive_dir, worker_name())
    house = House(store, settings, sources, judge, PlaceFinder.load(), options, now, archive)
    try:
        with scan_lock(store, shared=True):
            if READ in queues:
                house.catch_up()
            run(lambda: _work(house, queues, pace or Pace()))
    finally:
        archive.close()


async def _work(house: House, queues: frozenset[str], pace: Pace) -> None:
    app = worker_app(house.store)
    jobs = Jobs(app, house, *_chores(house), stalled_s=4 * pace.heartbeat_s)
    jobs.register()
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in SIGNALS:
        loop.add_signal_handler(name, stopped.set)
    async with app.open_async():
        widths = {READ: pace.reads, MIND: 1, AGAIN: 1, TELL: pace.tells}
        workers = [asyncio.create_task(_worker(app, name, widths[name], pace)) for name in sorted(queues)]
        await jobs.begin(queues)
        rescuer = asyncio.create_task(jobs.keep_rescuing())
        reporter = asyncio.create_task(_keep_reporting(house, queues))
        waiter: asyncio.Task[bool] = asyncio.create_task(stopped.wait())
        await asyncio.wait([waiter, *workers], return_when=asyncio.FIRST_COMPLETED)
        house.stopping.set()
        waiter.cancel()
        rescuer.cancel()
        reporter.cancel()
        for worker in workers:
            worker.cancel()
        ended = await asyncio.gather(*workers, return_exceptions=True)
        await asyncio.to_thread(house.report, socket.gethostname(), queues)
    for error in ended:
        if isinstance(error, Exception):
            raise error


async def _keep_reporting(house: House, queues: frozenset[str]) -> None:
    """A database that is away for a while is no reason to end: the jobs wait for it, too."""
    while True:
        try:
            await asyncio.to_thread(house.report, socket.gethostname(), queues)
        except DiembaoError:
            log.exception("no sign of life could be given")
        await asyncio.sleep(REPORT_S)


async def _worker(app: App, queue: str, width: int, pace: Pace) -> bool:
    """Each queue is taken from by itself, so that none waits for another's jobs to end."""
    await app.run_worker_async(
        queues=[queue],
        name=worker_name(),
        concurrency=width,
        install_signal_handlers=False,
        fetch_job_polling_interval=pace.poll_s,
        shutdown_graceful_timeout=pace.stop_s,
        update_heartbeat_interval=pace.heartbeat_s,
        stalled_worker_timeout=3 * pace.heartbeat_s,
    )
    return True


def _chores(house: House) -> tuple[Callable[[], object], Callable[[], object], Callable[[], object]]:
    store, settings, now = house.store, house.settings, house.now

    def draft() -> object:
        rules = read_rules(settings.data_dir, settings.territory)
        return make_draft(store, day_of(now()), rules, read_letterhead(settings.data_dir / LETTERHEAD), now=now())

    return (
        lambda: tell(store, settings, now=now),
        draft,
        lambda: prune_old(store, settings.archive_dir, now=now()),
    )
