"""Approved digests on their way: queued once for each recipient, tried until taken, kept as proof of what went out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.store import audit
from models.store import queue as queues
from models.store.digest import APPROVED, DigestError, get
from models.store.insert import insert_new
from models.tables import DigestRecipient, DigestSending, User


@dataclass(frozen=True, slots=True)
class Outgoing:
    id: int
    digest_id: int
    channel: str


@dataclass(frozen=True, slots=True)
class SendingLine:
    """One digest to one recipient, without the channel's address."""

    to: str
    by: str
    sha256: str
    state: str
    queued_at: datetime
    next_at: datetime
    sent_at: datetime | None
    attempts: int


def recipients(session: Session) -> Sequence[DigestRecipient]:
    """Those who get the digest now, by name."""
    query = select(DigestRecipient).where(DigestRecipient.active).order_by(DigestRecipient.name, DigestRecipient.id)
    return session.scalars(query).all()


def add_recipient(session: Session, name: str, channel: str, *, user_id: int, now: datetime) -> int:
    """The channel must have been checked. Its address goes into no record but this one."""
    row = DigestRecipient(name=name, channel=channel, added_at=now, added_by=user_id)
    session.add(row)
    session.flush()
    _audit(session, "digest.recipient", row.id, user_id=user_id, now=now, name=name)
    return row.id


def remove_recipient(session: Session, recipient_id: int, *, user_id: int, now: datetime) -> None:
    """Nothing goes to them any more; the address is forgotten, the proof of what they got is kept."""
    row = session.get(DigestRecipient, recipient_id)
    if row is None or not row.active:
        raise DigestError("Không có người nhận này")
    row.active, row.channel = False, ""
    session.execute(
        update(DigestSending)
        .where(DigestSending.recipient_id == recipient_id, DigestSending.state == "waiting")
        .values(state="dropped", error="người nhận đã bị gỡ khỏi danh sách")
    )
    session.flush()
    _audit(session, "digest.recipient.remove", row.id, user_id=user_id, now=now, name=row.name)


def queue(session: Session, digest_id: int, *, user_id: int, now: datetime, due: datetime) -> int:
    """Put an approved digest into the queue of everybody who gets it; returns to how many it was not queued before."""
    digest = get(session, digest_id)
    if digest.state != APPROVED:
        raise DigestError("Chỉ gửi được bản điểm báo đã duyệt")
    wanted = recipients(session)
    if not wanted:
        raise DigestError("Chưa có người nhận nào: hãy thêm người nhận trước khi gửi")
    count = 0
    for recipient in wanted:
        count += insert_new(
            session,
            DigestSending,
            digest_id=digest.id,
            recipient_id=recipient.id,
            sha256=digest.sha256,
            queued_at=now,
            queued_by=user_id,
            state="waiting",
            next_at=due,
            attempts=0,
        )
    audit.append(
        session,
        at=now,
        action="digest.send",
        user_id=user_id,
        object=f"digest/{digest.id}",
        detail={"recipients": count, "sha256": digest.sha256},
    )
    return count


def claim(session: Session, *, now: datetime, limit: int) -> list[Outgoing]:
    """Lines that are due; nobody else gets them until the claim runs out."""
    rows = queues.claim(session, DigestSending, (), now=now, limit=limit)
    ids = {row.recipient_id for row in rows}
    named = select(DigestRecipient.id, DigestRecipient.channel).where(DigestRecipient.id.in_(ids))
    channels = {row[0]: row[1] for row in session.execute(named)}
    return [Outgoing(row.id, row.digest_id, channels[row.recipient_id]) for row in rows]


def sent(session: Session, line_id: int, *, at: datetime) -> None:
    queues.sent(session, DigestSending, line_id, at=at)


def failed(session: Session, line_id: int, *, error: str, at: datetime | None) -> None:
    queues.failed(session, DigestSending, line_id, error=error, at=at)


def unsent(session: Session, *, limit: int = 100) -> list[tuple[SendingLine, str]]:
    """Lines that still wait, newest first, each with what the channel said last."""
    rows = session.execute(
        _LINES.where(DigestSending.state == "waiting").order_by(DigestSending.id.desc()).limit(limit)
    )
    return [(_line(row, name, by), row.error or "") for row, name, by in rows]


def of_digests(session: Session, digest_ids: Sequence[int]) -> dict[int, list[SendingLine]]:
    """By digest, in the order queued."""
    found: dict[int, list[SendingLine]] = {id_: [] for id_ in digest_ids}
    rows = session.execute(_LINES.where(DigestSending.digest_id.in_(digest_ids)).order_by(DigestSending.id))
    for row, name, by in rows:
        found[row.digest_id].append(_line(row, name, by))
    return found


_LINES = (
    select(DigestSending, DigestRecipient.name, User.display)
    .join(DigestRecipient, DigestRecipient.id == DigestSending.recipient_id)
    .join(User, User.id == DigestSending.queued_by)
)


def _line(row: DigestSending, name: str, by: str) -> SendingLine:
    return SendingLine(name, by, row.sha256, row.state, row.queued_at, row.next_at, row.sent_at, row.attempts)


def _audit(session: Session, action: str, recipient_id: int, *, user_id: int, now: datetime, name: str) -> None:
    audit.append(
        session, at=now, action=action, user_id=user_id, object=f"recipient/{recipient_id}", detail={"name": name}
    )
