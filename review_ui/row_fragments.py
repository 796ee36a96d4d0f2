"""A row of the list, as HTML: a list shows a hundred of them and more.

`join` of Markup escapes everything that is not Markup itself, in a third of the time that `format` takes.
"""

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from models import words
from models.store.reading import Item, Judged, StoryView
from pipeline.case_standing import Emergency
from review_ui.fragments import decided, line, place_of, when
from review_ui.listing import Filters, decide_at
from review_ui.sections import Row

DANGER = Markup("<strong>Trẻ có thể đang gặp nguy hiểm</strong>")
UNREACHABLE = Markup(' <span class="hint">(thiếu liên hệ)</span>')
PLACE, PLACE_END = Markup('<span class="place">'), Markup("</span>")
PAPER, PAPER_END = Markup('<span class="paper" lang="vi">“'), Markup("”</span>")
SCORE, SCORE_END = Markup('<span class="score" title="Điểm của máy, từ 0 đến 1">'), Markup("</span></p>\n")
NEW, NEW_END = Markup("<strong>mới: "), Markup(" bài</strong>")
OPEN, OPEN_END, NOBODY = Markup(" · <em>đang được "), Markup(" xem</em>"), Markup("")
BEGIN, KIND, DONE, HERE = Markup('<li id="tin-'), Markup('" class="row'), " done", " here"
LINK, LINK_TO, LINK_END = Markup('<h3><a href="'), Markup('" data-do="open">'), Markup("</a></h3>\n")
ROW, HEAD, HEAD_END, END = (
    Markup('" data-row>\n'),
    Markup('<div class="head">\n'),
    Markup("</div>\n"),
    Markup("</li>\n"),
)
CLOCK, CLOCK_TITLE, CLOCK_END = Markup('<span class="clock" title="'), Markup('">'), Markup("</span>\n")
FACTS, SOURCE, P, P_END = (
    Markup('<p class="facts">'),
    Markup('</p>\n<p class="source">'),
    Markup("<p>"),
    Markup("</p>\n"),
)
CASE, CASE_TO, CASE_END = Markup(' · <a href="/vu-viec/'), Markup('">'), Markup("</a>")
UNDO, UNDO_END = Markup('<button class="quiet" formaction="'), Markup('" data-do="undo">Hoàn tác</button>\n')
CONFIRM = Markup('<p class="quick"><button name="action" value="confirm" formaction="')
UNSURE = Markup('" data-do="confirm">Xác nhận</button>\n<button name="action" value="unsure" formaction="')
REJECT = Markup('" data-do="unsure" class="quiet">Chưa rõ</button>\n<a href="')
QUICK_END = Markup('#ly-do" data-do="reject">Bỏ qua…</a></p>\n')
UNKNOWN = "khong_ro"
together = Markup("").join
between = Markup(" · ").join

Desk = tuple[str, bool]
"""The desk that a row names, and whether it can be reached."""
Parts = tuple[Markup, Markup | None]
"""A row up to the names of those who have it open, and the rest; None where those are not shown."""


def open_row(
    row: Row, filters: Filters, desk: Desk, now: datetime, *, clock: Markup, here: bool, decides: bool
) -> Parts:
    """A row that waits for a decision; `clock` from `clock_of`, `decides`: with buttons."""
    address = filters.at(f"/tin/{row.story.id}")
    begin = _begin(row, address, head=HEAD, done=False, here=here)
    start = (begin, clock, HEAD_END, FACTS, facts_line(row, desk), SOURCE, source_line(row, now))
    buttons: tuple[str, ...] = ()
    if decides:
        target = decide_at(row, filters)
        buttons = (CONFIRM, target, UNSURE, target, REJECT, address, QUICK_END)
    return together(start), together((SCORE, words.score(row.lead.score), SCORE_END, *buttons, END))


def decided_row(
    row: Row, filters: Filters, decision: Judged, now: datetime, *, cases: bool, decides: bool, here: bool
) -> Parts:
    """One that somebody decided: a line with the way back. `cases`: with a link to the case, if it is in one."""
    story = row.story
    begin = _begin(row, filters.at(f"/tin/{story.id}"), head=NOBODY, done=True, here=here)
    parts: list[str] = [begin, P, decided(decision, now)]
    if story.case and cases:
        parts += [CASE, str(story.case[0]), CASE_TO, story.case[1], CASE_END]
    parts.append(P_END)
    if decides and not story.case:
        parts += [UNDO, filters.at(f"/tin/{story.id}/hoan-tac", seen=decision.id), UNDO_END]
    return together((*parts, END)), None


def _begin(row: Row, address: str, *, head: Markup, done: bool, here: bool) -> Markup:
    kinds = (DONE if done else "") + (HERE if here else "")
    link = (LINK, address, LINK_TO, row.headline, LINK_END)
    return together((BEGIN, str(row.story.id), KIND, kinds, ROW, head, *link))


def clock_of(clock: Emergency, said: Markup) -> Markup:
    """The emergency clock of a row; `said` words its state."""
    also = f"; kể từ lúc xác nhận: đến {words.exact(clock.from_confirmation)}" if clock.from_confirmation else ""
    return together((CLOCK, f"12 giờ kể từ khi máy đọc được tin{also}", CLOCK_TITLE, said, CLOCK_END))


def facts_line(row: Row, desk: Desk) -> Markup:
    """What the model read, the place, and whose desk it is."""
    facts: list[str] = [DANGER] if row.story.danger_now else []
    facts += [words.word(words.TYPES, code) for code in row.types]
    facts += _said(row.lead)
    facts.append(together((PLACE, place_of(row.place), PLACE_END)))
    named, reachable = desk
    if named:
        facts.append(together((f"đầu mối: {named}", "" if reachable else UNREACHABLE)))
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


def source_line(row: Row, now: datetime) -> Markup:
    """Papers, when it was first seen, what is new, the paper's headline."""
    return between([*_counts(row, now), *_history(row.story, now), together((PAPER, line(row.title), PAPER_END))])


def who_else(names: Sequence[str]) -> Markup:
    """The people who have the story open."""
    return together((OPEN, ", ".join(names), OPEN_END)) if names else NOBODY


def _counts(row: Row, now: datetime) -> list[str]:
    found = [f"{row.outlets} báo"] if row.outlets > 1 else []
    found.append(together(("sớm nhất ", when(row.story.first_seen_at, now), f" ({row.first.outlet})")))
    if row.new_items:
        found.append(together((NEW, str(row.new_items), NEW_END)))
    if row.exposing:
        found.append(f"bài lộ danh tính trẻ: {row.exposing}")
    return found


def _history(story: StoryView, now: datetime) -> list[str]:
    found = [f"vụ việc {story.case[1]}"] if story.case else []
    if story.decision:
        found.append(together(("trước đó: ", decided(story.decision, now))))
    return found
