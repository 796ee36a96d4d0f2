"""Backup and restore: one encrypted file with every row and the evidence archive, the same for both databases.

The rows are read in one transaction (a snapshot on both databases), so work goes on meanwhile. The file is a ZIP with
AES-256 (pyzipper, MIT), so that it can be opened for years with other tools too. A backup counts only when it has been
verified: restored into a scratch database and compared, table by table, file by file.
"""

import hashlib
import json
import tempfile
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyzipper
from sqlalchemy.exc import SQLAlchemyError

from models.errors import DiembaoError
from models.migrations import current, downgrade, upgrade
from models.session import Store
from pipeline import backup_rows as rows

PREFIX, SUFFIX, STAMP = "diembao-", ".zip", "%Y%m%d-%H%M%S"
MANIFEST = "manifest.json"
FIRST_REVISION = "0001"
"""The schema of backups that do not name theirs."""
UNREADABLE = (RuntimeError, KeyError, ValueError, zlib.error, pyzipper.BadZipFile)
"""What the library raises for a wrong password or a damaged file."""


class BackupError(DiembaoError):
    """A backup that cannot be made, read or trusted; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Rows and SHA-256 of each table, and size and SHA-256 of each file of the evidence archive.

    `revision`: the version of the schema that the rows are of.
    """

    made_at: str
    revision: str
    tables: dict[str, tuple[int, str]]
    files: dict[str, tuple[int, str]]


def make(store: Store, archive: Path, folder: Path, *, password: str, now: datetime) -> Path:
    """Write a backup beside the older ones; the name appears only when the file is whole."""
    if not password:
        raise BackupError("chưa có mật khẩu sao lưu (đặt tệp khóa trong cấu hình)")
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{PREFIX}{now.astimezone(UTC).strftime(STAMP)}{SUFFIX}"
    partial = target.with_suffix(".partial")
    try:
        with _zip(partial, "w", password) as out:
            tables = _write_tables(store, out)
            files = _write_files(archive, out)
            revision = current(store.engine)
            manifest = {"made_at": now.isoformat(), "revision": revision, "tables": tables, "files": files}
            out.writestr(MANIFEST, json.dumps(manifest, sort_keys=True))
        partial.replace(target)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise BackupError(f"{target.name}: không ghi được bản sao lưu: {error.strerror or error}") from error
    return target


def _zip(path: Path, mode: str, password: str) -> Any:
    opened = pyzipper.AESZipFile(
        path, mode, compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES, allowZip64=True
    )
    opened.setpassword(password.encode())
    return opened


def _write_tables(store: Store, out: Any) -> dict[str, tuple[int, str]]:
    written = {}
    tables = rows.tables_of(store.engine)
    with store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        for table in tables:
            digest, count = hashlib.sha256(), 0
            with out.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
                for line in rows.lines(connection, table):
                    file.write(line)
                    digest.update(line)
                    count += 1
            written[table.name] = (count, digest.hexdigest())
    return written


def _write_files(archive: Path, out: Any) -> dict[str, tuple[int, str]]:
    """Evidence files only grow: what stands in them now is copied, what is added meanwhile comes with the next one."""
    written = {}
    for path in sorted(item for item in archive.rglob("*") if item.is_file()) if archive.is_dir() else []:
        name, left, digest = path.relative_to(archive).as_posix(), path.stat().st_size, hashlib.sha256()
        size = left
        with path.open("rb") as source, out.open(f"archive/{name}", "w", force_zip64=True) as file:
            while left and (block := source.read(min(left, 1 << 20))):
                file.write(block)
                digest.update(block)
                left -= len(block)
        written[name] = (size - left, digest.hexdigest())
    return written


def read_manifest(path: Path, password: str) -> Manifest:
    """Raises BackupError for a file that is not ours, is damaged, or does not open with this password."""
    try:
        with _zip(path, "r", password) as file:
            raw = json.loads(file.read(MANIFEST))
        return Manifest(
            raw["made_at"], raw.get("revision", FIRST_REVISION), _pairs(raw["tables"]), _pairs(raw["files"])
        )
    except (OSError, *UNREADABLE) as error:
        raise BackupError(f"{path.name}: không mở được (sai mật khẩu hoặc tệp hỏng): {error}") from error


def _pairs(raw: dict[str, list[Any]]) -> dict[str, tuple[int, str]]:
    return {name: (int(count), str(digest)) for name, (count, digest) in raw.items()}


