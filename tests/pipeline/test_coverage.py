from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event

from models.clock import day_of
from models.records import FeedEntry
from models.session import Store
from models.store import outlets, pages, runs
from pipeline.coverage import (
    coverage_lines,
    expected_per_day,
    outlet_views,
    run_coverage,
    whole_days,
)
from pipeline.keeping import Keeper, Tally, lists_of
from pipeline.polling import Policy
from spiders.jobs import Health, ListJob, ListKind, ListOutcome
from spiders.source import Source

AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
TODAY = day_of(AT)
HOUR = timedelta(hours=1)
HOME = "https://bao-mau.example/"
SOURCE = Source(
    id="bao_mau",
    title="Báo Mẫu",
    home=HOME,
    level="province",
    hosts=("bao-mau.example",),
    feeds=(HOME + "rss",),
    sitemaps=(HOME + "sitemap-news.xml",),
    sections=(HOME + "thoi-su/",),
)
SOURCES = {"bao_mau": SOURCE}
URLS: dict[ListKind, str] = {kind: url for kind, url in lists_of(SOURCE)}  # noqa: C416 -- the type is narrower


@pytest.fixture
def keeper(store: Store) -> Keeper:
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home=HOME, province=None)
        run_id = runs.start(session, day=TODAY, at=AT)
    return Keeper(store, SOURCES, run_id, day_of, Policy())


def entries(numbers: Sequence[int], at: datetime) -> tuple[FeedEntry, ...]:
    return tuple(
        FeedEntry(url=f"{HOME}tin-tuc-trong-ngay-so-{100_000 + n}.html", title=f"Tin {n}", published=at)
        for n in numbers
    )


def answer(
    keeper: Keeper,
    tally: Tally,
    at: datetime,
    shown: Sequence[int] = (),
    *,
    kind: ListKind = "feed",
    health: Health = "ok",
    status: int | None = 200,
) -> None:
    job = ListJob("bao_mau", URLS[kind], kind)
    keeper.keep_list(ListOutcome(job, health, at, entries(shown, at - HOUR / 2), status=status), tally)


def due(keeper: Keeper, kind: ListKind) -> datetime | None:
    with keeper.store.read() as session:
        return outlets.due_times(session)[URLS[kind]].due_at


@pytest.mark.parametrize(
    ("counts", "band"),
    [
        ([], None),
        ([5] * 6, None),
        ([10] * 7, (5, 21)),
        ([100, 90, 110, 95, 105, 40, 30], (15, 221)),
        ([0, 0, 1, 0, 0, 2, 0], (0, 5)),
    ],
)
def test_what_to_expect_is_learned_from_a_week_of_whole_days(counts: list[int], band: tuple[int, int] | None) -> None:
    assert expected_per_day(counts) == band
    assert expected_per_day(counts, stated=(3, 9)) == (3, 9)


def test_one_freak_day_in_a_month_moves_the_band_little() -> None:
    assert expected_per_day([50] * 26 + [0, 900]) == expected_per_day([50] * 28)


def test_days_without_articles_count_as_nought_and_today_does_not_count() -> None:
    found = [(date(2026, 11, 17), 4), (date(2026, 11, 20), 2), (date(2026, 11, 21), 1)]
    assert whole_days(found, date(2026, 11, 21)) == [4, 0, 0, 2]
    assert whole_days([], date(2026, 11, 21)) == []


def test_a_feed_that_turned_over_calls_the_sitemap_and_only_the_sitemap(keeper: Keeper) -> None:
    tally = Tally()
    for kind in ("sitemap", "listing"):
        answer(keeper, tally, AT - HOUR, range(3), kind=kind)
    answer(keeper, tally, AT, range(10))
    assert not tally.gaps
    answer(keeper, tally, AT + HOUR, range(50, 60))
    assert tally.gaps == {"bao_mau"}
    assert due(keeper, "sitemap") == AT + HOUR
    listing = due(keeper, "listing")
    assert listing is not None
    assert listing > AT + HOUR


def test_a_sitemap_that_fails_calls_the_section_pages(keeper: Keeper) -> None:
    tally = Tally()
    answer(keeper, tally, AT - HOUR, range(3), kind="listing")
    answer(keeper, tally, AT, kind="sitemap", health="gone", status=404)
    assert due(keeper, "listing") == AT


