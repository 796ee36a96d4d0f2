"""The evidence archive: responses as they came, in WARC files (ISO 28500) that other tools can open.

One file a run, one gzip member a record, each written by a single append: a process that is killed leaves at
most a torn last record, which is cut off when the file is opened again and reported by `verify` meanwhile.
"""

import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from models.errors import DiembaoError
from spiders.jobs import Answer
from spiders.reply import Reply, judge_status
from spiders.warc import (
    PAYLOAD,
    Member,
    digest,
    hexadecimal,
    info_record,
    members,
    pack,
    parse_record,
    response_record,
    unpack,
)

SUFFIX = ".warc.gz"
LEVEL = 1
"""Cheap compression; `Archive(level=9)` trades time for room."""
ASKED = "WARC-Asked-URI"


class ArchiveError(DiembaoError):
    """An archive that does not hold what it should; the message names file and byte."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a response is: file below the archive's folder, first byte and number of bytes of its record there.

    `sha256` is that of the body, in hexadecimal digits.
    """

    file: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Flaw:
    """torn: the last record is cut off · damaged: no record can be read · altered: a digest differs."""

    file: str
    offset: int
    kind: Literal["torn", "damaged", "altered"]
    detail: str


@dataclass(frozen=True, slots=True)
class Stored:
    """A response as read back. `asked` is the address before redirects."""

    kept: Kept
    url: str
    asked: str
    fetched_at: datetime
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    sound: bool

    def reply(self) -> Reply:
        """For `page_outcome`, which reads the page again after a rule was mended."""
        fresh = judge_status(self.url, self.status, self.headers, self.body)
        return Reply(self.url, self.fetched_at, self.status, self.headers, self.body, fresh.health, fresh.error)


@dataclass(frozen=True, slots=True)
class Packed:
    """A record ready to be appended; `sha256` is that of the body, in hexadecimal digits."""

    member: bytes
    sha256: str


def packed(answer: Answer, level: int = LEVEL) -> Packed:
    """Most of the time that keeping a response takes, and safe in a thread: it compresses and takes digests."""
    payload = digest(answer.body)
    extra = {ASKED: answer.asked, PAYLOAD: payload}
    record = response_record(
        answer.url, answer.fetched_at, answer.status, headers=answer.headers, body=answer.body, extra=extra
    )
    return Packed(pack(record, level), hexadecimal(payload))


class Archive:
    """Writes the responses of one run. May be opened again after a kill; not by two processes at once."""

    def __init__(self, folder: Path, *, run: str, day: date, level: int = LEVEL) -> None:
        self.folder, self.level = folder, level
        self.file = f"{day:%Y-%m}/{day.isoformat()}-{run}{SUFFIX}"
        path = folder / self.file
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            mend(path)
        self._out = path.open("ab")
        if not self._out.tell():
            about = info_record({"software": "diembao", "format": "WARC File Format 1.0", "run": run})
            self._append(pack(about, level))

    def write(self, answer: Answer) -> Kept:
        """Keep a response."""
        return self.append(packed(answer, self.level))

    def append(self, record: Packed) -> Kept:
        return Kept(self.file, self._append(record.member), len(record.member), record.sha256)

    def sync(self) -> None:
        """Make sure that what was written survives a power cut."""
        self._out.flush()
        os.fsync(self._out.fileno())

    def close(self) -> None:
        if not self._out.closed:
            self.sync()
            self._out.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _append(self, member: bytes) -> int:
        offset = self._out.tell()
        self._out.write(member)
        self._out.flush()
        return offset


def read(folder: Path, file: str, offset: int) -> Stored:
    """The response at a place. A digest that differs is an error: evidence is right or refused."""
    where = f"{file}, byte {offset}"
    try:
        with inside(folder, file).open("rb") as stream:
            length, plain = unpack(stream, offset)
        stored = _stored(file, Member(offset, length, plain))
    except (OSError, EOFError, ValueError) as exc:
        raise ArchiveError(f"{where}: {exc}") from exc
    if stored is None:
        raise ArchiveError(f"{where}: not a response")
    if not stored.sound:
        raise ArchiveError(f"{where}: the content is not what was archived")
    return stored


