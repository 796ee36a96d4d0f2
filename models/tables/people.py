"""What people did: users and their sign-ins, decisions, cases, exports, and the audit trail."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Key


class User(Base):
    """`role` is a name of models.rights.ROLES. A user who left is inactive, never deleted.

    `territory` holds codes of administrative units; empty means the whole deployment. `totp_step` is the time step of
    the last one-time code that was taken, so that none is taken twice.
    """

    __tablename__ = "user"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    display: Mapped[str]
    password_hash: Mapped[str | None]
    role: Mapped[str]
    territory: Mapped[list[Any]] = mapped_column(default=list)
    active: Mapped[bool] = mapped_column(default=True)
    must_change: Mapped[bool] = mapped_column(default=False)
    totp_secret: Mapped[str | None]
    totp_step: Mapped[int | None]
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]


class SignInToken(Base):
    """A link that signs a user in once. Only the SHA-256 of the token is kept."""

    __tablename__ = "sign_in_token"
    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class UserSession(Base):
    """A signed-in browser. Only the SHA-256 of the cookie's secret is kept."""

    __tablename__ = "user_session"
    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Decision(Base):
    """What a person decided of a story, with the version read and what the model had said then.

    Added, never changed: this is also the training data. `action` is confirm, reject, unsure or undo; an undo
    names the decision that it takes back. `reason` is one of models.states.REJECT_REASONS, whatever the team calls it;
    `reason_words` is what it was called then (None: as it ships).
    """

    __tablename__ = "decision"
    __table_args__ = (Index("ix_decision_story_id", "story_id", "id"),)
    id: Mapped[Key]
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_version.id"))
    verdict_id: Mapped[int | None] = mapped_column(ForeignKey("verdict.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    action: Mapped[str]
    reason: Mapped[str | None]
    note: Mapped[str | None]
    types: Mapped[list[Any] | None]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))
    reason_words: Mapped[str | None]


class StoryNote(Base):
    """A remark of a person on a story; added, never changed."""

    __tablename__ = "story_note"
    id: Mapped[Key]
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    text: Mapped[str]


class StoryChange(Base):
    """A merge, split or detach by a person, or the undoing of one; added, never changed.

    merge: `articles` went from `other_id` into `story_id`; split and detach: from `story_id` into `other_id`.
    """

    __tablename__ = "story_change"
    id: Mapped[Key]
    at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    action: Mapped[str]
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    articles: Mapped[list[Any]]
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("story_change.id"))


class Presence(Base):
    """Which story a person has open, as of `at`; one row a person."""

    __tablename__ = "presence"
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    at: Mapped[datetime]


class Case(Base):
    """A confirmed hit that staff follow up. `code` is what people call it by: VV-2026-0001."""

    __tablename__ = "case"
    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(index=True)
    opened_at: Mapped[datetime]
    opened_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    note: Mapped[str | None]


class CaseStory(Base):
    """A story belongs to at most one case."""

    __tablename__ = "case_story"
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), primary_key=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)


class CaseMove(Base):
    """A step of a case from one state to another; added, never changed. The opening has no `before`."""

    __tablename__ = "case_move"
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    before: Mapped[str | None]
    after: Mapped[str]
    reason: Mapped[str | None]


class Export(Base):
    """A file that left the house: who made it, on what ground, for whom, and what exactly it was."""

    __tablename__ = "export"
    id: Mapped[Key]
    at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[str]
    recipient: Mapped[str | None]
    ground: Mapped[str | None]
    scope: Mapped[dict[str, Any]]
    rows: Mapped[int]
    sha256: Mapped[str]


class AuditEntry(Base):
    """Append-only trail; each entry's hash covers the one before it, so that a gap or a change shows."""

    __tablename__ = "audit_entry"
    id: Mapped[Key]
    at: Mapped[datetime] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    action: Mapped[str] = mapped_column(index=True)
    object: Mapped[str | None] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]]
    previous: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)
