from datetime import UTC, date, datetime, timedelta

import pytest

from models.records import Article as ReadArticle
from models.records import FeedEntry
from models.session import Store
from models.store import articles, coverage, outlets, pages, runs
from models.store.coverage import Link, Reading
from models.store.outlets import Schedule

DAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 0, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
FEED = "https://bao-mau.example/rss"
SECTION = "https://bao-mau.example/thoi-su"


@pytest.fixture
def run_id(store: Store) -> int:
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home="https://bao-mau.example", province=None)
        return runs.start(session, day=DAY, at=AT)


def see(store: Store, run_id: int, number: int, kind: str, at: datetime = AT, *, day: date = DAY) -> None:
    entry = FeedEntry(url=f"https://bao-mau.example/{number}", title=f"Tin {number}")
    with store.write() as session:
        articles.see_entry(
            session, entry, identity=f"bao/{number}", outlet="bao_mau", run_id=run_id, day=day, at=at, kind=kind
        )


def poll(store: Store, url: str, health: str, at: datetime, schedule: Schedule) -> None:
    kind = "feed" if url == FEED else "listing"
    with store.write() as session:
        outlets.record_poll(
            session, url=url, outlet="bao_mau", kind=kind, health=health, at=at, entries=3, schedule=schedule
        )


def test_each_link_says_what_it_showed_first_and_what_it_missed(store: Store, run_id: int) -> None:
    see(store, run_id, 1, "feed")
    see(store, run_id, 1, "sitemap", AT + HOUR)
    see(store, run_id, 2, "sitemap", AT + HOUR)
    see(store, run_id, 2, "feed", AT + 2 * HOUR)
    see(store, run_id, 2, "feed", AT + 3 * HOUR)
    see(store, run_id, 3, "sitemap", AT + HOUR)
    with store.read() as session:
        found = coverage.links(session, since=AT, until=AT + 9 * HOUR)
    assert found == {"bao_mau": (Link("feed", 2, 1, 1), Link("sitemap", 3, 2, 0))}


def test_articles_that_may_still_appear_elsewhere_are_not_compared_yet(store: Store, run_id: int) -> None:
    see(store, run_id, 1, "feed", AT + 5 * HOUR)
    with store.read() as session:
        assert coverage.links(session, since=AT, until=AT + HOUR) == {}


def test_articles_are_counted_by_day_of_first_sight(store: Store, run_id: int) -> None:
    yesterday = DAY - timedelta(days=1)
    for number, day in enumerate((yesterday, DAY, DAY)):
        see(store, run_id, number, "feed", day=day)
    see(store, run_id, 1, "listing")
    with store.read() as session:
        assert coverage.by_day(session, since=yesterday) == {"bao_mau": [(yesterday, 1), (DAY, 2)]}
        assert coverage.by_day(session, since=DAY) == {"bao_mau": [(DAY, 2)]}
        assert coverage.last_seen(session) == {"bao_mau": AT}


def test_pages_are_counted_by_how_their_body_was_found(store: Store, run_id: int) -> None:
    for number, how in enumerate(("rule:div.body", "rule:div.body", "trafilatura")):
        see(store, run_id, number, "feed")
        read = ReadArticle(url="x", title=f"Tin {number}", body=f"Nội dung {number}", provenance={"body": how})
        with store.write() as session:
            at = AT + number * HOUR
            pages.record_page(session, number + 1, read, identities=[f"bao/{number}"], run_id=run_id, at=at)
    with store.read() as session:
        assert coverage.readings(session, since=AT) == {"bao_mau": [Reading(date(2026, 11, 21), 2, 1)]}


def test_failed_pages_are_counted_until_they_are_read(store: Store, run_id: int) -> None:
    see(store, run_id, 1, "feed")
    with store.write() as session:
        pages.page_failed(session, 1, gone=False, error="HTTP 500", at=AT)
    with store.read() as session:
        assert coverage.page_failures(session) == {"bao_mau": 1}
        assert pages.outlets_due(session, now=AT) == {}
        assert pages.outlets_due(session, now=AT + HOUR) == {"bao_mau": 0.0}


def test_a_list_remembers_its_gap_its_newest_entry_and_when_it_last_moved(store: Store, run_id: int) -> None:
    moved = Schedule(300, AT + HOUR, {}, fresh=3, overlap=0.0, gap=True, newest_at=AT - HOUR)
    poll(store, FEED, "ok", AT, moved)
    poll(store, FEED, "unchanged", AT + HOUR, Schedule(300, AT + 2 * HOUR, {"polls": 2}))
    with store.read() as session:
        state = outlets.feed_states(session)[0]
        assert [row.outlet_id for row in outlets.gaps_since(session, AT)] == ["bao_mau"]
        assert outlets.gaps_since(session, AT + HOUR) == []
    assert (state.moved_at, state.newest_at, state.gap_at, state.gaps) == (AT, AT - HOUR, AT, 1)
    assert (state.fresh, state.overlap, state.memory, state.next_due_at) == (0, 0.0, {"polls": 2}, AT + 2 * HOUR)


def test_a_list_is_due_when_the_policy_says_and_never_while_its_host_asked_for_time(store: Store, run_id: int) -> None:
    poll(store, FEED, "ok", AT, Schedule(300, AT + HOUR, {}))
    poll(store, SECTION, "blocked", AT, Schedule(300, AT + HOUR, {}, wait_until=AT + 5 * HOUR))
    with store.read() as session:
        assert {url: due.due_at for url, due in outlets.due_times(session).items()} == {
            FEED: AT + HOUR,
            SECTION: AT + 5 * HOUR,
        }


def test_the_next_link_is_called_unless_it_was_just_read(store: Store, run_id: int) -> None:
    poll(store, SECTION, "ok", AT, Schedule(300, AT + 9 * HOUR, {}))
    with store.write() as session:
        soon, later = AT + timedelta(minutes=10), AT + HOUR
        calls = [outlets.call_next(session, outlet="bao_mau", kind="listing", at=at) for at in (soon, later)]
    assert calls == [0, 1]
    with store.read() as session:
        assert outlets.due_times(session)[SECTION].due_at == later


def test_try_now_makes_every_list_of_the_outlet_due(store: Store, run_id: int) -> None:
    poll(store, FEED, "ok", AT, Schedule(300, AT + HOUR, {}))
    with store.write() as session:
        assert outlets.try_now(session, "bao_mau", at=AT) == 1
        assert outlets.try_now(session, "khac", at=AT) == 0
    with store.read() as session:
        assert outlets.due_times(session)[FEED].due_at == AT
        assert outlets.last_good(session) == {"bao_mau": AT}
