"""Retention by rule: stored pages and bodies of articles that nobody needs go after some days; leads and cases stay.

No law sets the number of days for what a press scan read in vain; the agency decides (page "Quy tắc").
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from models.session import Store
from models.store import archive, rules, texts
from spiders.archive import SUFFIX, drop, prune

KEEP_DAYS = 90
TOGETHER = 200
"""Bodies of one transaction, so that nobody who writes waits long."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """`pages` and `texts` of articles that are in no story and were never flagged; `freed` bytes of the archive."""

    files: int
    pages: int
    freed: int
    texts: int = 0


def prune_old(store: Store, folder: Path, *, now: datetime, days: int | None = None) -> Pruned:
    """What the rule (or `days`) lets go: stored pages, then bodies in the database."""
    done = prune_archive(store, folder, now=now, days=days)
    return replace(done, texts=prune_texts(store, now=now, days=days))


def prune_texts(store: Store, *, now: datetime, days: int | None = None) -> int:
    """Empty the bodies of such articles; title and opening stay, in the database and in search. How many versions."""
    with store.read() as session:
        before = _before(session, now, days)
    total = 0
    while True:
        with store.write() as session:
            count = texts.empty_bodies(session, before, limit=TOGETHER)
        total += count
        if count < TOGETHER:
            return total


def _before(session: Session, now: datetime, days: int | None) -> datetime:
    return now - timedelta(days=rules.keep_days(session, KEEP_DAYS) if days is None else days)


def prune_archive(store: Store, folder: Path, *, now: datetime, days: int | None = None) -> Pruned:
    """Rewrite each file that is old enough without its irrelevant pages.

    The new file is written first, then the rows point to it, then the old one goes: a kill between any two of these
    leaves every relevant page where its row says, and files that no row names, which the next run removes.
    """
    with store.read() as session:
        before = _before(session, now, days)
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
