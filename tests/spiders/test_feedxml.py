"""Feeds as they are out there: well-formed ones are the exception."""

import csv
import tarfile
import time
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.records import FeedEntry
from spiders.feedxml import MOST_ENTRIES, FeedPage, parse_feed

FEEDS = Path(__file__).with_name("feeds")
ROOT = Path(__file__).resolve().parents[2]
CAPTURED = ROOT / "../shared/press/feedsxml"
URL = "https://bao-mau.example/rss/home.rss"
with (FEEDS / "expected.tsv").open(encoding="utf-8", newline="") as table:
    EXPECTED = list(csv.DictReader(table, delimiter="\t"))


def read(name: str) -> FeedPage:
    return parse_feed((FEEDS / name).read_bytes(), url=URL)


def only(name: str) -> FeedEntry:
    (entry,) = read(name).entries
    return entry


def item(number: int, text: str = "Tóm tắt") -> str:
    return (
        f"<item><title>Bài số {number}</title><link>https://bao-mau.example/bai-{1_000_000 + number}.html</link>"
        f"<description>{text}</description></item>"
    )


def rss(items: str) -> bytes:
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def test_every_nasty_feed_has_its_expectation() -> None:
    assert {row["file"] for row in EXPECTED} == {path.name for path in FEEDS.glob("*.xml")}


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: row["file"])
def test_a_nasty_feed_gives_one_clear_outcome(row: dict[str, str]) -> None:
    page = read(row["file"])
    first = page.entries[0].title if page.entries else ""
    complaint = "yes" if page.error else "no"
    assert (page.health, len(page.entries), page.skipped, complaint, first) == (
        row["health"],
        int(row["entries"]),
        int(row["skipped"]),
        row["complaint"],
        row["title"],
    )


def test_the_standfirst_is_words_alone() -> None:
    assert only("rss_images_in_cdata.xml").sapo == "Gần một trăm em nhỏ của xã Mẫu đã có buổi học bơi đầu tiên"
    assert only("rss_escaped_markup.xml").sapo == "Buổi học đầu tiên của xã “Mẫu”"
    assert only("html_entities.xml").sapo == "Buổi học đầu tiên"
    assert only("hostile_text.xml").sapo == "Tóm tắt"


def test_links_lose_tracking_and_relative_ones_are_completed() -> None:
    wanted = "https://bao-mau.example/mo-lop-hoc-boi-1000001.html"
    for name in ("tracking_in_links.xml", "relative_links.xml", "atom.xml", "link_only_as_guid.xml", "rss_1_0.xml"):
        assert only(name).url == wanted
    relative = (FEEDS / "relative_links.xml").read_bytes()
    assert parse_feed(relative, url="").entries[0].url == wanted


def test_dates_are_vietnamese_and_a_feed_without_one_gives_none() -> None:
    dates = [entry.published for entry in read("dates_of_every_kind.xml").entries]
    assert [when.isoformat() if when else None for when in dates] == [
        "2026-03-07T08:06:00+07:00",
        "2026-03-17T20:06:00+07:00",
        "2026-03-07T08:06:00+07:00",
        "2026-03-07T08:06:00+07:00",
        "2026-03-07T08:06:00+07:00",
        None,
        None,
        None,
    ]


def test_what_came_instead_of_a_feed_is_named() -> None:
    assert read("html_instead_of_a_feed.xml").error == "an HTML page instead of a feed"
    assert read("no_bytes.xml").error == "no bytes"
    assert read("entity_bomb.xml").error == "a feed that declares entities of its own"
    assert read("links_of_no_use.xml").error == "no entry has a usable link"


def test_the_headers_content_type_does_not_make_a_feed_broken() -> None:
    page = parse_feed(rss(item(1)), url=URL, content_type="text/html; charset=utf-8")
    assert (page.health, page.error) == ("ok", None)
    assert parse_feed(rss(""), url=URL, content_type="text/plain").health == "empty"


