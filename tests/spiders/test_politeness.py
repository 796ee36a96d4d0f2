"""We keep the pace that a paper wants, obey its robots.txt, and do not come back when told to wait."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from statistics import median
from threading import Thread
from time import monotonic

import pytest

from spiders.crawl import CrawlOptions
from spiders.jobs import ListJob, PageJob
from spiders.manners import Host, Manners
from spiders.sample_press import SamplePress
from tests.spiders.conftest import Crawler, quick


class Robots:
    """A server whose robots.txt is the test's; `asked` holds (time, path)."""

    def __init__(self, status: int, body: str) -> None:
        self.status, self.body = status, body
        self.asked: list[tuple[float, str]] = []
        self.base = ""


@contextmanager
def robots(status: int, body: str = "") -> Iterator[Robots]:
    state = Robots(status, body)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            state.asked.append((monotonic(), self.path))
            is_robots = self.path == "/robots.txt"
            body = (state.body if is_robots else "<html><h1>Bài mẫu</h1></html>").encode()
            self.send_response(state.status if is_robots else 200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        state.base = f"http://127.0.0.1:{server.server_address[1]}"
        yield state
        server.shutdown()
        thread.join()


def kept(delay_s: float, times: list[float]) -> bool:
    """Whether requests came `delay_s` apart. On a busy machine one is noticed late now and then: the gap behind it is
    that much shorter, never the typical one."""
    gaps = [later - earlier for earlier, later in pairwise(times)]
    return median(gaps) > 0.93 * delay_s and min(gaps) > 0.5 * delay_s


def options_for(state: Robots) -> CrawlOptions:
    return quick(frozenset({state.base.removeprefix("http://")}))


def test_a_papers_own_delay_is_kept_between_all_its_requests_robots_txt_included(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    source = replace(press.sources["dong_bang"], delay_s=0.25)
    jobs = [PageJob("dong_bang", url, key) for key, url in enumerate(press.papers.urls()) if "dong-bang" in url]
    crawler.pages(jobs[:4], replace(options, delay_s=None), {"dong_bang": source})
    assert len(press.asked) == 5
    assert kept(0.25, [asked.at for asked in press.asked])


def test_the_delay_holds_from_one_pass_to_the_next(crawler: Crawler, press: SamplePress, options: CrawlOptions) -> None:
    options = replace(options, delay_s=0.4)
    for _ in range(3):
        crawler.feed(f"{press.base}/dong-bang/atom.xml", options)
    assert kept(0.4, [asked.at for asked in press.asked])


def test_a_disallowed_section_is_never_asked_for(crawler: Crawler, press: SamplePress, options: CrawlOptions) -> None:
    url = next(url for url in press.papers.urls() if "noi-bo" in url)
    outcome = crawler.page(url, options)
    assert (outcome.health, press.paths()) == ("refused", ["/robots.txt"])
    assert "robots.txt" in (outcome.error or "")


def test_robots_txt_is_read_once_and_remembered_between_passes(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    jobs = [ListJob("mau", f"{press.base}/mien-nui/", "listing"), ListJob("mau", f"{press.base}/van-son/", "listing")]
    crawler.lists(jobs, options)
    crawler.lists(jobs, options)
    assert press.paths().count("/robots.txt") == 1
    crawler.lists(jobs, replace(options, manners=Manners()))
    assert press.paths().count("/robots.txt") == 2


def test_a_redirect_into_a_disallowed_section_is_not_followed(crawler: Crawler, press: SamplePress) -> None:
    with robots(200, "User-agent: diembao\nDisallow: /") as closed:
        port = int(closed.base.rpartition(":")[2])
        allowed = press.hosts | {closed.base.removeprefix("http://")}
        press.redirects["/loi/khac/1"] = f"http://127.0.0.1:{port}/bai-400123.html"
        outcome = crawler.page(f"{press.base}/loi/khac/1", quick(allowed))
    assert outcome.health == "refused"
    assert [path for _, path in closed.asked] == ["/robots.txt"]


@pytest.mark.parametrize(
    ("status", "body", "health"),
    [
        (404, "", "broken"),
        (403, "", "broken"),
        (200, "", "broken"),
        (200, "<html><body>Trang chủ</body></html>", "broken"),
        (200, "User-agent: *\nDisallow: /khac/", "broken"),
        (200, "User-agent: *\nDisallow: /", "refused"),
        (200, "User-agent: *\nAllow: /\n\nUser-agent: diembao\nDisallow: /", "refused"),
        (500, "", "failed"),
        (503, "User-agent: *\nAllow: /", "failed"),
        (429, "", "failed"),
    ],
)
def test_robots_txt_means_what_rfc_9309_says(crawler: Crawler, status: int, body: str, health: str) -> None:
    with robots(status, body) as state:
        outcome = crawler.page(f"{state.base}/bai-400123.html", options_for(state))
    assert outcome.health == health
    assert ("/bai-400123.html" in {path for _, path in state.asked}) == (health == "broken")


def test_crawl_delay_is_kept(crawler: Crawler) -> None:
    with robots(200, "User-agent: *\nCrawl-delay: 0.3") as state:
        jobs = [PageJob("mau", f"{state.base}/bai-{key}.html", key) for key in range(400_100, 400_104)]
        crawler.pages(jobs, options_for(state))
    assert len(state.asked) == 5
    assert kept(0.3, [at for at, _ in state.asked][1:])


def test_too_many_requests_slows_the_pace_and_a_new_pass_recovers() -> None:
    host = Host(base_delay_s=2.0)
    host.slow_down()
    assert host.delay_s == 4.0
    for _ in range(10):
        host.slow_down()
    assert host.delay_s == 30.0
    manners = Manners(hosts={"bao.example": host})
    manners.new_pass()
    assert host.delay_s == 15.0
    for _ in range(9):
        manners.new_pass()
    assert host.delay_s == 2.0


def test_cookies_are_not_kept_and_no_page_says_where_we_came_from(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    crawler.page(f"{press.base}/loi/trang/1/bai-400123.html", options)
    for asked in press.asked:
        assert not {"cookie", "referer", "x-forwarded-for", "authorization"} & asked.headers.keys()
