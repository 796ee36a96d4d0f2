"""The state of the service in a browser: what is wrong, what to do, and well again once that was done."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from pipeline import backup
from tests.e2e.conftest import Site
from tests.e2e.looking import SIZES

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
