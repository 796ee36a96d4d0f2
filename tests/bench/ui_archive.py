"""A made-up archive for the bench of the pages: many articles, two of them in each story, spread over a year.

Articles of one day lie far apart in their table, every 365th pair: real ones lie together, for they come day by day, so
a page here reads more of the database's pages than it would.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text

from models.clock import day_of
from models.session import Store

DAYS = 365
PROVINCES = ("01", "79", "48", "31", "92", "40", "38", "24")
EMPTY = "[]"
NAMED = '[["text", 0, 12, "hidden"]]'


def bulk(store: Store, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY on PostgreSQL, one long executemany on SQLite."""
    raw = store.engine.raw_connection()
    names = ", ".join(columns)
    cursor: Any = raw.cursor()
    if store.engine.dialect.name == "postgresql":
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
    else:
        cursor.execute("BEGIN")
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})', rows)  # noqa: S608
    raw.commit()
    raw.close()


def fill(store: Store, articles: int, stories: int, at: datetime) -> None:
    """Two articles a story (ids 1 and 2 belong to story 1), the rest in none, spread over a year back from today."""
    in_stories = 2 * stories
    zone = "" if store.engine.dialect.name == "sqlite" else "+00"
    days = [day_of(at) - timedelta(days=d) for d in range(DAYS)]
    moments = [f"{at - timedelta(days=d):%Y-%m-%d %H:%M:%S}.000000{zone}" for d in range(DAYS)]

    def day(number: int) -> int:
        """Both articles of a story fall on one day."""
        return ((number + 1) // 2) % DAYS

    with store.write() as session:
        session.execute(text("INSERT INTO outlet (id, title, home) VALUES ('mau', 'Báo Mẫu', 'https://mau.example/')"))
        session.execute(
            text("INSERT INTO run (id, day, started_at, finished_at, counters) VALUES (1, :d, :m, :m, '{}')"),
            {"d": days[0] if zone else days[0].isoformat(), "m": moments[0]},
        )
    every = range(1, articles + 1)
    bulk(
        store,
        "article",
        (
            "id",
            "outlet_id",
            "url",
            "day",
            "first_seen_at",
            "page",
            "attempts",
            "checks",
            "version_id",
            "verdict_id",
            "place_id",
            "score",
        ),
        (
            (
                i,
                "mau",
                f"https://mau.example/{i}",
                days[day(i)].isoformat(),
                moments[day(i)],
                "read",
                0,
                0,
                i,
                *((i, i) if i <= in_stories else (None, None)),
                0.9,
            )
            for i in every
        ),
    )
    body = "Đoạn mẫu của một bài báo mẫu. " * 40
    bulk(
        store,
        "article_version",
        (
            "id",
            "article_id",
            "number",
            "origin",
            "run_id",
            "fetched_at",
            "sha256",
            "title",
            "sapo",
            "body",
            "provenance",
        ),
        (
            (
                i,
                i,
                1,
                "page",
                1,
                moments[day(i)],
                str(i),
                f"Tựa mẫu số {i}",
                "Sapo mẫu.",
                body if i <= in_stories else "",
                "{}",
            )
            for i in every
        ),
    )
    _fill_stories(store, stories, moments, days, day)


def _fill_stories(store: Store, stories: int, moments: list[str], days: list[Any], day: Any) -> None:
    told = range(1, 2 * stories + 1)
    bulk(
        store,
        "verdict",
        (
            "id",
            "version_id",
            "article_id",
            "model",
            "judged_at",
            "score",
            "flag",
            "kind",
            "types",
            "setting",
            "age",
            "language",
            "evidence",
            "exposes_child",
            "reason",
        ),
        (
            (
                i,
                i,
                i,
                "mau",
                moments[day(i)],
                0.9,
                True,
                "vu_viec",
                '{"bao_luc": 0.9}',
                "gia_dinh",
                "6_12",
                "vi",
                '[["text", 0, 20]]',
                NAMED,
                "Vì sao mẫu.",
            )
            for i in told
        ),
    )
    bulk(
        store,
        "place",
        (
            "id",
            "version_id",
            "article_id",
            "finder",
            "era",
            "old_codes",
            "new_codes",
            "new_province",
            "words",
            "confidence",
        ),
        ((i, i, i, "mau", "new", EMPTY, EMPTY, PROVINCES[i % len(PROVINCES)], "mẫu", 0.9) for i in told),
    )
    bulk(
        store,
        "story",
        ("id", "day", "created_at"),
        ((s, days[day(2 * s)].isoformat(), moments[day(2 * s)]) for s in range(1, stories + 1)),
    )
    bulk(
        store,
        "story_article",
        ("story_id", "article_id", "main", "added_at"),
        (((i + 1) // 2, i, True, moments[day(i)]) for i in told),
    )
    if store.engine.dialect.name == "postgresql":  # what its own housekeeping does in time
        with store.glance() as session:
            session.execute(text("VACUUM ANALYZE"))
    else:
        with store.write() as session:
            session.execute(text("ANALYZE"))
