"""One scan at a time on one database: a second one says so instead of reading every page twice."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from models.errors import DiembaoError
from models.session import Store

SCAN_KEY = 0x64_69_65_6D
"""An arbitrary number that PostgreSQL's advisory lock is known by ("diem")."""
BUSY = "đang có một lượt quét khác chạy trên cơ sở dữ liệu này; lượt này dừng, không đọc gì"


class ScanRunningError(DiembaoError):
    """Another process scans on the same database."""


@contextmanager
def scan_lock(store: Store, *, shared: bool = False) -> Iterator[None]:
    """Held until the block ends or the process dies; nothing has to be cleaned up after a kill.

    `shared`: with others that share it (the workers of several machines), but with nobody who does not.
    """
    if store.engine.dialect.name == "postgresql":
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            kind = "_shared" if shared else ""
            if not connection.scalar(text(f"SELECT pg_try_advisory_lock{kind}(:key)"), {"key": SCAN_KEY}):
                raise ScanRunningError(BUSY)
            try:
                yield
            finally:
                connection.execute(text(f"SELECT pg_advisory_unlock{kind}(:key)"), {"key": SCAN_KEY})
        return
    database = store.engine.url.database
    if not database or database == ":memory:":
        yield
        return
    with Path(database).with_suffix(".scan-lock").open("w") as file:
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except OSError as error:
            raise ScanRunningError(BUSY) from error
        yield
