"""Does it pay to cut the article table by month? The same rows in one table and in partitions, asked the same."""

import time
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Connection, text

from models.session import Store

COPY, INDEXES = "article_by_month", ("day, score", "page, score", "outlet_id", "version_id", "published_at", "id")
REPEAT = 200


def compare(store: Store) -> None:
    """Prints both, question by question, then what it takes to be rid of the oldest month."""
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        months = _copy(connection)
        print(f"article table in {len(months)} partitions by month, and whole", flush=True)
        last = connection.scalar(text("SELECT max(day) FROM article"))
        middle = connection.scalar(text("SELECT max(id) / 2 FROM article"))
        assert last is not None
        where = {
            "a day's list": f"day = '{last}' AND score > 0.5 ORDER BY score DESC LIMIT 200",
            "one article by number": f"id = {middle}",
            "an outlet's newest": "outlet_id = 'bao_7' ORDER BY id DESC LIMIT 20",
            "28 days counted": f"day > '{last - timedelta(days=28)}'",
        }
        for name, words in where.items():
            what = "count(*)" if "counted" in name else "*"
            whole, parts = (_asked(connection, f"SELECT {what} FROM {t} WHERE {words}") for t in ("article", COPY))  # noqa: S608 - our own words
            print(f"  {name:22s} whole {whole:8.2f} ms   by month {parts:8.2f} ms of processor", flush=True)
        first, second = months[0], (months[0] + timedelta(days=31)).replace(day=1)
        began = time.perf_counter()
        connection.exec_driver_sql("SET session_replication_role = replica")
        gone = connection.execute(text("DELETE FROM article WHERE day < :day"), {"day": second}).rowcount
        connection.exec_driver_sql("VACUUM article")
        deleted = time.perf_counter() - began
        began = time.perf_counter()
        connection.exec_driver_sql(f"DROP TABLE {_part(first)}")
        dropped = time.perf_counter() - began
        print(f"  the oldest month, {gone} rows: DELETE and VACUUM {deleted:.1f} s, DROP of a part {dropped:.2f} s")


def _part(month: date) -> str:
    return f"{COPY}_{month:%Y_%m}"


def _copy(connection: Connection) -> list[date]:
    span = connection.execute(text("SELECT date_trunc('month', min(day))::date, max(day) FROM article")).one()
    month, months = span[0], []
    connection.exec_driver_sql(f"CREATE TABLE {COPY} (LIKE article INCLUDING DEFAULTS) PARTITION BY RANGE (day)")
    while month <= span[1]:
        until = (month + timedelta(days=31)).replace(day=1)
        connection.exec_driver_sql(
            f"CREATE TABLE {_part(month)} PARTITION OF {COPY} FOR VALUES FROM ('{month}') TO ('{until}')"
        )
        months.append(month)
        month = until
    connection.exec_driver_sql(f"INSERT INTO {COPY} SELECT * FROM article")  # noqa: S608 - our own name
    for columns in INDEXES:
        connection.exec_driver_sql(f"CREATE INDEX ON {COPY} ({columns})")
    connection.exec_driver_sql(f"ANALYZE {COPY}")
    return months


def _asked(connection: Connection, words: str) -> float:
    """Milliseconds of the server's processor, planning and all, averaged over many askings or five seconds of them."""
    pid = connection.scalar(text("SELECT pg_backend_pid()"))
    connection.exec_driver_sql("SET max_parallel_workers_per_gather = 0")
    connection.exec_driver_sql(words).all()
    before, began, asked = _server_ms(pid), time.perf_counter(), 0
    while asked < REPEAT and time.perf_counter() - began < 5:
        connection.exec_driver_sql(words).all()
        asked += 1
    return (_server_ms(pid) - before) / asked


def _server_ms(pid: int | None) -> float:
    return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e6
