"""What goes wrong on the web, one fault at a time, against the sample press."""

import time
from dataclasses import replace

import pytest

from spiders.crawl import CrawlOptions
from spiders.jobs import Health, ListJob, PageJob
from spiders.sample_press import SamplePress
from tests.spiders.conftest import Crawler

PAGE_FAULTS: list[tuple[str, Health, str]] = [
    ("trang/1", "ok", ""),
    ("ra-mang-rieng/x", "refused", "10.0.0.1 is not a public address"),
    ("ve-may-nay/x", "refused", "127.0.0.1 is not a public address"),
    ("ve-ten-may-nay/x", "refused", "localhost is not a public name"),
    ("ve-tep/x", "refused", "not followed"),
    ("vong-tron/x", "refused", "max redirections"),
    ("chuyen/3", "ok", ""),
    ("chuyen/9", "refused", "max redirections"),
    ("bom/x", "refused", "DOWNLOAD_MAXSIZE"),
    ("qua-lon/x", "refused", "larger than"),
    ("vo-tan/x", "refused", "larger than the limit"),
    ("nho-giot/x", "failed", "Timeout"),
    ("dut/x", "failed", "DataLoss"),
    ("treo/x", "failed", "Timeout"),
    ("vap/1-500", "ok", ""),
    ("vap/2-503", "ok", ""),
    ("vap/9-500", "failed", "HTTP 500"),
    ("ban/1", "ok", ""),
    ("ban/600", "blocked", "HTTP 429"),
    ("ma/401", "blocked", "HTTP 401"),
    ("ma/403", "blocked", "HTTP 403"),
    ("ma/404", "gone", "HTTP 404"),
    ("ma/410", "gone", "HTTP 410"),
    ("ma/418", "failed", "HTTP 418"),
    ("captcha/x", "blocked", "captcha"),
    ("anh/x", "broken", "image/png"),
    ("rac/x", "broken", ""),
    ("rong/x", "broken", ""),
    ("nen-hong/x", "failed", ""),
]


@pytest.mark.parametrize("case", PAGE_FAULTS, ids=lambda case: case[0])
def test_each_fault_of_a_page_has_its_own_health_and_a_reason(
    crawler: Crawler, press: SamplePress, options: CrawlOptions, case: tuple[str, Health, str]
) -> None:
    fault, health, said = case
    hangs = fault.startswith(("treo", "nho-giot"))
    options = replace(options, timeout_s=0.6 if hangs else 10, retries=1 if hangs else 2, max_bytes=1_000_000)
    url = f"{press.base}/loi/{fault}/bai-mau-400123.html"
    outcome = crawler.page(url, options)
    assert (outcome.health, outcome.job.url) == (health, url), outcome.error
    assert said in (outcome.error or "")
    assert (outcome.article is not None) == (health == "ok")
    assert bool(outcome.error) == (health != "ok")


