"""Leads (nguồn tin): who gets them, what exactly each got, what they answered, and who may ask by program."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Key


class Recipient(Base):
    """A desk outside to which leads go. `profile` says what it may see (pipeline/recipients.toml); `territory` holds
    codes of administrative units, empty meaning the whole deployment."""

    __tablename__ = "recipient"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    profile: Mapped[str]
    territory: Mapped[list[Any]] = mapped_column(default=list)
    contact: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    added_at: Mapped[datetime]
    added_by: Mapped[int] = mapped_column(ForeignKey("user.id"))


class RecipientMember(Base):
    """A person who answers for a recipient."""

    __tablename__ = "recipient_member"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id"), primary_key=True, index=True)


class Package(Base):
    """What one recipient was given at one time, never changed: its rows as data and its files as a plain ZIP.

    `key` is the sender's idempotency key: the same key is the same sending. `sealed` is the encrypted ZIP that was last
    made, whose password was shown once and is kept nowhere.
    """

    __tablename__ = "package"
    id: Mapped[Key]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    number: Mapped[str] = mapped_column(unique=True)
    at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ground: Mapped[str]
    rows: Mapped[list[Any]]
    content: Mapped[bytes]
    sha256: Mapped[str]
    export_id: Mapped[int] = mapped_column(ForeignKey("export.id"))
    sealed: Mapped[bytes | None]
    sealed_sha256: Mapped[str | None]
    sealed_at: Mapped[datetime | None]


class Lead(Base):
    """One case given to one recipient, however often it was sent; `state` is the newest answer's, `sent` before any."""

    __tablename__ = "lead"
    __table_args__ = (UniqueConstraint("case_id", "recipient_id"),)
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id"), index=True)
    code: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    known: Mapped[bool | None]
    first_sent_at: Mapped[datetime]
    sent_at: Mapped[datetime]


class LeadSending(Base):
    """A lead in a package; `revision` counts its sendings, `changed` names what was new in it."""

    __tablename__ = "lead_sending"
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"), primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("package.id"), primary_key=True, index=True)
    revision: Mapped[int]
    changed: Mapped[list[Any]]


class LeadAnswer(Base):
    """What a recipient said of a lead: received, accepted, refused, decision or result; added, never changed.

    `source` is page, api or file; `key` makes the same answer by program or file count once.
    """

    __tablename__ = "lead_answer"
    __table_args__ = (UniqueConstraint("lead_id", "key"), Index("ix_lead_answer_lead_id", "lead_id", "id"))
    id: Mapped[Key]
    lead_id: Mapped[int] = mapped_column(ForeignKey("lead.id"))
    kind: Mapped[str]
    outcome: Mapped[str | None]
    reason: Mapped[str | None]
    reference: Mapped[str | None]
    happened_at: Mapped[datetime]
    known: Mapped[bool | None]
    source: Mapped[str]
    key: Mapped[str]
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    token_id: Mapped[int | None] = mapped_column(ForeignKey("api_token.id"))


class ApiToken(Base):
    """A personal key for programs of one recipient; only its SHA-256 is kept. `scopes` are read and answer."""

    __tablename__ = "api_token"
    id: Mapped[Key]
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id"), index=True)
    holder: Mapped[str]
    sha256: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[Any]]
    territory: Mapped[list[Any]] = mapped_column(default=list)
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class DocumentSending(Base):
    """An approved document that went out: to whom, how, under which number, and the SHA-256 of what was sent."""

    __tablename__ = "document_sending"
    __table_args__ = (UniqueConstraint("document_id", "key"),)
    id: Mapped[Key]
    document_id: Mapped[int] = mapped_column(ForeignKey("case_document.id"))
    key: Mapped[str]
    to: Mapped[str]
    how: Mapped[str]
    reference: Mapped[str | None]
    sent_at: Mapped[datetime]
    sha256: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    noted_at: Mapped[datetime]


class IndicatorValue(Base):
    """A figure that only people can know, typed in for a period; the newest of a code and period counts."""

    __tablename__ = "indicator_value"
    __table_args__ = (Index("ix_indicator_value_code", "code", "first", "last"),)
    id: Mapped[Key]
    code: Mapped[str]
    first: Mapped[date]
    last: Mapped[date]
    part: Mapped[int]
    whole: Mapped[int]
    source: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
