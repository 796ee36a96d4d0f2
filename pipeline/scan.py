"""One pass of the daily scan: lists → judge → pages, the likeliest first → judge → stories.

Each answer of the spiders is kept in a transaction of its own, and every later step asks the store what is left to
do. So a pass that was cut off at any line is finished by the next one, and a pass that was not needed adds nothing.
"""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from typing import Protocol

from models.session import Store
from models.store import articles, outlets, runs, search
from models.store.articles import Seen, Stored
from pipeline.judging import Judges, Places, judge_new
from pipeline.lock import scan_lock
from pipeline.stories import group_new, load_index
from spiders.crawl import read_lists, read_pages
from spiders.identity import BadAddress, article_identity
from spiders.jobs import ListJob, ListKind, ListOutcome, PageJob, PageOutcome
from spiders.options import CrawlOptions
from spiders.replay import replay_jobs
from spiders.source import Source

TOP_PRIORITY = 1_000_000


class Progress(Protocol):
    """Told what is going on, for bars and logs. `total` is None where it is not known beforehand."""

    def stage(self, name: str, total: int | None) -> None: ...
    def step(self, count: int = 1) -> None: ...


@dataclass(frozen=True, slots=True)
class ScanReport:
    """What one pass did. `articles_read` counts pages that became an article record in this pass."""

    run: int
    day: str
    outlets_ok: int
    outlets_failed: int
    failed: tuple[str, ...]
    entries_seen: int
    articles_new: int
    articles_read: int
    articles_changed: int
    duplicates: int
    pages_failed: int
    bad_addresses: int
    judged: int
    flagged: int
    flagged_new: int
    stories_new: int
    seconds: float


def identity_of(url: str, *, canonical: str | None = None) -> str | None:
    """The key of the article at an address, None for an address that no page can have."""
    try:
        return article_identity(url, canonical=canonical)
    except BadAddress:
        return None


