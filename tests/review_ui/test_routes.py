"""Every page, as nobody and as each role. A page that is missing from this table fails the test."""

import pytest

from models.store import cases, reading, review, users
from models.store.review import Choice
from review_ui.app import create_app
from review_ui.pages import PAGES
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW

EVERYONE, SIGNED_IN = "everyone", "signed in"
OFFICER, ADMIN, BOTH = {"officer"}, {"admin"}, {"officer", "admin"}
ALL, ANSWERING = BOTH | {"liaison"}, {"officer", "liaison"}

CLOSED = {"/metrics", "/dang-nhap/sso", "/dang-nhap/sso/ve"}
"""Open to everybody where the settings say so; here they do not."""

TABLE: dict[tuple[str, str], object] = {
    ("GET", "/static/{name}"): EVERYONE,
    ("GET", "/favicon.ico"): EVERYONE,
    ("GET", "/dang-nhap"): EVERYONE,
    ("POST", "/dang-nhap"): EVERYONE,
    ("GET", "/dang-nhap/mot-lan"): EVERYONE,
    ("POST", "/dang-nhap/mot-lan"): EVERYONE,
    ("GET", "/dang-nhap/sso"): EVERYONE,
    ("GET", "/dang-nhap/sso/ve"): EVERYONE,
    ("POST", "/dang-nhap/buoc-hai"): EVERYONE,
    ("POST", "/dang-xuat"): ALL,
    ("POST", "/tai-khoan/buoc-hai"): ALL,
    ("GET", "/tai-khoan"): ALL,
    ("POST", "/tai-khoan/mat-khau"): ALL,
    ("GET", "/huong-dan"): ALL,
    ("GET", "/bao"): BOTH,
    ("POST", "/bao/thu-ngay"): BOTH,
    ("GET", "/bao/them"): BOTH,
    ("POST", "/bao/them"): BOTH,
    ("POST", "/bao/tam-dung"): BOTH,
    ("GET", "/"): OFFICER,
    ("GET", "/tim"): OFFICER,
    ("POST", "/tim/theo-ten"): OFFICER,
    ("POST", "/tim/luu"): OFFICER,
    ("POST", "/tim/luu/{id}/bo"): OFFICER,
    ("POST", "/hoan-tac"): OFFICER,
    ("GET", "/tin/{id}"): OFFICER,
    ("POST", "/tin/{id}/quyet-dinh"): OFFICER,
    ("POST", "/tin/{id}/hoan-tac"): OFFICER,
    ("POST", "/tin/{id}/vu-viec"): OFFICER,
    ("POST", "/tin/{id}/ghi-chu"): OFFICER,
    ("GET", "/tin/{id}/so-sanh"): OFFICER,
    ("POST", "/tin/{id}/gop"): OFFICER,
    ("POST", "/tin/{id}/tach"): OFFICER,
    ("POST", "/tin/{id}/hoan-tac-gop"): OFFICER,
    ("POST", "/tin/{id}/xem-ten"): OFFICER,
    ("POST", "/tin/{id}/ban-luu"): OFFICER,
    ("GET", "/dia-danh"): OFFICER,
    ("POST", "/tin/{id}/noi"): OFFICER,
    ("POST", "/tin/{id}/noi/hoan-tac"): OFFICER,
    ("GET", "/vu-viec"): OFFICER,
    ("GET", "/vu-viec/{id}"): OFFICER,
    ("POST", "/vu-viec/{id}/buoc"): OFFICER,
    ("POST", "/vu-viec/{id}/han"): OFFICER,
    ("GET", "/vu-viec/{id}/danh-tinh"): OFFICER,
    ("POST", "/vu-viec/{id}/danh-tinh"): OFFICER,
    ("POST", "/vu-viec/{id}/danh-tinh/xem"): OFFICER,
    ("POST", "/vu-viec/{id}/danh-tinh/xoa"): OFFICER,
    ("GET", "/nhap-vu-viec"): OFFICER,
    ("POST", "/nhap-vu-viec"): OFFICER,
    ("POST", "/vu-viec/{id}/lam"): OFFICER,
    ("GET", "/vu-viec/{id}/van-ban"): OFFICER,
    ("POST", "/vu-viec/{id}/van-ban/lap"): OFFICER,
    ("POST", "/vu-viec/{id}/van-ban/sua"): OFFICER,
    ("POST", "/vu-viec/{id}/van-ban/{document}/duyet"): OFFICER,
    ("POST", "/vu-viec/{id}/van-ban/{document}/gui"): OFFICER,
    ("GET", "/vu-viec/{id}/van-ban/{document}/tep"): OFFICER,
    ("POST", "/vu-viec/{id}/su-kien"): OFFICER,
    ("GET", "/han-xu-ly"): OFFICER,
    ("GET", "/han-xu-ly/dung-han"): OFFICER,
    ("GET", "/nguon-tin"): OFFICER,
    ("POST", "/nguon-tin/tai"): OFFICER,
    ("GET", "/nguon-tin/goi"): OFFICER,
    ("POST", "/nguon-tin/goi"): OFFICER,
    ("GET", "/nguon-tin/goi/{id}"): OFFICER,
    ("POST", "/nguon-tin/goi/{id}/ma-hoa"): OFFICER,
    ("GET", "/nguon-tin/goi/{id}/tep"): OFFICER,
    ("GET", "/noi-nhan"): OFFICER,
    ("GET", "/chi-tieu"): OFFICER,
    ("POST", "/chi-tieu"): OFFICER,
    ("GET", "/so-can-cu"): OFFICER,
    ("GET", "/vu-viec/{id}/quyen-rieng-tu"): OFFICER,
    ("POST", "/vu-viec/{id}/quyen-rieng-tu"): OFFICER,
    ("POST", "/noi-nhan"): OFFICER,
    ("POST", "/noi-nhan/{id}/lam"): OFFICER,
    ("GET", "/nguon-tin-den"): ANSWERING,
    ("POST", "/nguon-tin-den/nhap"): ANSWERING,
    ("GET", "/nguon-tin-den/{id}"): ANSWERING,
    ("POST", "/nguon-tin-den/{id}/tra-loi"): ANSWERING,
    ("GET", "/nguon-tin-den/{id}/tep"): ANSWERING,
    ("GET", "/danh-ba"): BOTH,
    ("GET", "/danh-ba/don-vi"): BOTH,
    ("POST", "/danh-ba/don-vi"): BOTH,
    ("GET", "/diem-bao"): OFFICER,
    ("POST", "/diem-bao/lap"): OFFICER,
    ("POST", "/diem-bao/{id}/duyet"): OFFICER,
    ("POST", "/diem-bao/{id}/gui"): OFFICER,
    ("GET", "/diem-bao/{id}/tep"): OFFICER,
    ("GET", "/diem-bao/phan/tep"): OFFICER,
    ("POST", "/diem-bao/nguoi-nhan"): OFFICER,
    ("POST", "/diem-bao/nguoi-nhan/{id}/go"): OFFICER,
    ("GET", "/bao-cao"): OFFICER,
    ("GET", "/bao-cao/tep"): OFFICER,
    ("GET", "/bao-cao/tinh"): OFFICER,
    ("GET", "/bao-dong"): OFFICER,
    ("POST", "/bao-dong"): OFFICER,
    ("POST", "/bao-dong/{id}/dung"): OFFICER,
    ("POST", "/bao-dong/{id}/xoa"): OFFICER,
    ("POST", "/tin/{id}/tiep-nhan"): OFFICER,
    ("GET", "/khong-bo-sot"): OFFICER,
    ("POST", "/khong-bo-sot/{id}"): OFFICER,
    ("GET", "/nhan"): OFFICER,
    ("POST", "/nhan/lap-hang-doi"): OFFICER,
    ("POST", "/nhan/nhap"): OFFICER,
    ("GET", "/nhan/doc"): OFFICER,
    ("POST", "/nhan/doc"): OFFICER,
    ("GET", "/nhan/huong-dan"): OFFICER,
    ("GET", "/nhan/tep"): OFFICER,
    ("GET", "/mo-hinh"): OFFICER,
    ("POST", "/mo-hinh/huan-luyen"): OFFICER,
    ("POST", "/mo-hinh/cham-lai"): OFFICER,
    ("POST", "/mo-hinh/viec/{id}/dung"): OFFICER,
    ("POST", "/mo-hinh/quay-lai"): OFFICER,
    ("GET", "/mo-hinh/{id}"): OFFICER,
    ("GET", "/mo-hinh/{id}/the"): OFFICER,
    ("POST", "/mo-hinh/{id}/chay-thu"): OFFICER,
    ("POST", "/mo-hinh/{id}/de-nghi"): OFFICER,
    ("POST", "/mo-hinh/{id}/rut"): OFFICER,
    ("POST", "/mo-hinh/{id}/duyet"): OFFICER,
    ("GET", "/quan-tri/bao-dong"): ADMIN,
    ("GET", "/quan-tri/tinh-trang"): ADMIN,
    ("GET", "/healthz"): EVERYONE,
    ("GET", "/metrics"): EVERYONE,
    ("GET", "/quan-tri/quy-tac"): BOTH,
    ("POST", "/quan-tri/quy-tac/muc-gap"): BOTH,
    ("POST", "/quan-tri/quy-tac/ly-do"): BOTH,
    ("POST", "/quan-tri/quy-tac/luu-giu"): BOTH,
    ("GET", "/quan-tri/nguoi-dung"): ADMIN,
    ("POST", "/quan-tri/nguoi-dung"): ADMIN,
    ("POST", "/quan-tri/nguoi-dung/{id}/lien-ket"): ADMIN,
    ("POST", "/quan-tri/nguoi-dung/{id}/vai-tro"): ADMIN,
    ("POST", "/quan-tri/nguoi-dung/{id}/dia-ban"): ADMIN,
    ("POST", "/quan-tri/nguoi-dung/{id}/trang-thai"): ADMIN,
    ("GET", "/quan-tri/nguoi-dung/{id}/roi"): ADMIN,
    ("POST", "/quan-tri/nguoi-dung/{id}/roi"): ADMIN,
    ("POST", "/quan-tri/nguoi-dung/{id}/thay"): ADMIN,
    ("POST", "/quan-tri/thay/{id}/het"): ADMIN,
    ("GET", "/quan-tri/nhat-ky"): ADMIN,
    ("GET", "/quan-tri/nhat-ky/tep"): ADMIN,
}


