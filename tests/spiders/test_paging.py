"""Where the next page of a section is, and walking back through sections that are honest, broken or hostile."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from sqlalchemy import func, select

from models.clock import day_of, now
from models.records import FeedEntry
from models.session import Store
from models.store import outlets, runs, scan_days
from models.tables import Article
from pipeline.catching_up import mark_days
from pipeline.keeping import Keeper, Tally
from pipeline.scan import Scan
from spiders.crawl import read_lists
from spiders.jobs import ListJob, ListOutcome
from spiders.paging import day_in_address, next_page
from spiders.source import Source, SourceError, parse_source
from tests.pipeline.test_judging import WordJudge
from tests.pipeline.watching_child import NoPlaces
from tests.spiders.conftest import Crawler, quick

SECTION = "https://bao-mau.example/phap-luat.htm"
HEAD = 'title = "Báo Mẫu"\nhome = "https://bao-mau.example/"\nlevel = "province"\n'


def after(body: str, number: int = 1, *, url: str = SECTION, section: str = SECTION) -> str | None:
    return next_page(f"<html><body>{body}</body></html>".encode(), url=url, number=number, section=section)


@pytest.mark.parametrize(
    ("body", "number", "found"),
    [
        ('<link rel="next" href="/phap-luat-p2">', 1, "/phap-luat-p2"),
        ('<a href="/phap-luat/trang-2.htm">2</a><a href="/phap-luat/trang-3.htm">3</a>', 1, "/phap-luat/trang-2.htm"),
        ('<a href="/phap-luat/trang-2.htm">2</a><a href="/phap-luat/trang-3.htm">3</a>', 2, "/phap-luat/trang-3.htm"),
        ('<a href="?page=1">1</a><a href="?page=2">2</a>', 1, "/phap-luat.htm?page=2"),
        ('<a href="/phap-luat-page0">1</a><a href="/phap-luat-page1">2</a>', 1, "/phap-luat-page1"),
        ('<div class="pagination"><a class="next" href="/phap-luat-p2">Trang sau ›</a></div>', 1, "/phap-luat-p2"),
        ('<div class="paging"><a href="/phap-luat-p2"><i></i></a></div>', 1, "/phap-luat-p2"),
        ('<input id="hdZoneId" value="1234"><a href="javascript:;">Xem thêm</a>', 1, "/timelinelist/1234/2.htm"),
        ('<div data-cd-key="siteid9:newsinzone:zone77">', 4, "/timelinelist/77/5.htm"),
    ],
)
def test_the_next_page_is_found_as_papers_link_to_it(body: str, number: int, found: str) -> None:
    assert after(body, number) == f"https://bao-mau.example{found}"


@pytest.mark.parametrize(
    "body",
    [
        '<ol><li><a href="/tin-doc-nhieu-d538892.html">2</a></ol>',  # the second of the most read
        '<link rel="next" href="https://bao-khac.example/phap-luat-p2">',
        '<link rel="next" href="/phap-luat.htm#2">',  # this very page
        '<a href="javascript:trang(2)">2</a>',
        '<input id="hdZoneId" value="0">',
        '<input id="hdZoneId" value="../quan-tri">',
        "<a href='http://[::1/2'>2</a>",
        "<div>" * 100_000,
    ],
)
def test_what_is_no_further_page_of_this_paper_is_not_followed(body: str) -> None:
    assert after(body) is None


def test_the_outlets_file_says_where_the_pages_are_that_no_page_links_to() -> None:
    rest = f'sections = ["{SECTION}"]\n[paging]\n"{SECTION}" = "https://bao-mau.example/dong/7/trang-%s.htm"\n'
    source = parse_source("bao_mau", HEAD + rest % "{n}")
    page = next_page(b"<html>", url=SECTION, number=3, section=SECTION, source=source)
    assert page == "https://bao-mau.example/dong/7/trang-4.htm"
    for wrong in (rest % "2", rest.replace("bao-mau.example/dong", "bao-khac.example/dong") % "{n}"):
        with pytest.raises(SourceError, match=r"bao_mau\.toml: paging: "):
            parse_source("bao_mau", HEAD + wrong)


@pytest.mark.parametrize(
    ("path", "day"),
    [
        ("/kinh-te/gia-lua-tang-20260307080054340.htm", date(2026, 3, 7)),
        ("/sai-sot-thuong-gap-196260306071308923.htm", date(2026, 3, 6)),
        ("/thi-truong-18826030522484142.chn", date(2026, 3, 5)),
        ("/2026/03/04/mot-tin.html", date(2026, 3, 4)),
        ("/mot-tin-20261307080054340.htm", None),
        ("/mot-tin-5047363.html", None),
        ("/mot-tin-post1234567890.html", None),
    ],
)
def test_many_addresses_say_the_day_themselves(path: str, day: date | None) -> None:
    assert day_in_address(f"https://bao-mau.example{path}") == day


class Paper:
    """A server on loopback; `page` says what stands at a path, `asked` what was asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.page: Callable[[str], str | None] = lambda _: None
        self.base = self.host = ""


