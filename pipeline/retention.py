"""Retention by rule: the stored pages of articles that nobody needs go after some days; leads and cases stay."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from models.session import Store
from models.store import archive, rules
from spiders.archive import SUFFIX, drop, prune

KEEP_DAYS = 90


@dataclass(frozen=True, slots=True)
class Pruned:
    """`pages` of articles that are in no story and were never flagged; `freed` bytes."""

    files: int
    pages: int
    freed: int


def prune_archive(store: Store, folder: Path, *, now: datetime, days: int | None = None) -> Pruned:
    """Rewrite each file that is old enough without its irrelevant pages.

    The new file is written first, then the rows point to it, then the old one goes: a kill between any two of these
    leaves every relevant page where its row says, and files that no row names, which the next run removes.
    """
    with store.read() as session:
        before = now - timedelta(days=rules.keep_days(session, KEEP_DAYS) if days is None else days)
        files = archive.files_before(session, before)
    pages = freed = 0
    for file in files:
        size = (folder / file).stat().st_size
        with store.read() as session:
            keep = archive.relevant_offsets(session, file)
        name, offsets = prune(folder, file, keep) if keep else ("", {})
        with store.write() as session:
            pages += archive.move(session, file, to=name, offsets=offsets)
        drop(folder, file)
        freed += size - ((folder / name).stat().st_size if name else 0)
    _drop_unnamed(store, folder, before)
    return Pruned(len(files), pages, freed)


def _drop_unnamed(store: Store, folder: Path, before: datetime) -> None:
    """Files that a killed run of this left behind; young ones may belong to a run that is writing."""
    with store.read() as session:
        named = archive.named_files(session)
    for path in folder.rglob(f"*{SUFFIX}"):
        file = path.relative_to(folder).as_posix()
        if file not in named and path.stat().st_mtime < before.timestamp():
            drop(folder, file)
