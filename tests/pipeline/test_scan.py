"""The whole scan against the sample papers, over HTTP, in processes of their own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from models.migrations import upgrade
from models.session import Store
from models.tables import Article, ArticleAddress, ArticleVersion, FeedState, Place, Run, StoryArticle, Verdict
from spiders.sample_press import SamplePress, load_articles
from tests.conftest import SHARED
from tests.forks import ForkServer

ROOT = Path(__file__).resolve().parents[2]
DAY = date(2026, 11, 21)


@pytest.fixture
def press() -> Iterator[SamplePress]:
    with SamplePress(DAY) as running:
        yield running


DRIVER = "tests.pipeline.scan_driver"


def words_of(store: Store, press: SamplePress) -> list[str]:
    return [store.url, press.base.removeprefix("http://"), DAY.isoformat()]


def scan_alone(store: Store, press: SamplePress) -> dict[str, Any]:
    """Started by itself, with a seed of hashes of its own: what other scans are compared with."""
    command = [sys.executable, "-m", DRIVER, *words_of(store, press)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    report: dict[str, Any] = json.loads(done.stdout)
    return report


@dataclass(frozen=True)
class Scans:
    """Scans in processes that are forked."""

    forks: ForkServer
    press: SamplePress
    folder: Path

    def run(self, store: Store, *points: str) -> dict[str, Any]:
        code, out, err = self.end(store, *points)
        assert code == 0, err[-2000:]
        report: dict[str, Any] = json.loads(out)
        return report

    def end(self, store: Store, *points: str) -> tuple[int | None, str, str]:
        process = self.forks.start(DRIVER, *words_of(store, self.press), *points, folder=self.folder)
        out, err = process.communicate(150)
        return process.returncode, out, err


@pytest.fixture
def scans(forks: ForkServer, press: SamplePress, tmp_path: Path) -> Scans:
    return Scans(forks, press, tmp_path)


def state(store: Store, base: str) -> dict[str, Any]:
    """All that a scan leaves behind, apart from numbers and times that differ from run to run."""
    with store.read() as session:
        urls = {row.id: row.url.removeprefix(base) for row in session.scalars(select(Article))}
        versions = {row.id: row for row in session.scalars(select(ArticleVersion))}

        def version(number: int) -> tuple[Any, ...]:
            row = versions[number]
            return urls[row.article_id], row.origin, row.title, row.sapo, row.body

        stories: dict[int, set[str]] = {}
        for member in session.scalars(select(StoryArticle)):
            stories.setdefault(member.story_id, set()).add(urls[member.article_id])
        return {
            "articles": sorted(
                (row.url.removeprefix(base), row.page, str(row.published_at), urls.get(row.same_as or 0))
                for row in session.scalars(select(Article))
            ),
            "addresses": sorted(
                (row.identity.split("/", 1)[1], urls[row.article_id]) for row in session.scalars(select(ArticleAddress))
            ),
            "versions": sorted(version(number) for number in versions),
            "verdicts": sorted(
                (version(row.version_id), row.score, row.flag, row.kind or "", row.reason)
                for row in session.scalars(select(Verdict))
            ),
            "places": sorted((version(row.version_id), row.new_codes) for row in session.scalars(select(Place))),
            "stories": sorted(sorted(members) for members in stories.values()),
            "feeds": sorted((row.url.removeprefix(base), row.entries) for row in session.scalars(select(FeedState))),
        }


@dataclass(frozen=True)
class Clean:
    """One undisturbed scan on SQLite, shared by the tests that only look at it."""

    store: Store
    report: dict[str, Any]
    state: dict[str, Any]


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clean]:
    store = Store(f"sqlite:///{tmp_path_factory.mktemp('clean') / 'clean.db'}")
    upgrade(store.engine)
    with SamplePress(DAY) as press:
        report = scan_alone(store, press)
        yield Clean(store, report, state(store, press.base))
    store.close()


def test_the_sample_papers_are_read_judged_and_grouped(clean: Clean) -> None:
    assert clean.report["outlets_failed"] == 0
    assert clean.report["articles_read"] >= 40
    assert clean.report["flagged"] >= 10
    assert clean.report["stories_new"] >= clean.report["flagged"]
    with clean.store.read() as session:
        reprints = session.scalars(select(StoryArticle).where(StoryArticle.reprint_of.is_not(None))).all()
        assert len({row.story_id for row in reprints}) >= 1, "the agency story of three papers is one story"
        run = session.scalars(select(Run)).one()
        assert run.finished_at is not None
        assert run.counters["articles_read"] == clean.report["articles_read"]


def test_most_sample_reports_of_abuse_are_on_the_list(clean: Clean) -> None:
    newest = (
        select(ArticleVersion.title, Verdict.flag)
        .join(Article, Article.version_id == ArticleVersion.id)
        .join(Verdict, Verdict.id == Article.verdict_id)
    )
    with clean.store.read() as session:
        flags = dict(session.execute(newest).all())
    relevant = {article.text.title for article in load_articles().values() if article.labels["flag"] == 1} & set(flags)
    assert len(relevant) >= 10
    assert sum(flags[title] for title in relevant) >= 0.8 * len(relevant)


def test_a_second_scan_of_the_day_adds_nothing(store: Store, press: SamplePress, scans: Scans) -> None:
    scans.run(store)
    before = state(store, press.base)
    again = scans.run(store)
    assert (again["articles_new"], again["articles_read"], again["judged"], again["stories_new"]) == (0, 0, 0, 0)
    assert again["flagged_new"] == 0
    assert state(store, press.base) == before


KILL_POINTS = {
    "while lists are read": "models.store.articles:_entry_row:17",
    "while pages are kept": "models.store.pages:_page_row:20",
    "between a verdict and its articles": "models.store.verdicts:_place_row:3",
    "while stories are put together": "models.store.stories:put:6",
}


@pytest.mark.parametrize("point", KILL_POINTS.values(), ids=list(KILL_POINTS))
def test_a_killed_scan_and_a_rerun_on_one_core_end_like_one_clean_run(
    point: str, sqlite_store: Store, press: SamplePress, scans: Scans, clean: Clean
) -> None:
    code, _, err = scans.end(sqlite_store, point)
    assert code == -9, err[-2000:]
    with sqlite_store.read() as session:
        assert session.scalars(select(Run)).one().finished_at is None
    scans.run(sqlite_store, "one-core")
    found = state(sqlite_store, press.base)
    for what, expected in clean.state.items():
        assert found[what] == expected, what


@pytest.mark.skipif(not SHARED.is_dir(), reason="the saved pages of real papers are not beside this clone")
def test_all_saved_pages_of_real_papers_are_read(tmp_path: Path) -> None:
    command = [
        str(Path(sys.executable).with_name("diembao")),
        "scan",
        "--replay",
        str(SHARED / "press/pages"),
        "--json",
    ]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    report = json.loads(done.stdout.splitlines()[-1])
    assert (report["articles_read"], report["articles_new"], report["outlets_failed"]) == (21, 21, 0)
