"""Digests: a draft a revision, one approval, and what was approved kept to the byte."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit
from models.store.insert import insert_new
from models.tables import Digest, User

DRAFT, APPROVED, SUPERSEDED = "draft", "approved", "superseded"


class DigestError(DiembaoError):
    """A digest that is not there, is out of date, or is approved already."""


@dataclass(frozen=True, slots=True)
class DigestLine:
    """One revision without its document."""

    id: int
    day: date
    revision: int
    state: str
    sha256: str
    created_at: datetime
    created_by: str | None
    approved_at: datetime | None
    approved_by: str | None


def create_draft(
    session: Session,
    day: date,
    *,
    content: dict[str, Any],
    document: bytes,
    now: datetime,
    user_id: int | None = None,
) -> Digest:
    """The day's newest revision if it is this very document, else a new draft that supersedes an older draft.

    An approved revision stays approved: it may have gone out.
    """
    sha256 = hashlib.sha256(document).hexdigest()
    while True:
        last = newest(session, day)
        if last is not None and last.sha256 == sha256:
            return last
        revision = 1 if last is None else last.revision + 1
        if insert_new(
            session,
            Digest,
            day=day,
            revision=revision,
            state=DRAFT,
            content=content,
            document=document,
            sha256=sha256,
            created_at=now,
            created_by=user_id,
        ):
            break
    session.execute(
        update(Digest)
        .where(Digest.day == day, Digest.revision < revision, Digest.state == DRAFT)
        .values(state=SUPERSEDED)
    )
    made = session.scalars(select(Digest).where(Digest.day == day, Digest.revision == revision)).one()
    audit.append(
        session,
        at=now,
        action="digest.draft",
        user_id=user_id,
        object=f"digest/{made.id}",
        detail={"day": day.isoformat(), "revision": revision, "sha256": sha256},
    )
    return made


def approve(session: Session, digest_id: int, *, seen: str, user_id: int, now: datetime) -> Digest:
    """A person's yes to the document whose SHA-256 their page showed; anything newer or other is refused."""
    digest = session.scalar(
        select(Digest).where(Digest.id == digest_id).with_for_update().execution_options(populate_existing=True)
    )
    if digest is None:
        raise DigestError(f"Không có bản điểm báo số {digest_id}")
    if digest.state == APPROVED:
        raise DigestError("Bản điểm báo này đã được duyệt")
    last = newest(session, digest.day)
    if digest.sha256 != seen or digest.state != DRAFT or last is None or last.id != digest.id:
        raise DigestError("Không duyệt được: đã có bản điểm báo mới hơn bản bạn đang xem. Hãy mở lại và đọc bản mới.")
    digest.state, digest.approved_at, digest.approved_by = APPROVED, now, user_id
    session.flush()
    audit.append(
        session,
        at=now,
        action="digest.approve",
        user_id=user_id,
        object=f"digest/{digest.id}",
        detail={"day": digest.day.isoformat(), "revision": digest.revision, "sha256": digest.sha256},
    )
    return digest


def newest(session: Session, day: date) -> Digest | None:
    return session.scalar(select(Digest).where(Digest.day == day).order_by(Digest.revision.desc()).limit(1))


def approved(session: Session, day: date) -> Digest | None:
    """The newest approved revision: what may go out."""
    return session.scalar(
        select(Digest).where(Digest.day == day, Digest.state == APPROVED).order_by(Digest.revision.desc()).limit(1)
    )


def get(session: Session, digest_id: int) -> Digest:
    found = session.get(Digest, digest_id)
    if found is None:
        raise DigestError(f"Không có bản điểm báo số {digest_id}")
    return found


def history(session: Session, *, day: date | None = None, limit: int = 60) -> Sequence[DigestLine]:
    """Newest first."""
    query = select(Digest).order_by(Digest.day.desc(), Digest.revision.desc()).limit(limit)
    rows = session.scalars(query if day is None else query.where(Digest.day == day)).all()
    names = {user.id: user.display for user in session.scalars(select(User))}
    return [
        DigestLine(
            row.id,
            row.day,
            row.revision,
            row.state,
            row.sha256,
            row.created_at,
            names.get(row.created_by or 0),
            row.approved_at,
            names.get(row.approved_by or 0),
        )
        for row in rows
    ]