def ask(person: Person, method: str, path: str) -> int:
    address = path.replace("{id}", "1").replace("{name}", "app.css")
    response = person.get(address) if method == "GET" else person.post(address)
    if response.status_code == 303 and response.headers["location"].startswith("/dang-nhap"):
        return 401
    return response.status_code


def test_the_table_names_every_route_of_the_application(one_world: World) -> None:
    pages = [route for route in one_world.app.routes if route.name != "api"]
    served = {(method, route.path) for route in pages for method in route.methods - {"HEAD"}}
    assert served == set(TABLE)
    assert {(page.method, page.path) for page in PAGES} == served


def test_nobody_reaches_only_what_is_open_to_everyone(one_world: World) -> None:
    for (method, path), who in TABLE.items():
        person = one_world.nobody()
        person.get("/dang-nhap")
        status = ask(person, method, path)
        if who is not EVERYONE:
            assert status == 401, (method, path)
        elif method == "GET":
            assert status in (200, 307, 503) or path in CLOSED, (method, path)
        else:
            assert status in (400, 401), (method, path)


@pytest.mark.parametrize(("name", "role"), [("lan", "officer"), ("quan", "admin"), ("chi", "liaison")])
def test_each_role_reaches_its_own_pages_and_no_others(one_world: World, name: str, role: str) -> None:
    person = one_world.sign_in(name)
    for (method, path), who in TABLE.items():
        status = ask(person, method, path)
        if who is EVERYONE or role in who:  # type: ignore[operator]
            assert status in (200, 303, 307, 400, 401, 404, 503), (method, path, status)
            assert status != 401 or who is EVERYONE or path == "/dang-xuat", (method, path)
            if path == "/dang-xuat" or "dang-nhap" in path:
                person = one_world.sign_in(name)
        else:
            assert status == 403, (method, path, status)
            assert "Vai trò của bạn" in person.last.text


