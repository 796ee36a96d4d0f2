"""One pass of the daily scan: lists → judge → pages, the likeliest first → judge → stories.

Answers of the spiders are kept in short transactions, and every later step asks the store what is left to
do. So a pass that was cut off at any line is finished by the next one, and a pass that was not needed adds nothing.
"""

import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from models.session import Store
from models.store import articles, outlets, pages, rechecks, runs, search
from models.store.pages import DuePage
from models.tables import FeedState
from pipeline.entries import to_walk
from pipeline.judging import Judges, Places, judge_new
from pipeline.judging_beside import judged_beside
from pipeline.keeping import Evidence, Keeper, Tally, leading_kinds, lists_of
from pipeline.lock import scan_lock
from pipeline.polling import CHAIN
from pipeline.run_report import ScanReport, finish_run
from pipeline.stories import group_new, load_index
from spiders.archive import Packed
from spiders.crawl import read_lists, read_pages
from spiders.identity import article_identity
from spiders.jobs import ListJob, ListKind, ListOutcome, PageJob, PageOutcome
from spiders.options import CrawlOptions
from spiders.readers import Readers
from spiders.replay import replay_jobs
from spiders.source import Source

__all__ = ["Progress", "Scan", "ScanReport"]

TOP_PRIORITY = 1_000_000
TOGETHER, TOGETHER_S = 40, 1.0
"""Pages are kept so many at a time, or what came within so many seconds: a commit waits for the disk."""
Wanted = tuple[str, ListKind, str]
"""Outlet, kind and address of a list."""


class Progress(Protocol):
    """Told what is going on, for bars and logs. `total` is None where it is not known beforehand."""

    def stage(self, name: str, total: int | None) -> None: ...
    def step(self, count: int = 1) -> None: ...


def list_job(wanted: Wanted, state: FeedState | None, *, since: date | None = None) -> ListJob:
    """A request that is conditional on what the last answer said of itself. Where nothing was read from `since` on, a
    section that gave its last good answer before is walked through."""
    outlet, kind, url = wanted
    if state is None:
        return ListJob(outlet, url, kind, walk=to_walk(kind, None, since))
    walk = to_walk(kind, state.good_at, since)
    return ListJob(outlet, url, kind, state.etag, state.last_modified, state.body_sha256, walk=walk)