def restore(path: Path, store: Store, archive: Path, *, password: str) -> Manifest:
    """Fill an empty database and an empty archive folder; anything that is already there is never overwritten.

    A backup of an older version of the schema is brought to the program's own.
    """
    manifest = read_manifest(path, password)
    if rows.filled(store.engine) or (archive.is_dir() and any(archive.iterdir())):
        raise BackupError("chỉ phục hồi vào cơ sở dữ liệu và kho lưu trống; nơi này đã có dữ liệu")
    fill(path, store, manifest, password=password)
    upgrade(store.engine)
    try:
        with _zip(path, "r", password) as file:
            for name in manifest.files:
                _read_file(file, name, archive)
    except (OSError, *UNREADABLE) as error:
        raise BackupError(f"{path.name}: phục hồi kho lưu dừng giữa chừng: {error}") from error
    return manifest


def fill(path: Path, store: Store, manifest: Manifest, *, password: str) -> None:
    """Rows into an empty database, at the version of the schema that they are of; all of them or none."""
    if current(store.engine) not in {None, manifest.revision}:
        downgrade(store.engine, "base")
    upgrade(store.engine, manifest.revision)
    try:
        with _zip(path, "r", password) as file, store.write() as session:
            for table in rows.tables_of(store.engine):
                if table.name in manifest.tables:
                    with file.open(f"tables/{table.name}.jsonl") as lines:
                        rows.read_table(session.connection(), table, rows.opened(lines))
    except (OSError, *UNREADABLE, SQLAlchemyError) as error:
        raise BackupError(
            f"{path.name}: phục hồi dừng giữa chừng, không giữ lại gì trong cơ sở dữ liệu: {error}"
        ) from error


def _read_file(file: Any, name: str, archive: Path) -> None:
    target = (archive / name).resolve()
    if not target.is_relative_to(archive.resolve()):
        raise BackupError(f"{name}: tên tệp chỉ ra ngoài kho lưu")
    target.parent.mkdir(parents=True, exist_ok=True)
    with file.open(f"archive/{name}") as source, target.open("wb") as out:
        while block := source.read(1 << 20):
            out.write(block)


def verify(path: Path, *, password: str) -> Manifest:
    """Restore into a scratch place and compare every table and file with what the backup says it holds."""
    manifest = read_manifest(path, password)
    with tempfile.TemporaryDirectory(prefix="diembao-verify-") as scratch:
        folder = Path(scratch)
        store = Store(f"sqlite:///{folder / 'scratch.db'}")
        try:
            fill(path, store, manifest, password=password)
            with store.engine.connect() as connection:
                found = {table.name: rows.summary(connection, table) for table in rows.tables_of(store.engine)}
        finally:
            store.close()
        for name, expected in manifest.tables.items():
            if found.get(name) != expected:
                raise BackupError(f"{path.name}: bảng {name} không giống lúc sao lưu")
        with _zip(path, "r", password) as file:
            for name, (size, digest) in manifest.files.items():
                _compare(path, file, name, size, digest)
    return manifest


def _compare(path: Path, file: Any, name: str, size: int, digest: str) -> None:
    """The file of the archive is read through, not laid down: it may be larger than the scratch disk."""
    found, count = hashlib.sha256(), 0
    try:
        with file.open(f"archive/{name}") as source:
            while block := source.read(1 << 20):
                found.update(block)
                count += len(block)
    except (OSError, *UNREADABLE) as error:
        raise BackupError(f"{path.name}: không đọc được tệp lưu {name}: {error}") from error
    if (count, found.hexdigest()) != (size, digest):
        raise BackupError(f"{path.name}: tệp lưu {name} không giống lúc sao lưu")


def made_at(path: Path) -> datetime:
    """When a backup was made, by its name (UTC)."""
    return datetime.strptime(path.name[len(PREFIX) : -len(SUFFIX)], STAMP).replace(tzinfo=UTC)


def newest(folder: Path) -> datetime | None:
    """When the newest backup in a folder was made."""
    return max(map(made_at, folder.glob(f"{PREFIX}*{SUFFIX}")), default=None)


def rotate(folder: Path, *, now: datetime, days: int = 7, weeks: int = 4, months: int = 12) -> list[Path]:
    """Keep the newest of each of the last days, weeks and months; returns what was removed."""
    found = sorted(folder.glob(f"{PREFIX}*{SUFFIX}"), reverse=True)
    kept: set[Path] = set(found[:1])
    for name, limit, age in (("%Y-%m-%d", days, 1), ("%G-%V", weeks, 7), ("%Y-%m", months, 31)):
        newest: dict[str, Path] = {}
        for path in found:
            made = made_at(path)
            if now - made <= timedelta(days=limit * age):
                newest.setdefault(made.strftime(name), path)
        kept |= set(newest.values())
    removed = [path for path in found if path not in kept]
    for path in removed:
        path.unlink()
    return removed
