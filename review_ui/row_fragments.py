"""The two lines of a row of the list, as HTML: a list shows them a hundred times and more.

`join` of Markup escapes everything that is not Markup itself, in a third of the time that `format` takes.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from markupsafe import Markup

from models import words
from models.store.reading import Item, StoryView
from pipeline.place_words import Located
from review_ui.fragments import decided, line, place_of, when
from review_ui.sections import Row

DANGER = Markup("<strong>Trẻ có thể đang gặp nguy hiểm</strong>")
UNREACHABLE = Markup(' <span class="hint">(thiếu liên hệ)</span>')
PLACE, PLACE_END = Markup('<span class="place">'), Markup("</span>")
PAPER, PAPER_END = Markup('<span class="paper" lang="vi">“'), Markup("”</span>")
SCORE, SCORE_END = Markup('<span class="score" title="Điểm của máy, từ 0 đến 1">'), Markup("</span>")
NEW, NEW_END = Markup("<strong>mới: "), Markup(" bài</strong>")
OPEN, OPEN_END = Markup("<em>đang được "), Markup(" xem</em>")
UNKNOWN = "khong_ro"
together = Markup("").join
between = Markup(" · ").join

Desk = Callable[[Located | None], tuple[str, bool]]
"""The desk that a row names, and whether it can be reached."""


def facts_line(row: Row, desk_of: Desk) -> Markup:
    """What the model read, the place, and whose desk it is."""
    facts: list[str] = [DANGER] if row.story.danger_now else []
    facts += [words.word(words.TYPES, code) for code in row.types]
    facts += _said(row.lead)
    facts.append(together((PLACE, place_of(row.place), PLACE_END)))
    desk, reachable = desk_of(row.lead.place)
    if desk:
        facts.append(together((f"đầu mối: {desk}", "" if reachable else UNREACHABLE)))
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


def source_line(row: Row, others: Sequence[str], now: datetime) -> Markup:
    """Papers, when it was first seen, what is new, the paper's headline; `others` have the story open."""
    found = [*_counts(row, now), *_history(row.story, now), together((PAPER, line(row.title), PAPER_END))]
    if others:
        found.append(together((OPEN, ", ".join(others), OPEN_END)))
    return together((between(found), SCORE, words.score(row.lead.score), SCORE_END))


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
