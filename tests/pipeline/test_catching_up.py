"""Days without power: what is still shown is read, and each day says how much of it that was."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from models.records import FeedEntry
from models.session import Store
from models.store import articles, outlets, runs, scan_days
from models.store.outlets import Schedule
from pipeline.catching_up import gap_since, mark_days
from pipeline.digest import build_digest, read_rules
from pipeline.documents.digest_words import overview
from pipeline.keeping import Keeper, Tally
from pipeline.papers_read import papers_read
from pipeline.scan import list_job
from spiders.feed import nested_lists
from spiders.jobs import ListJob, ListOutcome
from spiders.reply import Reply
from tests.pipeline.making import moment

BEFORE, DARK, DARKER, TODAY = (date(2026, 11, day) for day in (18, 19, 20, 21))


def poll(store: Store, outlet: str, at: datetime, *, gap: bool = False) -> None:
    """One good answer of the outlet's only list."""
    with store.write() as session:
        outlets.keep(session, id=outlet, title=f"Báo {outlet.title()}", home=f"https://{outlet}.example", province=None)
        outlets.record_poll(
            session,
            url=f"https://{outlet}.example/rss",
            outlet=outlet,
            kind="feed",
            health="ok",
            at=at,
            schedule=Schedule(60.0, at, {}, gap=gap),
        )


def printed(store: Store, outlet: str, at: datetime, seen: datetime) -> None:
    with store.write() as session:
        run_id = runs.start(session, day=seen.date(), at=seen)
        url = f"https://{outlet}.example/{at:%d-%H}"
        entry = FeedEntry(url=url, title="Tin mẫu", published=at)
        articles.see_entry(session, entry, identity=url, outlet=outlet, run_id=run_id, day=TODAY, at=seen)


def finished(store: Store, day: date, hour: int) -> None:
    with store.write() as session:
        runs.finish(session, runs.start(session, day=day, at=moment(day, hour)), at=moment(day, hour, 30), counters={})


def states(store: Store) -> dict[int, str]:
    with store.read() as session:
        return {row.day.day: row.state for row in scan_days.between(session, BEFORE, TODAY)}


def test_a_gap_begins_with_the_day_on_which_the_press_was_last_read(sqlite_store: Store) -> None:
    with sqlite_store.read() as session:
        assert gap_since(session, moment(TODAY)) is None, "a new deployment has missed nothing"
    poll(sqlite_store, "a", moment(BEFORE, 6))
    with sqlite_store.read() as session:
        assert gap_since(session, moment(DARK, 7)) is None, "one scan a day is no gap"
        assert gap_since(session, moment(TODAY, 7)) == BEFORE


def test_days_are_lost_until_they_are_read_late_and_say_which_papers_may_lack(store: Store) -> None:
    for outlet in ("an", "binh", "chau"):
        poll(store, outlet, moment(BEFORE, 23, 50))
    finished(store, BEFORE, 23)
    mark_days(store, now=moment(TODAY, 5))
    assert states(store) == {18: "lost", 19: "lost", 20: "lost"}

    now = moment(TODAY, 6)
    poll(store, "an", now)
    poll(store, "binh", now, gap=True)
    poll(store, "chau", now, gap=True)
    printed(store, "binh", moment(BEFORE, 22), now)
    printed(store, "binh", moment(DARK, 9), now)
    printed(store, "chau", moment(DARKER, 9), now)
    finished(store, TODAY, 6)
    mark_days(store, now=now + timedelta(hours=1))
    assert states(store) == {18: "partial", 19: "partial", 20: "partial"}
    with store.read() as session:
        dark = scan_days.between(session, DARK, DARK)[0]
        assert "Báo Chau" in dark.why
        assert "Báo Binh" not in dark.why, "it reached back behind the day"
        assert dark.caught_up_at is not None
        assert "đọc bù" in papers_read(session, TODAY).note
    assert mark_days(store, now=now + timedelta(hours=2)) == [], "nothing new to say"


def test_a_day_that_was_read_whole_is_complete_and_stays_so(store: Store) -> None:
    finished(store, BEFORE, 20)
    poll(store, "an", moment(DARK, 6))
    assert [mark.state for mark in mark_days(store, now=moment(DARK, 7))] == ["complete"]
    poll(store, "an", moment(DARK, 9), gap=True)
    mark_days(store, now=moment(DARK, 10))
    assert states(store) == {18: "complete"}


def test_the_digest_of_a_day_without_power_says_so(store: Store) -> None:
    poll(store, "an", moment(BEFORE, 23))
    finished(store, BEFORE, 23)
    mark_days(store, now=moment(TODAY, 5))
    rules = read_rules(Path("khong-co"), ())
    lines = " ".join(overview(build_digest(store, DARK, rules)))
    assert "Ngày này thu tin mất" in lines


@pytest.mark.parametrize(("since", "kept"), [(None, 1), (date(2026, 11, 12), 2)])
def test_after_a_gap_sitemaps_are_news_from_its_first_day_on(
    sqlite_store: Store, since: date | None, kept: int
) -> None:
    poll(sqlite_store, "an", moment(BEFORE))
    with sqlite_store.write() as session:
        run_id = runs.start(session, day=TODAY, at=moment(TODAY))
    days = (date(2026, 11, 1), date(2026, 11, 13), DARKER)
    entries = tuple(FeedEntry(f"https://an.example/{d:%d}.html", title="Tin", published=moment(d)) for d in days)
    job = ListJob("an", "https://an.example/sitemap.xml", "sitemap")
    outcome = ListOutcome(job=job, fetched_at=moment(TODAY), health="ok", entries=entries)
    tally = Tally()
    Keeper(sqlite_store, {}, run_id, lambda _: TODAY, gap_since=since).keep_list(outcome, tally)
    assert tally.counts["articles_new"] == kept


