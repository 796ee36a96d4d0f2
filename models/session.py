"""Engine and sessions on SQLite (WAL) and PostgreSQL."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from models import faults
from models.errors import DiembaoError

BUSY_MS = 30_000
PAGES_KIB = 16_384
"""What a connection to SQLite keeps of the file: with its own 2 MB, the articles of a day's list among a million were
read from the file again for every page (22 ms in place of 2, the best of thirty each)."""


class StoreError(DiembaoError):
    """The database cannot be opened or is of another version than the program."""


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://…`; the folder of a SQLite file is made."""
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        message = "database address cannot be read (expected sqlite:///FILE or postgresql+psycopg://…)"
        raise StoreError(message) from error
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, json_deserializer=read_json)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_MS / 1000}, json_deserializer=read_json)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def read_json(text: str) -> Any:
    """Most lists stored are empty, and a list page reads more than a thousand of them."""
    return [] if text == "[]" else json.loads(text)


def _set_up_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    """Full synchronisation: what was acknowledged survives a power cut (sqlite.org/pragma.html#pragma_synchronous)."""
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    kept = (f"busy_timeout={BUSY_MS}", f"cache_size=-{PAGES_KIB}")
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", *kept):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once, so that a transaction never fails half way on another's write."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")


class Store:
    """The database as the jobs and the pages see it: short transactions, one way to read and one to write."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = open_engine(url)
        self._writing = self.engine.execution_options(writing=True)

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._open(self.engine) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """Commits at the end of the block, rolls back on any exception."""
        with self._open(self._writing) as session, session.begin():
            yield session

    @contextmanager
    def _open(self, engine: Engine) -> Iterator[Session]:
        with self.in_words(), Session(engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def in_words(self) -> Iterator[None]:
        """What goes wrong with the database becomes a StoreError that says what to do."""
        try:
            yield
        except OperationalError as error:
            address, what = make_url(self.url).render_as_string(), faults.advice(error.orig)
            message = f"không dùng được cơ sở dữ liệu {address}: {str(error.orig).strip()}"
            raise StoreError(f"{message}\n{what}" if what else message) from error

    def close(self) -> None:
        self.engine.dispose()
