"""After days without power or network: read what the papers still show, and say of each day how much that was.

Articles that are found late stand on the list of the day on which they are found, for that is when somebody can act
on them; the day that they were missing from says so.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy.orm import Session

from models.clock import VIET_NAM, day_of
from models.session import Store
from models.store import clock_jumps, outlets, scan_days
from models.store.scan_days import ListSeen, Mark, Spread, State

SILENCE = timedelta(hours=26)
"""So long without any answer of a list is a gap; a team that scans once a day has none."""
REACH = 14
"""Days that are looked at again, for papers that were read late."""
WORKED = timedelta(days=7)
NAMED = 12
Held = Literal["whole", "some", "none"]


def gap_since(session: Session, now: datetime) -> date | None:
    """The day from which on the press was not read; None where there is no gap."""
    last = scan_days.last_sign(session)
    return None if last is None or now - last <= SILENCE else day_of(last)


def bring_back_clock(store: Store, now: datetime) -> None:
    """What was dated while the machine's clock ran ahead is brought back to now, so that nothing waits for that day."""
    with store.write() as session:
        clock_jumps.bring_back(session, now)


def mark_days(store: Store, *, now: datetime) -> list[Mark]:
    """Mark the days that are over, again those that were not complete; returns the marks that are new."""
    today = day_of(now)
    with store.read() as session:
        begun = scan_days.first_day(session)
        if begun is None:
            return []
        first = max(begun, today - timedelta(days=REACH))
        known = {row.day: row for row in scan_days.between(session, first, today)}
        seen, titles = scan_days.lists(session), outlets.titles(session)
        wanted = [first + timedelta(days=n) for n in range((today - first).days)]
        open_days = [day for day in wanted if day not in known or known[day].state != "complete"]
        marks = [_mark(session, day, seen, titles, now) for day in open_days]
    with store.write() as session:
        return [mark for mark in marks if scan_days.keep(session, mark, at=now)]


def _bounds(day: date) -> tuple[datetime, datetime]:
    start = datetime.combine(day, time(), VIET_NAM)
    return start, start + timedelta(days=1)


def _mark(session: Session, day: date, seen: Iterable[ListSeen], titles: Mapping[str, str], now: datetime) -> Mark:
    start, end = _bounds(day)
    printed = scan_days.spread(session, before=start - timedelta(days=1), start=start, end=end)
    held = {
        outlet: _held(lists, start, end, printed.get(outlet, Spread()))
        for outlet, lists in _by_outlet(seen).items()
        if _worked(lists, start)
    }
    whole = [outlet for outlet, how in held.items() if how == "whole"]
    missing = sorted(titles.get(outlet, outlet) for outlet in held.keys() - set(whole))
    passes = scan_days.passes_ended(session, day)
    state: State = "complete"
    if missing:
        state = "partial" if whole or "some" in held.values() else "lost"
    late = not passes and state != "lost"
    return Mark(
        day=day,
        state=state,
        why=_why(state, len(whole), missing, late=late),
        outlets=len(held),
        outlets_read=len(whole),
        articles=scan_days.listed(session, day),
        caught_up_at=now if late else None,
    )


def _by_outlet(seen: Iterable[ListSeen]) -> dict[str, list[ListSeen]]:
    found: dict[str, list[ListSeen]] = {}
    for one in seen:
        found.setdefault(one.outlet, []).append(one)
    return found


def _worked(lists: list[ListSeen], start: datetime) -> bool:
    """Papers that could not be read for long before that day either are told of as such, not with every day."""
    return any(one.good_at is not None and one.good_at >= start - WORKED for one in lists)


def _held(lists: list[ListSeen], start: datetime, end: datetime, printed: Spread) -> Held:
    """Whole: all lists of one kind were read after the day ended and hang together with what was read before it; or
    what was found late reaches back behind the day. Some: articles of that day are known."""
    kinds = {one.kind for one in lists}
    for kind in kinds:
        ours = [one for one in lists if one.kind == kind]
        if all(one.good_at is not None and one.good_at >= end for one in ours):
            if not any(one.gap_at is not None and one.gap_at >= start for one in ours):
                return "whole"
            if printed.late_earlier and printed.late:
                return "whole"
    return "some" if printed.within else "none"


def _why(state: State, whole: int, missing: list[str], *, late: bool) -> str:
    if state == "lost":
        return "không có lượt quét nào chạy xong trong ngày và các báo không còn hiện tin của ngày này"
    words = "không có lượt quét nào chạy xong trong ngày; đã đọc bù sau đó" if late else ""
    if state == "complete":
        return words
    named = ", ".join(missing[:NAMED]) + (f" và {len(missing) - NAMED} báo khác" if len(missing) > NAMED else "")
    lack = f"đọc đủ {whole}/{whole + len(missing)} báo, chưa chắc đủ: {named}"
    return f"{words}; {lack}" if words else lack


STATE = {"complete": "đủ", "partial": "một phần", "lost": "mất"}


def day_note(session: Session, day: date) -> str:
    """What a digest has to say of this: the day's own state unless all is well, and days read late on that day."""
    sentences = []
    own = next(iter(scan_days.between(session, day, day)), None)
    if own is not None and own.why:
        sentences.append(f"Ngày này thu tin {STATE[own.state]}: {own.why}.")
    found = scan_days.caught_up(session, *_bounds(day))
    late = ", ".join(f"{row.day:%d/%m} ({STATE[row.state]})" for row in found if row.day != day)
    if late:
        sentences.append(f"Danh sách này có cả tin đọc bù của các ngày {late}.")
    return " ".join(sentences)
