"""What leaves on paper, and what proves how little was overlooked: digests, and samples of what nobody was shown."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Key


class Digest(Base):
    """The điểm báo of a day. A new revision is a new row; a row is never changed but for its `state`.

    `state` is draft, approved or superseded. `document` is the .docx as a person saw it, `sha256` its digest, and
    `content` what it was made from, so that screen and e-mail say the same.
    """

    __tablename__ = "digest"
    __table_args__ = (UniqueConstraint("day", "revision"),)
    id: Mapped[Key]
    day: Mapped[date]
    revision: Mapped[int]
    state: Mapped[str]
    content: Mapped[dict[str, Any]]
    document: Mapped[bytes]
    sha256: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class DigestRecipient(Base):
    """Who gets the approved điểm báo, over which channel (an address of the Apprise library; never shown in full)."""

    __tablename__ = "digest_recipient"
    id: Mapped[Key]
    name: Mapped[str]
    channel: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(ForeignKey("user.id"))


class DigestSending(Base):
    """One approved digest on its way to one recipient, and the proof of it: who sent what (`sha256`), and when.

    `state` is waiting (to be sent, or to be tried again, at `next_at`) or sent. Nothing is given up.
    """

    __tablename__ = "digest_sending"
    __table_args__ = (
        UniqueConstraint("digest_id", "recipient_id"),
        Index("ix_digest_sending_state_next_at", "state", "next_at"),
    )
    id: Mapped[Key]
    digest_id: Mapped[int] = mapped_column(ForeignKey("digest.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("digest_recipient.id"))
    sha256: Mapped[str]
    queued_at: Mapped[datetime]
    queued_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    state: Mapped[str]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    sent_at: Mapped[datetime | None]


class AuditDraw(Base):
    """One drawing from one day's entries of one stratum: how many there were and with what chance each was taken.

    The `seed` and the ids repeat the drawing. `unlisted` entries stood in no story, `rejected` ones in a story that a
    person rejected as being none of ours.
    """

    __tablename__ = "audit_draw"
    day: Mapped[date] = mapped_column(primary_key=True)
    stratum: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int]
    rate: Mapped[float]
    seed: Mapped[str]
    drawn_at: Mapped[datetime]


class AuditSample(Base):
    """An entry that was drawn; `chance` is its random number in [0, 1), below the drawing's rate.

    `answer` is yes (a report that staff should have seen), no or unsure; given once.
    """

    __tablename__ = "audit_sample"
    __table_args__ = (
        UniqueConstraint("day", "stratum", "article_id"),
        Index("ix_audit_sample_answer", "answer", "id"),
    )
    id: Mapped[Key]
    day: Mapped[date]
    stratum: Mapped[str]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("article_version.id"))
    verdict_id: Mapped[int | None] = mapped_column(ForeignKey("verdict.id"))
    chance: Mapped[float]
    answer: Mapped[str | None]
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answered_at: Mapped[datetime | None]


class CaseDocument(Base):
    """A document of a case: drawn by the program or put back by a person who edited it; a new revision is a new row.

    `kind` is the form's, `origin` drawn or edited, `state` draft, approved or superseded. `sources` tells what every
    filled place of a drawn one comes from: a list of [label, value, source, quote].
    """

    __tablename__ = "case_document"
    __table_args__ = (UniqueConstraint("case_id", "kind", "revision"),)
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str]
    revision: Mapped[int]
    origin: Mapped[str]
    state: Mapped[str]
    filename: Mapped[str]
    content: Mapped[bytes]
    sha256: Mapped[str]
    sources: Mapped[list[Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
