"""What a team decides beside its work: the directory of desks, which papers are read, its own lists and rules."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Key


class DeskContact(Base):
    """Whom to reach for a place. `unit` is a unit of today by reference ("new:00592") or "all" for a national line.

    At most one contact for each office of a unit; an empty phone and e-mail is a gap that every page names.
    """

    __tablename__ = "desk_contact"
    __table_args__ = (UniqueConstraint("unit", "office"),)
    id: Mapped[Key]
    unit: Mapped[str]
    office: Mapped[str]
    name: Mapped[str]
    person: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    email: Mapped[str] = mapped_column(default="")
    address: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")
    updated_at: Mapped[datetime]
    updated_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class OutletChoice(Base):
    """What a team decided of a paper. A paused one is not read; `declaration` is the source file of one they added.

    Added and paused here, in the database, so that every machine of a deployment knows it.
    """

    __tablename__ = "outlet_choice"
    outlet_id: Mapped[str] = mapped_column(primary_key=True)
    paused: Mapped[bool] = mapped_column(default=False)
    declaration: Mapped[str | None]
    note: Mapped[str] = mapped_column(default="")
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class RejectReason(Base):
    """A reason to reject as the team offers it; without any row, those that ship hold. `meaning` is one of
    models.states.REJECT_REASONS: what labels and reports understand by it, whatever its words; it never changes.
    """

    __tablename__ = "reject_reason"
    code: Mapped[str] = mapped_column(primary_key=True)
    words: Mapped[str]
    meaning: Mapped[str]
    place: Mapped[int]
    active: Mapped[bool]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))


class HouseRule(Base):
    """A list or rule that the team changed, by name; without a row the one that ships holds."""

    __tablename__ = "house_rule"
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
