"""Processes that work beside the one that fetches: two cores then do what one did, and markup that kills a parser
kills no crawl.

They are forked before the crawl's event loop exists and before the database is open, so that they begin at once and
share what is loaded: a model need not be read twice. A page that they have no room for is read where it was fetched,
so nothing waits for them. They hold nothing that would be lost with them: a page whose reader died has failed and is
still due.
"""

import asyncio
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait
from typing import ParamSpec, TypeVar

from spiders.jobs import PageJob
from spiders.page import Read, read_page
from spiders.reply import Reply
from spiders.source import Source

P = ParamSpec("P")
T = TypeVar("T")
ROOM = 3
"""Pages that may wait for each process; beyond that the crawl reads them itself."""
MOST_PROCESSES = 2
DIED = "the process that read the page ended"


def spare_cores() -> int:
    """How many cores this process may use besides the one it runs on."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (allowed or 1) - 1


@contextmanager
def readers_beside(processes: int, begin: Callable[[], None]) -> Iterator["Readers | None"]:
    """Processes for the block, or None where there is no core for them or where a fork is not safe.

    `begin` is called in each of them first. No event loop may run yet and no database may be open.
    """
    count = min(processes, MOST_PROCESSES)
    if count < 1 or sys.platform != "linux":
        yield None
        return
    readers = Readers(count, begin)
    try:
        yield readers
    finally:
        readers.close()


class Readers:
    """`count` processes, forked at once."""

    def __init__(self, count: int, begin: Callable[[], None] = lambda: None) -> None:
        fork = multiprocessing.get_context("fork")
        self._pool = ProcessPoolExecutor(count, mp_context=fork, initializer=_begin, initargs=(begin,))
        self._room = ROOM * count
        self._ready = [self._pool.submit(os.getpid) for _ in range(count)]

    @property
    def free(self) -> bool:
        return self._room > 0 and all(future.done() and future.exception() is None for future in self._ready)

    async def read(self, job: PageJob, reply: Reply, source: Source | None) -> Read:
        self._room -= 1
        try:
            return await self.call(read_page, job, reply, source)
        except BrokenProcessPool:
            return Read("failed", None, f"{job.url}: {DIED}")
        finally:
            self._room += 1

    async def call(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """A function of a module, done in one of the processes. Raises BrokenProcessPool where one of them died."""
        try:
            return await asyncio.wrap_future(self._pool.submit(work, *args, **kwargs))
        except BrokenProcessPool:
            self._room = -1_000_000_000
            raise

    @property
    def processes(self) -> list[int]:
        """Their ids, once they are free."""
        return [future.result() for future in self._ready]

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _begin(begin: Callable[[], None]) -> None:
    """In each process: end with the crawl, also when that is killed, and leave Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()
    begin()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
