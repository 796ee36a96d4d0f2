"""What an officer does beside deciding, in a real browser: a fact back to its words, an empty desk filled in."""

from playwright.sync_api import expect

from tests.e2e.conftest import Site
from tests.e2e.looking import picture

DESK = {"width": 1366, "height": 768}


def test_a_fact_opens_the_text_at_its_words(site: Site) -> None:
    page = site.signed_in("lan", viewport=DESK).new_page()
    page.goto("/tin/1")
    expect(page.locator("#tu-relation")).to_be_hidden()
    page.get_by_role("link", name="câu trong bài về quan hệ").click()
    expect(page.locator("#tu-relation")).to_be_in_viewport()
    expect(page.locator("#tu-relation")).to_have_text("bảo mẫu")
    picture(page, "fact-words", whole=False)


def test_a_warning_leads_to_the_form_that_ends_it(site: Site) -> None:
    page = site.signed_in("lan", viewport=DESK).new_page()
    page.goto("/tin/1")
    expect(page.get_by_text("thiếu liên hệ của 4 đầu mối")).to_be_visible()
    page.get_by_role("link", name="Bổ sung UBND P. Nghĩa Đô").click()
    form = page.locator("section", has=page.locator("#xa"))
    form.get_by_label("Điện thoại").fill("gọi ai")
    form.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Số điện thoại chỉ gồm chữ số")).to_be_visible()
    form.get_by_label("Điện thoại").fill("024 0000 0000")
    form.get_by_role("button", name="Lưu").click()
    expect(page.get_by_text("Đã lưu.")).to_be_visible()
    page.goto("/tin/1")
    expect(page.get_by_text("thiếu liên hệ của 3 đầu mối")).to_be_visible()
    expect(page.get_by_role("link", name="024 0000 0000")).to_have_attribute("href", "tel:02400000000")
    assert site.noises == [] or all("400" in noise for noise in site.noises)
