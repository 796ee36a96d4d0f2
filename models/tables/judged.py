"""What the machine said: verdicts, places, and the stories that articles were put into."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Key


class Verdict(Base):
    """What one model said of one version. A new model adds a row; nothing is overwritten.

    `exposes_child` holds [field, start, end] of what exposes a child, and with HIDDEN as a fourth what is only hidden.
    """

    __tablename__ = "verdict"
    __table_args__ = (
        UniqueConstraint("version_id", "model"),
        Index("ix_verdict_article_id", "article_id", "id"),
        Index(
            "ix_verdict_flagged", "article_id", sqlite_where=text("flag IS 1"), postgresql_where=text("flag IS true")
        ),
    )
    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("article_version.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"))
    model: Mapped[str]
    judged_at: Mapped[datetime]
    score: Mapped[float]
    flag: Mapped[bool]
    kind: Mapped[str | None]
    types: Mapped[dict[str, Any]]
    setting: Mapped[str | None]
    stage: Mapped[str | None]
    age: Mapped[str | None]
    age_basis: Mapped[str | None]
    sex: Mapped[str | None]
    victims: Mapped[int | None]
    relation: Mapped[str | None]
    danger_now: Mapped[bool | None]
    language: Mapped[str | None]
    evidence: Mapped[list[Any]]
    exposes_child: Mapped[list[Any]]
    reason: Mapped[str]


class Place(Base):
    """Where the place finder saw the incident of one version; at most one row a version and finder."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("version_id", "finder"),)
    id: Mapped[Key]
    version_id: Mapped[int] = mapped_column(ForeignKey("article_version.id"))
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    finder: Mapped[str]
    commune: Mapped[str | None]
    district: Mapped[str | None]
    province: Mapped[str | None]
    era: Mapped[str]
    old_codes: Mapped[list[Any]]
    new_codes: Mapped[list[Any]]
    old_province: Mapped[str | None]
    new_province: Mapped[str | None]
    words: Mapped[str]
    confidence: Mapped[float]


class Story(Base):
    """All articles on one event. `day` is the day on whose list it first stood.

    `decision_id` is the decision in force (no foreign key: the two tables would need each other). A story that was
    merged into another keeps its row, without articles, and names it in `merged_into`.
    """

    __tablename__ = "story"
    id: Mapped[Key]
    day: Mapped[date] = mapped_column(index=True)
    created_at: Mapped[datetime]
    decision_id: Mapped[int | None]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("story.id"))


class StoryArticle(Base):
    """Which articles a story holds. `main` is false for a round-up that merely mentions the event."""

    __tablename__ = "story_article"
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), primary_key=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True, index=True)
    main: Mapped[bool] = mapped_column(default=True)
    reprint_of: Mapped[int | None] = mapped_column(ForeignKey("article.id"))
    added_by: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    added_at: Mapped[datetime]


class PlaceCorrection(Base):
    """A person's word on where a story happened; added, never changed. It speaks for every article on the event.

    The newest one counts that is not an undoing and that no undoing (`undoes_id`) names. Without `ref` (a unit as
    "new:00160") nobody can tell the place. `machine` is what the place finder had said then.
    """

    __tablename__ = "place_correction"
    id: Mapped[Key]
    story_id: Mapped[int] = mapped_column(ForeignKey("story.id"), index=True)
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("article_version.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    ref: Mapped[str | None]
    commune: Mapped[str | None]
    district: Mapped[str | None]
    province: Mapped[str | None]
    era: Mapped[str | None]
    old_codes: Mapped[list[Any]] = mapped_column(default=list)
    new_codes: Mapped[list[Any]] = mapped_column(default=list)
    old_province: Mapped[str | None]
    new_province: Mapped[str | None]
    machine: Mapped[dict[str, Any]] = mapped_column(default=dict)
    undoes_id: Mapped[int | None] = mapped_column(ForeignKey("place_correction.id"), index=True)
