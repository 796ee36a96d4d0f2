"""What keeps the house running: what is known of each day of reading, who stands in for whom, and who left."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Key


class ScanDay(Base):
    """How far a day's press was read: `state` is complete, partial or lost, and `why` says it in words.

    Written once the day is over or was caught up with. `outlets_read` of `outlets` were read at least once that day
    or again later; `articles` is the number on the day's list or published that day and found later.
    """

    __tablename__ = "scan_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    state: Mapped[str]
    why: Mapped[str]
    outlets: Mapped[int]
    outlets_read: Mapped[int]
    articles: Mapped[int]
    marked_at: Mapped[datetime]
    caught_up_at: Mapped[datetime | None]


class Deputy(Base):
    """`deputy_id` does the work of `user_id` from `since` until `until`, or until somebody ends it sooner."""

    __tablename__ = "deputy"
    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    deputy_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    granted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Departure(Base):
    """A person who left: to whom their open work went, and how much of it. `by_id` is empty for the command line."""

    __tablename__ = "departure"
    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    cases: Mapped[int]
    tasks: Mapped[int]
    subscriptions: Mapped[int]


class Baton(Base):
    """Who did the last turn of a work that is done by one at a time and remembers: its memory is still true.

    `holder` is a random word of that turn; nobody else knows it.
    """

    __tablename__ = "baton"
    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
