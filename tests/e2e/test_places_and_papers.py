"""Place by keyboard, the điểm báo from draft to approval, reports, alerts and samples, in a real browser."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from models.store import recall as samples
from pipeline.alerts import Rules, queue_new, send_due
from pipeline.place_words import gazetteer
from pipeline.urgency import load_table
from tests.e2e.conftest import Site
from tests.e2e.looking import faults, faults_in_light_and_dark, picture
from tests.review_ui.seed import NOW, Telling, add_article

DESK = {"width": 1366, "height": 768}


def sample(site: Site) -> None:
    with site.world.store.write() as session:
        for number in range(3):
            add_article(session, 1, Telling(title=f"Bài mẫu số {number} không ai thấy", hours_ago=20), 100 + number)
        rates = dict.fromkeys(samples.DRAWN, 1.0)
        samples.draw(session, NOW.date() - timedelta(days=1), rates=rates, seed="mẫu", at=NOW)


def test_the_place_is_corrected_with_the_keyboard_alone(site: Site) -> None:
    page = site.signed_in("lan", viewport=DESK).new_page()
    page.goto("/tin/1")
    page.keyboard.press("p")
    box = page.get_by_role("combobox", name="Xã, phường")
    expect(box).to_be_focused()
    page.keyboard.type("binh thuan lam")
    expect(page.get_by_role("option", name="phường Bình Thuận, tỉnh Lâm Đồng", exact=True)).to_have_attribute(
        "aria-selected", "true"
    )
    expect(page.locator("#noi-goi-y")).to_have_attribute("data-about", "binh thuan lam")
    assert faults(page, "place-typing") == []
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nơi xảy ra do Người LAN ghi")).to_be_visible()
    expect(page.locator("#noi-xay-ra strong")).to_contain_text("P. Bình Thuận, Lâm Đồng")
    page.keyboard.press("p")
    page.keyboard.type("nghia do")
    expect(page.get_by_role("option").first).to_have_text("phường Nghĩa Đô, thành phố Hà Nội")
    expect(page.locator("#noi-goi-y[data-about='nghia do'] [role=option]")).to_have_count(7)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#noi-xay-ra strong")).to_contain_text("Nghĩa Đô, Lào Cai")
    assert faults(page, "place-done") == []
    page.get_by_role("button", name="Hoàn tác sửa nơi xảy ra").click()
    expect(page.locator("#noi-xay-ra strong")).to_contain_text("P. Bình Thuận, Lâm Đồng")
    page.keyboard.press("p")
    page.keyboard.press("Escape")
    expect(page.locator("details[data-place]")).not_to_have_attribute("open", "")
    assert site.noises == []


def test_the_place_is_corrected_without_scripts(site: Site) -> None:
    page = site.signed_in("lan", viewport=DESK, java_script_enabled=False).new_page()
    page.goto("/tin/1")
    page.get_by_text("Sửa nơi xảy ra…").click()
    page.get_by_label("Xã, phường").fill("bình thuận")
    page.get_by_role("button", name="Sửa", exact=True).click()
    picture(page, "place-choice")
    page.get_by_role("button", name="tỉnh Lâm Đồng (cũ: tỉnh Bình Thuận)").click()
    expect(page.locator("#noi-xay-ra strong")).to_contain_text("Lâm Đồng")
    page.get_by_text("Sửa nơi xảy ra…").click()
    page.get_by_role("button", name="Không rõ nơi").click()
    expect(page.get_by_text("Nơi xảy ra do Người LAN xoá")).to_be_visible()


def tell(site: Site) -> None:
    """The story's alerts, one sent and one that no channel takes."""
    rules = Rules(load_table(), (), gazetteer(), "https://diembao.example")
    assert queue_new(site.world.store, rules, now=NOW)
    send_due(site.world.store, lambda *_: False, now=site.world.clock)


@pytest.mark.parametrize("width", [1366, 390])
def test_a_morning_s_papers(site: Site, width: int) -> None:
    """Review, draft, approval, a late change, the report, an alert and a sample; each page looked at when filled."""
    options = {"viewport": {"width": width, "height": 844}, "color_scheme": "light"}
    page = site.signed_in("lan", **options).new_page()
    page.goto("/tin/1")
    page.get_by_role("button", name="Xác nhận").click()
    page.goto("/diem-bao")
    page.get_by_role("button", name="Lập bản thảo").click()
    expect(page.get_by_text("Bản thảo số 1")).to_be_visible()
    assert faults_in_light_and_dark(page, f"digest-draft-{width}") == []
    page.get_by_role("button", name="Duyệt bản này").click()
    expect(page.get_by_text("Đã duyệt: Người LAN")).to_be_visible()
    page.get_by_text("Người nhận điểm báo").click()
    page.get_by_label("Tên người, đơn vị nhận").fill("Phòng mẫu")
    page.get_by_label("Địa chỉ kênh").fill("json://ai:mat-khau@may-chu.example/")
    page.get_by_role("button", name="Thêm người nhận").click()
    page.get_by_label("Gửi lúc").fill("07:45")
    page.get_by_role("button", name="Gửi tới 1 người nhận").click()
    expect(page.get_by_text("chờ gửi")).to_be_visible()
    page.goto("/tin/2")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.get_by_role("button", name="Xác nhận").click()
    page.goto("/diem-bao")
    page.get_by_role("button", name="Lập lại").click()
    expect(page.get_by_text("Khác bản đã duyệt")).to_be_visible()
    assert faults_in_light_and_dark(page, f"digest-changed-{width}") == []
    page.goto("/bao-cao")
    assert faults_in_light_and_dark(page, f"reports-filled-{width}") == []
    page.goto("/bao-dong")
    page.get_by_label("Địa chỉ kênh").fill("json://ai:mat-khau@may-chu.example/")
    page.get_by_role("button", name="Đăng ký").click()
    expect(page.get_by_text("Đã đăng ký")).to_be_visible()
    assert faults_in_light_and_dark(page, f"alerts-filled-{width}") == []
    tell(site)
    page.goto("/tin/1")
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")
    assert faults_in_light_and_dark(page, f"story-told-{width}") == []
    page.get_by_role("button", name="Đã tiếp nhận").click()
    expect(page.get_by_text("Người LAN đã tiếp nhận")).to_be_visible()
    sample(site)
    page.goto("/khong-bo-sot")
    page.get_by_role("button", name="Không cần xem").first.click()
    assert faults_in_light_and_dark(page, f"recall-filled-{width}") == []
    admin = site.signed_in("quan", **options).new_page()
    for address, shot in (("/quan-tri/tinh-trang", "service"), ("/quan-tri/bao-dong", "waiting")):
        admin.goto(address)
        assert faults_in_light_and_dark(admin, f"{shot}-filled-{width}") == []
    assert site.noises == []
