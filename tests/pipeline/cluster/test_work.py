"""Two workers in processes of their own read the sample papers; one is killed on the way."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text

from models.session import Store
from models.tables import Article
from models.tables.press import UNGROUPED
from pipeline.cluster.queue import SCHEMA, install
from spiders.sample_press import SamplePress
from tests.forks import ForkServer
from tests.pipeline.test_scan import DAY, scan_alone, state

ALIKE = ("articles", "addresses", "pages", "stories", "feeds")


def ended_like(store: Store, base: str) -> dict[str, Any]:
    """Which list was first to show an entry depends on the order of reading; what the pages say does not."""
    found = state(store, base)
    return found | {"pages": [version for version in found["versions"] if version[1] == "page"]}


@pytest.fixture
def press() -> Iterator[SamplePress]:
    with SamplePress(DAY) as running:
        yield running


def until(happened: Callable[[], bool], seconds: float = 300) -> None:
    end = time.monotonic() + seconds
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.2)


@pytest.mark.timeout(660)
def test_killing_a_worker_loses_and_repeats_nothing(
    postgres_store: Store, sqlite_store: Store, press: SamplePress, forks: ForkServer, tmp_path: Path
) -> None:
    scan_alone(sqlite_store, press)
    alone = ended_like(sqlite_store, press.base)
    store = postgres_store
    install(store)

    def count(*wanted: object) -> int:
        with store.read() as session:
            return session.scalar(select(func.count()).select_from(Article).where(*wanted)) or 0  # type: ignore[arg-type]

    def done() -> bool:
        words = "status IN ('todo', 'doing') AND task_name IN ('dispatch', 'read_outlet', 'judge', 'group')"
        with store.read() as session:
            idle = not session.scalar(text(f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs WHERE {words}"))  # noqa: S608 - our own words
        unread = (Article.page == "due") | (Article.judged_version_id.is_distinct_from(Article.version_id))
        waiting = count(unread | text(UNGROUPED.format("article.")), Article.same_as.is_(None))
        return idle and count() > 40 and not waiting

    module, address = "tests.pipeline.cluster.worker_child", press.base.removeprefix("http://")
    workers = [
        forks.start(module, store.url, address, str(tmp_path / str(number)), folder=tmp_path) for number in range(2)
    ]
    try:
        until(lambda: count(Article.page == "read") >= 5)
        os.kill(workers[0].pid, signal.SIGKILL)
        workers[0].wait()
        until(done)
    finally:
        for worker in workers:
            worker.terminate()
        said = [worker.communicate(120) for worker in workers]
        with store.write() as session:
            session.execute(text("DROP SCHEMA procrastinate CASCADE"))
    ended = [worker.returncode for worker in workers]
    assert ended == [-signal.SIGKILL, 0], f"asked to stop, a worker ends in good order: {said[1][1][-2000:]}"
    together = ended_like(store, press.base)
    for what in ALIKE:
        assert together[what] == alone[what], what
