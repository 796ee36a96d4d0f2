"""Processes that read pages beside the one that fetches: two cores then do what one did, and markup that kills a
parser kills no crawl.

A page that they have no room for is read where it was fetched, so nothing waits for them. They hold nothing that
would be lost with them: a page whose reader died has failed and is still due.
"""

import asyncio
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing.connection import wait

from spiders.jobs import PageJob
from spiders.page import Read, read_page
from spiders.reply import Reply
from spiders.source import Source

ROOM = 3
"""Pages that may wait for each process; beyond that the crawl reads them itself."""
MOST_PROCESSES, WORTH = 2, 300
"""So many pages have to wait for each process."""
DIED = "the process that read the page ended"


def spare_cores() -> int:
    """How many cores this process may use besides the one it runs on."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return (allowed or 1) - 1


@contextmanager
def readers_for(pages: int, processes: int) -> Iterator["Readers | None"]:
    """Processes for so many pages, or None where loading their libraries would take longer than they save."""
    count = min(processes, MOST_PROCESSES, pages // WORTH)
    if count < 1:
        yield None
        return
    readers = Readers(count)
    try:
        yield readers
    finally:
        readers.close()


class Readers:
    """`count` processes, started at once; their first second goes into loading libraries."""

    def __init__(self, count: int) -> None:
        spawn = multiprocessing.get_context("spawn")  # a fork would copy the crawl's event loop and threads
        self._pool = ProcessPoolExecutor(count, mp_context=spawn, initializer=_begin)
        self._room = ROOM * count
        self._ready = [self._pool.submit(os.getpid) for _ in range(count)]

    @property
    def free(self) -> bool:
        return self._room > 0 and all(future.done() and future.exception() is None for future in self._ready)

    async def read(self, job: PageJob, reply: Reply, source: Source | None) -> Read:
        self._room -= 1
        try:
            return await asyncio.wrap_future(self._pool.submit(read_page, job, reply, source))
        except BrokenProcessPool:
            self._room = -1_000_000_000
            return Read("failed", None, f"{job.url}: {DIED}")
        finally:
            self._room += 1

    @property
    def processes(self) -> list[int]:
        """Their ids, once they are free."""
        return [future.result() for future in self._ready]

    def close(self) -> None:
        self._pool.shutdown(cancel_futures=True)


def _begin() -> None:
    """In each process: end with the crawl, also when that is killed, and leave Ctrl-C to it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_end_with, args=(parent.sentinel,), daemon=True).start()


def _end_with(sentinel: int) -> None:
    wait([sentinel])
    os._exit(1)
