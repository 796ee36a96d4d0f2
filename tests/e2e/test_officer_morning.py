"""An officer's morning in a real browser: by mouse, by keyboard, and without any script."""

import csv
import io
from pathlib import Path

from playwright.sync_api import Page, expect

from models.passwords import hash_password
from models.store import users
from tests.e2e.conftest import Site

PASSWORD = "chín con chim sẻ trên mái"


def give_password(site: Site) -> None:
    with site.world.store.write() as session:
        user = users.find_user(session, "lan")
        assert user is not None
        users.set_password(session, user, hash_password(PASSWORD))


def sign_in(page: Page) -> None:
    page.goto("/")
    page.get_by_label("Tên đăng nhập").fill("lan")
    page.get_by_label("Mật khẩu").fill(PASSWORD)
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", name="Thứ Bảy 21/11/2026")).to_be_visible()


def test_sign_in_confirm_a_hit_open_a_case_and_download_the_leads(site: Site, tmp_path: Path) -> None:
    give_password(site)
    page = site.context(viewport={"width": 1366, "height": 768}).new_page()
    sign_in(page)
    page.get_by_role("link", name="Nghi bạo lực với trẻ 0–5 tuổi").click()
    page.get_by_text("Xem nội dung bài").click()
    expect(page.locator("article mark").first).to_be_visible()
    page.get_by_role("button", name="Xác nhận").click()
    expect(page.get_by_role("status").filter(has_text="Xác nhận: Nghi bạo lực")).to_be_visible()
    page.get_by_role("button", name="Mở vụ việc").click()
    expect(page.get_by_role("heading", name="VV-2026-0001")).to_be_visible()
    page.locator("summary", has_text="Vụ việc").first.click()
    page.get_by_role("link", name="Chuyển nguồn tin").click()
    page.get_by_label("Nơi nhận").fill("Công an phường mẫu")
    page.get_by_label("Căn cứ").fill("Kế hoạch phối hợp mẫu")
    with page.expect_download() as download:
        page.get_by_role("button", name="Tải CSV").click()
    target = tmp_path / "leads.csv"
    download.value.save_as(target)
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8-sig"))))
    assert [row["Mã vụ việc"] for row in rows] == ["VV-2026-0001"]
    assert download.value.suggested_filename == "nguon-tin-20261121.csv"
    assert site.noises == []


def test_the_keyboard_alone_is_enough(site: Site) -> None:
    page = site.signed_in("lan", viewport={"width": 1366, "height": 768}).new_page()
    page.goto("/")
    expect(page.locator(".row.here")).to_contain_text("Nghi bạo lực")
    page.keyboard.press("c")
    expect(page.locator("#tin-1.done")).to_contain_text("Xác nhận")
    expect(page.locator(".row.here")).to_contain_text("Nghi xâm hại tình dục")
    page.keyboard.press("x")
    page.keyboard.press("7")
    expect(page.locator("#tin-2.done")).to_contain_text("Bỏ qua: trùng")
    page.keyboard.press("u")
    expect(page.locator("#tin-2.done")).to_have_count(0)
    page.keyboard.press("?")
    expect(page.locator("#tin-2.done")).to_contain_text("Chưa rõ")
    expect(page.locator(".row.here")).to_contain_text("Diễn biến vụ")
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Diễn biến vụ")).to_be_visible()
    page.keyboard.press("t")
    expect(page.locator("#noi-dung-bai")).to_have_attribute("open", "")
    page.keyboard.press("c")
    expect(page.get_by_text("Còn 0/3")).to_be_visible()
    page.keyboard.press("h")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    assert site.noises == []


def test_everything_works_without_scripts(site: Site) -> None:
    give_password(site)
    page = site.context(java_script_enabled=False).new_page()
    sign_in(page)
    row = page.locator("#tin-1")
    row.get_by_role("button", name="Xác nhận").click()
    expect(page.locator("#tin-1.done")).to_contain_text("Xác nhận")
    page.locator("#tin-1").get_by_role("button", name="Hoàn tác").click()
    expect(page.locator("#tin-1.done")).to_have_count(0)
    page.locator("#tin-2").get_by_role("link", name="Bỏ qua…").click()
    if not page.get_by_label("Lý do", exact=True).is_visible():
        page.get_by_text("Bỏ qua…").click()
    page.get_by_label("Lý do", exact=True).select_option("trung")
    page.get_by_role("button", name="Bỏ qua", exact=True).click()
    page.get_by_role("link", name="Danh sách").click()
    expect(page.locator("#tin-2.done")).to_contain_text("Bỏ qua: trùng")
    page.get_by_role("button", name="Đăng xuất").click()
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()


def test_a_colleague_s_decision_is_shown_before_one_s_own_is_written(site: Site) -> None:
    lan = site.signed_in("lan").new_page()
    minh = site.signed_in("minh").new_page()
    lan.goto("/tin/1")
    minh.goto("/tin/1")
    expect(minh.get_by_text("đang được Người LAN xem")).to_be_visible()
    minh.get_by_role("button", name="Chưa rõ").click()
    expect(minh.get_by_role("heading", level=1, name="Nghi xâm hại")).to_be_visible()
    lan.get_by_role("button", name="Xác nhận").click()
    expect(lan.get_by_role("alert")).to_contain_text("vừa được Người MINH ghi là chưa rõ lúc 07:30")
    lan.get_by_role("button", name="Vẫn xác nhận").click()
    expect(lan.get_by_role("status").filter(has_text="Xác nhận: Nghi bạo lực")).to_be_visible()
