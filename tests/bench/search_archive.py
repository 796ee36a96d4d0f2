"""A made-up archive for the bench of search: its vocabulary, its articles, and filling a database with many of them.

Words come from a made-up vocabulary with Zipf's law, so that common and rare ones both occur. An article is ten of
twenty thousand stretches of thirty words, drawn by chance: drawing every word anew took most of the filling.
"""

import itertools
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import event

from models.fold import exact, fold
from models.migrations import search_index
from models.records import TYPES
from models.session import Store
from models.store import outlets, runs
from models.tables import Article, ArticleVersion, Place, SearchText, Verdict
from tests.bench.ui_archive import bulk

START = datetime(2024, 1, 1, tzinfo=UTC)
CHUNK = 10_000
STRETCHES, WORDS, A_TEXT = 20_000, 30, 10
PLACED, FLAGGED = 10, 100
MODEL = "bench"
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


def stretches() -> tuple[list[str], list[str]]:
    """Runs of words, folded and as written."""
    words, weights = vocabulary()
    folded, marked = [fold(word) for word in words], [exact(word) for word in words]
    share = np.array(weights) / weights[-1]
    drawn = np.searchsorted(share, np.random.default_rng(5).random((STRETCHES, WORDS)), side="right").tolist()
    return [" ".join(folded[place] for place in run) for run in drawn], [
        " ".join(marked[place] for place in run) for run in drawn
    ]


def chunks(there: int, count: int) -> Iterator[list[list[Row]]]:
    """Rows of each of `TABLES`, `CHUNK` articles at a time, beyond those that are there."""
    folded, marked = stretches()
    for first in range(there + 1, count + 1, CHUNK):
        numbers = range(first, min(first + CHUNK, count + 1))
        drawn = np.random.default_rng(first).integers(0, STRETCHES, (len(numbers), A_TEXT)).tolist()
        made = [
            row(number, [folded[one] for one in picked], [marked[one] for one in picked])
            for number, picked in zip(numbers, drawn, strict=True)
        ]
        placed = [place(number) for number in numbers if number % PLACED == 0]
        yield [*(list(column) for column in zip(*made, strict=True)), [verdict(number) for number in numbers], placed]


def row(number: int, folded: Sequence[str], marked: Sequence[str]) -> tuple[Row, Row, Row]:
    """An article, its version, and what search looks into; the texts in stretches of words."""
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
        "attempts": 0,
        "checks": 0,
        "score": 0.0,
    }
    version = {
        "id": number,
        "article_id": number,
        "number": 1,
        "origin": "page",
        "run_id": 1,
        "fetched_at": seen,
        "sha256": str(number),
        "title": " ".join(marked[0].split(" ")[:12]),
        "sapo": "",
        "body": "",
        "provenance": {},
    }
    texts = {
        "article_id": number,
        "version_id": number,
        "folded": " ".join(folded),
        "exact": " ".join(marked),
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
    """The full-text indexes are built at the end, which is several times as fast."""
    postgresql = store.engine.dialect.name == "postgresql"
    if not there:
        with store.write() as session:
            for number in range(50):
                outlets.keep(
                    session, id=f"bao_{number}", title=f"Báo {number}", home="https://b.example", province=None
                )
            runs.start(session, day=START.date(), at=START)
    if not postgresql:
        event.listen(store.engine, "connect", _hurry)
        store.engine.dispose()
    before, after = _late(postgresql=postgresql)
    run(store, before)
    for parts in chunks(there, count):
        for table, rows in zip(TABLES, parts, strict=True):
            if rows:
                bulk(store, table.__tablename__, list(rows[0]), (_plain(one, postgresql=postgresql) for one in rows))
    run(store, [*after, "ANALYZE"])


def _late(*, postgresql: bool) -> tuple[list[str], list[str]]:
    """What is taken away before filling, and made again after it."""
    if postgresql:
        made = [words for words in search_index.POSTGRESQL_UP if words.startswith("CREATE INDEX")]
        dropped = [words.replace("CREATE INDEX", "DROP INDEX IF EXISTS").split(" ON ")[0] for words in made]
        return dropped, ["SET maintenance_work_mem = '1GB'", *made]
    added = next(words for words in search_index.SQLITE_UP if "fts_added" in words)
    return ["DROP TRIGGER IF EXISTS fts_added"], ["INSERT INTO fts_text(fts_text) VALUES ('rebuild')", added]


def _plain(row: Row, *, postgresql: bool) -> tuple[Any, ...]:
    """Values as the database's own driver takes them."""
    return tuple(_value(value, postgresql=postgresql) for value in row.values())


def _value(value: Any, *, postgresql: bool) -> Any:
    if isinstance(value, (dict, list)):
        return json.dumps(value)
    if postgresql or not isinstance(value, date):
        return value
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else value.isoformat()


def _hurry(connection: Any, _entry: object) -> None:
    """A bench may lose its rows in a power cut."""
    connection.execute("PRAGMA synchronous=OFF")


def run(store: Store, statements: Iterable[str]) -> None:
    with store.engine.connect() as connection:
        for words in statements:
            connection.exec_driver_sql(words)
        connection.commit()
