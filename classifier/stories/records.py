"""What goes into the story index and what comes out. Text in, identifiers out; nothing here touches a database."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoryDoc:
    """One article as the index sees it. Every field but `id` may be empty; unknown facts are None.

    `kind`, `types`, `age`, `sex`, `stage` are codes of `models.records`; `places` are official codes of the
    incident (old or new era, any level, as strings). `arrived` orders documents; `published` may lack an offset.
    """

    id: str
    title: str = ""
    sapo: str = ""
    text: str = ""
    url: str = ""
    published: datetime | None = None
    arrived: datetime | None = None
    kind: str | None = None
    types: tuple[str, ...] = ()
    stage: str | None = None
    age: str | None = None
    sex: str | None = None
    victims: int | None = None
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Placement:
    """Where an article belongs. `stories` holds all, the main one (`story`) first.

    `confidence` is the probability that the main story is the right one (for a new story: that no known one is).
    `near_duplicate_of` names the article of which this is a near-identical reprint.
    """

    story: str
    stories: tuple[str, ...]
    new: bool
    confidence: float
    near_duplicate_of: str | None = None
