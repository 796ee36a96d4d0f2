"""The rows of a list and their HTML, kept from one page to the next: most stories are as they were a moment ago.

The store gives the same object for a story as long as nothing of it changed; what is made of it goes when it goes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from weakref import WeakKeyDictionary

from markupsafe import Markup
from sqlalchemy.orm import Session

from classifier.calling import places_of
from models.clock import day_of
from models.store import reading
from models.store.reading import StoryView
from pipeline.case_standing import Emergency
from pipeline.place_words import Located
from pipeline.story_names import names_of_stories
from review_ui.listing import Filters
from review_ui.row_fragments import Desk, Parts, clock_of, decided_row, open_row, safe, who_else
from review_ui.sections import ASIDE, Reader, Row, in_order, to_row

T = TypeVar("T")
WAYS = 8
"""In how many ways one story is kept: by days, territory, filters, rights."""
_rows: WeakKeyDictionary[StoryView, dict[object, Row | None]] = WeakKeyDictionary()
_names: WeakKeyDictionary[StoryView, frozenset[str]] = WeakKeyDictionary()
_html: WeakKeyDictionary[Row, dict[object, Parts]] = WeakKeyDictionary()
_choices: WeakKeyDictionary[Row, str] = WeakKeyDictionary()


def load_rows(session: Session, filters: Filters, reader: Reader) -> list[Row]:
    """The whole list of these days in order, before any filter: the bar counts all of it. The stories are light."""
    stories = reading.stories_between(session, filters.first, filters.last, light=True)
    _learn_names(session, stories)
    return in_order(row for story in stories if (row := _row(story, filters, reader)) is not None)


def _learn_names(session: Session, stories: Iterable[StoryView]) -> None:
    """Kept are those that stand in the headline shown: an article's text gives away far more."""
    new = {story.id: story for story in stories if story not in _names}
    for id_, words in names_of_stories(session, new).items() if new else ():
        title = new[id_].lead.title
        _names[new[id_]] = frozenset(word for word in words if places_of(title, [word]))


def _row(story: StoryView, filters: Filters, reader: Reader) -> Row | None:
    """None where the story is not for the person. People of one territory share rows, but for what one of them was not
    sure of.
    """
    decision = story.decision
    own = decision is not None and decision.action == "unsure" and decision.user_id == reader.user_id
    key = (filters.first, filters.last, reader.territory, reader.confined, own)
    kept = _rows.setdefault(story, {})
    try:
        return kept[key]
    except KeyError:  # not asked for first: another thread may make room in between
        seen = reader.may_see(story)
        row = to_row(story, filters.first, filters.last, reader, _names[story]) if seen else None
        _keep(kept, key, row)
        return row


def _keep(kept: dict[object, T], key: object, value: T) -> None:
    if len(kept) >= WAYS:
        kept.clear()
    kept[key] = value


@dataclass(frozen=True, slots=True)
class Look:
    """How a page shows rows to a person. `others`: who else has a story open; `clocks`: those that run, with their
    words from `said`; `picked`: the story that the person comes from.
    """

    filters: Filters
    now: datetime
    decides: bool
    cases: bool
    desk_of: Callable[[Located | None], Desk]
    others: Mapping[int, Sequence[str]]
    clocks: Mapping[int, Emergency]
    said: Callable[[Emergency], Markup]
    picked: int | None

    def rows(self, rows: Iterable[Row]) -> Markup:
        """The rows as list items."""
        today = day_of(self.now)
        way = (self.filters.query, today, self.decides, self.cases)
        return Markup("".join([self._row(row, way) for row in rows]))  # noqa: S704 - of HTML

    def _row(self, row: Row, way: tuple[object, ...]) -> str:
        number, desk = row.story.id, self.desk_of(row.lead.place)
        if number == self.picked or number in self.clocks:
            start, end = self._parts(row, desk)
        else:
            kept, key = _html.setdefault(row, {}), (*way, desk)
            if (found := kept.get(key)) is None:
                found = self._parts(row, desk)
                _keep(kept, key, found)
            start, end = found
        return start if end is None else start + who_else(self.others.get(number, ())) + end

    def _parts(self, row: Row, desk: Desk) -> Parts:
        decision, here = row.story.decision, row.story.id == self.picked
        if decision is not None and not row.left:
            return decided_row(row, self.filters, decision, self.now, cases=self.cases, decides=self.decides, here=here)
        clock = self.clocks.get(row.story.id)
        said = "" if clock is None else clock_of(clock, self.said(clock))
        decides = self.decides and row.section not in ASIDE
        return open_row(row, self.filters, desk, self.now, clock=said, here=here, decides=decides)


def choices(rows: Iterable[Row], *, without: int) -> Markup:
    """The stories of a list but one, to choose from."""
    return Markup("".join([_choice(row) for row in rows if row.story.id != without]))  # noqa: S704 - of HTML


def _choice(row: Row) -> str:
    found = _choices.get(row)
    if found is None:
        number = str(row.story.id)
        told = f"{row.headline} · {row.place.new or 'chưa rõ nơi'} · {row.first.outlet} (số {number})"
        found = _choices[row] = f'<option value="{number}">{safe(told)}</option>'
    return found
