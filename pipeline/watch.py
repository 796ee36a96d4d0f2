"""The continuous collection: every list when it is due, every page in the order of its score, outlet beside outlet.

Each outlet that has something due gets a visit of its own, at most one at a time, so a slow one delays itself alone.
Judging and grouping run in a thread of their own and take whatever the store has waiting. Nothing is kept in memory
that the store does not have, but for the story index, which is loaded once.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from models.clock import day_of
from models.session import Store
from models.store import articles, outlets, pages, rechecks, runs
from pipeline.catching_up import bring_back_clock, gap_since
from pipeline.judging import Judges, Places
from pipeline.keeping import Evidence, Keeper, Tally, leading_kinds, lists_of
from pipeline.lock import scan_lock
from pipeline.mind import Mind
from pipeline.papers import look_again
from pipeline.polling import Policy
from pipeline.run_report import ScanReport, finish_run
from pipeline.scan import Wanted, list_job, page_job
from spiders.crawl import read_lists, read_pages
from spiders.jobs import ListOutcome, PageOutcome
from spiders.manners import Manners
from spiders.options import CrawlOptions
from spiders.source import Source

logger = logging.getLogger(__name__)
LIKELY = 0.5
"""A page with so high a score is fetched before any list is read again."""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds, and how much is under way. A visit reads `pages` pages, then looks whether its lists are due again."""

    tick_s: float = 1.0
    group_s: float = 20.0
    tell_s: float = 15.0
    run_s: float = 3600.0
    rest_s: float = 60.0
    visits: int = 60
    pages: int = 10
    pages_s: float = 120.0
    stop_s: float = 5.0


@dataclass(slots=True)
class _Run:
    """The row under which the present hour is kept."""

    id: int
    day: date
    flagged_before: int
    began: float
    keeper: Keeper
    tally: Tally = field(default_factory=Tally)


@dataclass(slots=True)
class _DueLists:
    """Lists of one outlet that are due, the longest since `since` (seconds since the epoch; 0: never read)."""

    since: float
    wanted: list[Wanted] = field(default_factory=list)


