"""The day's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.rights import Right
from models.store import outlet_choices, outlets, review
from models.store.outlets import HEALTHY
from models.tables import FeedState
from pipeline.desks import brief, directory_for
from pipeline.place_words import unit_name
from review_ui.beside import emergencies
from review_ui.listing import chosen, decide_at, load_rows, read_filters
from review_ui.pages import Ask, page
from review_ui.row_fragments import facts_line, source_line
from review_ui.sections import Row, by_section
from review_ui.views.decide import Done, load_done


@dataclass(frozen=True, slots=True)
class Reach:
    """How many papers answered at their last poll, which did not, and when the last poll was."""

    read: int
    silent: tuple[str, ...]
    last: datetime | None

    @property
    def total(self) -> int:
        return self.read + len(self.silent)


def reach(states: Sequence[FeedState], titles: dict[str, str]) -> Reach:
    """A paper is read when at least one of its feeds is."""
    known = {state.outlet_id for state in states}
    good = {state.outlet_id for state in states if state.health in HEALTHY}
    silent = sorted(titles.get(outlet, outlet) for outlet in known - good)
    return Reach(len(good), tuple(silent), max((state.polled_at for state in states), default=None))


@page("/", needs=Right.READ)
def show(ask: Ask) -> Response:
    filters = read_filters(ask.query, ask.now)
    with ask.house.store.read() as session:
        rows = load_rows(session, filters, ask.reader)
        shown = chosen(rows, filters)
        directory = directory_for(session, [row.lead.place for row in shown])
        stopped = outlet_choices.paused(session)
        states = [state for state in outlets.feed_states(session) if state.outlet_id not in stopped]
        papers = reach(states, outlets.titles(session))
        others = review.others_at(session, [row.story.id for row in shown], user_id=ask.user.user_id, now=ask.now)
        done = _done(session, ask)
        clocks = emergencies(ask, session, shown)
    return ask.page(
        "today.html",
        filters=filters,
        sections=by_section(shown),
        shown=len(shown),
        total=sum(1 for row in rows if row.section in ("can_xem_ngay", "moi", "dien_bien", "ngoai")),
        left=sum(1 for row in rows if row.left),
        papers=papers,
        others=others,
        clocks=clocks,
        done=done,
        desk_brief=partial(brief, directory),
        decide_at=decide_at,
        facts_line=facts_line,
        source_line=source_line,
        picked=ask.query.number("chon"),
        provinces=_provinces(rows),
        yesterday=filters.first - timedelta(days=1),
        tomorrow=filters.last + timedelta(days=1),
    )


def _done(session: Session, ask: Ask) -> Done | None:
    decision_id = ask.query.number("da")
    return None if decision_id is None else load_done(session, decision_id, ask.reader)


def _provinces(rows: Sequence[Row]) -> list[tuple[str, str]]:
    codes = {row.lead.place.new_province for row in rows if row.lead.place is not None}
    return sorted(((code, unit_name(code)) for code in codes if code), key=lambda pair: pair[1])
