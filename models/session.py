"""Engine and sessions on SQLite (WAL) and PostgreSQL."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DisconnectionError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from models import faults
from models.errors import DiembaoError

BUSY_MS = 30_000
PAGES_KIB = 16_384
"""What a connection to SQLite keeps of the file: with its own 2 MB, the articles of a day's list among a million were
read from the file again for every page (22 ms in place of 2, the best of thirty each)."""


TRUSTED_S = 1.0
"""A connection that was in use so short a time ago is not asked whether it is still there. Asking each time took a
round trip a transaction; after a restart of the database, one request may fail in place of none."""


QUICK = ("jit = off",)
"""Compiling a plan takes longer than a list's own questions, and comes when an estimate is off."""
GLANCES = ("plan_cache_mode = force_generic_plan",)
"""The same few questions are asked for ever, each by its own index: they are planned once a connection. Planned anew,
that of a story took 1.5 ms of the database's time in place of 0.3."""


class StoreError(DiembaoError):
    """The database cannot be opened or is of another version than the program."""


def open_engine(url: str, *, glances: bool = False) -> Engine:
    """An engine for `sqlite:///file` or `postgresql+psycopg://…`; the folder of a SQLite file is made.

    `glances`: for pages that read, on PostgreSQL: see `Store.glance`.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        message = "database address cannot be read (expected sqlite:///FILE or postgresql+psycopg://…)"
        raise StoreError(message) from error
    if parsed.get_backend_name() != "sqlite":
        return _open_server(parsed, glances=glances)
    if parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed, connect_args={"timeout": BUSY_MS / 1000}, json_deserializer=read_json)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _open_server(url: URL, *, glances: bool) -> Engine:
    settings = [*QUICK, *(GLANCES if glances else ())]
    more: dict[str, Any] = {"isolation_level": "AUTOCOMMIT", "max_overflow": 5} if glances else {}
    engine = create_engine(url, json_deserializer=read_json, **more)

    def set_up(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.autocommit = True
        connection.execute("; ".join(f"SET {setting}" for setting in settings))
        connection.autocommit = False

    def leave(_connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
        entry.info["left"] = time.monotonic()

    def take(connection: DBAPIConnection, entry: ConnectionPoolEntry, _proxy: object) -> None:
        if time.monotonic() - entry.info.get("left", time.monotonic()) < TRUSTED_S:
            return
        try:
            engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise DisconnectionError from error

    if engine.dialect.name == "postgresql":
        event.listen(engine, "connect", set_up, insert=True)
    event.listen(engine, "checkin", leave)
    event.listen(engine, "checkout", take)
    return engine


def read_json(text: str | bytes) -> Any:
    """Most lists stored are empty, and a list page reads more than a thousand of them."""
    if isinstance(text, bytes):
        text = text.decode()
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
        served = self.engine.dialect.name == "postgresql"
        self.glances = open_engine(url, glances=True) if served else self.engine
        """PostgreSQL answers pages by connections of their own; none is opened before the first page."""

    @contextmanager
    def read(self) -> Iterator[Session]:
        with self._open(self.engine) as session:
            yield session

    @contextmanager
    def glance(self) -> Iterator[Session]:
        """To read for a page. PostgreSQL answers each statement by itself, which sees the same as one in a transaction
        of its usual level would, without the round trips to begin and end one, and by one plan for all values."""
        with self._open(self.glances) as session:
            yield session

    @contextmanager
    def jot(self) -> Iterator[Session]:
        """For one statement that writes: it is its own transaction."""
        with self.write() if self.glances is self.engine else self.glance() as session:
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
        self.glances.dispose()
