"""The key of the evidence archive: made, taken up at the door, and put on what was kept before there was one."""

import os
from dataclasses import dataclass
from pathlib import Path

from models.errors import DiembaoError
from models.session import Store
from models.store import archive_moves
from pipeline.config import Settings
from spiders import sealing
from spiders.archive import SUFFIX, drop, inside
from spiders.sealing import SealError
from spiders.warc import members

SEALED = "-kin"
"""Ends the names of files that were sealed later."""


class KeyFileError(DiembaoError):
    """The key file cannot be made where it was asked for, or cannot be read."""


def use_archive_key(settings: Settings) -> None:
    """Raises SettingsError's kin with the file's name where the key is set but cannot be read: nothing may then be
    written in the clear."""
    path = settings.archive_key_file
    if path is None:
        sealing.use(())
        return
    try:
        text = path.read_text("ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise KeyFileError(f"không đọc được tệp khoá kho lưu {path}: {error}") from error
    sealing.use(sealing.read_keys(text))


def make_key(path: Path, settings: Settings) -> None:
    """A new key in a file that only its owner reads; never over an old one, and not beside what it protects."""
    for folder in (settings.data_dir, settings.backup_dir):
        if path.resolve().is_relative_to(folder.resolve()):
            raise KeyFileError(f"{path}: hãy để tệp khoá ngoài thư mục dữ liệu và sao lưu")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        number = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        with os.fdopen(number, "w", encoding="ascii") as file:
            file.write(sealing.new_key() + "\n")
    except OSError as error:
        raise KeyFileError(f"không ghi được {path}: {error.strerror}") from error


@dataclass(frozen=True, slots=True)
class Sealed:
    files: int
    records: int


def seal_old(store: Store, folder: Path) -> Sealed:
    """Put every file that was kept in the clear under the key in use.

    The sealed file is written first, then the rows point to it, then the old one goes, as in thinning out: a kill
    between any two of these leaves each record where its row says.
    """
    files = records = 0
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        file = path.relative_to(folder).as_posix()
        if not _in_the_clear(path):
            continue
        name, places = _sealed_copy(folder, file)
        with store.write() as session:
            archive_moves.follow(session, file, to=name, places=places)
        drop(folder, file)
        files, records = files + 1, records + len(places)
    return Sealed(files, records)


def _in_the_clear(path: Path) -> bool:
    with path.open("rb") as stream:
        start = stream.read(len(sealing.MAGIC))
    return bool(start) and not sealing.is_sealed(start)


def _sealed_copy(folder: Path, file: str) -> tuple[str, dict[int, tuple[int, int]]]:
    """Name of the copy, and for each old offset the new one with the new length. What is damaged is copied as it
    is: it may be mended some day."""
    path, name = inside(folder, file), f"{file.removesuffix(SUFFIX)}{SEALED}{SUFFIX}"
    places: dict[int, tuple[int, int]] = {}
    with path.open("rb") as old, (folder / name).open("wb") as new:
        for member in members(path):
            old.seek(member.offset)
            raw = old.read(member.length)
            kept = raw if member.fault or sealing.is_sealed(raw) else sealing.seal(raw)
            places[member.offset] = (new.tell(), len(kept))
            new.write(kept)
        new.flush()
        os.fsync(new.fileno())
    return name, places


__all__ = ["KeyFileError", "SealError", "Sealed", "make_key", "seal_old", "use_archive_key"]
