"""What people teach and the models that come of it: readings, the queue, models and their moves, jobs, the watch."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Key


class Model(Base):
    """A model that the registry knows. Only a file with this `sha256` is ever opened for it.

    `origin` is released (ships with the program), trained or imported; `role` is current, previous, shadow or none.
    Without a current one the released model works. `proposed_by` asked for promotion; another person has to agree.
    `checks` is what the floors said then.
    """

    __tablename__ = "model"
    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    sha256: Mapped[str]
    origin: Mapped[str]
    role: Mapped[str] = mapped_column(default="none", index=True)
    card: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    proposed_at: Mapped[datetime | None]
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    checks: Mapped[dict[str, Any]] = mapped_column(default=dict)
    shadow_since: Mapped[datetime | None]


class ModelEvent(Base):
    """What happened to a model: register, shadow, propose, promote, rollback, refuse …; added, never changed."""

    __tablename__ = "model_event"
    id: Mapped[Key]
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    model_id: Mapped[int] = mapped_column(ForeignKey("model.id"), index=True)
    action: Mapped[str]
    detail: Mapped[dict[str, Any]]


class Label(Base):
    """What one reader said of one text; added, never changed (decisions, samples and places are labels of their own).

    `source` is read (the queue), second (read again by another), settled (a disagreement ended) or import. `key` names
    the article (`bai-12`) or the imported text, whose fields are in `item`. `said` is what the model had said, `reader`
    the name where no user of ours read it. `why` and `chance` tell how a queue came to show it, and how probably.
    """

    __tablename__ = "label"
    __table_args__ = (Index("ix_label_key", "key", "id"),)
    id: Mapped[Key]
    key: Mapped[str]
    article_id: Mapped[int | None] = mapped_column(ForeignKey("article.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("article_version.id"))
    item: Mapped[dict[str, Any]] = mapped_column(default=dict)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reader: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime]
    source: Mapped[str]
    flag: Mapped[int]
    kind: Mapped[str | None]
    types: Mapped[list[Any]]
    province: Mapped[str | None]
    setting: Mapped[str | None]
    age: Mapped[str | None]
    sex: Mapped[str | None]
    story: Mapped[str | None]
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)
    why: Mapped[str | None]
    chance: Mapped[float | None]
    note: Mapped[str | None]


class ReadingPick(Base):
    """An article that the queue offers on a day: `why` it was picked is kept from the reader.

    `chance` is how probably the day's drawing took it, so that what is learnt from the queue can be weighed back.
    """

    __tablename__ = "reading_pick"
    __table_args__ = (UniqueConstraint("day", "article_id"),)
    id: Mapped[Key]
    day: Mapped[date]
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_version.id"))
    why: Mapped[str]
    chance: Mapped[float]
    label_id: Mapped[int | None] = mapped_column(ForeignKey("label.id"))


class LearningJob(Base):
    """Work that a process of its own does: train or rejudge. `state`: queued, running, done, failed, stopped.

    `progress` is a share; `beat_at` is renewed while the process lives, so that one that was killed is noticed.
    """

    __tablename__ = "learning_job"
    __table_args__ = (Index("ix_learning_job_state", "state", "id"),)
    id: Mapped[Key]
    kind: Mapped[str]
    params: Mapped[dict[str, Any]]
    state: Mapped[str]
    progress: Mapped[float] = mapped_column(default=0.0)
    message: Mapped[str] = mapped_column(default="")
    stop_asked: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    created_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    started_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)


class ShadowVerdict(Base):
    """What a model on trial says of a version, beside the verdict in force; nobody works with it."""

    __tablename__ = "shadow_verdict"
    __table_args__ = (UniqueConstraint("version_id", "model"),)
    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("article_version.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    model: Mapped[str]
    judged_at: Mapped[datetime] = mapped_column(index=True)
    score: Mapped[float]
    flag: Mapped[bool]
    kind: Mapped[str | None]
    types: Mapped[dict[str, Any]]


class WatchDay(Base):
    """Counts of one day's articles, made once the day is over: what a drift is measured against."""

    __tablename__ = "watch_day"
    day: Mapped[date] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    figures: Mapped[dict[str, Any]]
