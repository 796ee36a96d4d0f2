"""What one worker works with, and the steps of the work themselves, safe to be done again after any interruption."""

import secrets
import threading
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from classifier.similarity import StoryIndex
from models.clock import day_of
from models.session import Store
from models.store import cluster, machines, outlets, pages, rechecks, runs, search, stories
from pipeline.catching_up import bring_back_clock, gap_since, mark_days
from pipeline.cluster.grouping import group_some
from pipeline.config import Settings
from pipeline.evidence import RunArchive
from pipeline.judging import Judges, Places, judge_batch
from pipeline.keeping import Keeper, Tally, leading_kinds, lists_of
from pipeline.papers import look_again
from pipeline.run_report import finish_run
from pipeline.scan import list_job, page_job
from pipeline.stories import fill_index
from pipeline.urgency_table import bring
from spiders.archive import Archive
from spiders.crawl import read_lists, read_pages
from spiders.jobs import ListJob, ListKind, ListOutcome, PageOutcome
from spiders.manners import Manners
from spiders.middlewares import host_key
from spiders.options import CrawlOptions
from spiders.source import Source

BATCH = 200
PAGES, PAGES_S, KEEP_S = 10, 120.0, 2.0
LIKELY = 0.5


class WorkerArchive(RunArchive):
    """Each worker writes files of its own: a record is one append, and an append has one writer."""

    def __init__(self, folder: Path, worker: str) -> None:
        super().__init__(folder)
        self.worker = worker

    def _file(self, run: int, day: date) -> Archive:
        if self._open is None or self._open[0] != run:
            self._close_file()
            self._open = (run, Archive(self.folder, run=f"run{run:06d}-{self.worker}", day=day))
        return self._open[1]


@dataclass(frozen=True, slots=True)
class Due:
    """An outlet with something to read, and how soon (larger is sooner)."""

    outlet: str
    priority: int


@dataclass(slots=True)
class _Waiting:
    """Pages of a visit that were read and are not kept yet: a few at a time cost the database a third of one by one.
    A crash takes them with it, and they are still due."""

    keeper: Keeper
    tally: Tally
    pages: list[PageOutcome] = field(default_factory=list)
    since: float = 0.0

    def add(self, outcome: PageOutcome) -> None:
        self.since = self.since if self.pages else time.monotonic()
        self.pages.append(outcome)
        if time.monotonic() - self.since > KEEP_S:
            self.keep()

    def keep(self) -> None:
        pages, self.pages = self.pages, []
        if not pages:
            return
        try:
            self.keeper.keep_pages(pages, self.tally)
        except Exception:  # noqa: BLE001 one of them cannot be kept: those before it can, and it is told of by name
            for page in pages:
                self.keeper.keep_page(page, self.tally)


