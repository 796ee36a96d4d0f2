"""The watch against the sample papers, in a process of its own, with intervals of half a second."""

import asyncio
import json
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from models.session import Store
from models.tables import Archived, Article, ArticleVersion, FeedState, Run, StoryArticle
from pipeline.evidence import prove
from pipeline.lock import ScanRunningError, scan_lock
from pipeline.run_report import ScanReport
from pipeline.watch import Pace, Watch
from spiders.options import CrawlOptions
from spiders.sample_press import SamplePress
from tests.forks import Forked, ForkServer
from tests.loops import run_apart
from tests.pipeline.watching_child import NoPlaces, WordJudge

DAY = date(2026, 11, 21)
PATIENCE_S = 60.0


@pytest.fixture
def press() -> Iterator[SamplePress]:
    with SamplePress(DAY, edition=1) as running:
        yield running


@dataclass
class Watching:
    process: Forked
    store: Store
    folder: Path

    def until(self, what: Callable[[], bool]) -> None:
        began = time.monotonic()
        while not what():
            assert self.process.poll() is None, self.process.communicate()[1][-2000:]
            assert time.monotonic() - began < PATIENCE_S, "it did not come to that"
            time.sleep(0.1)

    def stop(self, number: int = signal.SIGTERM) -> dict[str, Any]:
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=30)
        assert (self.process.returncode, err) == (0, "")
        report: dict[str, Any] = json.loads(out.splitlines()[-1])
        return report

    def count(self, table: type, *where: Any) -> int:
        with self.store.read() as session:
            return session.scalar(select(func.count()).select_from(table).where(*where)) or 0

    def read_pages(self) -> int:
        return self.count(Article, Article.page == "read")


@pytest.fixture
def watching(store: Store, press: SamplePress, forks: ForkServer, tmp_path: Path) -> Iterator[Callable[..., Watching]]:
    with starting(store, press, forks, tmp_path) as start:
        yield start


@pytest.fixture
def watching_sqlite(
    sqlite_store: Store, press: SamplePress, forks: ForkServer, tmp_path: Path
) -> Iterator[Callable[..., Watching]]:
    """For what does not depend on the database."""
    with starting(sqlite_store, press, forks, tmp_path) as start:
        yield start


@contextmanager
def starting(store: Store, press: SamplePress, forks: ForkServer, tmp_path: Path) -> Iterator[Callable[..., Watching]]:
    started: list[Forked] = []

    def start(*faulty: str) -> Watching:
        address, archive = press.base.removeprefix("http://"), tmp_path / "archive"
        words = (address, store.url, str(archive), *faulty)
        started.append(forks.start("tests.pipeline.watching_child", *words, folder=tmp_path))
        return Watching(started[-1], store, archive)

    yield start
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def articles_out(press: SamplePress) -> int:
    return len(press.papers.urls())


def test_what_comes_out_while_it_watches_is_read_judged_grouped_and_archived(
    press: SamplePress, watching: Callable[..., Watching]
) -> None:
    watch = watching()
    watch.until(lambda: watch.read_pages() > 20)
    before = watch.count(Article)
    press.advance()
    watch.until(lambda: watch.count(Article) > before and watch.read_pages() >= articles_out(press) - 3)
    report = watch.stop()
    assert report["outlets_ok"] == 5
    assert report["failed"] == []
    assert report["articles_read"] >= watch.read_pages()
    assert watch.count(StoryArticle) > 0
    assert watch.count(Archived) >= watch.count(ArticleVersion, ArticleVersion.origin == "page")
    proof = prove(watch.store, watch.folder)
    assert (proof.good, proof.unnamed) == (True, 0)
    assert watch.count(Run, Run.finished_at.is_(None)) == 0


def test_a_quiet_list_is_asked_conditionally_and_stays_healthy(
    press: SamplePress, watching_sqlite: Callable[..., Watching]
) -> None:
    watch = watching_sqlite()
    watch.until(lambda: sum(asked.path == "/dong-bang/atom.xml" for asked in press.asked) >= 3)
    watch.stop()
    asked = [one.headers for one in press.asked if one.path == "/dong-bang/atom.xml"]
    assert "if-none-match" not in asked[0]
    assert all("if-none-match" in headers for headers in asked[1:])
    with watch.store.read() as session:
        state = session.scalars(select(FeedState).where(FeedState.outlet_id == "dong_bang")).first()
    assert state is not None
    assert (state.health, state.failures) == ("unchanged", 0)


