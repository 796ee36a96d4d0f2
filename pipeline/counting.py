"""Stories as rows to count: articles, events, children and suspects are four different numbers."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy.orm import Session

from models.store import reports
from models.store.cases import CaseView
from models.store.reading import StoryView
from pipeline.facts import facts_of, place_of
from pipeline.neutral import NOT_CHILD, StoryFacts
from pipeline.periods import Period
from pipeline.place_words import covers, place_words

INCIDENT, ACCIDENT, OTHER = "incident", "accident", "other"


@dataclass(frozen=True, slots=True)
class Counted:
    """One story that a person reviewed. `to_decision` runs from the fetch of its first article to the decision."""

    story: int
    day: date
    sort: str
    ours: bool
    articles: int
    facts: StoryFacts
    place: str
    to_decision: timedelta


@dataclass(frozen=True, slots=True)
class Sums:
    """`children` and `suspects` are least numbers: a story that gives none counts as one child; a story that names a
    relation of the suspect counts as one suspect. Persons of 16 and 17 are counted apart from children."""

    articles: int
    stories: int
    children: int
    nearly_adult: int
    uncounted: int
    suspects: int


@dataclass(frozen=True, slots=True)
class Sight:
    """What somebody may count who may not read everything; the whole house counts everything."""

    story: Callable[[StoryView], bool] = lambda _story: True
    case: Callable[[CaseView], bool] = lambda _case: True
    whole: bool = True


def counted(
    session: Session, period: Period, territory: Sequence[str], sight: Sight | None = None
) -> tuple[list[Counted], int]:
    """Reviewed stories that began in the period, and how many nobody has reviewed."""
    sees = (sight or Sight()).story
    rows, unreviewed = [], 0
    for story in reports.stories_begun(session, period.first, period.last):
        if not sees(story):
            continue
        if story.decision is None:
            unreviewed += 1
        else:
            rows.append(_row(story, territory))
    return rows, unreviewed


def _row(story: StoryView, territory: Sequence[str]) -> Counted:
    facts, place = facts_of(story), place_of(story)
    assert story.decision is not None, "only reviewed stories are counted"
    return Counted(
        story=story.id,
        day=story.day,
        sort=_sort(story, facts),
        ours=covers(territory, place) is not False,
        articles=len(story.items),
        facts=facts,
        place=place_words(place).new or "Chưa rõ",
        to_decision=story.decision.at - story.first_seen_at,
    )


def _sort(story: StoryView, facts: StoryFacts) -> str:
    assert story.decision is not None
    if story.decision.action == "reject":
        return ACCIDENT if story.decision.reason == "tai_nan" else OTHER
    if story.decision.action != "confirm" or facts.kind == "nuoc_ngoai":
        return OTHER
    if not story.decision.types and facts.kind in ("tai_nan", "chinh_sach"):
        return ACCIDENT if facts.kind == "tai_nan" else OTHER
    return INCIDENT


def sums(rows: Iterable[Counted]) -> Sums:
    rows = list(rows)
    children = [row for row in rows if row.facts.age != NOT_CHILD]
    return Sums(
        articles=sum(row.articles for row in rows),
        stories=len(rows),
        children=sum(victims(row) for row in children),
        nearly_adult=sum(victims(row) for row in rows if row.facts.age == NOT_CHILD),
        uncounted=sum(row.facts.victims is None for row in rows),
        suspects=sum(row.facts.relation not in (None, "khong_ro") for row in rows),
    )


def victims(row: Counted) -> int:
    return max(1, row.facts.victims or 1)


def tally(rows: Iterable[Counted], codes: Sequence[str], read: Callable[[Counted], str | None]) -> list[int]:
    """How many rows have each code; what is unknown counts with the last code."""
    found = dict.fromkeys(codes, 0)
    for row in rows:
        code = read(row)
        found[code if code in found else codes[-1]] += 1
    return list(found.values())
