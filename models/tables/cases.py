"""What people do with a case besides moving it: its facts by hand, clocks, tasks, notes, bells, and who a child is."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Key


class CaseDetail(Base):
    """What a case has besides its code and state; a case without a row has no owner and came from a story.

    `origin` is story, call, hotline, collective or other; `received_at` and `facts` (codes of models.records, and
    `place` as place codes and names) are of cases entered by hand. A case that was merged away names the one that it
    went into.
    """

    __tablename__ = "case_detail"
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True, autoincrement=False)
    origin: Mapped[str] = mapped_column(default="story")
    informant: Mapped[str | None]
    received_at: Mapped[datetime | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("case.id"), index=True)


class CaseWatcher(Base):
    """Who is told of what happens to a case besides its owner."""

    __tablename__ = "case_watcher"
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), primary_key=True)
    since: Mapped[datetime]


class CaseTask(Base):
    """Something that a person is to do for a case until the end of a day."""

    __tablename__ = "case_task"
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    text: Mapped[str]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    due: Mapped[date | None]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class CaseNote(Base):
    """A remark of a person on a case, or a change that they made to it (`kind`); added, never changed."""

    __tablename__ = "case_note"
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(default="note")
    text: Mapped[str]


class CaseCheck(Base):
    """An item of the closing checklist, answered done or not_needed; an answer may be changed."""

    __tablename__ = "case_check"
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    item: Mapped[str] = mapped_column(primary_key=True)
    answer: Mapped[str]
    note: Mapped[str | None]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class CaseMerge(Base):
    """Two cases became one: `stories` went from `from_id` into `into_id`; an undoing names the merge."""

    __tablename__ = "case_merge"
    id: Mapped[Key]
    at: Mapped[datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    from_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    stories: Mapped[list[Any]]
    reason: Mapped[str]


class CaseApart(Base):
    """A person said that two cases are not the same, so nobody proposes to merge them again; `first_id` is smaller."""

    __tablename__ = "case_apart"
    first_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    second_id: Mapped[int] = mapped_column(ForeignKey("case.id"), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class CaseEvent(Base):
    """Something from which clocks run (`kind` is a start of pipeline.deadlines); the newest of a kind counts."""

    __tablename__ = "case_event"
    __table_args__ = (Index("ix_case_event_case_id", "case_id", "kind"),)
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str | None]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    noted_at: Mapped[datetime]


class ClockStep(Base):
    """The proof that the step of a clock was taken: who, when, to whom, how, and the reference number.

    One that was taken back keeps its row with the reason; the one that was not counts.
    """

    __tablename__ = "clock_step"
    __table_args__ = (Index("ix_clock_step_case_id", "case_id", "code"),)
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    code: Mapped[str]
    done_at: Mapped[datetime]
    by: Mapped[str]
    to: Mapped[str]
    how: Mapped[str]
    reference: Mapped[str | None]
    note: Mapped[str | None]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    noted_at: Mapped[datetime]
    void_at: Mapped[datetime | None]
    void_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    void_reason: Mapped[str | None]


class ClockPause(Base):
    """A stretch of time that does not count for a clock, with its reason. `ended_at` is empty while it lasts."""

    __tablename__ = "clock_pause"
    __table_args__ = (Index("ix_clock_pause_case_id", "case_id", "code"),)
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    code: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class ClockChoice(Base):
    """A person said that a clock does or does not apply to a case, and why; added, the newest counts."""

    __tablename__ = "clock_choice"
    __table_args__ = (Index("ix_clock_choice_case_id", "case_id", "code"),)
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    code: Mapped[str]
    applies: Mapped[bool]
    reason: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class CaseBell(Base):
    """One telling of one person that something happened to a case: a clock runs out, an article came, a task is theirs.

    `key` says what it is about and is told once a person. `state` is shown (the person has no channel, the pages show
    it), waiting (to be sent, or tried again, at `next_at`) or sent; `seen_at` is when the person opened the case.
    """

    __tablename__ = "case_bell"
    __table_args__ = (
        UniqueConstraint("case_id", "user_id", "key"),
        Index("ix_case_bell_state_next_at", "state", "next_at"),
    )
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    key: Mapped[str]
    kind: Mapped[str]
    text: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]


class Identity(Base):
    """Who a person of a case is, sealed (AES-GCM) under a key that is not in the database; only `letter` is open.

    `kind` is child, family, informant or suspect. A new writing is a new row; what it replaces, and what was erased,
    keeps its row without the sealed text.
    """

    __tablename__ = "identity"
    __table_args__ = (Index("ix_identity_case_id", "case_id", "kind", "letter"),)
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"))
    kind: Mapped[str]
    letter: Mapped[str]
    sealed: Mapped[bytes | None]
    key_id: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    erased_at: Mapped[datetime | None]
    erased_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    erased_for: Mapped[str | None]


class CaseGround(Base):
    """On which ground of the law the data of a case is processed (a code of pipeline/grounds.toml); newest counts."""

    __tablename__ = "case_ground"
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    code: Mapped[str]
    note: Mapped[str | None]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]


class Erasure(Base):
    """A demand to delete, what was decided, and the proof of what went: `erased` counts by class of data.

    `proof` is the SHA-256 of what was decided and done, and stands in the audit trail too.
    """

    __tablename__ = "erasure"
    id: Mapped[Key]
    case_id: Mapped[int] = mapped_column(ForeignKey("case.id"), index=True)
    asked_at: Mapped[datetime]
    asked_by: Mapped[str]
    ground: Mapped[str]
    noted_by: Mapped[int] = mapped_column(ForeignKey("user.id"))
    state: Mapped[str]
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None]
    erased: Mapped[dict[str, Any]] = mapped_column(default=dict)
    proof: Mapped[str | None]
