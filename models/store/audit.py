"""The audit trail: a chain of hashes in which a changed, removed or inserted entry shows.

What a chain alone cannot show is that its newest entries were cut off; note `head` outside the database for that.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from models.store.locks import Lock, hold
from models.tables import AuditEntry, User

START = "0" * 64


@dataclass(frozen=True, slots=True)
class Line:
    """One entry for reading. `who` is None where nobody was signed in."""

    id: int
    at: datetime
    who: str | None
    action: str
    object: str | None
    detail: dict[str, Any]


def _digest(entry: AuditEntry) -> str:
    covered = {
        "at": entry.at.astimezone(UTC).isoformat(),
        "user_id": entry.user_id,
        "action": entry.action,
        "object": entry.object,
        "detail": entry.detail,
        "previous": entry.previous,
    }
    return hashlib.sha256(json.dumps(covered, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def head(session: Session) -> str:
    """Hash of the newest entry."""
    newest = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1))
    return newest or START


def holds(session: Session, hash_: str) -> bool:
    """Whether an entry with this hash, noted down earlier, is still there."""
    return hash_ == START or session.scalar(select(AuditEntry.id).where(AuditEntry.hash == hash_)) is not None


def append(
    session: Session,
    *,
    at: datetime,
    action: str,
    user_id: int | None = None,
    object: str | None = None,  # noqa: A002 - the word of the column
    detail: dict[str, str | int | bool | None] | None = None,
) -> None:
    """Add an entry; `detail` holds no text of an article and no name. Call it last: it holds the chain's lock."""
    hold(session, Lock.AUDIT)
    entry = AuditEntry(
        at=at, user_id=user_id, action=action, object=object, detail=dict(detail or {}), previous=head(session), hash=""
    )
    entry.hash = _digest(entry)
    session.add(entry)
    session.flush()


def verify(session: Session) -> int | None:
    """Id of the first entry that does not fit its predecessor or its own hash; None when the chain holds."""
    previous = START
    query = select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)
    with closing(session.scalars(query)) as entries:
        for entry in entries:
            if entry.previous != previous or entry.hash != _digest(entry):
                return entry.id
            previous = entry.hash
    return None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: an action, a person by name, an object (`story/12`, or `story/` for any), times (the end is
    not included)."""

    action: str | None = None
    who: str | None = None
    object: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def lines(
    session: Session,
    *,
    action: str | None = None,
    before: int | None = None,
    limit: int = 100,
    wanted: Wanted | None = None,
) -> Sequence[Line]:
    """Newest first; `before` is the id from which the next page goes on."""
    query = (
        select(AuditEntry, User.name)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(*_conditions(wanted or Wanted(action)))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return [
        Line(entry.id, entry.at, name, entry.action, entry.object, entry.detail)
        for entry, name in session.execute(query)
    ]


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.action:
        yield AuditEntry.action == wanted.action
    if wanted.who:
        yield User.name == wanted.who
    if wanted.object:
        whole = wanted.object.endswith("/")
        yield (
            AuditEntry.object.startswith(wanted.object, autoescape=True)
            if whole
            else (AuditEntry.object == wanted.object)
        )
    if wanted.since is not None:
        yield AuditEntry.at >= wanted.since
    if wanted.until is not None:
        yield AuditEntry.at < wanted.until
