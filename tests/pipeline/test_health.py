from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from models.clock import day_of
from models.store.coverage import Reading
from pipeline.health import (
    GRAVITY,
    Diagnosis,
    ListFacts,
    OutletFacts,
    clock,
    list_diagnosis,
    outlet_diagnosis,
)

NOW = datetime(2026, 11, 21, 5, 0, tzinfo=UTC)
TODAY = day_of(NOW)
HOUR = timedelta(hours=1)
GOOD = ListFacts(
    "https://bao-mau.example/rss",
    "feed",
    health="ok",
    polled_at=NOW,
    good_at=NOW,
    moved_at=NOW - HOUR,
    newest_at=NOW - HOUR,
)


def outlet(*lists: ListFacts, **more: object) -> Diagnosis:
    return outlet_diagnosis(replace(OutletFacts(lists=lists, now=NOW, last_article_at=NOW - HOUR), **more))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "code", "says"),
    [
        (GOOD, "fine", "tốt"),
        (replace(GOOD, health="unchanged", status=304), "fine", "tốt"),
        (ListFacts("https://bao-mau.example/rss", "feed"), "unread", "Chưa đọc"),
        (replace(GOOD, health="gone", status=410), "dead", "HTTP 410"),
        (replace(GOOD, health="failed", status=503, failures=9, good_at=NOW - 30 * HOUR), "dead", "HTTP 503"),
        (replace(GOOD, health="failed", failures=5, good_at=None), "dead", "không kết nối được"),
        (replace(GOOD, health="failed", status=503, failures=2), "failing", "HTTP 503"),
        (replace(GOOD, health="failed", status=503, failures=9, good_at=NOW - HOUR), "failing", "HTTP 503"),
        (replace(GOOD, health="blocked", status=403), "blocked", "HTTP 403"),
        (replace(GOOD, health="blocked", status=429), "blocked", "quá nhanh"),
        (replace(GOOD, health="blocked", error="HTTP 200: the site asks for a captcha"), "blocked", "captcha"),
        (replace(GOOD, health="refused", error="https://x/: not allowed by robots.txt"), "blocked", "robots.txt"),
        (replace(GOOD, health="refused", error="answered from 10.0.0.1"), "blocked", "an toàn"),
        (replace(GOOD, health="empty"), "empty", "không có tin nào"),
        (replace(GOOD, health="broken"), "broken", "không đọc được"),
        (replace(GOOD, health="broken", kind="listing"), "layout", "đổi giao diện"),
        (replace(GOOD, newest_at=NOW - timedelta(days=40)), "stale", "đứng yên"),
        (replace(GOOD, moved_at=NOW - 9 * HOUR, expected=40.0), "stale", "báo vẫn ra bài"),
        (replace(GOOD, gap_at=NOW - HOUR), "gap", "có thể đã sót tin"),
        (replace(GOOD, gap_at=NOW - 30 * HOUR), "fine", "tốt"),
    ],
)  # fmt: skip
def test_a_list_is_told_by_its_trouble(facts: ListFacts, code: str, says: str) -> None:
    found = list_diagnosis(facts, NOW, outlet_moved_at=NOW - HOUR)
    assert found.code == code
    assert says in found.words
    assert found.well == (code in {"fine", "unread"})
    assert found.words.endswith(".")


def test_silence_is_measured_by_the_lists_own_rhythm() -> None:
    """Nine quiet hours: by day a silence, for a weekly no news at all."""
    quiet = replace(GOOD, moved_at=NOW - 9 * HOUR)
    assert list_diagnosis(replace(quiet, expected=40.0), NOW, outlet_moved_at=NOW - 9 * HOUR).code == "silent"
    assert list_diagnosis(replace(quiet, expected=0.4), NOW, outlet_moved_at=NOW - 9 * HOUR).code == "fine"


def test_as_long_as_one_list_delivers_the_outlet_is_fine() -> None:
    dead = replace(GOOD, health="gone", status=404)
    assert outlet(dead, replace(GOOD, kind="listing")).code == "fine"
    assert outlet(dead, replace(GOOD, kind="listing", health="broken")).code == "dead"
    assert outlet(replace(GOOD, health="empty"), replace(dead, kind="sitemap")).code == "dead"


def test_an_outlet_that_was_never_read_is_no_alarm() -> None:
    found = outlet(ListFacts("https://bao-mau.example/rss", "feed"))
    assert (found.code, found.well) == ("unread", True)
    assert found.todo


@pytest.mark.parametrize(
    ("readings", "code"),
    [
        ([(9, 0), (0, 6)], "layout"),
        ([(9, 0), (6, 0)], "fine"),
        ([(9, 0), (3, 3)], "fine"),
        ([(0, 3)], "fine"),
        ([(9, 0), (0, 2), (0, 3)], "layout"),
        ([(0, 30), (9, 0)], "fine"),
    ],
)
def test_a_rule_that_stopped_matching_is_a_changed_layout(readings: list[tuple[int, int]], code: str) -> None:
    days = [Reading(TODAY - timedelta(days=len(readings) - n), *pair) for n, pair in enumerate(readings)]
    assert outlet(GOOD, has_rule=True, readings=days).code == code
    assert outlet(GOOD, has_rule=False, readings=days).code == "fine"


def test_far_fewer_articles_than_usual_are_said_the_day_after() -> None:
    days = tuple((TODAY - timedelta(days=n), 50) for n in range(9, 1, -1))
    yesterday = (TODAY - timedelta(days=1), 3)
    thin = outlet(GOOD, band=(20, 110), days=(*days, yesterday))
    assert thin.code == "thin"
    assert "hôm qua 3 bài, thường 20 đến 110" in thin.words
    assert outlet(GOOD, band=(20, 110), days=days).code == "thin"  # none at all is fewer, too
    assert outlet(GOOD, band=(2, 110), days=(*days, yesterday)).code == "fine"
    assert outlet(GOOD, band=(20, 110), days=((TODAY, 1),)).code == "fine"  # it began today


def test_every_code_has_its_place_in_the_order_of_gravity() -> None:
    assert len(set(GRAVITY)) == len(GRAVITY) == 12
    assert GRAVITY[-1] == "fine"


def test_times_are_said_as_people_in_viet_nam_say_them() -> None:
    assert clock(NOW - HOUR, NOW) == "11:00"
    assert clock(NOW - 24 * HOUR, NOW) == "20/11 12:00"
    assert clock(NOW - timedelta(days=400), NOW) == "17/10/2025"
