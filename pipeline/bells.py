"""Ring whoever is responsible for a case: a clock runs out or ran out, a new article came to its story.

Safe to run at any time and twice: a matter is told once a person. A text holds the case's number and what is due,
nothing of a child.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True)
class Ring:
    """One matter for some people."""

    case_id: int
    people: tuple[int, ...]
    key: str
    kind: str
    text: str


def queue_bells(store: Store, rules: Rules, *, now: datetime) -> int:
    """Returns how many tellings are new. Nothing is written, and nobody held up, where nothing is."""
    with store.read() as session:
        rings = [ring for ring in _rings(session, rules, now) if ring.people]
        known = bells.told(session, {ring.case_id for ring in rings})
    new = [ring for ring in rings if any((ring.case_id, user, ring.key) not in known for user in ring.people)]
    if not new:
        return 0
    with store.write() as session:
        return sum(
            bells.ring(session, ring.case_id, ring.people, key=ring.key, kind=ring.kind, text=ring.text, now=now)
            for ring in new
        )


def _rings(session: Session, rules: Rules, now: datetime) -> Iterator[Ring]:
    views = cases.open_cases(session)
    people = bells.people_of(session, [case.id for case in views])
    for one in clocks_of(session, views, rules, now=now):
        owners, watchers = people[one.case.id]
        for tick in one.ticking:
            yield from _of_clock(session, one.case, tick, owners, watchers)
        yield from _of_articles(one.case, (*owners, *watchers))


def _of_clock(
    session: Session, case: CaseView, tick: Ticking, owners: Sequence[int], watchers: Sequence[int]
) -> Iterator[Ring]:
    """Before it runs out the owner, after it the watchers too, long after it the next in line."""
    start, code, due = f"{case.code}: {tick.clock.name}", tick.clock.code, clock_words(tick.due)
    if tick.state is State.DUE_SOON:
        text = f"{start} sắp hết hạn, hạn {due}, còn {words.duration(tick.left)}."
        yield Ring(case.id, tuple(owners), f"{code}:sap:{due}", "clock_soon", text)
    if tick.state is not State.OVERDUE:
        return
    text = f"{start} quá hạn từ {due}."
    yield Ring(case.id, (*owners, *watchers), f"{code}:qua:{due}", "clock_over", text)
    if -tick.left >= min(LONG_OVERDUE, timedelta(hours=tick.clock.warn_hours)):
        text = f"{start} quá hạn đã lâu (từ {due}), chưa thấy ghi nhận đã làm."
        yield Ring(case.id, tuple(bells.next_in_line(session, owners)), f"{code}:lau:{due}", "clock_long", text)


def _of_articles(case: CaseView, people: tuple[int, ...]) -> Iterator[Ring]:
    """Articles that came to the case's stories after it was opened; they belong to it by themselves."""
    for story in case.stories:
        for item in story.items:
            if item.first_seen_at > case.opened_at:
                text = f"{case.code}: có bài mới của {item.outlet}, đã tự gắn vào vụ việc."
                yield Ring(case.id, people, f"bai:{item.id}", "article", text)


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
