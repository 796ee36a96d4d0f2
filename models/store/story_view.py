"""A story as lists and pages read it: its articles as lines, and the decision in force."""

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from models.tables import Decision, Place, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision with the name of the person who made it. `reason_words` is what the reason was called then, if not as
    it ships."""

    id: int
    action: str
    reason: str | None
    note: str | None
    types: tuple[str, ...] | None
    user_id: int
    by: str
    at: datetime
    undoes_id: int | None
    reason_words: str | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An article as one line. `shown_id` is the version that the verdict speaks of, else the newest."""

    id: int
    outlet_id: str
    outlet: str
    url: str
    day: date
    first_seen_at: datetime
    published_at: datetime | None
    page: str
    score: float
    main: bool
    reprint_of: int | None
    title: str
    version_id: int
    shown_id: int
    verdict: Verdict | None
    place: Place | None


@dataclass(frozen=True, eq=False)
class StoryView:
    """A story with its articles, earliest first. `case` is (id, code). As a key, it is itself and no other."""

    id: int
    day: date
    decision: Judged | None
    case: tuple[int, str] | None
    items: tuple[Item, ...]

    @cached_property
    def lead(self) -> Item:
        """The article to read: the likeliest of those that are on the event itself."""
        return max(self.items, key=lambda item: (item.main, item.verdict is not None, item.score, -item.id))

    @cached_property
    def first_seen_at(self) -> datetime:
        return min(item.first_seen_at for item in self.items)

    @property
    def danger_now(self) -> bool:
        return any(item.verdict is not None and item.verdict.danger_now for item in self.items)


def judged(decision: Decision, by: str) -> Judged:
    return Judged(
        decision.id,
        decision.action,
        decision.reason,
        decision.note,
        None if decision.types is None else tuple(decision.types),
        decision.user_id,
        by,
        decision.at,
        decision.undoes_id,
        decision.reason_words,
    )
