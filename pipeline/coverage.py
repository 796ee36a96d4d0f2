"""How well the press is covered: what to expect of each outlet, how its lists compare, and what a run missed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, cast

from sqlalchemy.orm import Session

from models.clock import day_of
from models.session import Store
from models.store import coverage, outlets, pages
from models.store.coverage import Link
from models.tables import FeedState
from pipeline import polling, rhythm
from pipeline.health import (
    GRAVITY,
    KIND,
    Diagnosis,
    ListFacts,
    OutletFacts,
    list_diagnosis,
    outlet_diagnosis,
)
from pipeline.keeping import Tally, lists_of
from spiders.jobs import Health, ListKind
from spiders.source import Source

LEARN_DAYS = 28
FEWEST_DAYS = 7
COMPARED = timedelta(days=2)
SETTLED = timedelta(hours=6)
"""An article has so long to appear in the other lists of its outlet before it counts as missed there."""
SPARK_DAYS = 14


@dataclass(frozen=True, slots=True)
class ListView:
    """One list for the page: `interval_s` and `next_due_at` say how closely it is followed."""

    url: str
    kind: str
    diagnosis: Diagnosis
    last_good: datetime | None
    next_due_at: datetime | None
    interval_s: float | None
    overlap: float | None
    error: str | None


@dataclass(frozen=True, slots=True)
class OutletView:
    """One outlet for the page. `days` are counts of the last two weeks, oldest first, without holes; `band` what a
    whole day should bring; `links` how the kinds of list compare on the articles of the last two days."""

    id: str
    title: str
    home: str
    diagnosis: Diagnosis
    last_good: datetime | None
    last_article_at: datetime | None
    days: tuple[int, ...]
    band: tuple[int, int] | None
    lists: tuple[ListView, ...]
    links: tuple[Link, ...]
    pages_failed: int


def expected_per_day(counts: Sequence[int], *, stated: tuple[int, int] | None = None) -> tuple[int, int] | None:
    """Low and high of a usual day: as stated, else learned from the counts of whole days (a week at least).

    The band reaches from half the leanest tenth of the days to twice the fullest, so that a Sunday is no alarm.
    """
    if stated is not None:
        return stated
    if len(counts) < FEWEST_DAYS:
        return None
    ordered = sorted(counts)
    low = ordered[len(ordered) // 10]
    high = ordered[-1 - len(ordered) // 10]
    return low // 2, 2 * high + 1


def whole_days(found: Sequence[tuple[date, int]], today: date) -> list[int]:
    """Counts of each day from the first with any to yesterday, days without articles as nought."""
    if not found:
        return []
    counts = dict(found)
    first = min(counts)
    return [counts.get(first + timedelta(days=n), 0) for n in range((today - first).days)]


def list_facts(url: str, kind: Any, state: FeedState | None, now: datetime) -> ListFacts:
    if state is None:
        return ListFacts(url, kind)
    memory = rhythm.from_json(state.memory, failures=state.failures, polled_at=state.polled_at, good_at=state.good_at)
    expected = rhythm.expected_between(memory, state.moved_at, now) if state.moved_at else 0.0
    return ListFacts(
        url=url,
        kind=kind,
        health=cast("Health", state.health),
        status=state.status,
        error=state.error,
        failures=state.failures,
        polled_at=state.polled_at,
        good_at=state.good_at,
        moved_at=state.moved_at,
        newest_at=state.newest_at,
        gap_at=state.gap_at,
        next_due_at=state.next_due_at,
        expected=expected,
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    states: Mapping[str, FeedState]
    days: Mapping[str, Sequence[tuple[date, int]]]
    last: Mapping[str, datetime]
    links: Mapping[str, tuple[Link, ...]]
    readings: Mapping[str, Sequence[coverage.Reading]]
    failed: Mapping[str, int]


def _look(session: Session, now: datetime) -> _Seen:
    """Six statements, however many outlets there are."""
    return _Seen(
        states={state.url: state for state in outlets.feed_states(session)},
        days=coverage.by_day(session, since=day_of(now) - timedelta(days=LEARN_DAYS)),
        last=coverage.last_seen(session),
        links=coverage.links(session, since=now - COMPARED - SETTLED, until=now - SETTLED),
        readings=coverage.readings(session, since=now - timedelta(days=SPARK_DAYS)),
        failed=coverage.page_failures(session),
    )


def outlet_views(session: Session, sources: Mapping[str, Source], *, now: datetime) -> list[OutletView]:
    """Every outlet of the catalogue, the gravest trouble first."""
    seen = _look(session, now)
    views = [_view(source, seen, now) for source in sources.values()]
    return sorted(views, key=lambda view: (GRAVITY.index(view.diagnosis.code), view.title.casefold()))


def _view(source: Source, seen: _Seen, now: datetime) -> OutletView:
    today = day_of(now)
    days = seen.days.get(source.id, ())
    band = expected_per_day(whole_days(days, today), stated=source.per_day)
    facts = OutletFacts(
        lists=[list_facts(url, kind, seen.states.get(url), now) for kind, url in lists_of(source)],
        now=now,
        last_article_at=seen.last.get(source.id),
        days=days,
        band=band,
        has_rule=bool(source.article.body),
        readings=seen.readings.get(source.id, ()),
    )
    counts = dict(days)
    return OutletView(
        id=source.id,
        title=source.title,
        home=source.home,
        diagnosis=outlet_diagnosis(facts),
        last_good=max((item.good_at for item in facts.lists if item.good_at), default=None),
        last_article_at=facts.last_article_at,
        days=tuple(counts.get(today - timedelta(days=n), 0) for n in reversed(range(SPARK_DAYS))),
        band=band,
        lists=tuple(_list_view(item, seen.states.get(item.url), facts) for item in facts.lists),
        links=seen.links.get(source.id, ()),
        pages_failed=seen.failed.get(source.id, 0),
    )


def _list_view(item: ListFacts, state: FeedState | None, facts: OutletFacts) -> ListView:
    return ListView(
        url=item.url,
        kind=item.kind,
        diagnosis=list_diagnosis(item, facts.now, outlet_moved_at=facts.last_article_at),
        last_good=item.good_at,
        next_due_at=item.next_due_at,
        interval_s=state.interval_s if state else None,
        overlap=state.overlap if state else None,
        error=item.error,
    )


@dataclass(frozen=True, slots=True)
class Trouble:
    """An outlet that is not well, in the words of the page."""

    outlet: str
    title: str
    code: str
    words: str
    todo: str


@dataclass(frozen=True, slots=True)
class RunCoverage:
    """What a run covered. `entries`: entries by kind of list; `missed`: articles of the last two days that one kind of
    list of their outlet showed and another, which shows articles too, did not."""

    outlets: int
    not_covered: tuple[Trouble, ...]
    troubles: tuple[Trouble, ...]
    gaps: tuple[str, ...]
    entries: Mapping[str, int]
    first: Mapping[ListKind, int]
    missed: Mapping[ListKind, int]
    backlog: int

    def as_counters(self) -> dict[str, Any]:
        return asdict(self)


def run_coverage(store: Store, sources: Mapping[str, Source], tally: Tally, *, now: datetime) -> RunCoverage:
    with store.read() as session:
        views = outlet_views(session, sources, now=now)
        backlog = pages.backlog(session)
    gone = tally.asked - tally.good
    troubles = {
        view.id: Trouble(view.id, view.title, view.diagnosis.code, view.diagnosis.words, view.diagnosis.todo)
        for view in views
    }
    shown = [link for view in views if len(view.links) > 1 for link in view.links]
    kinds = [kind for kind in polling.CHAIN if any(link.kind == kind for link in shown)]
    return RunCoverage(
        outlets=len(tally.asked),
        not_covered=tuple(trouble for name, trouble in troubles.items() if name in gone),
        troubles=tuple(troubles[view.id] for view in views if not view.diagnosis.well and view.id not in gone),
        gaps=tuple(sorted(tally.gaps)),
        entries={kind: tally.counts[f"entries_{kind}"] for kind in polling.CHAIN},
        first={kind: sum(link.first for link in shown if link.kind == kind) for kind in kinds},
        missed={kind: sum(link.missed for link in shown if link.kind == kind) for kind in kinds},
        backlog=backlog,
    )


def coverage_lines(found: RunCoverage) -> list[str]:
    """The coverage of a run in words, for the command line and the journal."""
    lines = [f"  {trouble.title}: {trouble.words}" for trouble in found.not_covered]
    if lines:
        lines.insert(0, f"Báo chưa đọc được trong lượt này ({len(lines)}):")
    if found.troubles:
        lines.append(f"Báo đọc được nhưng có điều cần xem ({len(found.troubles)}):")
        lines += [f"  {trouble.title}: {trouble.words}" for trouble in found.troubles]
    if found.gaps:
        lines.append(f"Có thể đã sót tin (đã đọc bù từ danh sách khác): {', '.join(found.gaps)}.")
    if any(found.missed.values()):
        parts = [f"{KIND[kind]} thiếu {count}" for kind, count in found.missed.items() if count]
        lines.append(f"Đối chiếu danh sách, hai ngày qua: {', '.join(parts)} bài mà danh sách khác có.")
    if found.backlog:
        lines.append(f"Còn {found.backlog} trang chờ đọc.")
    return lines