def test_the_wrong_territory_finds_none_of_a_story_s_or_a_case_s_pages(one_world: World) -> None:
    """Story 1 lies in Hà Nội; whoever works for Đà Nẵng is told that there is no such thing."""
    with one_world.store.write() as session:
        lan, minh = users.find_user(session, "lan"), users.find_user(session, "minh")
        assert lan is not None
        assert minh is not None
        lead = reading.story(session, 1).lead
        review.decide(session, 1, Choice("confirm", lead.id, lead.shown_id, None, None), user_id=lan.id, now=NOW)
        cases.open_case(session, 1, user_id=lan.id, now=NOW)
        users.set_territory(session, minh, ["48"])
    person = one_world.sign_in("minh")
    for method, path in TABLE:
        if path.startswith(("/tin/{id}", "/vu-viec/{id}")):
            assert ask(person, method, path) == 404, (method, path)
            assert "VV-2026" not in person.last.text
    for address in ("/", "/vu-viec", "/tim?q=mẫu"):
        text = person.get(address).text
        assert "Nghi bạo lực" not in text
        assert "VV-2026" not in text
    fields = {"first": "2026-11-01", "last": "2026-11-30", "ground": "Căn cứ", "recipient": "Nơi nhận"}
    assert "VV-2026" not in person.post("/nguon-tin/tai", **fields).text
    assert "VV-2026" in one_world.sign_in("lan").get("/vu-viec").text


def test_there_are_no_pages_of_the_framework(one_world: World) -> None:
    person = one_world.sign_in("lan")
    for path in ("/docs", "/redoc", "/openapi.json", "/khong-co"):
        assert person.get(path).status_code == 404
        assert "Địa chỉ này không có gì" in person.last.text


def test_the_factory_needs_nothing_but_the_environment() -> None:
    app = create_app()
    assert len(app.routes) == len(TABLE) + 1
    app.state.house.store.close()