def test_a_feed_of_a_hundred_thousand_entries_costs_no_more_than_one_of_a_thousand() -> None:
    started = time.process_time()
    page = parse_feed(rss("".join(map(item, range(100_000)))), url=URL)
    assert (page.health, len(page.entries), page.skipped) == ("ok", MOST_ENTRIES, 100_000 - MOST_ENTRIES)
    assert time.process_time() - started < 15


@pytest.mark.parametrize(
    "raw",
    [
        rss("<item><title>" + "<b>" * 100_000 + "</title></item>"),
        rss("<a>" * 200_000),
        rss("<item " + " ".join(f'a{n}="1"' for n in range(100_000)) + "></item>"),
        b"<" * 2_000_000,
        rss("<item><title>" + "&" * 1_000_000 + "</title></item>"),
        rss("<item><description><![CDATA[" + "<div>" * 200_000 + "]]></description></item>"),
        b"<!DOCTYPE x [" + b'<!ENTITY a "b">' * 200_000 + b"]><rss></rss>",
        rss("<!--" * 500_000),
    ],
    ids=["nested", "nested roots", "attributes", "brackets", "ampersands", "nested CDATA", "entities", "comments"],
)
def test_a_feed_built_to_run_the_parser_for_minutes_is_refused_at_once(raw: bytes) -> None:
    started = time.process_time()
    page = parse_feed(raw, url=URL)
    assert page.health == "broken"
    assert page.error
    assert time.process_time() - started < 5


def test_long_texts_are_cut_and_long_plain_text_is_no_attack() -> None:
    page = parse_feed(rss(item(1, "dài lắm " * 50_000)), url=URL)
    assert page.health == "ok"
    assert len(page.entries[0].sapo) <= 2_000


def test_a_paper_with_a_wrong_zone_is_read_by_its_clock() -> None:
    raw = rss(item(1).replace("</item>", "<pubDate>Sat, 29 Sep 2018 12:40:00 +0800</pubDate></item>"))
    (stated,), (local,) = (parse_feed(raw, url=URL, local_clock=flag).entries for flag in (False, True))
    assert stated.published is not None
    assert local.published is not None
    assert local.published - stated.published == timedelta(hours=1)


@given(st.binary(max_size=400), st.integers(0, 400))
def test_no_bytes_make_it_fail(noise: bytes, position: int) -> None:
    whole = rss(item(1) + item(2))
    page = parse_feed(whole[:position] + noise + whole[position:], url=URL)
    assert page.health in {"ok", "empty", "broken"}
    assert (page.health == "ok") == bool(page.entries)
    assert page.health != "broken" or page.error


@pytest.mark.skipif(not CAPTURED.is_dir(), reason="the captured feeds are not here")
def test_captured_feeds_are_read_whole() -> None:
    for path in sorted(CAPTURED.iterdir()):
        page = parse_feed(path.read_bytes(), url="https://vnexpress.net/rss/tin-moi-nhat.rss")
        assert (page.health, page.error, page.skipped) == ("ok", None, 0), path.name
        assert len(page.entries) == 25
        assert all(entry.title and entry.sapo and "<" not in entry.sapo for entry in page.entries)
        assert {entry.published.utcoffset() for entry in page.entries if entry.published} == {timedelta(hours=7)}
        assert all(entry.published for entry in page.entries)


def _feedparser_archive() -> Path | None:
    return next(iter(sorted((ROOT / ".venv/feedparser-source").glob("feedparser-*.tar.gz"))), None)


@pytest.mark.skipif(_feedparser_archive() is None, reason="feedparser's source distribution was not fetched")
def test_every_feed_of_feedparsers_own_tests_has_one_outcome() -> None:
    archive = _feedparser_archive()
    assert archive is not None
    counted = 0
    with tarfile.open(archive) as files:
        for member in files:
            stream = files.extractfile(member) if member.isfile() and "/tests/" in member.name else None
            if stream is None or member.name.endswith(".py"):
                continue
            page = parse_feed(stream.read(), url=URL)
            assert page.health in {"ok", "empty", "broken"}, member.name
            assert page.health != "broken" or page.error, member.name
            counted += 1
    assert counted > 1_000