def verify(folder: Path, expected: Callable[[Kept], str | None] | None = None) -> Iterator[Kept | Flaw]:
    """Walk through every file: what is sound comes as `Kept`, what is not as `Flaw`.

    `expected` gives the digest that the database holds for a place (None where it holds none), so that a record
    which was replaced together with its own digest is noticed too.
    """
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        file = path.relative_to(folder).as_posix()
        for member in members(path):
            if member.fault is not None:
                yield Flaw(file, member.offset, member.fault, f"{member.length} bytes cannot be read")
                continue
            try:
                stored = _stored(file, member)
            except ValueError as exc:
                yield Flaw(file, member.offset, "damaged", str(exc))
                continue
            if stored is None:
                continue
            known = None if expected is None else expected(stored.kept)
            if not stored.sound:
                yield Flaw(file, member.offset, "altered", f"{stored.url}: the content is not what was archived")
            elif known not in {None, stored.kept.sha256}:
                yield Flaw(file, member.offset, "altered", f"{stored.url}: the database holds another digest")
            else:
                yield stored.kept


def find(folder: Path, url: str) -> Iterator[Stored]:
    """Every sound copy of an address, oldest file first. Reads all files: where there is a database, ask it."""
    wanted = url.encode()
    for path in sorted(folder.rglob(f"*{SUFFIX}")):
        for member in members(path):
            if wanted not in member.plain[:8_192]:
                continue
            try:
                stored = _stored(path.relative_to(folder).as_posix(), member)
            except ValueError:
                continue
            if stored is not None and stored.sound and url in {stored.url, stored.asked}:
                yield stored


def prune(folder: Path, file: str, keep: set[int]) -> tuple[str, dict[int, int]]:
    """Copy the records at the offsets in `keep` to a new file; returns its name and old -> new offsets.

    The old file stays until the caller has stored the new places and calls `drop`.
    """
    path = inside(folder, file)
    name = f"{file.removesuffix(SUFFIX)}-{uuid.uuid4().hex[:8]}{SUFFIX}"
    moved: dict[int, int] = {}
    with path.open("rb") as old, (folder / name).open("xb") as new:
        for member in members(path):
            if member.fault is None and (member.offset in keep or not member.offset):
                old.seek(member.offset)
                moved[member.offset] = new.tell()
                new.write(old.read(member.length))
        new.flush()
        os.fsync(new.fileno())
    if missing := keep - moved.keys():
        (folder / name).unlink()
        raise ArchiveError(f"{file}, byte {min(missing)}: no sound record")
    return name, {offset: place for offset, place in moved.items() if offset in keep}


def drop(folder: Path, file: str) -> None:
    """Delete one file of the archive."""
    inside(folder, file).unlink(missing_ok=True)


def mend(path: Path) -> int:
    """Cut off a torn last record; returns how many bytes that were."""
    for member in members(path):
        if member.fault == "torn":
            os.truncate(path, member.offset)
            return member.length
    return 0


def inside(folder: Path, file: str) -> Path:
    """The path of a file of the archive; one that leads out of it is refused."""
    path = (folder / file).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.name.endswith(SUFFIX):
        raise ArchiveError(f"{file}: not a file of the archive")
    return path


def _stored(file: str, member: Member) -> Stored | None:
    record = parse_record(member.plain)
    if record is None:
        return None
    try:
        fields = record.fields
        kept = Kept(file, member.offset, member.length, hexadecimal(fields[PAYLOAD]))
        when = datetime.strptime(fields["WARC-Date"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        url = fields["WARC-Target-URI"]
    except KeyError as exc:
        raise ValueError(f"no field {exc}") from exc
    asked = fields.get(ASKED, url)
    return Stored(kept, url, asked, when, record.status, record.headers, record.body, record.sound)
