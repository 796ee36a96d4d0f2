"""A lead's way in a real browser: the officer opens, keeps time, writes, sends; the liaison answers; the owner sees."""

import re

from playwright.sync_api import Page, expect

from models.store import recipients
from models.tables import RecipientMember
from tests.e2e.conftest import Site
from tests.review_ui.seed import NOW


def officer_sends(page: Page) -> None:
    page.goto("/tin/1")
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_role("button", name="Mở vụ việc").click()
    expect(page.get_by_role("heading", name="VV-2026-0001")).to_be_visible()
    clock = page.locator("#han-bao_cao_nhanh")
    clock.get_by_text("Ghi nhận đã làm…").click()
    clock.get_by_label("Gửi ai, báo ai").fill("Sở Y tế mẫu")
    clock.get_by_role("button", name="Ghi nhận").click()
    expect(page.locator("#han-bao_cao_nhanh")).to_contain_text("Đã xong, đúng hạn")
    page.get_by_role("link", name="Văn bản", exact=True).click()
    paper = page.locator("section#mau-01")
    paper.get_by_role("button", name="Soạn bản thảo").click()
    expect(page.get_by_text("Máy đọc từ bài số 1").first).to_be_visible()
    page.locator("section#mau-01").get_by_role("button", name=re.compile("Duyệt bản")).click()
    expect(page.locator("section#mau-01")).to_contain_text("đã duyệt")
    page.goto("/vu-viec/1")
    page.get_by_role("button", name="Xem trước và gửi").click()
    expect(page.get_by_role("heading", name="Công an mẫu sẽ thấy gì")).to_be_visible()
    page.get_by_label("Căn cứ").fill("Quy chế phối hợp mẫu")
    page.get_by_role("button", name="Lập gói và ghi nhận gửi").click()
    page.get_by_role("button", name="Mã hoá và hiện mật khẩu").click()
    expect(page.get_by_text("chỉ hiện lần này")).to_be_visible()
    with page.expect_download() as got:
        page.get_by_role("link", name="Tải tệp đã mã hoá").click()
    assert re.fullmatch(r"GT-20261121-[0-9a-f]{8}-ma-hoa\.zip", got.value.suggested_filename)


def liaison_answers(page: Page) -> None:
    page.goto("/nguon-tin-den")
    page.get_by_role("link", name="NT-2026-0001-1").click()
    page.locator("#kind").select_option("accepted")
    page.locator("#known").select_option("khong")
    page.get_by_label("Số văn bản").fill("15/CA-M")
    page.get_by_role("button", name="Ghi trả lời").click()
    expect(page.get_by_role("heading", name="NT-2026-0001-1")).to_contain_text("Đã thụ lý")
    assert page.goto("/vu-viec/1").status == 403  # type: ignore[union-attr]
    assert page.goto("/").status == 403  # type: ignore[union-attr]


def test_a_lead_goes_from_the_article_to_the_desk_and_its_answer_comes_back(site: Site) -> None:
    with site.world.store.write() as session:
        number = recipients.add(
            session, name="Công an mẫu", profile="police", territory=(), contact="", user_id=1, now=NOW
        )
        session.add(RecipientMember(user_id=4, recipient_id=number))
    officer, liaison = site.signed_in("lan").new_page(), site.signed_in("chi").new_page()
    officer_sends(officer)
    liaison_answers(liaison)
    officer.goto("/vu-viec/1")
    expect(officer.get_by_role("heading", name="VV-2026-0001")).to_contain_text("Đã chuyển")
    expect(officer.locator("#han-cqdt_phan_loai")).to_contain_text("Công an mẫu gửi cơ quan")
    expect(officer.locator("section", has_text="Nguồn tin đã gửi").first).to_contain_text("đã thụ lý")
    assert [noise for noise in site.noises if "403" not in noise] == []


def test_the_case_works_without_scripts(site: Site) -> None:
    page = site.signed_in("lan", java_script_enabled=False).new_page()
    page.goto("/nhap-vu-viec")
    page.get_by_label("Bạo lực").check()
    page.get_by_label("Nơi xảy ra").fill("phường Nghĩa Đô, Hà Nội")
    page.get_by_role("button", name="Mở vụ việc").click()
    page.get_by_label("Ghi chú", exact=False).last.fill("Ghi chú mẫu")
    page.get_by_role("button", name="Lưu ghi chú").click()
    expect(page.locator(".history").last).to_contain_text("ghi chú: Ghi chú mẫu")