class Watch:
    """`report` is told what each run of an hour did, the last one when the watch ends.

    `tell` sends what alerts are due; it runs in a thread of its own every `tell_s`, so a slow channel holds up nothing.
    `nightly` is called after midnight: retention.
    """

    def __init__(
        self,
        *,
        store: Store,
        sources: Mapping[str, Source],
        judge: Judges,
        places: Places,
        options: CrawlOptions,
        now: Callable[[], datetime],
        report: Callable[[ScanReport], None],
        evidence: Evidence | None = None,
        policy: Policy | None = None,
        pace: Pace | None = None,
        tell: Callable[[], object] | None = None,
        nightly: Callable[[], object] | None = None,
    ) -> None:
        self.store, self.sources = store, sources
        self.now, self.report, self.evidence = now, report, evidence
        self.policy, self.pace = policy or Policy(), pace or Pace()
        self._tell, self._nightly = tell, nightly
        self._start = options
        self._options: dict[str, CrawlOptions] = {}
        self._visits: dict[str, asyncio.Task[None]] = {}
        self._resting: dict[str, float] = {}
        self._gap_since: date | None = None
        self._mind = Mind(store=store, judge=judge, places=places, now=now, group_s=self.pace.group_s)
        self._run: _Run

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop` is set. What was stored by then is judged and grouped before this returns."""
        with scan_lock(self.store):
            with self.store.read() as session:
                self._gap_since = gap_since(session, self.now())
            self._run = self._begin()
            mind = asyncio.create_task(self._mind.run())
            teller = asyncio.create_task(self._tell_people())
            try:
                await self._watch(stop)
            finally:
                mind.cancel()
                teller.cancel()
                await self._stop_visits()
                await asyncio.gather(mind, teller, return_exceptions=True)
                await asyncio.to_thread(self._mind.finish)
                self._end(self._run)

    async def _tell_people(self) -> None:
        """A round that fails is logged; the alerts are still in the queue for the next."""
        while self._tell is not None:
            await asyncio.sleep(self.pace.tell_s)
            try:
                await asyncio.to_thread(self._tell)
            except Exception:
                logger.exception("alerts failed")

    async def _watch(self, stop: asyncio.Event) -> None:
        while not stop.is_set():
            if time.monotonic() - self._run.began >= self.pace.run_s or day_of(self.now()) != self._run.day:
                last, self._run = self._run, self._begin()
                await asyncio.to_thread(self._end, last)
                if last.day != self._run.day:
                    self._gap_since = None
                    await asyncio.to_thread(self._clean_up)
            await self._dispatch()
            with suppress(TimeoutError):
                async with asyncio.timeout(self.pace.tick_s):
                    await stop.wait()

    def _clean_up(self) -> None:
        """At midnight. What fails is logged and left for the next night."""
        if self._nightly is None:
            return
        try:
            self._nightly()
        except Exception:
            logger.exception("nightly clean-up failed")

    def _begin(self) -> _Run:
        day = day_of(self.now())
        bring_back_clock(self.store, self.now())
        with self.store.write() as session:
            run_id = runs.start(session, day=day, at=self.now())
            for source in self.sources.values():
                outlets.keep(session, id=source.id, title=source.title, home=source.home, province=source.province)
            rechecks.follow_cases(session, now=self.now())
            flagged = articles.flagged_on(session, day)
        keeper = Keeper(self.store, self.sources, run_id, day_of, self.policy, self.evidence, self._gap_since)
        return _Run(run_id, day, flagged, time.monotonic(), keeper)

    def _end(self, run: _Run) -> None:
        run.tally.counts.update(self._mind.take_counts())
        self.report(
            finish_run(
                self.store,
                self.sources,
                run.tally,
                run_id=run.id,
                day=run.day,
                flagged_before=run.flagged_before,
                seconds=time.monotonic() - run.began,
                now=self.now(),
            )
        )

    async def _dispatch(self) -> None:
        """A visit for every outlet with something due, as far as there is room: first those with a page that is likely
        a report of abuse, then those whose lists have waited longest, then the others by score."""
        lists, scores = await asyncio.to_thread(self._due)
        clock = time.monotonic()

        def order(name: str) -> tuple[int, float, str]:
            score = scores.get(name, 0.0)
            if score >= LIKELY:
                return 0, -score, name
            return (1, lists[name].since, name) if name in lists else (2, -score, name)

        for name in sorted({*lists, *scores}, key=order):
            if len(self._visits) >= self.pace.visits:
                return
            if name in self._visits or self._resting.get(name, 0.0) > clock:
                continue
            self._run.tally.asked.add(name)
            wanted = lists[name].wanted if name in lists else []
            task = asyncio.create_task(self._visit(name, wanted), name=name)
            self._visits[name] = task
            task.add_done_callback(self._visited)

    def _due(self) -> tuple[dict[str, _DueLists], dict[str, float]]:
        now = self.now()
        look_again(self.store, self.sources)
        with self.store.read() as session:
            states = outlets.due_times(session)
            scores = pages.outlets_due(session, now=now)
        lists: dict[str, _DueLists] = {}
        for source in self.sources.values():
            for kind, url in lists_of(source):
                state = states.get(url)
                since = 0.0 if state is None or state.due_at is None else state.due_at.timestamp()
                if since <= now.timestamp():
                    due = lists.setdefault(source.id, _DueLists(since))
                    due.since = min(due.since, since)
                    due.wanted.append((source.id, kind, url))
        return lists, {name: score for name, score in scores.items() if name in self.sources}

    def _visited(self, task: "asyncio.Task[None]") -> None:
        """A visit that broke is logged, and its outlet rests for a while, so that nothing runs hot."""
        name = task.get_name()
        del self._visits[name]
        if not task.cancelled() and (error := task.exception()) is not None:
            logger.error("visit failed: %s", name, exc_info=error)
            self._resting[name] = time.monotonic() + self.pace.rest_s

    async def _visit(self, name: str, wanted: list[Wanted]) -> None:
        options = self._options_of(name)
        if wanted:
            await self._read_lists(self._leaders_first(name, wanted), options)
            await self._mind.judged()
        with self.store.read() as session:
            due = pages.pages_due(session, now=self.now(), outlets=[name], limit=self.pace.pages)
        if due:
            await read_pages(
                [page_job(page) for page in due],
                self.sources,
                self._keep_page,
                replace(options, deadline_s=self.pace.pages_s),
            )

    def _options_of(self, name: str) -> CrawlOptions:
        """Each outlet has manners of its own, for as long as the watch runs; a new one starts where all did."""
        if name not in self._options:
            self._options[name] = replace(self._start, manners=Manners(), since=self._gap_since)
        return self._options[name]

    def _leaders_first(self, name: str, wanted: list[Wanted]) -> list[Wanted]:
        leads = leading_kinds(self.sources[name], {})
        return sorted(wanted, key=lambda item: item[1] not in leads)

    async def _read_lists(self, wanted: list[Wanted], options: CrawlOptions) -> None:
        keeper = self._run.keeper
        with self.store.read() as session:
            states = {state.url: state for state in outlets.states_of(session, wanted[0][0])}
        await read_lists(
            [list_job(item, states.get(item[2]), since=keeper.gap_since) for item in wanted],
            self.sources,
            self._keep_list,
            options,
            lambda outcome: keeper.further(outcome, self._run.tally),
        )

    def _keep_list(self, outcome: ListOutcome) -> None:
        self._run.keeper.keep_list(outcome, self._run.tally)
        self._mind.wake()

    def _keep_page(self, outcome: PageOutcome) -> None:
        self._run.keeper.keep_page(outcome, self._run.tally)
        self._mind.wake()

    async def _stop_visits(self) -> None:
        """Requests under way are given up; what they asked for is still due. None may hold up the end for long."""
        under_way = list(self._visits.values())
        for task in under_way:
            task.cancel()
        if under_way:
            await asyncio.wait(under_way, timeout=self.pace.stop_s)