@pytest.fixture(scope="module")
def paper() -> Iterator[Paper]:
    state = Paper()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = state.page(self.path)
            if self.path != "/robots.txt":
                state.asked.append(self.path)
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write((body or "").encode())

        def log_message(self, *_: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        state.host = f"127.0.0.1:{server.server_address[1]}"
        state.base = f"http://{state.host}"
        yield state
        server.shutdown()
        thread.join()


def links(*numbers: int) -> str:
    return "".join(f'<h3><a href="/tin-mau-so-{n}-1{n:06}.html">Tin mẫu số {n} của báo</a></h3>' for n in numbers)


def section(number: int, *, following: str | None) -> str:
    """Three articles of its own, and the same box on every page."""
    more = f'<link rel="next" href="{following}">' if following else ""
    return (
        f"<html>{more}<body>{links(*range(3 * number, 3 * number + 3))}<aside>{links(900, 901)}</aside></body></html>"
    )


def walked(
    crawler: Crawler, paper: Paper, *, until: int, most: int = 30, walk: bool = True
) -> tuple[ListOutcome, list[ListOutcome]]:
    """The section's own outcome, and what `further` was told, which says stop at page `until`."""
    paper.asked.clear()
    source = Source("mau", "Báo Mẫu", f"{paper.base}/", "unknown", hosts=(paper.host,), sections=(f"{paper.base}/muc",))
    outcomes: list[ListOutcome] = []
    told: list[ListOutcome] = []

    def further(outcome: ListOutcome) -> bool:
        told.append(outcome)
        return outcome.job.page < until

    job = ListJob("mau", f"{paper.base}/muc", "listing", walk=walk)
    options = quick(frozenset({paper.host}), section_pages=most)
    crawler.call(lambda: read_lists([job], {"mau": source}, outcomes.append, options, further))
    (own,) = outcomes
    return own, told


def numbered(path: str) -> int:
    return int(path.rpartition("-p")[2]) if "-p" in path else 1


def test_a_section_is_walked_back_until_it_reaches_what_was_read(crawler: Crawler, paper: Paper) -> None:
    paper.page = lambda path: section(numbered(path), following=f"/muc-p{numbered(path) + 1}")
    own, told = walked(crawler, paper, until=3)
    assert paper.asked == ["/muc", "/muc-p2", "/muc-p3"]
    assert own.joined is True
    assert (own.job.page, len(own.entries)) == (1, 5)
    assert [(one.job.page, one.job.url, len(one.entries)) for one in told[1:]] == [
        (2, f"{paper.base}/muc-p2", 3),
        (3, f"{paper.base}/muc-p3", 3),
    ], "a page tells only what none before it showed"
    assert all(one.answers[0].asked == one.job.url for one in told), "what showed an article is evidence"


def test_in_the_daily_scan_only_the_first_page_is_read(crawler: Crawler, paper: Paper) -> None:
    paper.page = lambda path: section(numbered(path), following="/muc-p2")
    own, told = walked(crawler, paper, until=9, walk=False)
    assert (paper.asked, told, own.joined) == (["/muc"], [], None)


@pytest.mark.parametrize(
    ("page", "asked"),
    [
        (lambda path: section(numbered(path), following=f"/muc-p{numbered(path) + 1}"), 6),  # has no end
        (lambda path: section(numbered(path), following=path), 1),  # links to itself
        (lambda path: section(numbered(path), following="/muc-p2"), 2),  # goes in a circle
        (lambda path: section(1, following=f"/muc-p{numbered(path) + 1}"), 2),  # shows the same under other addresses
        (lambda path: section(1, following="http://bao-khac.example/muc-p2"), 1),
        (lambda path: section(1, following="http://127.0.0.1:9/muc-p2"), 1),
        (lambda path: section(1, following="/muc-p2") if path == "/muc" else None, 2),  # 404
        (lambda path: section(1, following="/muc-p2") if path == "/muc" else "<p>Đang bảo trì", 2),
        (lambda path: "User-agent: *\nDisallow: /muc-p" if "robots" in path else section(1, following="/muc-p2"), 1),
    ],
)
def test_a_section_that_does_not_reach_back_says_so_and_ends(
    crawler: Crawler, paper: Paper, page: Callable[[str], str | None], asked: int
) -> None:
    paper.page = page
    own, _ = walked(crawler, paper, until=99, most=6)
    assert len(paper.asked) == asked
    assert own.health == "ok"
    assert own.joined is False


class Silent:
    def stage(self, name: str, total: int | None) -> None: ...
    def step(self, count: int = 1) -> None: ...


def test_a_scan_after_days_without_power_finds_their_articles_in_the_sections_and_calls_the_days_complete(
    crawler: Crawler, paper: Paper, sqlite_store: Store
) -> None:
    today = day_of(now())
    days = [today - timedelta(days=n) for n in range(4)]

    def stream(number: int) -> list[str]:
        """Page n shows four articles of the day n - 1 days ago."""
        day = days[min(number, len(days)) - 1]
        return [f"/tin-mau-so-{n}-{day:%Y%m%d}0800{number:02}{n:03}.htm" for n in range(4)]

    def page(path: str) -> str | None:
        if path.startswith("/tin-"):
            return f"<html><h1>Tin mẫu {path[13:14]} của báo</h1><article>{'<p>Xã Mẫu mở lớp học bơi.' * 20}</article>"
        if not path.startswith("/muc"):
            return None
        rows = "".join(f'<h3><a href="{link}">Tin mẫu của báo {link[5:14]}</a></h3>' for link in stream(numbered(path)))
        return f'<html>{rows}<a href="/muc-p{numbered(path) + 1}">{numbered(path) + 1}</a>'

    source = Source("mau", "Báo Mẫu", f"{paper.base}/", "unknown", hosts=(paper.host,), sections=(f"{paper.base}/muc",))
    then = now() - timedelta(days=3)
    with sqlite_store.write() as session:
        outlets.keep(session, id="mau", title="Báo Mẫu", home=source.home, province=None)
        run_id = runs.start(session, day=days[3], at=then)
        runs.finish(session, run_id, at=then, counters={})
    before = tuple(FeedEntry(f"{paper.base}{link}", "Tin mẫu của báo hôm ấy") for link in stream(4))
    job = ListJob("mau", f"{paper.base}/muc", "listing")
    keeper = Keeper(sqlite_store, {"mau": source}, run_id, day_of)
    keeper.keep_list(ListOutcome(job=job, health="ok", fetched_at=then, entries=before), Tally())

    paper.asked.clear()
    paper.page = page
    options = quick(frozenset({paper.host}), since=days[3] + timedelta(days=1))
    scan = Scan(sqlite_store, {"mau": source}, WordJudge(), NoPlaces(), options, today, now, Silent())
    crawler.call(scan.run)
    assert [path for path in paper.asked if path.startswith("/muc")] == ["/muc", "/muc-p2", "/muc-p3", "/muc-p4"]
    mark_days(sqlite_store, now=now())
    with sqlite_store.read() as session:
        assert session.scalar(select(func.count()).select_from(Article)) == 16
        states = {row.day: row.state for row in scan_days.between(session, days[2], days[1])}
    assert states == {days[2]: "complete", days[1]: "complete"}
