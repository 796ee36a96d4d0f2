"""The evidence archive as the pipeline uses it: a file a run, a row a response, proof, and reading again."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from models.session import Store
from models.store import archive, pages, runs
from models.store.archive import Place
from spiders.archive import Archive, ArchiveError, Flaw, Kept, Packed, Stored, packed, read, verify
from spiders.jobs import Answer, PageJob
from spiders.page import page_outcome
from spiders.source import Source


class RunArchive:
    """Keeps responses in the file of the run that they belong to; a new run closes the file of the last."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._open: tuple[int, Archive] | None = None
        self._packer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="archive")

    def pack(self, answer: Answer) -> Future[Packed]:
        """Begin to compress a response that will probably be kept, in a thread while the caller goes on."""
        return self._packer.submit(packed, answer)

    def keep(self, answer: Answer, *, run: int, day: date, ready: Future[Packed] | None = None) -> Place:
        record = packed(answer) if ready is None else ready.result()
        kept = self._file(run, day).append(record)
        return Place(answer.asked, answer.fetched_at, kept.file, kept.offset, kept.length, kept.sha256)

    def _file(self, run: int, day: date) -> Archive:
        if self._open is None or self._open[0] != run:
            self._close_file()
            self._open = (run, Archive(self.folder, run=f"run{run:06d}", day=day))
        return self._open[1]

    def close(self) -> None:
        self._packer.shutdown(cancel_futures=True)
        self._close_file()

    def _close_file(self) -> None:
        """Also makes sure that what was written survives a power cut."""
        if self._open is not None:
            self._open[1].close()
            self._open = None


@dataclass(frozen=True, slots=True)
class Proof:
    """`sound` records agree with their own digests and, where the database names them, with its. `missing` are rows
    whose record is not in the archive; `unnamed` sound records that no row names."""

    sound: int
    unnamed: int
    flaws: tuple[Flaw, ...]
    missing: tuple[str, ...]

    @property
    def good(self) -> bool:
        return not self.flaws and not self.missing


def prove(store: Store, folder: Path) -> Proof:
    """Walk through every file of the archive and hold it against the database."""
    with store.read() as session:
        known = archive.digests(session)
    seen: set[tuple[str, int]] = set()
    flaws, unnamed = [], 0
    for found in verify(folder, lambda kept: known.get((kept.file, kept.offset))):
        seen.add((found.file, found.offset))
        if isinstance(found, Flaw):
            flaws.append(found)
        elif (found.file, found.offset) not in known:
            unnamed += 1
    missing = tuple(f"{file}, byte {offset}" for file, offset in sorted(known.keys() - seen))
    return Proof(len(seen) - len(flaws), unnamed, tuple(flaws), missing)


def copies(store: Store, folder: Path, url: str, *, identity: str | None) -> Iterator[Stored]:
    """The stored copies of an article, newest first, by any address under which it was met."""
    with store.read() as session:
        places = archive.places_of(session, url, identity=identity)
    for place in places:
        yield read(folder, place.file, place.offset)


@dataclass(frozen=True, slots=True)
class Reread:
    """What reading the archive again came to; `failed` names copies that still hold no article."""

    read: int
    changed: int
    failed: tuple[str, ...]


def read_again(
    store: Store,
    folder: Path,
    sources: Mapping[str, Source],
    *,
    outlet: str | None,
    day: date,
    now: Callable[[], datetime],
) -> Reread:
    """Extract the newest copy of each article anew, as after a rule was mended; a different reading is a version."""
    with store.read() as session:
        newest = archive.newest_copies(session, outlet=outlet)
    with store.write() as session:
        run_id = runs.start(session, day=day, at=now())
    changed, failed = 0, []
    for copy in newest:
        try:
            stored = read(folder, copy.place.file, copy.place.offset)
        except ArchiveError as error:
            failed.append(str(error))
            continue
        job = PageJob(outlet=copy.outlet, url=copy.place.url, key=copy.article_id)
        outcome = page_outcome(job, stored.reply(), sources.get(copy.outlet))
        if outcome.article is None:
            failed.append(f"{copy.place.url}: {outcome.error or outcome.health}")
            continue
        with store.write() as session:
            if pages.record_again(session, copy.article_id, outcome.article, run_id=run_id, at=copy.place.fetched_at):
                archive.add(session, copy.article_id, copy.place, read=True)
                changed += 1
    report = Reread(len(newest) - len(failed), changed, tuple(failed))
    with store.write() as session:
        counters = {"reread": report.read, "reread_changed": changed, "reread_failed": len(failed)}
        runs.finish(session, run_id, at=now(), counters=counters)
    return report


__all__ = ["Kept", "Proof", "Reread", "RunArchive", "copies", "prove", "read_again"]
