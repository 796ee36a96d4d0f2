"""Judging and grouping beside the collection: in threads, of whatever the store has waiting."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from models.clock import day_of
from models.session import Store
from models.store import search, stories
from pipeline.judging import Judges, Places, judge_new
from pipeline.stories import follow_corrections, group_new, load_index

logger = logging.getLogger(__name__)


class Mind:
    """Judges and groups what has been stored, in threads, never more than one of each at a time."""

    def __init__(
        self, *, store: Store, judge: Judges, places: Places, now: Callable[[], datetime], group_s: float
    ) -> None:
        self._store, self._judge, self._places, self._now = store, judge, places, now
        self._group_s = group_s
        self._asked = self._done = 0
        self._awake = asyncio.Event()
        self._turn = asyncio.Condition()
        self._lock = threading.Lock()
        self._ungrouped = True
        self._grouped_at = float("-inf")
        self._counts: dict[str, int] = {"judged": 0, "stories_new": 0}
        self._corrections = self._count_corrections()
        self._index = load_index(store, today=day_of(now()))

    def wake(self) -> None:
        self._asked += 1
        self._awake.set()

    async def judged(self) -> None:
        """Wait until everything that is in the store now has been judged."""
        self.wake()
        mine = self._asked
        async with self._turn:
            await self._turn.wait_for(lambda: self._done >= mine)

    async def run(self) -> None:
        """What fails is logged and tried again; whoever waits for a verdict goes on without it."""
        while True:
            left = self._grouped_at + self._group_s - time.monotonic() if self._ungrouped else None
            if left is not None and left <= 0:
                await self._try(self.group)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._awake.wait()
            if not self._awake.is_set():
                continue
            self._awake.clear()
            asked = self._asked
            await self._try(self.judge)
            async with self._turn:
                self._done = asked
                self._turn.notify_all()

    @staticmethod
    async def _try(step: Callable[[], None]) -> None:
        try:
            await asyncio.to_thread(step)
        except Exception:
            logger.exception("%s failed", step.__name__)

    def judge(self) -> None:
        with self._lock:
            judged = judge_new(self._store, self._judge, self._places, now=self._now, progress=lambda _: None)
            self._counts["judged"] += judged
            self._ungrouped = self._ungrouped or judged > 0

    def group(self) -> None:
        """The index obeys what people corrected before it places anything."""
        with self._lock:
            self._grouped_at, self._ungrouped = time.monotonic(), False
            self._corrections = follow_corrections(self._store, self._index, since=self._corrections)
            self._counts["stories_new"] += group_new(self._store, self._index, now=self._now)
            while self._index_search():
                pass

    def _index_search(self) -> int:
        with self._store.write() as session:
            return search.index_new(session)

    def finish(self) -> None:
        """At the end; a step that is still running in its thread is waited for."""
        self.judge()
        self.group()

    def take_counts(self) -> dict[str, int]:
        counts, self._counts = self._counts, {"judged": 0, "stories_new": 0}
        return counts

    def _count_corrections(self) -> int:
        with self._store.read() as session:
            return stories.corrections(session)
