"""What stands beside a story's facts: whose desk it is, places named by hand, alerts sent, why it is urgent."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from models.store import alerts, places
from models.store.reading import StoryView
from models.store.traces import Traces
from pipeline.case_standing import CLOCKS_FILE, URGENCY_FILE, Emergency, Rules, emergency_clocks, read_rules
from pipeline.deadlines import ClockError
from pipeline.desks import desk_of, directory_for, territory_words
from pipeline.facts import facts_of, place_of
from pipeline.place_words import covers
from pipeline.urgency import Line, Situation, Urgency, UrgencyError, load_table, rate
from review_ui.pages import Ask
from review_ui.sections import URGENT, Row

WHERE = {True: "yes", False: "no", None: "possible"}


def beside(ask: Ask, session: Session, story: StoryView, left: Traces) -> dict[str, Any]:
    """Values for the story page's own parts: `desk`, `place_history`, `told` and `urgency`."""
    place = place_of(story)
    return {
        "desk": desk_of(directory_for(session, [place]), place),
        "territory": territory_words(ask.reader.territory, place),
        "place_history": places.history(session, story.id) if left.placed else [],
        "told": alerts.told(session, story.id) if left.told else [],
        "urgency": urgency_of(ask, story),
    }


def emergencies(ask: Ask, session: Session, rows: Iterable[Row]) -> dict[int, Emergency]:
    """Story -> its 12-hour clock, of the urgent rows; none where the table of clocks cannot be read."""
    stories = [row.story for row in rows if row.section == URGENT]
    if not stories:
        return {}
    folder = ask.house.settings.data_dir
    try:
        rules = _rules(folder, _stamps(folder))
    except (ClockError, UrgencyError):
        return {}
    return emergency_clocks(session, stories, rules, now=ask.now)


def urgency_of(ask: Ask, story: StoryView) -> Urgency | None:
    """By the deployment's table as of now; None where the table cannot be read (the doctor says so)."""
    path = ask.house.settings.data_dir / URGENCY_FILE
    try:
        table = _table(path, _stamp(path))
    except UrgencyError:
        return None
    place = place_of(story)
    where = None if place is None else WHERE[covers(ask.reader.territory, place)]
    return rate(Situation(facts_of(story), where, story.first_seen_at, ask.now), table)


Stamp = tuple[int, int] | None
"""When a file was changed last and its size; nothing for one that is not there."""


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


def _stamps(folder: Path) -> tuple[Stamp, ...]:
    return tuple(_stamp(folder / name) for name in (CLOCKS_FILE, URGENCY_FILE))


@lru_cache(maxsize=8)
def _rules(folder: Path, _as_of: tuple[Stamp, ...]) -> Rules:
    """Read anew when a file changed: reading takes as long as all else that a row needs."""
    return read_rules(folder)


@lru_cache(maxsize=8)
def _table(path: Path, _as_of: Stamp) -> tuple[Line, ...]:
    return load_table(path)