def page_job(page: DuePage) -> PageJob:
    return PageJob(outlet=page.outlet, url=page.url, key=page.id, priority=round(page.score * TOP_PRIORITY))


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over `sources` for one day; what it needs is passed in, nothing is read from the environment.

    `helpers` read pages and judge them while others are fetched.
    """

    store: Store
    sources: Mapping[str, Source]
    judge: Judges
    places: Places
    options: CrawlOptions
    day: date
    now: Callable[[], datetime]
    progress: Progress
    evidence: Evidence | None = None
    helpers: Readers | None = None

    async def run(self) -> ScanReport:
        """Read everything that is due. Raises ScanRunningError where another process is at it."""
        started, tally = time.monotonic(), Tally()
        with scan_lock(self.store):
            with self.store.write() as session:
                run_id = runs.start(session, day=self.day, at=self.now())
                for source in self.sources.values():
                    outlets.keep(session, id=source.id, title=source.title, home=source.home, province=source.province)
                rechecks.follow_cases(session, now=self.now())
                flagged_before = articles.flagged_on(session, self.day)
            keeper = Keeper(self.store, self.sources, run_id, lambda _: self.day, evidence=self.evidence)
            keeper = replace(keeper, gap_since=self.options.since)
            if self.options.replay is None:
                await self._lists(keeper, tally)
                self._judge(tally)
                due = self._pages_due()
            else:
                due = self._replayed(tally)
            await self._pages(keeper, due, tally)
            self._judge(tally)
            tally.counts["stories_new"] = self._group()
            self._index()
            return self._finish(run_id, tally, flagged_before, time.monotonic() - started)

    async def _lists(self, keeper: Keeper, tally: Tally) -> None:
        """The leading links first; then whatever they called for, what is due for comparison, and what failed."""
        tally.asked.update(self.sources)
        done: set[str] = set()
        await self._read(keeper, "Đọc nguồn tin", self._leading(), tally, done)
        for _ in CHAIN[1:]:
            wanted = self._further(tally, done)
            if wanted:
                await self._read(keeper, "Đọc danh sách để đối chiếu", wanted, tally, done)

    def _leading(self) -> list[Wanted]:
        with self.store.read() as session:
            states = outlets.due_times(session)
        failures = {url: state.failures for url, state in states.items()}
        waiting = {url for url, state in states.items() if state.wait_until and state.wait_until > self.now()}
        wanted: list[Wanted] = []
        for source in self.sources.values():
            leads = leading_kinds(source, failures) if self.options.since is None else CHAIN
            wanted += [(source.id, kind, url) for kind, url in lists_of(source) if kind in leads and url not in waiting]
        return wanted

    def _further(self, tally: Tally, done: set[str]) -> list[Wanted]:
        """Lists of later links that are due, and all of those that an outlet has left when nothing of it was read."""
        with self.store.read() as session:
            states = outlets.due_times(session)
        now = self.now()

        def due(outlet: str, url: str) -> bool:
            state = states.get(url)
            if state is None or (state.due_at or now) <= now:
                return True
            return outlet not in tally.good and (state.wait_until or now) <= now

        return [
            (source.id, kind, url)
            for source in self.sources.values()
            for kind, url in lists_of(source)
            if url not in done and due(source.id, url)
        ]

    async def _read(self, keeper: Keeper, name: str, wanted: list[Wanted], tally: Tally, done: set[str]) -> None:
        with self.store.read() as session:
            states = {state.url: state for state in outlets.feed_states(session)}
        done.update(url for _, _, url in wanted)
        walk = self.options.since is not None  # each list is read once in a pass
        jobs = [replace(list_job(item, states.get(item[2])), walk=walk and item[1] == "listing") for item in wanted]
        self.progress.stage(name, len(jobs))

        def keep(outcome: ListOutcome) -> None:
            keeper.keep_list(outcome, tally)
            told(len(outcome.entries))
            self.progress.step()

        def further(outcome: ListOutcome) -> bool:
            on = keeper.further(outcome, tally)
            told(len(outcome.entries) if outcome.job.page > 1 else 0)
            return on

        async with self._beside(tally) as told:
            await read_lists(jobs, self.sources, keep, self.options, further)

    def _pages_due(self) -> list[PageJob]:
        with self.store.read() as session:
            due = pages.pages_due(session, now=self.now(), outlets=list(self.sources))
        return [page_job(page) for page in due]

    def _replayed(self, tally: Tally) -> list[PageJob]:
        """The saved pages of the folder, each an article of its outlet; one of an unknown host gets a plain outlet."""
        assert self.options.replay is not None
        jobs = []
        with self.store.write() as session:
            for job in replay_jobs(self.options.replay, self.sources):
                if job.outlet not in self.sources:
                    outlets.keep(session, id=job.outlet, title=job.outlet, home=job.url, province=None)
                tally.asked.add(job.outlet)
                article_id, new = articles.see_address(
                    session,
                    job.url,
                    identity=article_identity(job.url),
                    outlet=job.outlet,
                    day=self.day,
                    at=self.now(),
                )
                tally.counts["articles_new"] += new
                jobs.append(replace(job, key=article_id))
        return jobs

    async def _pages(self, keeper: Keeper, jobs: list[PageJob], tally: Tally) -> None:
        self.progress.stage("Đọc bài", len(jobs))

        waiting: list[tuple[PageOutcome, Future[Packed] | None]] = []
        since = time.monotonic()

        def keep(outcome: PageOutcome) -> None:
            waiting.append((outcome, keeper.pack(outcome)))
            if len(waiting) >= TOGETHER or time.monotonic() - since > TOGETHER_S:
                flush()

        def flush() -> None:
            nonlocal since
            batch = [outcome for outcome, _ in waiting]
            kept = keeper.keep_pages(batch, tally, ready=[record for _, record in waiting])
            for outcome, stored in zip(batch, kept, strict=True):
                if stored is not None and self.options.replay is not None:
                    tally.good.add(outcome.job.outlet)
            waiting.clear()
            since = time.monotonic()
            told(len(batch))
            self.progress.step(len(batch))

        async with self._beside(tally) as told:
            await read_pages(jobs, self.sources, keep, self.options, self.helpers)
            if waiting:
                flush()

    def _beside(self, tally: Tally) -> AbstractAsyncContextManager[Callable[[int], None]]:
        def judged(count: int) -> None:
            tally.counts["judged"] += count

        return judged_beside(self.store, self.helpers, model=self.judge.id, now=self.now, judged=judged)

    def _judge(self, tally: Tally) -> None:
        self.progress.stage("Đánh giá bài", None)
        tally.counts["judged"] += judge_new(
            self.store, self.judge, self.places, now=self.now, progress=self.progress.step
        )

    def _group(self) -> int:
        self.progress.stage("Gộp thành tin", None)
        index = load_index(self.store, today=self.day)
        return group_new(self.store, index, now=self.now)

    def _index(self) -> None:
        self.progress.stage("Lập chỉ mục tìm kiếm", None)
        while True:
            with self.store.write() as session:
                count = search.index_new(session)
            if not count:
                return
            self.progress.step(count)

    def _finish(self, run_id: int, tally: Tally, flagged_before: int, seconds: float) -> ScanReport:
        return finish_run(
            self.store,
            self.sources,
            tally,
            run_id=run_id,
            day=self.day,
            flagged_before=flagged_before,
            seconds=seconds,
            now=self.now(),
        )
