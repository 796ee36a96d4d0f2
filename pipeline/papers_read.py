"""Which papers were read on a day, and which were not: the proof behind a digest without news."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from models.clock import VIET_NAM, day_of
from models.store import reports
from models.store.reports import Pass
from pipeline.catching_up import day_note

_HEALTH = {
    "broken": "nguồn cấp tin hỏng",
    "blocked": "bị chặn",
    "gone": "địa chỉ không còn",
    "failed": "không kết nối được",
    "refused": "không được phép đọc",
}


@dataclass(frozen=True, slots=True)
class PapersRead:
    """`read` is (paper, articles first seen that day), `failed` is (paper, why); times are as printed.

    `note` says what is known of a day that was not read whole, or of earlier days whose articles stand here too.
    """

    passes: int
    cut_off: int
    first: str
    last: str
    read: tuple[tuple[str, int], ...]
    failed: tuple[tuple[str, str], ...]
    entries: int
    pages: int
    articles: int
    note: str = ""

    @property
    def papers(self) -> int:
        return len(self.read) + len(self.failed)


def papers_read(session: Session, day: date) -> PapersRead:
    """From the day's finished passes. A paper was read if any wide pass read it."""
    passes = reports.passes(session, day, day)
    done = [found for found in passes if found.finished_at is not None]
    failed = _failed_in_all(done)
    titles, counts = reports.outlets(session), reports.articles_by_outlet(session, day, day)
    polls = reports.list_states(session)
    why = {outlet: _HEALTH[health] for outlet, health, _, at in polls if health in _HEALTH and day_of(at) == day}
    polled = {outlet for outlet, health, _, at in polls if health not in _HEALTH and day_of(at) >= day}
    read = {outlet for outlet in titles if outlet not in failed and (outlet in polled or counts.get(outlet))}
    times = [_time(moment) for found in done for moment in (found.started_at, found.finished_at) if moment]
    return PapersRead(
        passes=len(done),
        cut_off=len(passes) - len(done),
        first=min(times, default=""),
        last=max(times, default=""),
        read=tuple(sorted((titles[outlet], counts.get(outlet, 0)) for outlet in read)) if done else (),
        failed=tuple(sorted((titles.get(outlet, outlet), why.get(outlet, "không rõ lý do")) for outlet in failed)),
        entries=sum(_count(found, "entries_seen") for found in done),
        pages=sum(_count(found, "articles_read") for found in done),
        articles=sum(counts.values()),
        note=day_note(session, day),
    )


def _failed_in_all(done: list[Pass]) -> set[str]:
    """Papers that no wide pass could read; passes over a few papers only are left aside."""
    asked = [_count(found, "outlets_ok") + _count(found, "outlets_failed") for found in done]
    wide_from = max(asked, default=0) / 2
    wide = [set(f.counters.get("failed", [])) for f, count in zip(done, asked, strict=True) if count >= wide_from]
    return set.intersection(*wide) if wide else set()


def _time(moment: datetime) -> str:
    return f"{moment.astimezone(VIET_NAM):%H:%M}"


def _count(found: Pass, name: str) -> int:
    value = found.counters.get(name, 0)
    return value if isinstance(value, int) else 0