def test_a_hanging_paper_holds_up_nobody(press: SamplePress, watching_sqlite: Callable[..., Watching]) -> None:
    """`cham_chap` answers after twenty seconds; the others are read many times meanwhile."""
    watch = watching_sqlite("cham_chap", "cong_kin")
    watch.until(lambda: any(path.startswith("/cham-chap/") for path in press.paths()))
    watch.until(lambda: watch.read_pages() > 20)
    polls = [one for one in press.asked if one.path == "/dong-bang/atom.xml"]
    slow = next(one for one in press.asked if one.path.startswith("/cham-chap/"))
    watch.until(lambda: sum(one.path == "/dong-bang/atom.xml" for one in press.asked) >= len(polls) + 2)
    assert time.monotonic() - slow.at < 20
    report = watch.stop()
    assert "cong_kin" in report["failed"]
    assert any(one["outlet"] == "cong_kin" for one in report["coverage"]["not_covered"])


def test_pages_are_fetched_in_the_order_of_their_score(
    press: SamplePress, watching_sqlite: Callable[..., Watching]
) -> None:
    """The judge of the test flags what speaks of children; such a page of an outlet comes before all others of it."""
    watch = watching_sqlite()
    watch.until(lambda: watch.read_pages() > 20)
    watch.stop()
    with watch.store.read() as session:
        flagged = {
            url.removeprefix(press.base)
            for (url,) in session.execute(
                select(Article.url)
                .join(ArticleVersion, ArticleVersion.article_id == Article.id)
                .where(Article.outlet_id == "dong_bang", ArticleVersion.number == 1)
                .where(func.lower(ArticleVersion.title + " " + ArticleVersion.sapo).contains(" bé "))
            )
        }
    pages = [path for path in press.paths() if path.startswith("/dong-bang/") and "post" in path]
    order = [path in flagged for path in dict.fromkeys(pages)]
    assert 0 < sum(order) < len(order)
    assert order == sorted(order, reverse=True)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_in_good_order_at_any_time(
    press: SamplePress, watching_sqlite: Callable[..., Watching], number: int
) -> None:
    watch = watching_sqlite()
    watch.until(lambda: len(press.asked) > 8)
    report = watch.stop(number)
    assert watch.count(Run, Run.finished_at.is_(None)) == 0
    assert report["entries_seen"] > 0
    with scan_lock(watch.store):
        pass


def test_a_kill_loses_nothing_that_the_next_watch_does_not_read(
    press: SamplePress, watching: Callable[..., Watching]
) -> None:
    first = watching()
    first.until(lambda: first.read_pages() > 5)
    os.kill(first.process.pid, signal.SIGKILL)
    first.process.communicate()
    read = first.read_pages()
    second = watching()
    second.until(lambda: second.read_pages() >= articles_out(press) - 3)
    second.stop()
    assert second.read_pages() > read
    assert prove(second.store, second.folder).good


def test_only_one_process_reads_at_a_time(press: SamplePress, watching_sqlite: Callable[..., Watching]) -> None:
    watch = watching_sqlite()
    watch.until(lambda: len(press.asked) > 0)
    with pytest.raises(ScanRunningError), scan_lock(watch.store):
        pass
    watch.stop()


def watch_without_papers(store: Store, now: Callable[[], datetime], **more: Any) -> Watch:
    return Watch(
        store=store,
        sources={},
        judge=WordJudge(),
        places=NoPlaces(),
        options=CrawlOptions(),
        now=now,
        pace=Pace(tick_s=0.01, group_s=0.05),
        **more,
    )


def run_for(watch: Watch, seconds: float, until: Callable[[], bool] = lambda: True) -> None:
    """So long, and for at most half a minute more until that is so."""

    async def end(stop: asyncio.Event) -> None:
        await asyncio.sleep(seconds)
        for _ in range(600):
            if until():
                break
            await asyncio.sleep(0.05)
        stop.set()

    async def main() -> None:
        stop = asyncio.Event()
        ending = asyncio.create_task(end(stop))
        await watch.run(stop)
        await ending

    run_apart(main())


def test_a_new_day_closes_the_run_and_cleans_up_once(store: Store) -> None:
    midnight = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
    days: list[str] = []
    nights: list[int] = []
    watches: list[Watch] = []

    def now() -> datetime:
        """A minute before midnight until the first run has begun."""
        return midnight + timedelta(minutes=1 if any(hasattr(watch, "_run") for watch in watches) else -1)

    watches.append(
        watch_without_papers(
            store, now, report=lambda done: days.append(done.day), nightly=lambda: nights.append(len(days))
        )
    )
    run_for(watches[0], 0.2, until=lambda: bool(nights))
    assert days == ["2026-11-21", "2026-11-22"]
    assert nights == [1]


def test_an_alert_or_a_clean_up_that_fails_ends_nothing(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def fail() -> None:
        message = "kênh hỏng"
        raise OSError(message)

    done: list[ScanReport] = []
    watch = watch_without_papers(store, lambda: datetime.now(UTC), report=done.append, tell=fail, nightly=fail)
    watch.pace = replace(watch.pace, tell_s=0.05)
    run_for(watch, 0.4)
    assert len(done) == 1
    assert caplog.text.count("alerts failed") >= 2
