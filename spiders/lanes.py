"""Which job is next: one lane a host, the best job of each lane first, and no lane in the way of another."""

import asyncio
import heapq
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

J = TypeVar("J")
MAX_WORKERS = 400
"""Requests under way (or waiting for their host's pace) at any time, over all hosts."""


@dataclass(slots=True)
class Lane(Generic[J]):
    heap: list[tuple[int, int, J]] = field(default_factory=list)
    workers: int = 0


class Lanes(Generic[J]):
    """Works through `jobs`, reading at most `lookahead` of them ahead.

    Within what was read ahead a job of higher priority goes first in its lane, and lanes are independent:
    up to `width` jobs of one lane are under way at once, and a lane that waits holds up nobody.
    """

    def __init__(
        self,
        jobs: Iterable[J],
        *,
        lane: Callable[[J], str],
        priority: Callable[[J], int],
        width: int,
        lookahead: int,
    ) -> None:
        self._jobs = iter(jobs)
        self._more = True
        self._lane, self._priority = lane, priority
        self._width, self._lookahead = width, lookahead
        self._lanes: dict[str, Lane[J]] = {}
        self._ready: list[tuple[int, int, str]] = []
        self._waiting = self._workers = self._count = 0

    async def run(self, do: Callable[[J], Awaitable[None]]) -> None:
        """Call `do` once for every job. What it raises stops everything and is raised here."""
        try:
            async with asyncio.TaskGroup() as group:
                self._start_workers(group, do)
        except BaseExceptionGroup as errors:
            raise first_error(errors) from errors

    def _start_workers(self, group: asyncio.TaskGroup, do: Callable[[J], Awaitable[None]]) -> None:
        self._read_ahead()
        while self._ready and self._workers < MAX_WORKERS:
            _, _, key = heapq.heappop(self._ready)
            lane = self._lanes.get(key)
            if lane is None or lane.workers >= min(self._width, lane.workers + len(lane.heap)):
                continue
            lane.workers += 1
            self._workers += 1
            group.create_task(self._work(key, lane, group, do))

    def _read_ahead(self) -> None:
        while self._more and self._waiting < self._lookahead:
            try:
                job = next(self._jobs)
            except StopIteration:
                self._more = False
                return
            self._count += 1
            self._waiting += 1
            key = self._lane(job)
            lane = self._lanes.setdefault(key, Lane())
            entry = (-self._priority(job), self._count)
            heapq.heappush(lane.heap, (*entry, job))
            if lane.workers < self._width:
                heapq.heappush(self._ready, (*entry, key))

    async def _work(
        self, key: str, lane: Lane[J], group: asyncio.TaskGroup, do: Callable[[J], Awaitable[None]]
    ) -> None:
        while lane.heap:
            _, _, job = heapq.heappop(lane.heap)
            self._waiting -= 1
            await do(job)
            self._start_workers(group, do)
        lane.workers -= 1
        self._workers -= 1
        if not lane.workers and not lane.heap:
            del self._lanes[key]
        self._start_workers(group, do)


def first_error(errors: BaseExceptionGroup[BaseException]) -> BaseException:
    inner = errors.exceptions[0]
    return first_error(inner) if isinstance(inner, BaseExceptionGroup) else inner