@dataclass(slots=True)
class _Tally:
    counts: Counter[str] = field(default_factory=Counter)
    good: set[str] = field(default_factory=set)
    asked: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Scan:
    """One pass over `sources` for one day; what it needs is passed in, nothing is read from the environment."""

    store: Store
    sources: Mapping[str, Source]
    judge: Judges
    places: Places
    options: CrawlOptions
    day: date
    now: Callable[[], datetime]
    progress: Progress

    async def run(self) -> ScanReport:
        """Read everything that is due. Raises ScanRunningError where another process is at it."""
        started, tally = time.monotonic(), _Tally()
        with scan_lock(self.store):
            with self.store.write() as session:
                run_id = runs.start(session, day=self.day, at=self.now())
                for source in self.sources.values():
                    outlets.keep(session, id=source.id, title=source.title, home=source.home, province=source.province)
                flagged_before = articles.flagged_on(session, self.day)
            if self.options.replay is None:
                await self._lists(run_id, tally)
                self._judge(tally)
                pages = self._pages_due()
            else:
                pages = self._replayed(tally)
            await self._pages(run_id, pages, tally)
            self._judge(tally)
            tally.counts["stories_new"] = self._group()
            self._index()
            return self._finish(run_id, tally, flagged_before, time.monotonic() - started)

    async def _lists(self, run_id: int, tally: _Tally) -> None:
        """Feeds first; an outlet whose feeds gave nothing is read from its sitemaps and section pages."""
        first, later = [], []
        for source in self.sources.values():
            tally.asked.add(source.id)
            chain: list[tuple[ListKind, Sequence[str]]] = [
                ("feed", source.feeds),
                ("sitemap", source.sitemaps),
                ("listing", source.sections),
            ]
            links = [(kind, urls) for kind, urls in chain if urls]
            first += [(source.id, kind, url) for kind, urls in links[:1] for url in urls]
            later += [(source.id, kind, url) for kind, urls in links[1:] for url in urls]
        await self._read(run_id, "Đọc nguồn tin", first, tally)
        missed = [item for item in later if item[0] not in tally.good]
        if missed:
            await self._read(run_id, "Đọc trang mục của báo lỗi nguồn tin", missed, tally)

    async def _read(self, run_id: int, name: str, wanted: list[tuple[str, ListKind, str]], tally: _Tally) -> None:
        with self.store.read() as session:
            states = {state.url: state for state in outlets.feed_states(session)}
        jobs = []
        for outlet, kind, url in wanted:
            job = ListJob(outlet=outlet, url=url, kind=kind)
            if state := states.get(url):
                job = replace(job, etag=state.etag, last_modified=state.last_modified, body_sha256=state.body_sha256)
            jobs.append(job)
        self.progress.stage(name, len(jobs))
        await read_lists(jobs, self.sources, lambda outcome: self._keep_list(run_id, outcome, tally), self.options)

    def _keep_list(self, run_id: int, outcome: ListOutcome, tally: _Tally) -> None:
        job = outcome.job
        seen: Counter[str] = Counter()
        with self.store.write() as session:
            for entry in outcome.entries:
                seen["entries_seen"] += 1
                identity = identity_of(entry.url)
                if identity is None:
                    seen["bad_addresses"] += 1
                    continue
                result = articles.see_entry(
                    session,
                    entry,
                    identity=identity,
                    outlet=job.outlet,
                    run_id=run_id,
                    day=self.day,
                    at=outcome.fetched_at,
                )
                seen["articles_new"] += result is Seen.NEW
            outlets.record_poll(
                session,
                url=job.url,
                outlet=job.outlet,
                kind=job.kind,
                health=outcome.health,
                at=outcome.fetched_at,
                entries=len(outcome.entries),
                status=outcome.status,
                error=outcome.error,
                etag=outcome.etag,
                last_modified=outcome.last_modified,
                body_sha256=outcome.body_sha256,
            )
        tally.counts.update(seen)
        if outcome.health in outlets.HEALTHY:
            tally.good.add(job.outlet)
        self.progress.step()

    def _pages_due(self) -> list[PageJob]:
        with self.store.read() as session:
            due = articles.pages_due(session, now=self.now(), outlets=list(self.sources))
        return [
            PageJob(outlet=page.outlet, url=page.url, key=page.id, priority=round(page.score * TOP_PRIORITY))
            for page in due
        ]

    def _replayed(self, tally: _Tally) -> list[PageJob]:
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

    async def _pages(self, run_id: int, jobs: list[PageJob], tally: _Tally) -> None:
        self.progress.stage("Đọc bài", len(jobs))
        await read_pages(jobs, self.sources, lambda outcome: self._keep_page(run_id, outcome, tally), self.options)

    def _keep_page(self, run_id: int, outcome: PageOutcome, tally: _Tally) -> None:
        job, read = outcome.job, outcome.article
        with self.store.write() as session:
            if read is None:
                articles.page_failed(
                    session,
                    job.key,
                    gone=outcome.health == "gone",
                    error=outcome.error or outcome.health,
                    at=outcome.fetched_at,
                )
                stored = None
            else:
                final = outcome.final_url or job.url
                addresses = (identity_of(final, canonical=read.canonical_url), identity_of(job.url))
                stored = articles.record_page(
                    session,
                    job.key,
                    read,
                    identities=list(dict.fromkeys(filter(None, addresses))),
                    run_id=run_id,
                    at=outcome.fetched_at,
                )
        tally.counts["articles_read"] += stored is not None
        tally.counts["articles_changed"] += stored is Stored.CHANGED
        tally.counts["duplicates"] += stored is Stored.DUPLICATE
        tally.counts["pages_failed"] += stored is None
        if stored is not None and self.options.replay is not None:
            tally.good.add(job.outlet)
        self.progress.step()

    def _judge(self, tally: _Tally) -> None:
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

    def _finish(self, run_id: int, tally: _Tally, flagged_before: int, seconds: float) -> ScanReport:
        failed = tuple(sorted(tally.asked - tally.good))
        counts = tally.counts
        with self.store.write() as session:
            flagged = articles.flagged_on(session, self.day)
            report = ScanReport(
                run=run_id,
                day=self.day.isoformat(),
                outlets_ok=len(tally.good),
                outlets_failed=len(failed),
                failed=failed,
                entries_seen=counts["entries_seen"],
                articles_new=counts["articles_new"],
                articles_read=counts["articles_read"],
                articles_changed=counts["articles_changed"],
                duplicates=counts["duplicates"],
                pages_failed=counts["pages_failed"],
                bad_addresses=counts["bad_addresses"],
                judged=counts["judged"],
                flagged=flagged,
                flagged_new=flagged - flagged_before,
                stories_new=counts["stories_new"],
                seconds=round(seconds, 2),
            )
            runs.finish(session, run_id, at=self.now(), counters=asdict(report))
        return report
