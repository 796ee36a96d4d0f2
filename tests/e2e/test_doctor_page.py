"""The state of the service in a browser: what is wrong, what to do, and well again once that was done."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

from pipeline import backup
from tests.e2e.conftest import ARTEFACTS, Site

SIZES = {"desk": {"width": 1366, "height": 768}, "phone": {"width": 390, "height": 844}}

CHECKS = (
    "Cơ sở dữ liệu",
    "Quét báo",
    "Đồng hồ máy",
    "Đánh giá bài",
    "Điểm báo hôm nay",
    "Đĩa",
    "Chứng thư máy chủ",
)


def row(page: Page, name: str) -> Locator:
    return page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=re.compile(rf"{name}$")))


@pytest.mark.parametrize("size", SIZES)
def test_an_administrator_sees_what_is_wrong_and_that_it_was_mended(site: Site, size: str) -> None:
    page = site.signed_in("quan", viewport=SIZES[size], java_script_enabled=False).new_page()
    page.goto("/quan-tri/tinh-trang")
    for name in CHECKS:
        expect(row(page, name)).to_be_visible()
    expect(row(page, "Sao lưu")).to_contain_text("Cần xem")
    expect(row(page, "Sao lưu")).to_contain_text("diembao backup make")
    settings = site.world.app.state.house.settings
    backup.make(site.world.store, settings.archive_dir, settings.backup_dir, password="x", now=site.world.clock())
    page.reload()
    expect(row(page, "Sao lưu")).to_contain_text("Tốt")
    expect(row(page, "Sao lưu")).to_contain_text(re.compile("bản gần nhất 0 phút trước"))


def test_the_page_and_that_of_leaving_are_accessible_and_fit(site: Site) -> None:
    wrong = []
    for name, size in SIZES.items():
        for scheme in ("light", "dark"):
            page = site.signed_in("quan", viewport=size, color_scheme=scheme).new_page()
            for what, address in (("doctor", "/quan-tri/tinh-trang"), ("leaving", "/quan-tri/nguoi-dung/1/roi")):
                page.goto(address)
                page.screenshot(path=ARTEFACTS / f"{what}-{name}-{scheme}.png", full_page=True)
                result = Axe().run(page)
                if result.violations_count:
                    wrong.append(f"{what} {name} {scheme}: {result.generate_report()}")
                if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                    wrong.append(f"{what} {name} {scheme}: wider than the screen")
    assert wrong == [], "\n".join(wrong)
