"""Bring a deployment to this program's version: stop → back up → migrate → check → start, and back again on failure.

The rows as they were lie in an encrypted backup that was restored once for proof before anything is changed, so the
way back does not depend on the migration that failed.
"""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from sqlalchemy import Engine, MetaData, func, select, text

from models.errors import DiembaoError
from models.migrations import check_current, current, head, search_index, upgrade
from models.session import Store
from pipeline import backup
from pipeline import backup_rows as rows
from pipeline.config import Settings

UNITS = ("diembao-watch.service", "diembao-web.service", "diembao-work.service")
Migrate = Callable[[Engine], None]
Say = Callable[[str], None]


class UpgradeError(DiembaoError):
    """The upgrade failed; the message says what, and that everything is as it was."""


class Control(Protocol):
    """The service's processes, which must not write meanwhile."""

    def stop(self) -> None: ...
    def start(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Systemd:
    """Units that are installed on this machine; those that did not run before are not started."""

    running: tuple[str, ...]

    @classmethod
    def here(cls) -> "Systemd":
        if shutil.which("systemctl") is None:
            return cls(())
        return cls(tuple(unit for unit in UNITS if _systemctl("is-active", "--quiet", unit) == 0))

    def stop(self) -> None:
        for unit in self.running:
            if _systemctl("stop", unit):
                raise UpgradeError(f"không dừng được {unit}: hãy chạy bằng quyền quản trị")

    def start(self) -> None:
        for unit in self.running:
            if _systemctl("start", unit) or _systemctl("is-active", "--quiet", unit):
                raise UpgradeError(f"{unit} không chạy lên được (xem journalctl -u {unit})")


def _systemctl(*words: str) -> int:
    return subprocess.run(["systemctl", *words], check=False).returncode  # noqa: S603, S607 - fixed words


@dataclass(frozen=True, slots=True)
class Upgraded:
    """`before` and `after` are revisions of the schema; the same where there was nothing to migrate."""

    before: str | None
    after: str
    saved: Path | None


def run(
    settings: Settings,
    control: Control,
    *,
    password: str,
    now: datetime,
    say: Say,
    migrate: Migrate = upgrade,
    go_back: Callable[[], None] | None = None,
) -> Upgraded:
    """Raises UpgradeError where a step failed; then the data are as they were. `go_back` puts the older program in
    place, which alone understands them; after it the service runs again."""
    store = Store(settings.store_url)
    try:
        before = current(store.engine)
        control.stop()
        try:
            return _upgraded(
                settings, store, control, before, password=password, now=now, say=say, migrate=migrate, go_back=go_back
            )
        except UpgradeError:
            raise
        except Exception:
            control.start()
            raise
    finally:
        store.close()


def _upgraded(
    settings: Settings,
    store: Store,
    control: Control,
    before: str | None,
    *,
    password: str,
    now: datetime,
    say: Say,
    migrate: Migrate,
    go_back: Callable[[], None] | None,
) -> Upgraded:
    after = head()
    if before in {None, after}:
        migrate(store.engine)
        control.start()
        return Upgraded(before, after, None)
    say("Sao lưu và kiểm tra bản sao lưu…")
    saved = backup.make(store, settings.archive_dir, settings.backup_dir, password=password, now=now)
    manifest = backup.verify(saved, password=password)
    try:
        say(f"Nâng cơ sở dữ liệu từ bản {before} lên {after}…")
        migrate(store.engine)
        say("Kiểm tra…")
        check(store, manifest)
        say("Khởi động lại…")
        control.start()
    except Exception as error:
        say("Có lỗi: đưa dữ liệu về như trước khi nâng cấp…")
        control.stop()
        put_back(store, saved, manifest, password=password)
        message = f"nâng cấp không thành: {error}; dữ liệu đã về bản {before}, bản sao lưu ở {saved}"
        raise UpgradeError(f"{message}. {_older_program(control, go_back, say)}") from error
    return Upgraded(before, after, saved)


def _older_program(control: Control, go_back: Callable[[], None] | None, say: Say) -> str:
    """The last sentence of the message: that it runs again, or what to do."""
    todo = "Cài lại bản chương trình trước rồi khởi động dịch vụ."
    if go_back is None:
        return f"{todo} (Lần sau: `diembao upgrade --previous THƯ-MỤC-GÓI-CŨ` tự cài lại.)"
    try:
        say("Cài lại bản chương trình trước…")
        go_back()
        control.start()
    except DiembaoError as error:
        return f"Không cài lại được bản trước: {error}. {todo}"
    return "Bản chương trình trước đã được cài lại và dịch vụ đang chạy."


def check(store: Store, manifest: backup.Manifest) -> None:
    """The schema is the program's, and every table that was there has at least the rows that it had."""
    check_current(store.engine)
    with store.engine.connect() as connection:
        for table in rows.tables_of(store.engine):
            had = manifest.tables.get(table.name, (0, ""))[0]
            has = connection.scalar(select(func.count()).select_from(table)) or 0
            if has < had:
                raise UpgradeError(f"bảng {table.name} còn {has} trên {had} dòng")
        if (
            connection.dialect.name == "sqlite"
            and (flaw := connection.exec_driver_sql("PRAGMA integrity_check").scalar()) != "ok"
        ):
            raise UpgradeError(f"tệp cơ sở dữ liệu hỏng: {flaw}")


def put_back(store: Store, saved: Path, manifest: backup.Manifest, *, password: str) -> None:
    """Everything out, the rows as they were in, whatever state a failed migration left behind; then proven."""
    _empty(store.engine)
    backup.fill(saved, store, manifest, password=password)
    with store.engine.connect() as connection:
        found = {table.name: rows.summary(connection, table) for table in rows.tables_of(store.engine)}
    wrong = [name for name, expected in manifest.tables.items() if found.get(name) != expected]
    if wrong:
        raise UpgradeError(f"không đưa về được các bảng {', '.join(wrong)}: hãy phục hồi từ {saved}")


def _empty(engine: Engine) -> None:
    """Drop every table. Full-text tables of SQLite go with the one that makes them."""
    with engine.connect() as connection:
        sqlite = connection.dialect.name == "sqlite"
        if sqlite:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            connection.exec_driver_sql("DROP TABLE IF EXISTS fts_text")
        metadata = MetaData()
        metadata.reflect(connection, only=lambda name, _: not search_index.is_ours(name))
        for table in reversed(metadata.sorted_tables):
            cascade = "" if sqlite else " CASCADE"
            connection.execute(text(f'DROP TABLE "{table.name}"{cascade}'))
        connection.commit()
    engine.dispose()
