"""Judging in a process of its own while lists and pages still come in; what it leaves is judged after them."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from concurrent.futures.process import BrokenProcessPool
from contextlib import asynccontextmanager, contextmanager
from datetime import datetime
from functools import partial

from models.records import Reading
from models.session import Store
from models.store import verdicts
from pipeline.judging import BATCH, Answer, Judges, Places, answers, keep_answers
from spiders.readers import Readers, readers_beside

logger = logging.getLogger(__name__)
WORTH = 100
"""So many kept pages are judged together: a few at a time cost more each."""
_mind: list[tuple[Judges, Places]] = []
"""In the process that judges: with what."""


@contextmanager
def helpers(store: Store, judge: Judges, places: Places, *, processes: int) -> Iterator[Readers | None]:
    """Processes for one scan that read pages and judge; to be begun before its event loop.

    The store is closed first, for an open database must not be taken into a fork; it opens again by itself. Models and
    place names stay for the whole scan: the collector of garbage need not walk through them again and again.
    """
    store.close()
    gc.collect()
    gc.freeze()
    try:
        with readers_beside(processes, partial(_begin, judge, places)) as readers:
            yield readers
    finally:
        gc.unfreeze()


def _begin(judge: Judges, places: Places) -> None:
    _mind[:] = [(judge, places)]


def _answers(readings: Sequence[Reading]) -> list[Answer]:
    ((judge, places),) = _mind
    return answers(judge, places, readings)


class JudgingBeside:
    """Takes what the store has waiting whenever enough was kept; never more than one batch at a time."""

    def __init__(
        self, store: Store, readers: Readers, *, model: str, now: Callable[[], datetime], judged: Callable[[int], None]
    ) -> None:
        self._store, self._readers, self._model, self._now, self._judged = store, readers, model, now, judged
        self._kept, self._ending = 0, False
        self._awake = asyncio.Event()

    def kept(self, count: int) -> None:
        """So many entries or pages more are in the store."""
        self._kept += count
        if self._kept >= WORTH:
            self._awake.set()

    def end(self) -> None:
        """Let `run` return once the batch that is under way is kept."""
        self._ending = True
        self._awake.set()

    async def run(self) -> None:
        """Until `end`. Where the process dies everything is left to the judging that comes after."""
        while True:
            await self._awake.wait()
            self._awake.clear()
            if self._ending:
                return
            self._kept = 0
            with self._store.read() as session:
                batch = verdicts.unjudged(session, model=self._model, limit=BATCH, again=False)
            if not batch:
                continue
            try:
                found = await self._readers.call(_answers, [item.reading for item in batch])
            except BrokenProcessPool:
                logger.warning("the process that judged ended; the rest is judged later")
                return
            keep_answers(self._store, batch, found, at=self._now())
            self._judged(len(batch))


@asynccontextmanager
async def judged_beside(
    store: Store, readers: Readers | None, *, model: str, now: Callable[[], datetime], judged: Callable[[int], None]
) -> AsyncIterator[Callable[[int], None]]:
    """For the block, in which others keep entries or pages and tell what this yields how many; `judged` is told the
    size of each batch that was judged. Without a process for it nothing is done."""
    if readers is None:
        yield lambda _: None
        return
    beside = JudgingBeside(store, readers, model=model, now=now, judged=judged)
    task = asyncio.create_task(beside.run())
    try:
        yield beside.kept
        beside.end()
        await task
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
