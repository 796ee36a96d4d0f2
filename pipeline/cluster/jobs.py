"""The jobs that the single machine runs in line, as tasks of the queue, and when each is asked for.

Locks are Procrastinate's: one job with a lock runs at a time in the whole cluster. Outlets that share a host share a
lock, so a newspaper sees one reader however many machines there are. A queueing lock keeps a job from being asked for
twice. Every step commits what it did before it reports, so a job that is run again only does what is left.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from procrastinate import App, JobContext, RetryStrategy
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status

from models.store import cluster
from models.store.locks import Lock, try_hold
from pipeline.cluster.house import House
from pipeline.cluster.queue import ATTEMPTS, set_aside_lately
from pipeline.keeping import lists_of
from spiders.middlewares import host_key
from spiders.source import Source

log = logging.getLogger(__name__)
READ, MIND, AGAIN, TELL = "read", "mind", "again", "tell"
"""Queues. Judging the archive again has one of its own, so that it neither waits for grouping nor holds it up."""
SHARES = 8
"""Judging is cut into so many shares: more workers than this gain nothing on new articles."""
RANGE = 1_000
"""Articles of one job that judges the archive again."""
HALF_PAST_SEVEN = "30 0 * * *"
"""In UTC: Procrastinate's clock. Viet Nam knows no summer time."""
SOON = 10
"""Priority of looking for what is due: behind a long queue of visits it would find the likeliest pages too late."""
STALLED_S = 45.0
KEPT_HOURS = 7 * 24
RETRY = RetryStrategy(max_attempts=ATTEMPTS, exponential_wait=3)
Step = Callable[..., Awaitable[object]]


def host_locks(sources: Mapping[str, Source]) -> dict[str, str]:
    """Outlet → the name of its lock: outlets that share any host have the same."""
    leader: dict[str, str] = {}

    def find(host: str) -> str:
        while leader.setdefault(host, host) != host:
            host = leader[host]
        return host

    first: dict[str, str] = {}
    for source in sources.values():
        hosts = [host_key(url) for url in (source.home, *(url for _, url in lists_of(source)))]
        first[source.id] = hosts[0]
        for host in hosts[1:]:
            one, other = sorted((find(hosts[0]), find(host)))
            leader[other] = one
    return {outlet: f"host:{find(host)}" for outlet, host in first.items()}