@dataclass(slots=True)
class House:
    """`options` hold for every outlet; each gets manners of its own, as its hosts are its own."""

    store: Store
    settings: Settings
    sources: Mapping[str, Source]
    judge: Judges
    places: Places
    options: CrawlOptions
    now: Callable[[], datetime]
    archive: RunArchive | None = None
    _manners: dict[str, CrawlOptions] = field(default_factory=dict)
    _index: StoryIndex | None = None
    _token: str | None = None
    _corrections: int = -1
    _run: tuple[int, datetime] | None = None
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when this worker is to end: steps then return at the edge of their batch."""
    _judging: threading.Lock = field(default_factory=threading.Lock)
    _grouping: threading.Lock = field(default_factory=threading.Lock)

    def due(self) -> list[Due]:
        """Outlets with lists or pages that are due, as the single machine's watch would visit them."""
        now = self.now()
        look_again(self.store, self.sources)
        with self.store.read() as session:
            states, scores = outlets.due_times(session), pages.outlets_due(session, now=now)
        found = []
        for source in self.sources.values():
            resting = any(
                (state := states.get(url)) is not None and state.wait_until is not None and state.wait_until > now
                for _, url in lists_of(source)
            )
            lists = self._lists_due(source, states, now)
            score = 0.0 if resting else scores.get(source.id, 0.0)
            if lists or score:
                found.append(Due(source.id, 2 if score >= LIKELY else 1 if lists else 0))
        return found

    @staticmethod
    def _lists_due(source: Source, states: Mapping[str, outlets.Due], now: datetime) -> list[tuple[ListKind, str]]:
        due = []
        for kind, url in lists_of(source):
            state = states.get(url)
            if state is None or state.due_at is None or state.due_at <= now:
                due.append((kind, url))
        return due

    def run_id(self) -> int:
        """The hour's pass, which all workers share; those of earlier hours are closed by whoever sees them first."""
        now = self.now()
        if self._run is not None and day_of(self._run[1]) == day_of(now) and now - self._run[1] < timedelta(minutes=5):
            return self._run[0]
        bring_back_clock(self.store, now)
        with self.store.write() as session:
            found, over = cluster.run_of_hour(session, day=day_of(now), at=now)
            for source in self.sources.values():
                outlets.keep(session, id=source.id, title=source.title, home=source.home, province=source.province)
            rechecks.follow_cases(session, now=now)
        if self._run is not None and day_of(self._run[1]) != day_of(now) and self.options.since is not None:
            self.options = replace(self.options, since=None)
            self._manners = {name: replace(one, since=None) for name, one in self._manners.items()}
        self._run = (found, now)
        for earlier in over:
            self._close(earlier)
        return found

    def _close(self, run_id: int) -> None:
        with self.store.write() as session:
            known = cluster.tally_of(session, run_id)
            if known is None:
                return
            run, shared = known
            runs.finish(session, run_id, at=self.now(), counters=run.counters)
        tally = Tally(
            good=set(shared.get("good", [])), asked=set(shared.get("asked", [])), gaps=set(shared.get("gaps", []))
        )
        tally.counts.update({name: count for name, count in shared.items() if isinstance(count, int)})
        seconds = (self.now() - run.started_at).total_seconds()
        finish_run(
            self.store,
            self.sources,
            tally,
            run_id=run_id,
            day=run.day,
            flagged_before=int(shared.get("flagged_before", 0)),
            seconds=seconds,
            now=self.now(),
        )

    async def read(self, outlet: str) -> Tally:
        """Lists of the outlet that are due, then some of its pages, the likeliest first. Returns what that came to."""
        source, options = self.sources[outlet], self._options(outlet)
        tally = Tally(asked={outlet})
        run_id = self.run_id()
        keeper = Keeper(self.store, self.sources, run_id, day_of, evidence=self.archive, gap_since=options.since)

        def keep_list(outcome: ListOutcome) -> None:
            keeper.keep_list(outcome, tally)

        def further(outcome: ListOutcome) -> bool:
            return keeper.further(outcome, tally)

        jobs = self._list_jobs(source, options.since)
        if jobs:
            await read_lists(jobs, self.sources, keep_list, options, further)
        with self.store.read() as session:
            due = pages.pages_due(session, now=self.now(), outlets=[outlet], limit=PAGES)
        if due:
            waiting = _Waiting(keeper, tally)
            jobs_of_pages = [page_job(page) for page in due]
            try:
                await read_pages(jobs_of_pages, self.sources, waiting.add, replace(options, deadline_s=PAGES_S))
            finally:  # also when this worker is told to stop
                waiting.keep()
        with self.store.write() as session:
            names = {"good": tally.good, "asked": tally.asked, "gaps": tally.gaps}
            cluster.add_up(session, run_id, dict(tally.counts), names)
            closed = max((options.manners.host(key).closed_for_s for key in self._hosts(source)), default=0.0)
            if closed > 0:
                cluster.leave_alone(session, [outlet], until=self.now() + timedelta(seconds=closed))
        return tally

    def more_pages(self, outlet: str) -> bool:
        with self.store.read() as session:
            return bool(pages.pages_due(session, now=self.now(), outlets=[outlet], limit=1))

    def pause_s(self, outlet: str) -> float:
        """So long the outlet's hosts are left alone after a visit, whichever worker makes the next."""
        source, options = self.sources[outlet], self._options(outlet)
        own = source.delay_s if options.delay_s is None else options.delay_s
        return max([own, *(options.manners.host(key).delay_s for key in self._hosts(source))])

    @staticmethod
    def _hosts(source: Source) -> set[str]:
        return {host_key(url) for url in (source.home, *(url for _, url in lists_of(source)))}

    def _options(self, outlet: str) -> CrawlOptions:
        if outlet not in self._manners:
            self._manners[outlet] = replace(self.options, manners=Manners())
        return self._manners[outlet]

    def _list_jobs(self, source: Source, since: date | None) -> list[ListJob]:
        with self.store.read() as session:
            known = {state.url: state for state in outlets.states_of(session, source.id)}
            due = self._lists_due(source, outlets.due_times(session), self.now())
        leads = leading_kinds(source, {})
        wanted = [(kind, url) for kind, url in lists_of(source) if (kind, url) in due]
        wanted.sort(key=lambda item: item[0] not in leads)
        return [list_job((source.id, kind, url), known.get(url), since=since) for kind, url in wanted]

    def judge_some(self, share: int, of: int) -> int:
        """One batch of what waits in that share; how many."""
        with self._judging:
            with self.store.read() as session:
                batch = cluster.waiting(session, share=share, of=of, limit=BATCH)
            if batch:
                judge_batch(self.store, self.judge, self.places, batch, at=self.now())
            return len(batch)

    def judge_again(self, first: int, last: int) -> int:
        """One batch of these articles that another model judged; how many."""
        with self.store.read() as session:
            batch = cluster.outdated(session, model=self.judge.id, first=first, last=last, limit=BATCH)
        if batch:
            with self._judging:
                judge_batch(self.store, self.judge, self.places, batch, at=self.now())
        return len(batch)

    def group(self) -> tuple[int, bool]:
        """A turn of grouping, then of the search index: how many are new in stories, and whether more wait. What is
        remembered of the stories holds if the last turn was this one's."""
        with self._grouping:
            token = secrets.token_hex(8)
            with self.store.write() as session:
                kept = cluster.take_baton(session, "group", mine=self._token, next_holder=token)
                corrections = stories.corrections(session)
            self._token, index = None, self._index if kept and corrections == self._corrections else None
            if index is None:
                self._index = index = StoryIndex()
                today = day_of(self.now())
                if not fill_index(self.store, index, today=today, stop=self.stopping.is_set):
                    return 0, True
            self._corrections = corrections
            placed, more = group_some(self.store, index, now=self.now)
            self._token = token
            return placed, self._index_search() > 0 or more

    def _index_search(self) -> int:
        with self.store.write() as session:
            return search.index_new(session)

    def report(self, machine: str, queues: Collection[str]) -> None:
        """A sign of life, or that this machine was told to stop; and the rules that another machine's pages changed."""
        with self.store.write() as session:
            stopping = self.stopping.is_set()
            machines.report(session, machine, queues=" ".join(sorted(queues)), at=self.now(), stopping=stopping)
        bring(self.store, self.settings.data_dir)

    def mark(self) -> None:
        mark_days(self.store, now=self.now())

    def catch_up(self) -> None:
        """At the start: where days were not read, sitemaps are read from the first of them on."""
        with self.store.read() as session:
            self.options = replace(self.options, since=gap_since(session, self.now()))
