"""What a team keeps beside its work: the directory of desks."""

from datetime import datetime

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