def test_a_page_that_stumbles_is_asked_again_as_often_as_the_options_say_and_no_more(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    path = "/loi/vap/9-500/bai-mau-400123.html"
    assert crawler.page(press.base + path, options).health == "failed"
    assert press.paths().count(path) == 1 + options.retries


def test_a_redirect_tells_where_the_page_is_now(crawler: Crawler, press: SamplePress, options: CrawlOptions) -> None:
    moved = next(url for url in press.papers.urls() if "mua-lon-mien-trung" in url)
    old = f"{press.base}/song-lam/tin/{moved.rpartition('-')[2]}"
    outcome = crawler.page(old, options)
    assert (outcome.health, outcome.final_url) == ("ok", moved)


def test_a_bomb_costs_little_memory_and_time(crawler: Crawler, press: SamplePress, options: CrawlOptions) -> None:
    started = time.monotonic()
    outcome = crawler.feed(f"{press.base}/loi/bom-gz/x", options)
    assert (outcome.health, outcome.entries) == ("broken", ())
    assert time.monotonic() - started < 10


def test_an_xml_bomb_is_not_blown_up(crawler: Crawler, press: SamplePress, options: CrawlOptions) -> None:
    started = time.monotonic()
    outcome = crawler.feed(f"{press.base}/loi/bom-xml/x", options)
    assert sum(len(entry.title) for entry in outcome.entries) < 10_000_000
    assert time.monotonic() - started < 10


def test_a_feed_of_a_hundred_thousand_entries_is_cut_off(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    started = time.monotonic()
    outcome = crawler.feed(f"{press.base}/loi/tram-nghin-tin/x", replace(options, max_bytes=50_000_000))
    assert outcome.health == "ok"
    assert 0 < len(outcome.entries) <= 5_000
    assert time.monotonic() - started < 30


@pytest.mark.parametrize(
    ("outlet", "health"),
    [
        ("cong_kin", "blocked"),
        ("trang_trong", "empty"),
        ("hoi_nguoi", "blocked"),
        ("dung_xa", "gone"),
        ("cham_chap", "failed"),
        ("nghen", "blocked"),
        ("cam_doc", "refused"),
    ],
)
def test_each_unreadable_paper_is_told_apart(
    crawler: Crawler, press: SamplePress, options: CrawlOptions, outlet: str, health: Health
) -> None:
    source = press.faulty_sources[outlet]
    outcomes = crawler.lists(
        [ListJob(outlet, source.feeds[0])],
        replace(options, timeout_s=1.0 if outlet == "cham_chap" else 10, retries=0),
        press.faulty_sources,
    )
    assert [outcome.health for outcome in outcomes] == [health]
    assert (outcomes[0].retry_after_s == 3600) == (outlet == "nghen")


def test_broken_xml_still_gives_the_entries_that_can_be_read(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    outcome = crawler.feed(f"{press.base}/song-lam/rss/phap-luat.rss", options)
    assert outcome.health == "ok"
    assert outcome.entries
    assert "not well-formed" in (outcome.error or "")


def test_a_list_that_did_not_change_is_healthy_and_costs_no_body(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    url = f"{press.base}/dong-bang/atom.xml"
    first = crawler.feed(url, options)
    assert (first.health, first.status) == ("ok", 200)
    again = ListJob("mau", url, etag=first.etag, last_modified=first.last_modified)
    (second,) = crawler.lists([again], options)
    assert (second.health, second.status, second.entries) == ("unchanged", 304, ())
    assert (second.etag, second.last_modified) == (first.etag, first.last_modified)


def test_the_same_bytes_are_unchanged_where_the_server_knows_no_conditions(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    url = f"{press.base}/dong-bang/atom.xml"
    first = crawler.feed(url, options)
    (second,) = crawler.lists([ListJob("mau", url, body_sha256=first.body_sha256)], options)
    assert (second.health, second.status, second.entries) == ("unchanged", 200, ())
    press.edition = 0
    (third,) = crawler.lists([ListJob("mau", url, body_sha256=first.body_sha256)], options)
    assert third.health == "ok"
    assert third.body_sha256 != first.body_sha256


def test_an_article_that_was_changed_reads_differently_and_one_taken_down_is_gone(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    urls = list(press.papers.urls())
    changed = next(url for url in urls if "cha-danh-con-ben-luc" in url)
    removed = next(url for url in urls if "xam-hai-dien-chau-lo-danh-tinh" in url)
    jobs = [PageJob("mau", changed, 1), PageJob("mau", removed, 2)]
    before = {outcome.job.key: outcome for outcome in crawler.pages(jobs, options)}
    press.advance()
    after = {outcome.job.key: outcome for outcome in crawler.pages(jobs, options)}
    assert before[1].article
    assert after[1].article
    assert before[1].article.title != after[1].article.title
    assert (before[2].health, after[2].health) == ("ok", "gone")


def test_after_a_long_wait_was_asked_for_the_host_is_left_alone(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    jobs = [PageJob("mau", f"{press.base}/loi/ban/600/bai-mau-{key}.html", key) for key in range(400_100, 400_140)]
    outcomes = crawler.pages(jobs, replace(options, per_host=1))
    assert [outcome.health for outcome in outcomes] == ["blocked"] * 40
    assert all(590 < (outcome.retry_after_s or 0) <= 600 for outcome in outcomes)
    assert sum(path.startswith("/loi/ban/") for path in press.paths()) == 1
    crawler.pages(jobs, options)
    assert sum(path.startswith("/loi/ban/") for path in press.paths()) == 1


def test_a_host_that_does_not_answer_is_given_up_for_the_pass_but_asked_again_in_the_next(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    hurried = replace(options, timeout_s=0.2, retries=0, per_host=1)
    jobs = [PageJob("mau", f"{press.base}/loi/treo/x/bai-{key}.html", key) for key in range(400_100, 400_130)]
    crawler.page(f"{press.base}/loi/trang/1/bai-mau-400101.html", options)
    outcomes = crawler.pages(jobs, hurried)
    assert [outcome.health for outcome in outcomes] == ["failed"] * 30
    assert sum(path.startswith("/loi/treo/") for path in press.paths()) == 5
    assert "left alone" in (outcomes[-1].error or "")
    assert crawler.page(f"{press.base}/loi/trang/1/bai-mau-400102.html", options).health == "ok"