def test_after_a_gap_the_sitemaps_of_earlier_months_are_read_too() -> None:
    names = [f"https://an.example/sitemap-2026-{month:02}.xml" for month in range(1, 12)]
    body = f"<sitemapindex>{''.join(f'<sitemap><loc>{name}</loc></sitemap>' for name in names)}</sitemapindex>"
    reply = Reply("https://an.example/sitemap.xml", moment(TODAY), status=200, body=body.encode())
    job = ListJob("an", "https://an.example/sitemap.xml", "sitemap")
    found = nested_lists(job, reply, today=TODAY, since=date(2026, 9, 20), max_bytes=100_000)
    assert set(names[-3:]) <= set(found)
    assert set(names[-3:]) - set(nested_lists(job, reply, today=TODAY, max_bytes=100_000)) != set()


SECTION = "https://an.example/phap-luat"


def shown(number: int, numbers: range, *, days: list[date], joined: bool | None = None) -> ListOutcome:
    """Page `number` of the section with these articles, dated in their addresses where days are given."""
    urls = [
        f"https://an.example/tin-so-{n}-{day:%Y%m%d}0800{n:05}.htm" for n, day in zip(numbers, days, strict=False)
    ] or [f"https://an.example/tin-so-{n}-1{n:06}.htm" for n in numbers]
    entries = tuple(FeedEntry(url, f"Tin số {url[-9:-4]}") for url in urls)
    job = ListJob("an", SECTION if number == 1 else f"{SECTION}-p{number}", "listing", walk=True, page=number)
    return ListOutcome(job=job, fetched_at=moment(TODAY, 6), health="ok", entries=entries, joined=joined)


def section_keeper(store: Store, before: range) -> Keeper:
    """An outlet whose only list, a section, showed the articles `before` on the evening before the gap."""
    finished(store, BEFORE, 20)
    with store.write() as session:
        outlets.keep(session, id="an", title="Báo An", home="https://an.example", province=None)
        run_id = runs.start(session, day=BEFORE, at=moment(BEFORE, 20))
    early = replace(shown(1, before, days=[]), fetched_at=moment(BEFORE, 20))
    Keeper(store, {}, run_id, lambda _: BEFORE).keep_list(early, Tally())
    return Keeper(store, {}, run_id, lambda _: TODAY, gap_since=DARK)


@pytest.mark.parametrize(("joined", "state"), [(True, "complete"), (False, "lost")])
def test_days_are_complete_when_a_section_was_walked_back_behind_them(store: Store, joined: bool, state: str) -> None:
    keeper, tally = section_keeper(store, range(10)), Tally()
    first = shown(1, range(40, 50), days=[])
    assert keeper.further(first, tally)
    assert tally.counts["articles_new"] == 0, "the first page is kept when it is known how far the walk came"
    assert keeper.further(shown(2, range(30, 40), days=[]), tally)
    assert tally.counts["articles_new"] == 10
    assert keeper.further(shown(3, range(9, 19), days=[]), tally), "one that is known may stand in a box"
    assert not keeper.further(shown(4, range(5, 15), days=[]), tally)
    keeper.keep_list(replace(first, joined=joined), tally)
    mark_days(store, now=moment(TODAY, 7))
    assert states(store)[20] == state
    assert ("an" in tally.gaps) is not joined


def test_dates_in_addresses_say_how_far_a_page_goes_back(sqlite_store: Store) -> None:
    keeper, tally = section_keeper(sqlite_store, range(1)), Tally()
    assert keeper.further(shown(1, range(4), days=[DARKER, DARKER, DARK, BEFORE]), tally)
    assert keeper.further(shown(2, range(4, 8), days=[DARK, DARK, DARK, BEFORE]), tally)
    assert not keeper.further(shown(3, range(8, 12), days=[DARK, BEFORE, BEFORE, BEFORE]), tally)


def test_only_sections_are_walked_through_and_only_where_the_gap_began_after_their_last_answer(
    sqlite_store: Store,
) -> None:
    section_keeper(sqlite_store, range(3))
    with sqlite_store.read() as session:
        (state,) = outlets.states_of(session, "an")
    assert list_job(("an", "listing", SECTION), state, since=BEFORE).walk
    assert not list_job(("an", "listing", SECTION), state, since=BEFORE - timedelta(days=1)).walk, "read since then"
    assert not list_job(("an", "listing", SECTION), state).walk, "no gap"
    assert list_job(("an", "listing", SECTION), None, since=BEFORE).walk
    assert not list_job(("an", "feed", SECTION), None, since=BEFORE).walk


def test_a_day_that_was_half_read_before_the_power_went_is_not_complete_for_what_was_read_then(store: Store) -> None:
    poll(store, "an", moment(DARK, 12))
    finished(store, DARK, 12)
    printed(store, "an", moment(BEFORE, 20), moment(DARK, 12))
    printed(store, "an", moment(DARK, 9), moment(DARK, 12))
    poll(store, "an", moment(TODAY, 6), gap=True)
    mark_days(store, now=moment(TODAY, 7))
    assert states(store)[19] == "partial"
