"""Which list a person is working on: days and filters, all in the address, so that it can be shared and kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from urllib.parse import urlencode

from models.clock import day_of
from models.records import TYPES
from review_ui.forms import Form, FormError
from review_ui.sections import SECTIONS, Row

LONGEST_RANGE = timedelta(days=92)


@dataclass(frozen=True)
class Filters:
    """Days are both included. Empty strings do not filter. `today` is kept to leave it out of addresses."""

    first: date
    last: date
    today: date
    section: str = ""
    type: str = ""
    province: str = ""
    only_left: bool = False

    @cached_property
    def query(self) -> str:
        """For addresses, without a question mark; empty for today's whole list."""
        parts: list[tuple[str, str]] = []
        if self.first == self.last != self.today:
            parts.append(("ngay", self.first.isoformat()))
        elif self.first != self.last:
            parts += [("tu", self.first.isoformat()), ("den", self.last.isoformat())]
        parts += [("muc", self.section), ("loai", self.type), ("tinh", self.province)]
        parts.append(("con", "1" if self.only_left else ""))
        return urlencode([(name, value) for name, value in parts if value])

    def at(self, path: str, mark: str = "", **more: int | str) -> str:
        """`path` with this list's query, further fields, and a mark (#…)."""
        query = "&".join(part for part in (self.query, urlencode(more) if more else "") if part)
        return path + (f"?{query}" if query else "") + mark


def read_filters(query: Form, now: datetime) -> Filters:
    """Raises FormError for a range that is the wrong way round or too long; unknown values do not filter."""
    today = day_of(now)
    first = last = query.day("ngay") or today
    if query.get("tu") or query.get("den"):
        last = query.day("den") or today
        first = query.day("tu") or last
    if first > last:
        message = "Ngày đầu phải trước hoặc bằng ngày cuối"
        raise FormError(message)
    if last - first > LONGEST_RANGE:
        message = f"Khoảng ngày dài quá {LONGEST_RANGE.days} ngày"
        raise FormError(message)
    section, kind, province = query.get("muc"), query.get("loai"), query.get("tinh")
    return Filters(
        first=first,
        last=last,
        today=today,
        section=section if section in dict(SECTIONS) else "",
        type=kind if kind in TYPES else "",
        province=province if province.isascii() and province.isdigit() else "",
        only_left=query.get("con") == "1",
    )


def chosen(rows: Sequence[Row], filters: Filters) -> list[Row]:
    return [
        row
        for row in rows
        if (not filters.section or row.section == filters.section)
        and (not filters.type or filters.type in row.types)
        and (not filters.province or _province(row) == filters.province)
        and (not filters.only_left or row.left)
    ]


def decide_at(row: Row, filters: Filters) -> str:
    """Where a button of the list sends a decision, with the ids of what the row shows."""
    lead, decision = row.lead, row.story.decision
    verdict = "" if lead.verdict is None else lead.verdict.id
    seen = "" if decision is None else decision.id
    query = f"{filters.query}&" if filters.query else ""
    what = f"article={lead.id}&version={lead.shown_id}&verdict={verdict}&seen={seen}&types={'%2C'.join(row.types)}"
    return f"/tin/{row.story.id}/quyet-dinh?{query}{what}"


def _province(row: Row) -> str | None:
    return None if row.lead.place is None else row.lead.place.new_province


def next_left(rows: Sequence[Row], story_id: int) -> int | None:
    """The next story to decide after this one, from the top again at the end; None when the list is done."""
    ids = [row.story.id for row in rows]
    start = ids.index(story_id) + 1 if story_id in ids else 0
    for row in (*rows[start:], *rows[:start]):
        if row.left and row.story.id != story_id:
            return row.story.id
    return None


def neighbours(rows: Sequence[Row], story_id: int) -> tuple[int | None, int | None]:
    """The stories before and after this one on the list."""
    ids = [row.story.id for row in rows]
    if story_id not in ids:
        return None, None
    at = ids.index(story_id)
    return (ids[at - 1] if at else None), (ids[at + 1] if at + 1 < len(ids) else None)