def test_a_link_that_does_not_lead_is_read_slowly_until_the_one_before_it_keeps_failing(keeper: Keeper) -> None:
    tally = Tally()
    answer(keeper, tally, AT, range(40), kind="sitemap")
    checking = due(keeper, "sitemap")
    assert checking is not None
    assert checking - AT > 1.8 * HOUR
    for n in range(3):
        answer(keeper, tally, AT + n * HOUR, health="failed", status=503)
    answer(keeper, tally, AT + 3 * HOUR, range(10, 60), kind="sitemap")
    leading = due(keeper, "sitemap")
    assert leading is not None
    assert leading - (AT + 3 * HOUR) < HOUR


def test_the_same_answer_twice_keeps_everything_once(keeper: Keeper) -> None:
    tally = Tally()
    for n in range(2):
        answer(keeper, tally, AT + n * HOUR, range(10))
    assert (tally.counts["entries_seen"], tally.counts["articles_new"]) == (20, 10)


def test_the_page_of_outlets_shows_status_sparkline_and_how_the_lists_compare(keeper: Keeper) -> None:
    tally = Tally(asked={"bao_mau"})
    answer(keeper, tally, AT, range(10))
    answer(keeper, tally, AT, range(12), kind="sitemap")
    answer(keeper, tally, AT, health="blocked", kind="listing", status=403)
    with keeper.store.read() as session:
        (view,) = outlet_views(session, SOURCES, now=AT + 7 * HOUR)
    assert (view.diagnosis.code, view.days[-1], len(view.days), view.last_good) == ("fine", 12, 14, AT)
    assert [(item.kind, item.diagnosis.code) for item in view.lists] == [
        ("feed", "fine"),
        ("sitemap", "fine"),
        ("listing", "blocked"),
    ]
    assert {link.kind: (link.seen, link.missed) for link in view.links} == {"feed": (10, 2), "sitemap": (12, 0)}


def test_a_runs_coverage_names_outlets_not_covered_with_the_reason(keeper: Keeper) -> None:
    tally = Tally(asked={"bao_mau"})
    answer(keeper, tally, AT, health="blocked", status=403)
    found = run_coverage(keeper.store, SOURCES, tally, now=AT)
    assert [(trouble.outlet, trouble.code) for trouble in found.not_covered] == [("bao_mau", "blocked")]
    assert "HTTP 403" in "\n".join(coverage_lines(found))


def test_a_runs_coverage_counts_entries_by_link_gaps_and_the_backlog(keeper: Keeper) -> None:
    tally = Tally(asked={"bao_mau"})
    answer(keeper, tally, AT, range(10))
    answer(keeper, tally, AT + HOUR, range(50, 60))
    answer(keeper, tally, AT + HOUR, range(30, 60), kind="sitemap")
    found = run_coverage(keeper.store, SOURCES, tally, now=AT + 9 * HOUR)
    assert found.entries == {"feed": 20, "sitemap": 30, "listing": 0}
    assert (found.gaps, found.backlog, found.not_covered) == (("bao_mau",), 40, ())
    assert found.missed == {"feed": 20, "sitemap": 10}
    assert found.as_counters()["missed"] == found.missed
    lines = "\n".join(coverage_lines(found))
    assert "Có thể đã sót tin" in lines
    assert "Nguồn tin RSS thiếu 20" in lines
    assert "Còn 40 trang chờ đọc." in lines


def test_a_healthy_run_has_nothing_to_say(keeper: Keeper) -> None:
    tally = Tally(asked={"bao_mau"})
    answer(keeper, tally, AT, range(10))
    with keeper.store.write() as session:
        for page in pages.pages_due(session, now=AT):
            pages.page_failed(session, page.id, gone=False, error="HTTP 500", at=AT)
    assert coverage_lines(run_coverage(keeper.store, SOURCES, tally, now=AT)) == []


def test_the_page_of_outlets_takes_six_statements_however_many_outlets_there_are(keeper: Keeper) -> None:
    many = {f"bao_{n}": replace(SOURCE, id=f"bao_{n}") for n in range(50)}
    statements: list[str] = []
    event.listen(keeper.store.engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with keeper.store.read() as session:
        assert len(outlet_views(session, many, now=AT)) == 50
    assert sum(one.startswith("SELECT") for one in statements) == 6


def test_of_a_sitemap_that_names_everything_only_the_news_is_taken(keeper: Keeper) -> None:
    dated = [replace(one, published=AT - n * HOUR) for n, one in enumerate(entries(range(200), AT))]
    undated = [replace(one, published=None) for one in entries(range(1000, 2000), AT)]
    tally = Tally()
    job = ListJob("bao_mau", URLS["sitemap"], "sitemap")
    keeper.keep_list(ListOutcome(job, "ok", AT, (*dated, *undated)), tally)
    assert (tally.counts["articles_new"], tally.counts["entries_old"]) == (73 + 200, 127 + 800)
