"""What a stranger, a stolen page or a guessing machine can do: nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from models import totp
from models.passwords import hash_password
from models.session import Store
from models.store import users
from models.tables import AuditEntry, User, UserSession
from review_ui.auth import local_address
from review_ui.pages import PAGES
from review_ui.security import HEADERS, TRIES, Limiter
from review_ui.views.sign_in import FAILED
from tests.review_ui.conftest import Person, World

PASSWORD = "chín con chim sẻ trên mái"


@pytest.fixture
def locked_door(sqlite_store: Store, build: Callable[..., World]) -> World:
    world = build(sqlite_store)
    with world.store.write() as session:
        user = users.find_user(session, "lan")
        assert user is not None
        users.set_password(session, user, hash_password(PASSWORD))
    return world


def try_password(person: Person, name: str, password: str) -> int:
    person.get("/dang-nhap")
    return person.post("/dang-nhap", name=name, password=password, target="/").status_code


def test_a_password_lets_in_and_the_cookie_is_for_this_site_alone(locked_door: World) -> None:
    person = locked_door.nobody()
    assert try_password(person, "LAN ", PASSWORD) == 303
    cookie = next(value for value in person.last.headers.get_list("set-cookie") if value.startswith("diembao="))
    for flag in ("HttpOnly", "SameSite=strict", "Path=/", "Max-Age=43200"):
        assert flag in cookie
    assert person.get("/").status_code == 200


def test_over_https_the_cookie_is_secure_and_bound_to_the_host(locked_door: World) -> None:
    person = Person(TestClient(locked_door.app, base_url="https://testserver", follow_redirects=False))
    assert try_password(person, "lan", PASSWORD) == 303
    cookie = next(c for c in person.last.headers.get_list("set-cookie") if c.startswith("__Host-diembao="))
    assert "Secure" in cookie
    assert "strict-transport-security" in person.last.headers


def test_wrong_name_wrong_password_and_locked_account_are_answered_alike(locked_door: World) -> None:
    person = locked_door.nobody()
    answers = []
    for name, password in (("không có ai", "x" * 12), ("lan", "sai rồi sai rồi"), ("lan", "")):
        assert try_password(person, name, password) == 401
        answers.append(re.sub(r'value="[^"]*"', "", person.last.text))
    assert FAILED in answers[0]
    assert len(set(answers)) == 1


def test_failures_lock_the_account_for_ever_longer_and_success_clears_them(locked_door: World) -> None:
    person = locked_door.nobody()
    for _ in range(5):
        try_password(person, "lan", "sai rồi sai rồi")
    assert try_password(person, "lan", PASSWORD) == 401
    locked_door.clock.forward(seconds=31)
    try_password(person, "lan", "sai rồi sai rồi")
    locked_door.clock.forward(seconds=31)
    assert try_password(person, "lan", PASSWORD) == 401
    locked_door.clock.forward(seconds=30)
    assert try_password(person, "lan", PASSWORD) == 303
    with locked_door.store.read() as session:
        user = session.scalars(select(User).where(User.name == "lan")).one()
        kinds = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert (user.failures, user.locked_until) == (0, None)
    assert kinds == ["signin.failed"] * 5 + ["signin.refused", "signin.failed", "signin.refused", "signin.ok"]


def test_one_address_may_try_only_so_often(locked_door: World) -> None:
    person = locked_door.nobody()
    person.get("/dang-nhap")
    assert {person.post("/dang-nhap/mot-lan", token="bịa").status_code for _ in range(TRIES)} == {401}
    assert try_password(person, "lan", PASSWORD) == 429


def test_the_limit_forgets_after_its_window() -> None:
    time = [0.0]
    limiter = Limiter(lambda: time[0])
    assert all(limiter.allows("192.0.2.1") for _ in range(TRIES))
    assert not limiter.allows("192.0.2.1")
    assert limiter.allows("192.0.2.2")
    time[0] = 301.0
    assert limiter.allows("192.0.2.1")


def test_signing_in_gives_a_new_secret_and_ends_the_old_session(locked_door: World) -> None:
    person = locked_door.nobody()
    try_password(person, "lan", PASSWORD)
    first = person.client.cookies["diembao"]
    other = locked_door.nobody()
    other.client.cookies.set("diembao", first)
    other.get("/huong-dan")
    with locked_door.store.write() as session:
        user = users.find_user(session, "lan")
        assert user is not None
        token = users.new_sign_in_token(session, user.id, locked_door.clock())
    other.post("/dang-nhap/mot-lan", token=token)
    assert person.client.cookies["diembao"] == first
    assert person.get("/").status_code == 303


@pytest.mark.parametrize("length", [timedelta(hours=1, minutes=1), timedelta(hours=13)])
def test_an_idle_or_old_session_is_over(one_world: World, length: timedelta) -> None:
    person = one_world.sign_in("lan")
    steps = 1 if length < timedelta(hours=2) else 26
    for _ in range(steps):
        one_world.clock.at += length / steps
        person.get("/huong-dan")
    assert person.last.status_code == 303
    assert person.last.headers["location"] == "/dang-nhap?tiep=/huong-dan"


def test_signing_out_ends_the_session_on_the_server(one_world: World) -> None:
    person = one_world.sign_in("lan")
    secret = person.client.cookies["diembao"]
    assert person.post("/dang-xuat").status_code == 303
    person.client.cookies.set("diembao", secret)
    assert person.get("/").status_code == 303
    with one_world.store.read() as session:
        assert session.scalars(select(UserSession)).all() == []


def test_a_link_works_once_and_looking_at_it_does_not_use_it_up(one_world: World) -> None:
    with one_world.store.write() as session:
        user = users.find_user(session, "lan")
        assert user is not None
        token = users.new_sign_in_token(session, user.id, one_world.clock())
    first, second = one_world.nobody(), one_world.nobody()
    for _ in range(2):
        assert first.get(f"/dang-nhap/mot-lan?token={token}").status_code == 200
    second.get(f"/dang-nhap/mot-lan?token={token}")
    assert first.post("/dang-nhap/mot-lan", token=token).status_code == 303
    assert second.post("/dang-nhap/mot-lan", token=token).status_code == 401
    assert "đã được dùng hoặc đã hết hạn" in second.last.text


def test_a_link_ends_after_a_day(one_world: World) -> None:
    with one_world.store.write() as session:
        user = users.find_user(session, "lan")
        assert user is not None
        token = users.new_sign_in_token(session, user.id, one_world.clock())
    one_world.clock.forward(hours=24, seconds=1)
    person = one_world.nobody()
    person.get(f"/dang-nhap/mot-lan?token={token}")
    assert person.post("/dang-nhap/mot-lan", token=token).status_code == 401


def test_every_form_without_the_right_word_is_refused(one_world: World) -> None:
    admin, officer = one_world.sign_in("quan"), one_world.sign_in("lan")
    for page in PAGES:
        if page.method != "POST":
            continue
        person = admin if page.path.startswith("/quan-tri") else officer
        address = page.path.replace("{id}", "1")
        for word in ("", "sai"):
            person.csrf = word
            assert person.post(address).status_code == 403, page.path
    assert (admin.get("/quan-tri/nguoi-dung").status_code, officer.get("/").status_code) == (200, 200)


def test_a_form_from_another_site_is_refused_even_with_the_right_word(one_world: World) -> None:
    person = one_world.sign_in("lan")
    for headers in (
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://ke-gian.example"},
    ):
        answer = person.client.post("/dang-xuat", data={"csrf": person.csrf}, headers=headers)
        assert answer.status_code == 403
    for headers in ({"sec-fetch-site": "same-origin", "origin": "null"}, {"origin": "http://testserver"}):
        person = one_world.sign_in("lan")
        answer = person.client.post("/dang-xuat", data={"csrf": person.csrf}, headers=headers)
        assert answer.status_code == 303


def test_every_answer_carries_the_headers_and_no_page_is_stored(one_world: World) -> None:
    person = one_world.sign_in("lan")
    for address in ("/", "/tin/1", "/khong-co", "/tin/999", "/tin/x", "/quan-tri/nhat-ky", "/nguon-tin"):
        answer = person.get(address)
        for name, value in HEADERS.items():
            assert answer.headers[name] == value, address
        assert answer.headers["cache-control"] == "no-store"
    policy = HEADERS["content-security-policy"]
    assert "unsafe" not in policy
    assert "http" not in policy


def test_pages_hold_no_script_style_or_handler_of_their_own(one_world: World) -> None:
    officer, admin = one_world.sign_in("lan"), one_world.sign_in("quan")
    pages = [officer.get(p).text for p in ("/", "/tin/1", "/vu-viec", "/nguon-tin", "/bao", "/huong-dan", "/tai-khoan")]
    pages += [admin.get(p).text for p in ("/quan-tri/nguoi-dung", "/quan-tri/nhat-ky")]
    for text in pages:
        assert re.findall(r"<script(?![^>]* src=\"/static/)", text) == []
        assert re.search(r"<style|\sstyle=|\son\w+=|javascript:", text) is None


@pytest.mark.parametrize(
    "target", ["//x.example", "/\\x.example", "https://x.example", "", "/a\nb", "javascript:alert(1)", "/ x"]
)
def test_nobody_is_sent_to_another_site(target: str) -> None:
    assert local_address(target) == "/"
    assert local_address("/tin/3?ngay=2026-11-20") == "/tin/3?ngay=2026-11-20"


def test_files_and_huge_bodies_are_refused(one_world: World) -> None:
    person = one_world.sign_in("lan")
    sent = person.client.post("/hoan-tac", files={"tệp": b"x"}, data={"csrf": person.csrf})
    assert sent.status_code == 400
    assert person.post("/hoan-tac", x="x" * 70_000).status_code == 413
    assert person.post("/hoan-tac", **{f"x{n}": "" for n in range(300)}).status_code == 400


def test_a_number_that_cannot_be_is_simply_not_there(officer: Person) -> None:
    for number in ("0", "999", "2147483648", "9" * 40, "-1", "1.5", "abc", "%00", "١"):
        for path in ("/tin", "/vu-viec"):
            assert officer.get(f"{path}/{number}").status_code == 404


def test_a_new_user_sets_a_password_before_working(one_world: World) -> None:
    admin = one_world.sign_in("quan")
    admin.get("/quan-tri/nguoi-dung")
    text = admin.post("/quan-tri/nguoi-dung", name="hoa", display="Hoa Mẫu", role="officer").text
    token = re.search(r"token=([\w-]+)", text)
    assert token
    person = one_world.nobody()
    person.get(f"/dang-nhap/mot-lan?token={token[1]}")
    person.post("/dang-nhap/mot-lan", token=token[1])
    assert person.get("/").headers["location"] == "/tai-khoan"
    person.get("/tai-khoan")
    assert person.post("/tai-khoan/mat-khau", new="ngắn", again="ngắn").status_code == 400
    assert person.post("/tai-khoan/mat-khau", new=PASSWORD, again=PASSWORD + "x").status_code == 400
    assert person.post("/tai-khoan/mat-khau", new=PASSWORD, again=PASSWORD).status_code == 303
    assert person.get("/").status_code == 200


def test_with_a_second_step_the_password_or_a_link_alone_lets_nobody_in(locked_door: World) -> None:
    clock, secret = locked_door.clock, totp.new_secret()
    with locked_door.store.write() as session:
        user = users.find_user(session, "lan")
        assert user is not None
        users.set_totp(session, user, secret)
        link = users.new_sign_in_token(session, user.id, clock())

    def code(steps: int = 0) -> str:
        return totp.code_at(secret, int(clock().timestamp()) // 30 + steps)

    person = locked_door.nobody()
    person.get("/dang-nhap")
    for address, fields in (
        ("/dang-nhap", {"name": "lan", "password": PASSWORD}),
        ("/dang-nhap/mot-lan", {"token": link}),
    ):
        assert person.post(address, **fields).status_code == 200
        assert "Bước thứ hai" in person.last.text
        assert person.client.get("/").status_code == 303
    token = re.search(r'name="token" value="([^"]+)"', person.last.text)
    assert token
    assert person.post("/dang-nhap/mot-lan", token=token[1]).status_code == 401
    assert person.post("/dang-nhap/buoc-hai", token=token[1], code=code(steps=-5)).status_code == 401
    assert person.post("/dang-nhap/buoc-hai", token="bịa", code=code()).status_code == 401
    assert person.post("/dang-nhap/buoc-hai", token=token[1], code=code()).status_code == 303
    assert person.client.get("/").status_code == 200
    again = locked_door.nobody()
    assert try_password(again, "lan", PASSWORD) == 200
    token = re.search(r'name="token" value="([^"]+)"', again.last.text)
    assert token
    assert again.post("/dang-nhap/buoc-hai", token=token[1], code=code()).status_code == 401
    clock.forward(seconds=31)
    assert again.post("/dang-nhap/buoc-hai", token=token[1], code=code()).status_code == 303


def test_codes_cannot_be_guessed(locked_door: World) -> None:
    with locked_door.store.write() as session:
        user = users.find_user(session, "lan")
        assert user is not None
        users.set_totp(session, user, totp.new_secret())
    person = locked_door.nobody()
    try_password(person, "lan", PASSWORD)
    token = re.search(r'name="token" value="([^"]+)"', person.last.text)
    assert token
    for _ in range(5):
        person.post("/dang-nhap/buoc-hai", token=token[1], code="000000x")
    assert "tạm khoá" in person.last.text
    assert try_password(person, "lan", PASSWORD) == 401


def test_the_second_step_is_turned_on_with_a_working_app_and_off_with_the_password(locked_door: World) -> None:
    person = locked_door.nobody()
    try_password(person, "lan", PASSWORD)
    secret = re.search(r'name="secret" value="([A-Z2-7]+)"', person.get("/tai-khoan").text)
    assert secret
    fields = {"on": "1", "secret": secret[1], "old": PASSWORD}
    good = totp.code_at(secret[1], int(locked_door.clock().timestamp()) // 30)
    assert person.post("/tai-khoan/buoc-hai", **fields, code="1").status_code == 400
    assert person.post("/tai-khoan/buoc-hai", **{**fields, "old": "sai"}, code=good).status_code == 400
    assert person.post("/tai-khoan/buoc-hai", **fields, code=good).status_code == 303
    assert "Đang bật" in person.get("/tai-khoan").text
    assert person.post("/tai-khoan/buoc-hai", on="0", old=PASSWORD).status_code == 303
    assert "Đang bật" not in person.get("/tai-khoan").text


def test_a_locked_out_or_changed_user_is_signed_out_at_once(one_world: World) -> None:
    officer, admin = one_world.sign_in("minh"), one_world.sign_in("quan")
    with one_world.store.read() as session:
        minh, quan = users.find_user(session, "minh"), users.find_user(session, "quan")
        assert minh is not None
        assert quan is not None
    admin.post(f"/quan-tri/nguoi-dung/{minh.id}/trang-thai", active="0")
    assert officer.get("/").status_code == 303
    assert admin.post(f"/quan-tri/nguoi-dung/{quan.id}/vai-tro", role="officer").status_code == 400


def test_the_server_s_own_failure_shows_no_trace(one_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    person = one_world.sign_in("lan")

    def broken(*_: object, **__: object) -> None:
        message = "bí mật của máy chủ"
        raise RuntimeError(message)

    monkeypatch.setattr("review_ui.views.cases.cases.all_cases", broken)
    answer = person.get("/vu-viec")
    assert answer.status_code == 500
    assert "Máy chủ gặp lỗi" in answer.text
    assert "bí mật" not in answer.text
    assert "Traceback" not in answer.text
