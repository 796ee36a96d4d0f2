"""The papers as the page shows them: every outlet that is declared or stored, its state in words, its last days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session
from starlette.datastructures import State

from models.store import outlets
from models.words import number
from pipeline.coverage import ListView, OutletView, outlet_views
from pipeline.health import GRAVITY
from spiders.source import Source, SourceError, load_catalogue

STATE = {
    "dead": "Không trả lời",
    "blocked": "Chặn máy đọc",
    "layout": "Đổi giao diện",
    "broken": "Dữ liệu hỏng",
    "empty": "Không có tin",
    "silent": "Im lặng",
    "stale": "Đứng yên",
    "failing": "Đang lỗi",
    "thin": "Ít bài khác thường",
    "gap": "Có thể sót tin",
    "fine": "Đọc tốt",
    "unread": "Chưa đọc lần nào",
}
ORDER = (*(code for code in GRAVITY if code != "unread"), "unread")
"""What needs a look comes first; what was never read needs none before it is."""
LASTING = frozenset({"dead", "blocked", "layout", "broken", "failing"})
"""Troubles that last since the list was last read well."""
STANDING = frozenset({"silent", "stale", "empty"})
"""Troubles that last since the outlet last showed something new."""
HEIGHT, BAR, STEP = 24, 5, 6


@dataclass(frozen=True, slots=True)
class Spark:
    """Articles of each day as bars: `bars` and `today` are outlines for SVG, `low` the height of the line at what a
    day should bring at least (None: unknown, none, or above the chart), `words` the same in words."""

    bars: str
    today: str
    low: int | None
    words: str


@dataclass(frozen=True, slots=True)
class PaperRow:
    """`since`: how long the outlet has been in its state, where that can be told. `declared`: it is still read."""

    view: OutletView
    declared: bool
    since: datetime | None
    spark: Spark

    @property
    def code(self) -> str:
        return self.view.diagnosis.code

    @property
    def yesterday(self) -> int:
        return self.view.days[-2]

    def by_day(self, today: date) -> list[tuple[date, int]]:
        """The newest day first."""
        return [(today - timedelta(days=n), count) for n, count in enumerate(reversed(self.view.days))]


def catalogue(state: State, folder: Path | None) -> tuple[Mapping[str, Source], str]:
    """The declared outlets, read once for the application; of a folder of the team's own that cannot be read, what is
    wrong with it, with the outlets that ship alone."""
    known: Mapping[str, Source] | None = getattr(state, "sources", None)
    if known is not None:
        return known, ""
    try:
        state.sources = load_catalogue(folder)
    except SourceError as error:
        return load_catalogue(), str(error)
    return state.sources, ""


def load_papers(session: Session, declared: Mapping[str, Source], now: datetime) -> list[PaperRow]:
    """Eight statements, however many outlets there are."""
    every = {**declared, **_undeclared(session, declared)}
    rows = [to_row(view, view.id in declared) for view in outlet_views(session, every, now=now)]
    return sorted(rows, key=lambda row: ORDER.index(row.code))


def _undeclared(session: Session, declared: Mapping[str, Source]) -> dict[str, Source]:
    """Outlets that were read and are declared no more, such as the sample press, with the lists that were read."""
    lists: dict[str, dict[str, list[str]]] = {}
    for state in outlets.feed_states(session):
        lists.setdefault(state.outlet_id, {}).setdefault(state.kind, []).append(state.url)
    return {
        id_: Source(
            id=id_,
            title=title,
            home="",
            level="unknown",
            feeds=tuple(lists.get(id_, {}).get("feed", ())),
            sitemaps=tuple(lists.get(id_, {}).get("sitemap", ())),
            sections=tuple(lists.get(id_, {}).get("listing", ())),
        )
        for id_, title in outlets.titles(session).items()
        if id_ not in declared
    }


def to_row(view: OutletView, declared: bool) -> PaperRow:
    return PaperRow(view, declared, _since(view), spark(view.days, view.band))


def _since(view: OutletView) -> datetime | None:
    code = view.diagnosis.code
    if code in STANDING:
        return view.last_article_at
    named = [item for item in view.lists if item.diagnosis == view.diagnosis]
    return named[0].last_good if named and code in LASTING else None


def spark(days: Sequence[int], band: tuple[int, int] | None) -> Spark:
    """`days` oldest first, the unfinished one of today last."""
    most = max(*days, 1)
    bars = [_bar(n, count, most) for n, count in enumerate(days)]
    low = 0 if band is None else band[0]
    *whole, last = (number(count) for count in days)
    return Spark(
        bars="".join(bars[:-1]),
        today=bars[-1],
        low=HEIGHT - low * HEIGHT // most if 0 < low <= most else None,
        words=f"{len(days)} ngày, cũ nhất trước: {', '.join(whole)}; hôm nay {last}",
    )


def _bar(place: int, count: int, most: int) -> str:
    """Any article at all shows, be it by a single pixel."""
    height = -(-count * HEIGHT // most)
    return f"M{place * STEP} {HEIGHT}v-{height}h{BAR}v{height}z" if height else ""


def counted(rows: Sequence[PaperRow]) -> list[tuple[str, int]]:
    """How many papers are in each state, in the order of the page; states that none is in are left out."""
    codes = [row.code for row in rows]
    return [(code, codes.count(code)) for code in ORDER if code in codes]


def rhythm(item: ListView) -> str:
    """How often a list is read: "12 phút một lần"."""
    if item.interval_s is None:
        return ""
    minutes = max(round(item.interval_s / 60), 1)
    hours, rest = divmod(minutes, 60)
    length = f"{minutes} phút" if not hours else f"{hours} giờ {rest:02d}" if rest else f"{hours} giờ"
    return f"{length} một lần"
