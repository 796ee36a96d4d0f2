"""Backup and restore: one encrypted file with every row and the evidence archive, the same for both databases.

The rows are read in one transaction (a snapshot on both databases), so work goes on meanwhile. The file is a ZIP with
AES-256 (pyzipper, MIT), so that it can be opened for years with other tools too. A backup counts only when it has been
verified: restored into a scratch database and compared, table by table.
"""

import base64
import hashlib
import json
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

import pyzipper
from sqlalchemy import Connection, Date, LargeBinary, Table, bindparam, func, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from models.errors import DiembaoError
from models.migrations import upgrade
from models.session import Store
from models.tables import Base, Utc

PREFIX, SUFFIX, STAMP = "diembao-", ".zip", "%Y%m%d-%H%M%S"
MANIFEST = "manifest.json"
CHUNK = 500


class BackupError(DiembaoError):
    """A backup that cannot be made, read or trusted; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """Rows and SHA-256 of each table, and size and SHA-256 of each file of the evidence archive."""

    made_at: str
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
            manifest = {"made_at": now.isoformat(), "tables": tables, "files": files}
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
    with store.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        for table in Base.metadata.sorted_tables:
            digest, count = hashlib.sha256(), 0
            with out.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as file:
                for line in _lines(connection, table):
                    file.write(line)
                    digest.update(line)
                    count += 1
            written[table.name] = (count, digest.hexdigest())
    return written


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    query = select(table).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=CHUNK).execute(query).mappings():
        values = {name: _plain(value) for name, value in row.items()}
        yield (json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n").encode()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _typed(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for name, value in values.items():
        kind = table.columns[name].type
        if value is None:
            typed[name] = None
        elif isinstance(kind, LargeBinary):
            typed[name] = base64.b64decode(value)
        elif isinstance(kind, Utc):
            typed[name] = datetime.fromisoformat(value)
        else:
            typed[name] = date.fromisoformat(value) if isinstance(kind, Date) else value
    return typed


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
        return Manifest(raw["made_at"], _pairs(raw["tables"]), _pairs(raw["files"]))
    except (OSError, RuntimeError, KeyError, ValueError, pyzipper.BadZipFile) as error:
        raise BackupError(f"{path.name}: không mở được (sai mật khẩu hoặc tệp hỏng): {error}") from error


def _pairs(raw: dict[str, list[Any]]) -> dict[str, tuple[int, str]]:
    return {name: (int(count), str(digest)) for name, (count, digest) in raw.items()}


def restore(path: Path, store: Store, archive: Path, *, password: str) -> Manifest:
    """Fill an empty database and an empty archive folder; anything that is already there is never overwritten."""
    manifest = read_manifest(path, password)
    upgrade(store.engine)
    with store.read() as session:
        filled = [t.name for t in Base.metadata.sorted_tables if session.scalar(select(func.count()).select_from(t))]
    if filled or (archive.is_dir() and any(archive.iterdir())):
        raise BackupError("chỉ phục hồi vào cơ sở dữ liệu và kho lưu trống; nơi này đã có dữ liệu")
    try:
        with _zip(path, "r", password) as file:
            with store.write() as session:
                for table in Base.metadata.sorted_tables:
                    if table.name in manifest.tables:
                        _read_table(session.connection(), table, file)
            for name in manifest.files:
                _read_file(file, name, archive)
    except (OSError, RuntimeError, KeyError, ValueError, pyzipper.BadZipFile, SQLAlchemyError) as error:
        raise BackupError(
            f"{path.name}: phục hồi dừng giữa chừng, không giữ lại gì trong cơ sở dữ liệu: {error}"
        ) from error
    return manifest


def _read_table(connection: Connection, table: Table, file: Any) -> None:
    """Rows that name rows of their own table get those names last, when all are there."""
    own = [c.name for c in table.columns if any(key.column.table is table for key in c.foreign_keys)]
    linked: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    with file.open(f"tables/{table.name}.jsonl") as lines:
        for line in cast("BinaryIO", lines):
            row = _typed(table, json.loads(line))
            if any(row[name] is not None for name in own):
                linked.append({"key": row["id"], **{name: row[name] for name in own}})
            rows.append(row | dict.fromkeys(own))
            if len(rows) == CHUNK:
                connection.execute(insert(table), rows)
                rows = []
    if rows:
        connection.execute(insert(table), rows)
    if linked:
        values: dict[str, Any] = {name: bindparam(name) for name in own}
        connection.execute(update(table).where(table.c.id == bindparam("key")).values(values), linked)
    _continue_numbers(connection, table)


def _continue_numbers(connection: Connection, table: Table) -> None:
    """PostgreSQL's counters do not see rows that bring their own numbers."""
    key = table.primary_key.columns.values()
    if connection.dialect.name == "postgresql" and len(key) == 1 and key[0].autoincrement is True:
        newest = select(func.coalesce(func.max(key[0]), 0) + 1).scalar_subquery()
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', key[0].name)
        connection.execute(select(func.setval(sequence, newest, False)))


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
    with tempfile.TemporaryDirectory(prefix="diembao-verify-") as scratch:
        folder = Path(scratch)
        store = Store(f"sqlite:///{folder / 'scratch.db'}")
        try:
            manifest = restore(path, store, folder / "archive", password=password)
            with store.engine.connect() as connection:
                for table in Base.metadata.sorted_tables:
                    digest, count = hashlib.sha256(), 0
                    for line in _lines(connection, table):
                        digest.update(line)
                        count += 1
                    if manifest.tables.get(table.name, (0, digest.hexdigest())) != (count, digest.hexdigest()):
                        raise BackupError(f"{path.name}: bảng {table.name} không giống lúc sao lưu")
        finally:
            store.close()
        for name, (size, digest_) in manifest.files.items():
            content = (folder / "archive" / name).read_bytes()
            if (len(content), hashlib.sha256(content).hexdigest()) != (size, digest_):
                raise BackupError(f"{path.name}: tệp lưu {name} không giống lúc sao lưu")
    return manifest


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
