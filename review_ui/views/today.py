"""The day's list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.rights import Right
from models.store import outlets, review
from models.store.outlets import Heard
from pipeline.case_standing import Emergency
from pipeline.desks import brief, directory_for
from pipeline.place_words import Located, unit_name
from review_ui.beside import emergencies
from review_ui.listing import Filters, chosen, read_filters
from review_ui.pages import Ask, page
from review_ui.row_fragments import Desk
from review_ui.rows import Look, load_rows
from review_ui.sections import TO_DECIDE, Row, by_section
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


def reach(papers: Sequence[Heard]) -> Reach:
    """A paper is read when at least one of its feeds is."""
    silent = sorted(paper.title for paper in papers if not paper.well)
    return Reach(len(papers) - len(silent), tuple(silent), max((paper.last for paper in papers), default=None))


@page("/", needs=Right.READ)
def show(ask: Ask) -> Response:
    filters = read_filters(ask.query, ask.now)
    with ask.house.store.glance() as session:
        rows = load_rows(session, filters, ask.reader)
        shown = chosen(rows, filters)
        directory = directory_for(session, [row.lead.place for row in shown])
        papers = reach(outlets.heard(session))
        others = review.others_at(session, user_id=ask.user.user_id, now=ask.now)
        done = _done(session, ask)
        clocks = emergencies(ask, session, shown)
    return ask.page(
        "today.html",
        filters=filters,
        sections=by_section(shown),
        shown=len(shown),
        total=sum(1 for row in rows if row.section in TO_DECIDE),
        left=sum(1 for row in rows if row.left),
        papers=papers,
        look=_look(ask, filters, partial(brief, directory), others, clocks),
        done=done,
        provinces=_provinces(rows),
        yesterday=filters.first - timedelta(days=1),
        tomorrow=filters.last + timedelta(days=1),
    )


def _look(
    ask: Ask,
    filters: Filters,
    desk_of: Callable[[Located | None], Desk],
    others: dict[int, list[str]],
    clocks: dict[int, Emergency],
) -> Look:
    module: Any = ask.house.templates.get_template("_clock.html").module
    return Look(
        filters,
        ask.now,
        decides=ask.may(Right.DECIDE),
        cases=ask.may(Right.CASES),
        desk_of=desk_of,
        others=others,
        clocks=clocks,
        said=module.clock_state,
        picked=ask.query.number("chon"),
    )


def _done(session: Session, ask: Ask) -> Done | None:
    decision_id = ask.query.number("da")
    return None if decision_id is None else load_done(session, decision_id, ask.reader)


def _provinces(rows: Sequence[Row]) -> list[tuple[str, str]]:
    codes = {row.lead.place.new_province for row in rows if row.lead.place is not None}
    return sorted(((code, unit_name(code)) for code in codes if code), key=lambda pair: pair[1])