@dataclass(slots=True)
class Jobs:
    """The tasks of one worker. `tell` sends what is due to go out, `draft` makes today's digest, `clean` thins out."""

    app: App
    house: House
    tell: Callable[[], object]
    draft: Callable[[], object]
    clean: Callable[[], object]
    stalled_s: float = STALLED_S

    def register(self) -> None:
        self._task(self.read_outlet, READ)
        self._task(self.judge, MIND)
        self._task(self.group, MIND, lock="group")
        self._task(self.rejudge, AGAIN)
        self._task(self.plan_rejudging, AGAIN, lock="plan_rejudging")
        self._periodic(self.dispatch, READ, "* * * * *", lock="dispatch", priority=SOON)
        self._periodic(self.look_for_work, MIND, "* * * * *")
        self._periodic(self.rescue, TELL, "* * * * *")
        self._periodic(self.send, TELL, "* * * * *", lock="send")
        self._periodic(self.digest, TELL, HALF_PAST_SEVEN, lock="digest")
        self._periodic(self.mark, TELL, "5 * * * *", lock="mark")
        self._periodic(self.nightly, TELL, "15 18 * * *", lock="nightly")

    def _task(self, step: Step, queue: str, lock: str | None = None, priority: int = 0) -> Any:
        async def guarded(context: JobContext, /, **given: Any) -> None:
            try:
                await step(**given)
            except BaseException:  # also when this worker is told to stop: the job will wait for another
                await self._make_way(context.job)
                raise

        task = self.app.task(
            name=step.__name__, queue=queue, lock=lock, priority=priority, retry=RETRY, pass_context=True
        )
        return task(guarded)

    async def _make_way(self, job: Job) -> None:
        """A job that will wait again must be the only one of its queueing lock that waits; the others ask for the same
        work, and its count of attempts is the one that matters."""
        if job.queueing_lock is None:
            return
        manager = self.app.job_manager
        for other in await manager.list_jobs_async(status=Status.TODO.value, queueing_lock=job.queueing_lock):
            if other.id is not None:
                await manager.cancel_job_by_id_async(other.id)

    def _periodic(self, step: Step, queue: str, cron: str, lock: str | None = None, priority: int = 0) -> None:
        name = step.__name__
        self.app.periodic(cron=cron, queueing_lock=name)(self._task(step, queue, lock, priority))

    async def begin(self, queues: AbstractSet[str]) -> None:
        """What the clock would ask for within the first minute anyway."""
        if READ in queues:
            await self.ask("dispatch", queue=READ, lock="dispatch", once="dispatch", priority=SOON, timestamp=0)
        if MIND in queues:
            await self.look_for_work(0)

    async def keep_rescuing(self) -> None:
        """More often than the clock's minute: a lost worker's host waits for its lock."""
        while True:
            await asyncio.sleep(self.stalled_s)
            await self.ask("rescue", queue=TELL, once="rescue", timestamp=0)

    async def ask(
        self, name: str, *, queue: str, lock: str | None = None, once: str | None = None, priority: int = 0, **args: Any
    ) -> bool:
        """Put a job into the queue; False where one with the same `once` waits already."""
        task = self.app.configure_task(name, queue=queue, lock=lock, queueing_lock=once, priority=priority)
        try:
            await task.defer_async(**args)
        except AlreadyEnqueued:
            return False
        return True

    async def dispatch(self, timestamp: int) -> None:  # noqa: ARG002 - Procrastinate says when
        """A visit for every outlet with something due."""
        locks = host_locks(self.house.sources)
        resting = await asyncio.to_thread(set_aside_lately, self.house.store)
        for due in await asyncio.to_thread(self.house.due):
            if f"read:{due.outlet}" in resting:
                continue
            await self.ask(
                "read_outlet",
                queue=READ,
                lock=locks[due.outlet],
                once=f"read:{due.outlet}",
                priority=due.priority,
                outlet=due.outlet,
            )

    async def read_outlet(self, outlet: str) -> None:
        """The host is left alone for its usual pause before the lock is given back."""
        if outlet not in self.house.sources:
            return
        tally = await self.house.read(outlet)
        if tally.counts["articles_new"] or tally.counts["articles_read"] or tally.counts["articles_changed"]:
            await self.ask_for_judging()
        await asyncio.sleep(self.house.pause_s(outlet))
        if tally.counts["articles_read"] and await asyncio.to_thread(self.house.more_pages, outlet):
            lock = host_locks(self.house.sources)[outlet]
            await self.ask("read_outlet", queue=READ, lock=lock, once=f"read:{outlet}", outlet=outlet)

    async def ask_for_judging(self, resting: AbstractSet[str] = frozenset()) -> None:
        for share in range(SHARES):
            if f"judge:{share}" not in resting:
                await self._ask_judge(share)

    async def look_for_work(self, timestamp: int) -> None:  # noqa: ARG002
        """So that nothing waits for ever that a lost message should have started. Work that was set aside is looked at
        again after a while, for its cause may be gone."""
        resting = await asyncio.to_thread(set_aside_lately, self.house.store)
        await self.ask_for_judging(resting)
        if "group" not in resting:
            await self._ask_group()

    async def judge(self, share: int) -> None:
        done = 0
        while count := await asyncio.to_thread(self.house.judge_some, share, SHARES):
            done += count
            if self.house.stopping.is_set():
                await self._ask_judge(share)
                break
        if done:
            await self._ask_group()

    async def group(self) -> None:
        """One turn; what is left is asked for anew, so that judging comes in between and a worker can stop."""
        placed, more = await asyncio.to_thread(self.house.group)
        if more:
            await self._ask_group()
        if placed:
            await self.ask("send", queue=TELL, lock="send", once="send", timestamp=0)

    async def plan_rejudging(self) -> None:
        """The archive in ranges, the newest first; planning again asks only for what is not waiting yet."""
        with self.house.store.read() as session:
            found = cluster.ranges(session, RANGE)
        for first, last in found:
            await self._ask_rejudging(first, last)

    async def rejudge(self, first: int, last: int) -> None:
        while await asyncio.to_thread(self.house.judge_again, first, last):
            if self.house.stopping.is_set():
                await self._ask_rejudging(first, last)
                return

    async def _ask_judge(self, share: int) -> None:
        once = f"judge:{share}"
        await self.ask("judge", queue=MIND, lock=once, once=once, priority=5, share=share)

    async def _ask_group(self) -> None:
        await self.ask("group", queue=MIND, lock="group", once="group")

    async def _ask_rejudging(self, first: int, last: int) -> None:
        once = f"rejudge:{first}-{last}"
        await self.ask("rejudge", queue=AGAIN, lock=once, once=once, priority=-5, first=first, last=last)

    async def send(self, timestamp: int) -> None:  # noqa: ARG002
        await asyncio.to_thread(self.tell)

    async def digest(self, timestamp: int) -> None:  # noqa: ARG002
        await asyncio.to_thread(self.draft)

    async def mark(self, timestamp: int) -> None:  # noqa: ARG002
        await asyncio.to_thread(self.house.mark)

    async def nightly(self, timestamp: int) -> None:  # noqa: ARG002
        await asyncio.to_thread(self.clean)
        await self.app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True, include_aborted=True)

    async def rescue(self, timestamp: int) -> None:  # noqa: ARG002
        """Jobs of workers that were killed or cut off are done by others; one that takes its worker with it every
        time is set aside like any that fails. One rescuer at a time: a second would take away again what the first
        has just given to somebody. Whose machine is gone holds up the others no longer than its connection lives."""
        with self.house.store.write() as session:
            if try_hold(session, Lock.RESCUE):
                await self._rescue()

    async def _rescue(self) -> None:
        manager, now = self.app.job_manager, self.house.now()
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self.stalled_s):
            assert job.id is not None
            log.warning("job of a lost worker: %s %s", job.task_name, job.id)
            if job.attempts + 1 >= ATTEMPTS:
                await manager.finish_job_by_id_async(job.id, status=Status.FAILED, delete_job=False)
                continue
            await self._make_way(job)
            try:
                await manager.retry_job(job, retry_at=now - timedelta(seconds=1))
            except ConnectorException:  # it ended after all
                log.info("rescued already: %s", job.id)
