"""A row of the list, as HTML: a list shows a hundred of them and more.

Plain strings, for Markup looks at every piece that it joins, which took half the time of a list. So every value that is
not HTML already goes through `safe`.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from markupsafe import escape

from models import words
from models.store.reading import Item, Judged, StoryView
from pipeline.case_standing import Emergency
from review_ui.fragments import decided, line, place_of, when
from review_ui.listing import Filters, decide_at
from review_ui.sections import Row

DANGER = "<strong>Trẻ có thể đang gặp nguy hiểm</strong>"
UNREACHABLE = ' <span class="hint">(thiếu liên hệ)</span>'
UNKNOWN = "khong_ro"
between = " · ".join

Desk = tuple[str, bool]
"""The desk that a row names, and whether it can be reached."""
Parts = tuple[str, str | None]
"""A row up to the names of those who have it open, and the rest; None where those are not shown."""


@lru_cache(maxsize=20_000)
def safe(text: str) -> str:
    """The text as HTML."""
    return str(escape(text))


def open_row(row: Row, filters: Filters, desk: Desk, now: datetime, *, clock: str, here: bool, decides: bool) -> Parts:
    """A row that waits for a decision; `clock` from `clock_of`, `decides`: with buttons."""
    address = str(escape(filters.at(f"/tin/{row.story.id}")))
    begin = _begin(row, address, head='<div class="head">\n', kinds=" here" if here else "")
    facts, source = facts_line(row, desk), source_line(row, now)
    buttons = ""
    if decides:
        to = escape(decide_at(row, filters))
        buttons = (
            f'<p class="quick"><button name="action" value="confirm" formaction="{to}" data-do="confirm">Xác nhận'
            f'</button>\n<button name="action" value="unsure" formaction="{to}" data-do="unsure" class="quiet">Chưa rõ'
            f'</button>\n<a href="{address}#ly-do" data-do="reject">Bỏ qua…</a></p>\n'
        )
    score = f'<span class="score" title="Điểm của máy, từ 0 đến 1">{words.score(row.lead.score)}</span></p>\n'
    start = f'{begin}{clock}</div>\n<p class="facts">{facts}</p>\n<p class="source">{source}'
    return start, f"{score}{buttons}</li>\n"


def decided_row(
    row: Row, filters: Filters, decision: Judged, now: datetime, *, cases: bool, decides: bool, here: bool
) -> Parts:
    """One that somebody decided: a line with the way back. `cases`: with a link to the case, if it is in one."""
    story = row.story
    address = str(escape(filters.at(f"/tin/{story.id}")))
    begin = _begin(row, address, head="", kinds=" done here" if here else " done")
    case = undo = ""
    if story.case and cases:
        case = f' · <a href="/vu-viec/{story.case[0]}">{safe(story.case[1])}</a>'
    if decides and not story.case:
        to = escape(filters.at(f"/tin/{story.id}/hoan-tac", seen=decision.id))
        undo = f'<button class="quiet" formaction="{to}" data-do="undo">Hoàn tác</button>\n'
    return f"{begin}<p>{decided(decision, now)}{case}</p>\n{undo}</li>\n", None


def _begin(row: Row, address: str, *, head: str, kinds: str) -> str:
    link = f'<h3><a href="{address}" data-do="open">{safe(row.headline)}</a></h3>\n'
    return f'<li id="tin-{row.story.id}" class="row{kinds}" data-row>\n{head}{link}'


def clock_of(clock: Emergency, said: str) -> str:
    """The emergency clock of a row; `said` is HTML that words its state."""
    also = f"; kể từ lúc xác nhận: đến {words.exact(clock.from_confirmation)}" if clock.from_confirmation else ""
    return f'<span class="clock" title="12 giờ kể từ khi máy đọc được tin{safe(also)}">{said}</span>\n'


def facts_line(row: Row, desk: Desk) -> str:
    """What the model read, the place, and whose desk it is."""
    facts = [DANGER] if row.story.danger_now else []
    facts += [safe(words.word(words.TYPES, code)) for code in row.types]
    facts += map(safe, _said(row.lead))
    facts.append(f'<span class="place">{place_of(row.place)}</span>')
    named, reachable = desk
    if named:
        facts.append(f"đầu mối: {safe(named)}{'' if reachable else UNREACHABLE}")
    if row.inside is None and row.lead.place is not None:
        facts.append("có thể trên địa bàn")
    return between(facts)


def _said(lead: Item) -> list[str]:
    """Setting, age and stage where the verdict tells them."""
    verdict = lead.verdict
    if verdict is None:
        return []
    found = []
    if verdict.setting and verdict.setting != UNKNOWN:
        found.append(words.word(words.SETTING, verdict.setting))
    if verdict.age and verdict.age != UNKNOWN:
        found.append(words.word(words.AGE, verdict.age))
    if verdict.stage:
        found.append(words.word(words.STAGE, verdict.stage).lower())
    return found


def source_line(row: Row, now: datetime) -> str:
    """Papers, when it was first seen, what is new, the paper's headline."""
    headline = f'<span class="paper" lang="vi">“{line(row.title)}”</span>'
    return between([*_counts(row, now), *_history(row.story, now), headline])


def who_else(names: Sequence[str]) -> str:
    """The people who have the story open."""
    return f" · <em>đang được {safe(', '.join(names))} xem</em>" if names else ""


def _counts(row: Row, now: datetime) -> list[str]:
    found = [f"{row.outlets} báo"] if row.outlets > 1 else []
    found.append(f"sớm nhất {when(row.story.first_seen_at, now)} ({safe(row.first.outlet)})")
    if row.new_items:
        found.append(f"<strong>mới: {row.new_items} bài</strong>")
    if row.exposing:
        found.append(f"bài lộ danh tính trẻ: {row.exposing}")
    return found


def _history(story: StoryView, now: datetime) -> list[str]:
    found = [f"vụ việc {safe(story.case[1])}"] if story.case else []
    if story.decision:
        found.append(f"trước đó: {decided(story.decision, now)}")
    return found
