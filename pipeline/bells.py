"""Ring whoever is responsible for a case: a clock runs out or ran out, a new article came to its story.

Safe to run at any time and twice: a matter is told once a person. A text holds the case's number and what is due,
nothing of a child.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from sqlalchemy.orm import Session

from models import words
from models.session import Store
from models.store import bells, cases
from models.store.cases import CaseView
from pipeline.case_standing import Rules, Ticking, clocks_of, read_rules
from pipeline.config import Settings
from pipeline.deadlines import State
from pipeline.neutral import clock_words

logger = logging.getLogger(__name__)
AT_ONCE = 50
LONG_OVERDUE = timedelta(hours=24)
"""A clock that ran out so long ago, or as long ago as its own warning, is told to the next in line."""


class Sender(Protocol):
    """Sends one message; False or an exception means that the channel did not take it."""

    def __call__(self, channel: str, title: str, body: str) -> bool: ...


def queue_bells(store: Store, rules: Rules, *, now: datetime) -> int:
    """Returns how many tellings are new."""
    with store.write() as session:
        views = cases.open_cases(session)
        people = bells.people_of(session, [case.id for case in views])
        count = 0
        for one in clocks_of(session, views, rules, now=now):
            owners, watchers = people[one.case.id]
            for tick in one.ticking:
                count += _ring_clock(session, one.case, tick, owners, watchers, now=now)
            count += _ring_articles(session, one.case, [*owners, *watchers], now=now)
        return count


def _ring_clock(
    session: Session, case: CaseView, tick: Ticking, owners: Sequence[int], watchers: Sequence[int], *, now: datetime
) -> int:
    """Before it runs out the owner, after it the watchers too, long after it the next in line."""
    if tick.state not in (State.DUE_SOON, State.OVERDUE):
        return 0
    start = f"{case.code}: {tick.clock.name}"
    due = clock_words(tick.due)
    if tick.state is State.DUE_SOON:
        text = f"{start} sắp hết hạn, hạn {due}, còn {words.duration(tick.left)}."
        key = f"{tick.clock.code}:sap:{due}"
        return bells.ring(session, case.id, owners, key=key, kind="clock_soon", text=text, now=now)
    text = f"{start} quá hạn từ {due}."
    key, told = f"{tick.clock.code}:qua:{due}", [*owners, *watchers]
    count = bells.ring(session, case.id, told, key=key, kind="clock_over", text=text, now=now)
    if -tick.left >= min(LONG_OVERDUE, timedelta(hours=tick.clock.warn_hours)):
        upper = bells.next_in_line(session, owners)
        text = f"{start} quá hạn đã {words.duration(-tick.left)}, chưa thấy ghi nhận đã làm."
        key = f"{tick.clock.code}:lau:{due}"
        count += bells.ring(session, case.id, upper, key=key, kind="clock_long", text=text, now=now)
    return count


def _ring_articles(session: Session, case: CaseView, people: Sequence[int], *, now: datetime) -> int:
    """Articles that came to the case's stories after it was opened; they belong to it by themselves."""
    count = 0
    for story in case.stories:
        for item in story.items:
            if item.first_seen_at > case.opened_at:
                text = f"{case.code}: có bài mới của {item.outlet}, đã tự gắn vào vụ việc."
                count += bells.ring(session, case.id, people, key=f"bai:{item.id}", kind="article", text=text, now=now)
    return count


def send_bells(store: Store, sender: Sender, public_url: str, *, now: Callable[[], datetime]) -> tuple[int, int]:
    """Send what is due over every channel of its person; one that takes it is enough. Returns (sent, failed)."""
    with store.read() as session:
        waiting = bells.due(session, now=now(), limit=AT_ONCE)
    taken = 0
    for bell in waiting:
        body = f"{bell.text}\n\nXem: {public_url.rstrip('/')}/vu-viec/{bell.case_id}"
        errors = [_try(sender, channel, f"[Điểm báo] Vụ việc {bell.code}", body) for channel in bell.channels]
        with store.write() as session:
            if any(error is None for error in errors):
                bells.sent(session, bell.id, at=now())
                taken += 1
            else:
                error = next((error for error in errors if error), "người nhận không còn kênh nào")
                bells.failed(session, bell.id, error=error, at=now())
                logger.warning("bell not taken", extra={"bell": bell.id})
    return taken, len(waiting) - taken


def _try(sender: Sender, channel: str, title: str, body: str) -> str | None:
    try:
        return None if sender(channel, title, body) else "kênh từ chối hoặc không nối được"
    except Exception as error:  # noqa: BLE001 - a channel fails in many ways, and none may stop the others
        return type(error).__name__


def run_bells(store: Store, settings: Settings, *, now: Callable[[], datetime], sender: Sender) -> tuple[int, int]:
    """Queue what is new and send what is due, by the deployment's rules."""
    queue_bells(store, read_rules(settings.data_dir), now=now())
    return send_bells(store, sender, settings.public_url, now=now)
