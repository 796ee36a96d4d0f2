"""A person with a territory of their own: their part on every page, and nothing of anybody else's on any."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from docx import Document
from sqlalchemy import select

from models.store import cases, reading, review, search, users
from models.store import recall as samples
from models.store.review import Choice
from models.tables import Article, AuditSample, Place
from review_ui.pages import PAGES
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW, Telling, add_article, add_story

OWN = "new:00160"
"""P. Nghĩa Đô, Hà Nội, where the sample morning happens."""
SECRET = "Dấu Riêng Nơi Khác"
ELSEWHERE = {"new_codes": ["20194"], "province": "48"}
FOREIGN = re.compile(r"/tin/[56]\b")
"""The addresses of the two stories of Đà Nẵng."""
DAY = "2026-11-21"
QUERY = f"?ngay={DAY}&dang=txt&ma=48&vu=2&noi=1&bai=6&da=2&q=dấu riêng"


def foreign(number: int, **more: object) -> Telling:
    words = f"{SECRET} {number}"
    return Telling(f"Tựa {words}", f"Sapo {words}", f"Thân {words}", reason=f"Vì {words}", **ELSEWHERE, **more)  # type: ignore[arg-type]


@pytest.fixture
def mixed(one_world: World) -> tuple[World, int, int]:
    """The usual morning, its first story confirmed with a case; a case, an accident and a sample of Đà Nẵng."""
    with one_world.store.write() as session:
        lan, minh = users.find_user(session, "lan"), users.find_user(session, "minh")
        assert lan is not None
        assert minh is not None
        theirs = add_story(session, 1, foreign(1, danger_now=True), foreign(2, outlet="tin-mau"))
        accident = add_story(session, 1, foreign(3))
        for story, action, reason in ((1, "confirm", None), (theirs, "confirm", None), (accident, "reject", "tai_nan")):
            lead = reading.story(session, story).lead
            choice = Choice(action, lead.id, lead.shown_id, None, None, reason, f"Ghi {SECRET}" if story > 1 else None)
            review.decide(session, story, choice, user_id=lan.id, now=NOW)
        ours, other = (cases.open_case(session, story, user_id=lan.id, now=NOW) for story in (1, theirs))
        review.add_note(session, theirs, f"Chú {SECRET}", user_id=lan.id, now=NOW)
        for number, telling in enumerate((foreign(8, hours_ago=20), Telling("Bài mẫu ở đây", hours_ago=20))):
            add_article(session, 1, telling, 200 + number)
        rates = dict.fromkeys(samples.DRAWN, 1.0)
        samples.draw(session, (NOW - timedelta(days=1)).date(), rates=rates, seed="hạt", at=NOW)
        users.set_territory(session, minh, [OWN])
        search.index_new(session)
    lan_ = one_world.sign_in("lan")
    lan_.get("/diem-bao")
    lan_.post("/diem-bao/lap", ngay=DAY)
    lan_.post("/noi-nhan", do="them", name="Công an mẫu", profile="cong_an")
    lan_.post("/nguon-tin/tai", first="2026-11-01", last="2026-11-30", ground="Căn cứ", recipient=SECRET)
    return one_world, ours, other


def pages_of(person: Person) -> dict[str, str]:
    """Every page that can be asked for, with every id that there is; a page without one with and without a query."""
    found = {}
    for page in PAGES:
        if page.method != "GET" or page.path.startswith(("/static", "/dang-nhap", "/huong-dan", "/quan-tri")):
            continue
        paths = [re.sub(r"\{\w+\}", str(number), page.path) for number in range(1, 7)]
        for path in dict.fromkeys(paths):
            for query in ("", QUERY) if "{" not in page.path else (QUERY,):
                found[path + query] = person.get(path + query).text
    return found


def test_no_page_shows_anything_of_another_commune(mixed: tuple[World, int, int]) -> None:
    world, ours, other = mixed
    with world.store.read() as session:
        codes = {case.id: case.code for case in cases.all_cases(session)}
    person = world.sign_in("minh")
    shown = pages_of(person)
    leaks = [
        address for address, text in shown.items() if SECRET in text or codes[other] in text or FOREIGN.search(text)
    ]
    assert leaks == []
    assert codes[ours] in shown["/vu-viec"]
    lan = world.sign_in("lan")
    for address in ("/tin/5", "/vu-viec/2", "/khong-bo-sot", "/tim?q=dấu riêng", "/nguon-tin"):
        assert SECRET in lan.get(address).text, "the marks are there to be found"


def test_the_digest_is_their_part_and_not_theirs_to_approve(mixed: tuple[World, int, int]) -> None:
    world, _, _ = mixed
    person = world.sign_in("minh")
    page = person.get(f"/diem-bao?ngay={DAY}").text
    assert "Phần của địa bàn <strong>P. Nghĩa Đô, Hà Nội</strong>" in page
    assert "Danh sách có 3 tin (4 bài trong ngày)" in page, "of the six stories of the day"
    assert "Đà Nẵng" not in page
    assert "chưa được duyệt" in page
    assert "Danh sách có 6 tin" in world.sign_in("lan").get(f"/diem-bao?ngay={DAY}").text
    for path in ("/diem-bao/lap", "/diem-bao/1/duyet", "/diem-bao/1/gui", "/diem-bao/nguoi-nhan"):
        assert person.post(path, ngay=DAY, seen="").status_code == 403
        assert "Tài khoản của bạn phụ trách P. Nghĩa Đô, Hà Nội" in person.last.text
    assert person.get("/diem-bao/1/tep?dang=docx").status_code == 403
    own = person.get(f"/diem-bao/phan/tep?ngay={DAY}&dang=docx")
    text = "\n".join(paragraph.text for paragraph in Document(BytesIO(own.content)).paragraphs)
    assert "Phần của địa bàn P. Nghĩa Đô, Hà Nội, không phải điểm báo chung đã duyệt." in text
    assert "Đà Nẵng" not in text
    assert world.sign_in("lan").get("/diem-bao/phan/tep?dang=docx").status_code == 404


def test_the_report_counts_their_part_alone(mixed: tuple[World, int, int]) -> None:
    world, _, _ = mixed

    def counts(page: str, label: str) -> str:
        found = re.search(rf'<th scope="row">{label}</th><td class="num">([^<]*)</td>', page)
        return found[1] if found else ""

    own, whole = (world.sign_in(name).get("/bao-cao?ky=month").text for name in ("minh", "lan"))
    for label, ours, all_ in (("Tin \\(sự việc\\)", "1", "2"), ("Bài báo", "2", "4"), ("Vụ việc đã mở", "1", "2")):
        assert (counts(own, label), counts(whole, label)) == (ours, all_), label
    assert "Chỉ tính địa bàn P. Nghĩa Đô, Hà Nội." in own
    assert "Lưới 34 tỉnh" not in own
    assert 'role="group" aria-label="Số tin theo tỉnh"' in whole
    assert '<li class="step-4"><a href="/tim?noi=ph%C6%B0%E1%BB%9Dng+Ngh%C4%A9a' in own
    person = world.sign_in("minh")
    assert person.get("/bao-cao/tinh?ma=48&ky=month").status_code == 404
    assert "Số liệu của mọi xã, phường (1)" in person.get("/bao-cao/tinh?ma=01&ky=month").text
    out = person.get("/bao-cao/tep?ky=month&dang=docx")
    tables = Document(BytesIO(out.content)).tables
    cells = [cell.text for table in tables for row in table.rows for cell in row.cells]
    assert "1" not in cells, "small counts are hidden where the file may leave the office"


def test_samples_of_their_own_places_alone_are_judged(mixed: tuple[World, int, int]) -> None:
    world, _, _ = mixed
    with world.store.read() as session:
        rows = session.execute(
            select(AuditSample.id, Place.new_province)
            .join(Article, Article.id == AuditSample.article_id)
            .join(Place, Place.id == Article.place_id)
        ).all()
    ids = {province: number for number, province in rows}
    person = world.sign_in("minh")
    page = person.get("/khong-bo-sot").text
    assert "Bài mẫu ở đây" in page
    assert f'action="/khong-bo-sot/{ids["48"]}"' not in page
    assert person.post(f"/khong-bo-sot/{ids['48']}", tra_loi="no").status_code == 404
    assert person.post(f"/khong-bo-sot/{ids['01']}", tra_loi="no").status_code == 303


def test_a_search_whose_newest_hits_all_lie_elsewhere_leads_on_to_older_ones(
    mixed: tuple[World, int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("review_ui.views.search.PER_PAGE", 1)
    page = mixed[0].sign_in("minh").get("/tim?q=dấu riêng").text
    assert "đều ngoài địa bàn bạn phụ trách" in page
    assert "truoc=" in page
    assert SECRET not in page.partition("Tìm kiếm đã lưu")[0].partition("</form>")[2]
