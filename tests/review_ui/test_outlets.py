"""The papers' page: every paper, its state in words, its days, and reading it again at once."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from models.clock import day_of
from models.session import Store
from models.store import outlets
from models.tables import Article, AuditEntry, FeedState, Outlet
from pipeline.health import GRAVITY
from review_ui.outlet_rows import ORDER, STATE, spark
from spiders.source import Source
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW
from tests.review_ui.test_hostile import NASTY
from tests.review_ui.test_statements import statements

HOST = "https://khai-mau.example"
DECLARED = Source(
    id="khai_mau",
    title="Khai Mẫu",
    home=f"{HOST}/",
    level="province",
    feeds=(f"{HOST}/rss",),
    sitemaps=(f"{HOST}/news.xml",),
    sections=(f"{HOST}/thoi-su",),
)
UNREAD = replace(DECLARED, id="moi_mau", title="Mới Mẫu", feeds=(f"{HOST}/moi",), sitemaps=(), sections=())


@pytest.fixture
def papers(sqlite_store: Store, build: Callable[..., World]) -> World:
    """The usual morning, a declared paper that was read, and one that was not yet."""
    world = build(sqlite_store)
    world.app.state.sources = {source.id: source for source in (DECLARED, UNREAD)}
    with world.store.write() as session:
        outlets.keep(session, id="khai_mau", title="Khai Mẫu", home=DECLARED.home, province=None)
        session.flush()
        session.add(state(f"{HOST}/rss", "khai_mau", "feed"))
        session.add(state(f"{HOST}/news.xml", "khai_mau", "sitemap", health="blocked", status=403, error="HTTP 403"))
    return world


def state(
    url: str, outlet: str, kind: str, *, health: str = "ok", status: int = 200, error: str | None = None
) -> FeedState:
    polled = NOW - timedelta(minutes=25)
    return FeedState(
        url=url,
        outlet_id=outlet,
        kind=kind,
        health=health,
        status=status,
        error=error,
        polled_at=polled,
        good_at=polled if health == "ok" else None,
        next_due_at=NOW + timedelta(minutes=40),
        interval_s=3900.0,
        overlap=0.9,
        entries=20,
        failures=0 if health == "ok" else 1,
    )


def add_articles(world: World, outlet: str, counts: dict[int, int], *, only_feed: int = 0) -> None:
    """So many articles so many days ago; all in feed and sitemap, but for `only_feed` of each day."""
    with world.store.write() as session:
        for days, count in counts.items():
            at = NOW - timedelta(days=days, minutes=30)
            session.add_all(
                Article(
                    outlet_id=outlet,
                    url=f"https://{outlet}.example/{days}-{n}",
                    day=day_of(at),
                    first_seen_at=at,
                    in_feed=at,
                    in_sitemap=None if n < only_feed else at,
                )
                for n in range(count)
            )


def row_of(text: str, title: str) -> str:
    return next(row for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if f">{title}</a></th>" in row)


def test_every_state_has_a_word_and_a_place() -> None:
    assert set(STATE) == set(GRAVITY) == set(ORDER)
    assert len(set(STATE.values())) == len(STATE) == len(ORDER)


def test_a_paper_that_does_not_answer_comes_first_with_what_to_do(papers: World) -> None:
    text = papers.sign_in("lan").get("/bao").text
    titles = re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', text)
    assert titles[0] == "Đất Mẫu Online"
    assert set(titles) == {"Đất Mẫu Online", "Báo Mẫu", "Tin Mẫu", "Khai Mẫu"}
    row = row_of(text, "Đất Mẫu Online")
    assert "<strong>Không trả lời</strong>. Nguồn tin RSS không trả lời (HTTP 503) và chưa lần nào đọc được." in row
    assert "Việc cần làm: Mở https://dat-mau.example/rss để xem báo còn hoạt động không." in row
    assert "<summary>Chi tiết kỹ thuật</summary>" in row
    assert "3/4 báo đang đọc tốt" in text


def test_a_trouble_says_since_when(papers: World) -> None:
    with papers.store.write() as session:
        session.execute(
            update(FeedState).where(FeedState.outlet_id == "dat-mau").values(good_at=NOW - timedelta(days=2))
        )
    row = row_of(papers.sign_in("lan").get("/bao").text, "Đất Mẫu Online")
    assert 'data-label="Từ lúc"><time datetime="2026-11-19T00:30:00+00:00"' in row


def test_papers_without_a_declaration_are_shown_but_not_offered_to_be_read(papers: World) -> None:
    text = papers.sign_in("lan").get("/bao").text
    assert "không còn trong danh mục" in row_of(text, "Tin Mẫu")
    assert "<button" not in row_of(text, "Tin Mẫu")
    assert 'aria-label="Thử ngay Khai Mẫu"' in row_of(text, "Khai Mẫu")


def test_papers_that_were_never_read_stand_apart_by_name(papers: World) -> None:
    text = papers.sign_in("lan").get("/bao").text
    assert "Chưa đọc lần nào (1)" in text.partition("<details>")[2]
    assert '<a href="/bao?bao=moi_mau">Mới Mẫu</a>' in text
    assert "Mới Mẫu" in row_of(papers.sign_in("lan").get("/bao?tinh_trang=unread").text, "Mới Mẫu")


def test_the_list_can_be_narrowed_to_one_state(papers: World) -> None:
    person = papers.sign_in("lan")
    text = person.get("/bao?tinh_trang=dead").text
    assert re.findall(r'<th scope="row"><a [^>]*>([^<]*)</a>', text) == ["Đất Mẫu Online"]
    assert '<a href="/bao?tinh_trang=dead" aria-current="page">Không trả lời (1)</a>' in text
    assert "Không có báo nào như vậy" in person.get("/bao?tinh_trang=silent").text
    assert "Khai Mẫu" in person.get("/bao?tinh_trang=khong-co").text


def test_the_days_are_drawn_and_said_and_stand_in_a_table(papers: World) -> None:
    add_articles(papers, "khai_mau", dict.fromkeys(range(1, 9), 10) | {0: 2, 2: 20})
    person = papers.sign_in("lan")
    row = row_of(person.get("/bao").text, "Khai Mẫu")
    assert "<title>14 ngày, cũ nhất trước: 0, 0, 0, 0, 0, 10, 10, 10, 10, 10, 10, 20, 10; hôm nay 2</title>" in row
    assert 'data-label="Hôm qua" class="num">10</td>' in row
    assert "5–41" in row
    assert "style=" not in person.last.text
    one = person.get("/bao?bao=khai_mau").text
    assert re.search(r"Thứ Năm 19/11/2026</th><td class=\"num\">20</td>", one)
    assert re.search(r"Thứ Bảy 21/11/2026 <span[^>]*>\(đến lúc này\)</span></th><td class=\"num\">2</td>", one)


def test_the_bars_are_as_high_as_the_days() -> None:
    drawn = spark((0, 6, 12, 3), (6, 13))
    assert drawn.bars == "M6 24v-12h5v12zM12 24v-24h5v24z"
    assert drawn.today == "M18 24v-6h5v6z"
    assert drawn.low == 12
    assert spark((0, 0), None).bars == spark((0, 0), None).today == ""
    assert spark((1, 1000, 0), (2000, 3000)).bars.startswith("M0 24v-1h5")
    assert spark((1, 1000, 0), (2000, 3000)).low is None


def test_one_paper_shows_each_list_with_its_own_state_and_what_lists_miss(papers: World) -> None:
    add_articles(papers, "khai_mau", {1: 9}, only_feed=4)
    text = papers.sign_in("lan").get("/bao?bao=khai_mau").text
    sitemap = next(row for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if f"{HOST}/news.xml" in row)
    assert "<strong>Chặn máy đọc</strong>. Sơ đồ tin tức: báo chặn máy của ta (HTTP 403)." in sitemap
    assert "<code>HTTP 403</code>" in sitemap
    assert "1 giờ 05 một lần" in sitemap
    assert "90 %" in sitemap
    section = next(row for row in re.findall(r"<tr>.*?</tr>", text, re.DOTALL) if f"{HOST}/thoi-su" in row)
    assert "Chưa đọc lần nào" in section
    compared = re.search(r'<th scope="row">Sơ đồ tin tức</th>(.*?)</tr>', text)
    assert compared is not None
    assert re.findall(r">(\d+)</td>", compared.group(1)) == ["5", "5", "4"]


def test_try_now_makes_the_lists_due_and_is_on_record(papers: World) -> None:
    person = papers.sign_in("lan")
    person.get("/bao")
    assert person.post("/bao/thu-ngay", outlet="khai_mau").headers["location"] == "/bao?da=khai_mau"
    assert "Đã ghi: đọc lại Khai Mẫu ngay." in person.get("/bao?da=khai_mau").text
    with papers.store.read() as session:
        assert {due.due_at for due in outlets.due_times(session).values() if due.outlet == "khai_mau"} == {NOW}
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "outlet.try")).one()
        assert (entry.object, entry.detail) == ("outlet/khai_mau", {"lists": 2})
        assert entry.user_id is not None


@pytest.mark.parametrize("name", ["lan", "quan"])
def test_officers_and_administrators_may_ask_for_a_paper_to_be_read(papers: World, name: str) -> None:
    person = papers.sign_in(name)
    person.get("/bao?bao=khai_mau")
    answer = person.post("/bao/thu-ngay", outlet="khai_mau", back="one")
    assert answer.headers["location"] == "/bao?da=khai_mau&bao=khai_mau"


def test_try_now_needs_the_word_of_the_page_and_a_paper_that_is_read(papers: World) -> None:
    person = papers.sign_in("lan")
    person.get("/bao")
    for outlet in ("tin-mau", "khong_co", ""):
        assert person.post("/bao/thu-ngay", outlet=outlet).status_code == 404
    person.csrf = "bịa"
    assert person.post("/bao/thu-ngay", outlet="khai_mau").status_code == 403
    with papers.store.read() as session:
        assert {due.due_at for due in outlets.due_times(session).values() if due.outlet == "khai_mau"} != {NOW}


def test_a_paper_that_was_just_read_is_not_asked_again(papers: World) -> None:
    with papers.store.write() as session:
        session.execute(update(FeedState).values(polled_at=NOW - timedelta(seconds=20)))
    person = papers.sign_in("lan")
    person.get("/bao")
    answer = person.post("/bao/thu-ngay", outlet="khai_mau")
    assert answer.status_code == 400
    assert "vừa được đọc chưa đầy một phút trước" in answer.text


def test_hostile_titles_and_errors_are_shown_as_text(papers: World) -> None:
    with papers.store.write() as session:
        session.execute(update(Outlet).where(Outlet.id == "dat-mau").values(title=NASTY))
        session.add(Outlet(id=f"x{NASTY}", title="Lạ Mẫu", home="javascript:alert(3)", province=None))
        session.flush()
        session.add(state(f"https://x.example/{NASTY}", f"x{NASTY}", "feed", health="failed", status=500, error=NASTY))
    person = papers.sign_in("lan")
    text = person.get("/bao").text
    one = person.get(re.findall(r'href="(/bao\?bao=x[^"]*)">Lạ Mẫu', text)[0]).text
    for page in (text, one, person.get("/bao?bao=dat-mau").text, person.get("/bao", params={"da": NASTY}).text):
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert 'href="javascript:' not in page
    assert "&lt;script&gt;alert(1)" in text
    assert "&lt;script&gt;alert(1)" in one


def test_two_hundred_papers_take_as_many_statements_as_four(world: World) -> None:
    person = world.sign_in("lan")
    world.app.state.sources = {}
    person.get("/bao")
    before = statements(world, person, "/bao")
    with world.store.write() as session:
        for n in range(200):
            session.add(Outlet(id=f"o{n}", title=f"Báo {n}", home=f"https://o{n}.example/", province=None))
        session.flush()
        for n in range(200):
            session.add(state(f"https://o{n}.example/rss", f"o{n}", "feed", health="ok" if n % 5 else "empty"))
    for n in range(0, 200, 20):
        add_articles(world, f"o{n}", {1: 3, 4: 2})
    assert statements(world, person, "/bao") == before
    assert before <= 13
    assert len(person.last.content) < 200_000


def test_the_catalogue_that_ships_is_read_once_for_the_application(one_world: World) -> None:
    person = one_world.sign_in("quan")
    first = person.get("/bao").text
    known = one_world.app.state.sources
    assert len(known) >= 120
    assert f"Chưa đọc lần nào ({len(known)})" in first
    person.get("/bao")
    assert one_world.app.state.sources is known


def test_a_broken_declaration_is_named_and_hides_no_other_paper(one_world: World, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "cua_toi.toml").write_text("title = 3", "utf-8")
    house = one_world.app.state.house
    object.__setattr__(house, "settings", replace(house.settings, sources_dir=folder))
    text = one_world.sign_in("lan").get("/bao").text
    assert "cua_toi.toml: " in text
    assert "Đất Mẫu Online" in text
    (folder / "cua_toi.toml").unlink()
    assert 'role="alert"' not in one_world.sign_in("lan").get("/bao").text


def test_no_such_paper_is_said_so(officer: Person) -> None:
    assert officer.get("/bao?bao=khong_co").status_code == 404
    assert "Không có báo này" in officer.last.text
