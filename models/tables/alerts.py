"""Who wants to be told of what, and each telling with its proof."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Key


class Subscription(Base):
    """One person's wish to be told of grave stories over one channel (an address of the Apprise library).

    Empty `places` means the deployment's territory, empty `types` any. Quiet hours are Vietnamese clock times (HH:MM);
    what falls into them is told when they end. Nobody acknowledging within `ack_minutes`: `escalate_to` is told.
    """

    __tablename__ = "subscription"
    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str]
    channel: Mapped[str]
    places: Mapped[list[Any]]
    types: Mapped[list[Any]]
    gravity_min: Mapped[int] = mapped_column(default=0)
    search_id: Mapped[int | None] = mapped_column(ForeignKey("saved_search.id"))
    quiet_from: Mapped[str | None]
    quiet_to: Mapped[str | None]
    ack_minutes: Mapped[int | None]
    escalate_to: Mapped[int | None] = mapped_column(ForeignKey("subscription.id"))
    active: Mapped[bool] = mapped_column(default=True)


class Alert(Base):
    """One telling of one story to one subscription at one gravity; told again only when the story turns graver.

    `state` is waiting (to be sent, or to be tried again at `next_at`), sent, or dropped: who asked for it does so no
    longer. An alert is never given up otherwise.
    """

    __tablename__ = "alert"
    __table_args__ = (
        UniqueConstraint("story_id", "subscription_id", "gravity"),
        Index("ix_alert_state_next_at", "state", "next_at"),
    )
    id: Mapped[Key]
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id"))
    gravity: Mapped[int]
    title: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[str]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    escalated_from: Mapped[int | None] = mapped_column(ForeignKey("alert.id"))


class Reminder(Base):
    """One subscription told once that a yearly report is due: `report` is its code, `before` the day before which it
    must be in, `days` how many days ahead the telling was due. `state` as with alerts."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("report", "before", "days", "subscription_id"),
        Index("ix_reminder_state_next_at", "state", "next_at"),
    )
    id: Mapped[Key]
    report: Mapped[str]
    before: Mapped[date]
    days: Mapped[int]
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id"))
    title: Mapped[str]
    body: Mapped[str]
    created_at: Mapped[datetime]
    state: Mapped[str]
    next_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    sent_at: Mapped[datetime | None]
