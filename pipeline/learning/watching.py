"""The watch over the model: has what comes in moved, how often do people overrule it, and how did it do last week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from classifier.drift import Moved, histogram, psi, share_moved, words_moved
from models.clock import day_of
from models.session import Store
from models.store import watch_days
from models.tables import WatchDay
from pipeline.machine import Check

CELLS = 256
MOST = 5000
BEFORE, NOW = 28, 7
"""The last seven whole days against the four weeks before them."""
FEWEST_DAYS = 14
FEWEST_DECISIONS = 20
WEEKS_BEFORE = 8


@dataclass(frozen=True, slots=True)
class Finding:
    """One measure in words: what was seen, and if something moved, what to do."""

    code: str
    name: str
    moved: bool
    seen: str
    todo: str


def count_days(store: Store, *, today: date, now: datetime) -> int:
    """Make the counts of whole days that lack them; how many. Safe to run twice."""
    with store.read() as session:
        days = watch_days.missing(session, before=today, days=BEFORE + NOW + 1)
    for day in days:
        with store.read() as session:
            rows = watch_days.entries(session, day, MOST)
        with store.write() as session:
            watch_days.keep(session, day, figures_of(rows), at=now)
    return len(days)


def figures_of(rows: Sequence[tuple[str, float, bool, str, str]]) -> dict[str, Any]:
    """Counts of a day: articles, flagged, scores by class, outlets, and words in numbered cells (no word is kept)."""
    from classifier.features import HashedTerms, syllables  # noqa: PLC0415 -- heavy, and the doctor only compares

    outlets: dict[str, int] = {}
    for outlet, *_ in rows:
        outlets[outlet] = outlets.get(outlet, 0) + 1
    hashed = HashedTerms(CELLS)
    found = hashed.counts([{w for w in syllables(f"{title}. {sapo}", 800) if w.isalpha()} for *_, title, sapo in rows])
    words = np.bincount(found.indices, minlength=CELLS)
    return {
        "articles": len(rows),
        "flagged": sum(row[2] for row in rows),
        "scores": histogram([row[1] for row in rows]),
        "outlets": outlets,
        "words": words.tolist(),
    }


def percent(share: float) -> str:
    return f"{share * 100:.1f}".replace(".", ",") + " %"


def findings(store: Store, *, today: date, now: datetime) -> list[Finding]:
    """Every measure, in a fixed order. Too few days give one finding that says so."""
    first = today - timedelta(days=BEFORE + NOW)
    with store.read() as session:
        days = watch_days.between(session, first, today - timedelta(days=1))
        newest = watch_days.week(session, now - timedelta(days=NOW), now)
        before = watch_days.week(session, now - timedelta(days=NOW * (WEEKS_BEFORE + 1)), now - timedelta(days=NOW))
    cut = today - timedelta(days=NOW)
    old, new = [d for d in days if d.day < cut], [d for d in days if d.day >= cut]
    said = [_overruled(before, newest)]
    if len(old) < FEWEST_DAYS or len(new) < NOW - 2:
        have = len(old) + len(new)
        seen = f"Mới có số đếm của {have} ngày; cần ít nhất {FEWEST_DAYS + NOW} ngày để so sánh."
        return [Finding("days", "Dòng tin", moved=False, seen=seen, todo=""), *said]
    return [_scores(old, new), _flagged(old, new), _outlets(old, new), _words(old, new), *said]


def checks(store: Store, *, now: datetime) -> list[Check]:
    """What moved, as the doctor tells it; nothing while all is as usual."""
    return [
        Check(f"drift-{one.code}", f"Mô hình, {one.name[0].lower()}{one.name[1:]}", "warn", one.seen, one.todo)
        for one in findings(store, today=day_of(now), now=now)
        if one.moved
    ]


def _sum(days: Sequence[WatchDay], name: str) -> dict[str, float]:
    total: dict[str, float] = {}
    for day in days:
        values = day.figures[name]
        pairs: Mapping[str, float] = values if isinstance(values, dict) else {str(n): x for n, x in enumerate(values)}
        for key, value in pairs.items():
            total[key] = total.get(key, 0.0) + value
    return total


def _scores(old: Sequence[WatchDay], new: Sequence[WatchDay]) -> Finding:
    moved = psi(_sum(old, "scores"), _sum(new, "scores"))
    seen = f"Chỉ số ổn định của điểm số (PSI) {_number(moved)}."
    todo = "Đọc thử 20 bài của hàng đợi đọc; nếu mô hình chấm sai nhiều, huấn luyện lại với nhãn mới nhất."
    return _finding("scores", "Điểm số của mô hình", moved, seen, todo)


def _flagged(old: Sequence[WatchDay], new: Sequence[WatchDay]) -> Finding:
    def share(days: Sequence[WatchDay]) -> tuple[float, float]:
        return sum(d.figures["flagged"] for d in days), sum(d.figures["articles"] for d in days)

    before, now = share(old), share(new)
    moved = share_moved(before, now)
    usual, newest = percent(before[0] / max(1, before[1])), percent(now[0] / max(1, now[1]))
    seen = f"Tỉ lệ bài được đánh dấu: {newest}, bốn tuần trước {usual}."
    todo = "Xem có vụ lớn được nhiều báo đưa lại không; nếu không, đọc hàng đợi và chấm mẫu «Không bỏ sót» tuần này."
    return _finding("flagged", "Tỉ lệ đánh dấu", moved, seen, todo)


def _outlets(old: Sequence[WatchDay], new: Sequence[WatchDay]) -> Finding:
    before, now = _sum(old, "outlets"), _sum(new, "outlets")
    moved = psi(before, now)
    names = ", ".join(f"{name} ({percent(a)} → {percent(b)})" for name, a, b in moved.most)
    seen = f"Cơ cấu báo (PSI) {_number(moved)}" + (f"; đổi nhiều nhất: {names}." if names else ".")
    todo = "Mở trang «Báo»: báo nào ngừng đọc được thì sửa; báo mới thêm thì gán nhãn ít nhất 30 bài của báo đó."
    return _finding("outlets", "Cơ cấu báo", moved, seen, todo)


def _words(old: Sequence[WatchDay], new: Sequence[WatchDay]) -> Finding:
    moved = words_moved(
        [np.array(d.figures["words"], float) for d in old], [np.array(d.figures["words"], float) for d in new]
    )
    seen = f"Từ ngữ trong tin (khoảng cách Jensen–Shannon) {_number(moved)}."
    todo = "Đọc hàng đợi (bài lạ so với những gì đã học) và huấn luyện lại khi có ít nhất 100 nhãn mới."
    return _finding("words", "Từ ngữ", moved, seen, todo)


def _overruled(before: watch_days.Week, now: watch_days.Week) -> Finding:
    """How often people reject as none of ours what the model flagged."""
    old, new = (week.confirmed + week.rejected for week in (before, now))
    name = "Tỉ lệ cán bộ bác"
    if min(old, new) < FEWEST_DECISIONS:
        seen = f"Tuần này có {new} quyết định xác nhận hoặc bỏ qua; cần ít nhất {FEWEST_DECISIONS} để so sánh."
        return Finding("override", name, moved=False, seen=seen, todo="")
    moved = share_moved((before.rejected, old), (now.rejected, new))
    usual, newest = percent(before.rejected / old), percent(now.rejected / new)
    seen = f"Cán bộ bỏ qua {newest} số tin máy đưa ra, tám tuần trước {usual}."
    todo = "Xem các tin bị bỏ qua có chung lý do gì; nếu cùng một kiểu bài, huấn luyện lại với các quyết định đó."
    return _finding("override", name, moved, seen, todo)


def _finding(code: str, name: str, moved: Moved, seen: str, todo: str) -> Finding:
    return Finding(code, name, moved=moved.alarm, seen=seen, todo=todo if moved.alarm else "")


def _number(moved: Moved) -> str:
    return f"{moved.value:.2f}, mức báo {moved.mark:.2f}".replace(".", ",")


def weekly_line(store: Store, *, now: datetime) -> str:
    """How the model did in the last seven days, from decisions and the audit sample, in one sentence."""
    with store.read() as session:
        week = watch_days.week(session, now - timedelta(days=NOW), now)
        drawn = watch_days.random_reads(session, now - timedelta(days=BEFORE))
    decided = week.confirmed + week.rejected + week.unsure
    if not decided and not week.samples and not drawn:
        return "Tuần qua chưa có quyết định hay mẫu chấm nào để biết mô hình làm việc ra sao."
    said = "Tuần qua chưa có quyết định nào về tin máy đưa ra."
    if decided:
        right = percent(week.confirmed / max(1, week.confirmed + week.rejected))
        said = f"Tuần qua cán bộ xem {decided} tin máy đưa ra: đúng {week.confirmed} ({right}), "
        said += f"không đúng {week.rejected}, chưa rõ {week.unsure}; sửa loại {week.retyped} tin."
    if week.samples:
        said += f" Trong {week.samples} bài lấy mẫu ngoài danh sách, {week.misses} bài lẽ ra phải xem."
    if len(drawn) >= FEWEST_DECISIONS:
        share = sum(flag / chance for flag, chance in drawn) / sum(1 / chance for _, chance in drawn)
        said += (
            f" Theo {len(drawn)} bài đọc ngẫu nhiên của bốn tuần, khoảng {percent(share)} bài ngoài danh sách cần xem."
        )
    return said
