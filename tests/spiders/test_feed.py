"""Lists become outcomes, whatever their form: gzipped sitemaps, indexes of sitemaps, section pages."""

import gzip
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from spiders.crawl import CrawlOptions
from spiders.feed import list_outcome, nested_lists
from spiders.jobs import ListJob
from spiders.reply import Reply
from spiders.sample_press import SamplePress
from tests.spiders.conftest import Crawler

WHEN = datetime(2026, 3, 10, tzinfo=UTC)
DAY = date(2026, 3, 10)
LIMIT = 1_000_000
SITEMAP = (
    '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://bao.example/bai-mau-{}.html</loc>'
    "</url></urlset>"
)


def reply(body: bytes, url: str = "http://bao.example/sitemap.xml", **changes: object) -> Reply:
    return replace(Reply(url, WHEN, 200, (("ETag", '"a"'),), body), **changes)  # type: ignore[arg-type]


def index(*names: str) -> bytes:
    urls = "".join(f"<sitemap><loc>{name}</loc></sitemap>" for name in names)
    return f'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</sitemapindex>'.encode()


JOB = ListJob("mau", "http://bao.example/sitemap.xml", "sitemap")


def test_a_gzipped_sitemap_is_read() -> None:
    outcome = list_outcome(JOB, reply(gzip.compress(SITEMAP.format(400_123).encode())), None, max_bytes=LIMIT)
    assert [entry.url for entry in outcome.entries] == ["http://bao.example/bai-mau-400123.html"]


@pytest.mark.parametrize("body", [gzip.compress(b"0" * 5_000_000), b"\x1f\x8b\x08broken", b"", b"\x00", b"<rss>"])
@pytest.mark.parametrize("kind", ["feed", "sitemap", "listing"])
def test_bytes_that_are_no_list_are_broken_and_raise_nothing(kind: str, body: bytes) -> None:
    job = replace(JOB, kind=kind)  # type: ignore[arg-type]
    outcome = list_outcome(job, reply(body), None, max_bytes=LIMIT)
    assert (outcome.health, outcome.entries) == ("broken", ())
    assert outcome.error
    assert nested_lists(job, reply(body), today=DAY, max_bytes=LIMIT) == []


@pytest.mark.parametrize(
    ("names", "chosen"),
    [
        (["categories.xml", "news-2026-02.xml", "news-2026-03.xml"], ["news-2026-03.xml", "news-2026-02.xml"]),
        (["articles-2025-3.xml", "articles-2026-3.xml"], ["articles-2026-3.xml", "articles-2025-3.xml"]),
        (["video.xml", "topics.xml", "post1.xml", "latest.xml"], ["latest.xml", "post1.xml"]),
        ([], []),
    ],
)
def test_of_an_index_the_sitemaps_that_hold_todays_news_are_read(names: list[str], chosen: list[str]) -> None:
    base = "http://bao.example/"
    found = nested_lists(JOB, reply(index(*(base + name for name in names))), today=DAY, max_bytes=LIMIT)
    assert found == [base + name for name in chosen]


def test_an_index_leads_to_no_other_host() -> None:
    body = index("http://khac.example/news.xml", "http://www.bao.example/news.xml")
    assert nested_lists(JOB, reply(body), today=DAY, max_bytes=LIMIT) == ["http://www.bao.example/news.xml"]


def test_an_index_is_not_asked_for_conditionally_and_is_unchanged_only_with_its_sitemaps() -> None:
    body = index("http://bao.example/news.xml")

    def read(job: ListJob, number: int) -> tuple[str, str | None, str | None]:
        part = reply(SITEMAP.format(number).encode(), "http://bao.example/news.xml")
        outcome = list_outcome(job, reply(body), None, max_bytes=LIMIT, nested=[part])
        return outcome.health, outcome.etag, outcome.body_sha256

    health, etag, digest = read(JOB, 400_123)
    assert (health, etag) == ("ok", None)
    again = replace(JOB, body_sha256=digest)
    assert read(again, 400_123)[:2] == ("unchanged", None)
    assert read(again, 400_124)[0] == "ok"


def test_an_index_whose_sitemaps_cannot_be_had_is_as_ill_as_they_are() -> None:
    part = reply(b"", health="blocked", error="HTTP 403")
    outcome = list_outcome(JOB, reply(index("http://bao.example/news.xml")), None, max_bytes=LIMIT, nested=[part])
    assert (outcome.health, outcome.error) == ("blocked", "HTTP 403")


def test_an_index_of_sitemaps_gives_the_articles_of_its_news_sitemap(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    jobs = [
        ListJob("bien_xanh", f"{press.base}/bien-xanh/{name}", "sitemap")
        for name in ("sitemap-news.xml", "sitemap.xml")
    ]
    outcomes = {outcome.job: outcome for outcome in crawler.lists(jobs, options, press.sources)}
    assert outcomes[jobs[0]].entries == outcomes[jobs[1]].entries != ()
    assert not any("video" in path or "categories" in path for path in press.paths())
