"""Every page in both colour schemes and on both sizes: no accessibility violation, nothing wider than the screen."""

import re
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from models.store import users
from review_ui.pages import PAGES
from tests.e2e.conftest import Site
from tests.e2e.looking import SIZES, faults_in_light_and_dark

OFFICER = {
    "today": "/",
    "today-filters": "/?tu=2026-11-20&den=2026-11-21&con=1",
    "story": "/tin/1",
    "story-done": "/tin/2",
    "cases": "/vu-viec",
    "case": "/vu-viec/1",
    "documents": "/vu-viec/1/van-ban",
    "case-new": "/nhap-vu-viec",
    "identities": "/vu-viec/1/danh-tinh",
    "clocks": "/han-xu-ly",
    "punctuality": "/han-xu-ly/dung-han",
    "compare": "/tin/1/so-sanh",
    "search": "/tim?q=mau&loai=bao_luc",
    "leads": "/nguon-tin",
    "package-new": "/nguon-tin/goi?noi=1&vu=1",
    "package": "/nguon-tin/goi/1",
    "recipients": "/noi-nhan",
    "indicators": "/chi-tieu",
    "privacy": "/vu-viec/1/quyen-rieng-tu",
    "privacy-register": "/so-can-cu",
    "answers": "/nguon-tin-den",
    "answer": "/nguon-tin-den/1",
    "desks": "/danh-ba",
    "desk": "/danh-ba/don-vi?ma=new:00160",
    "digest": "/diem-bao",
    "reports": "/bao-cao",
    "report-province": "/bao-cao/tinh?ma=01",
    "alerts": "/bao-dong",
    "recall": "/khong-bo-sot",
    "labels": "/nhan",
    "label-read": "/nhan/doc?bai=1",
    "label-guide": "/nhan/huong-dan",
    "models": "/mo-hinh",
    "model": "/mo-hinh/1",
    "model-card": "/mo-hinh/1/the",
    "papers": "/bao",
    "paper-add": "/bao/them",
    "paper": "/bao?bao=dat-mau",
    "guide": "/huong-dan",
    "account": "/tai-khoan",
    "missing": "/tin/999",
    "empty": "/?ngay=2026-11-01",
}
ADMIN = {
    "rules": "/quan-tri/quy-tac",
    "users": "/quan-tri/nguoi-dung",
    "leaving": "/quan-tri/nguoi-dung/1/roi",
    "audit": "/quan-tri/nhat-ky?kiem=1",
    "service": "/quan-tri/tinh-trang",
    "alerts-waiting": "/quan-tri/bao-dong",
}
NOBODY = {"sign-in": "/dang-nhap", "sign-in-link": "/dang-nhap/mot-lan?token=x"}
NOT_PAGES = {
    "/static/{name}",
    "/favicon.ico",
    "/healthz",
    "/metrics",
    "/dang-nhap/sso",
    "/dang-nhap/sso/ve",
    "/dia-danh",
    "/diem-bao/{id}/tep",
    "/diem-bao/phan/tep",
    "/bao-cao/tep",
    "/quan-tri/nhat-ky/tep",
    "/nhan/tep",
}
"""Answers that are files or data."""
NOT_PAGES |= {"/vu-viec/{id}/van-ban/{document}/tep", "/nguon-tin/goi/{id}/tep", "/nguon-tin-den/{id}/tep"}


def test_no_page_is_left_out() -> None:
    looked_at = {urlsplit(address).path for pages in (OFFICER, ADMIN, NOBODY) for address in pages.values()}
    shown = {re.sub(r"/\d+", "/{id}", path) for path in looked_at}
    served = {page.path for page in PAGES if page.method == "GET"} - NOT_PAGES
    assert served <= shown


def work_a_little(page: Page) -> None:
    """So that the pages have something to show: a case, a rejected story, a file."""
    page.goto("/tin/1")
    page.get_by_role("button", name="Xác nhận").click()
    page.get_by_role("button", name="Mở vụ việc").click()
    page.goto("/vu-viec/1/van-ban")
    page.get_by_role("button", name="Soạn bản thảo").first.click()
    page.goto("/noi-nhan")
    page.get_by_label("Tên", exact=True).fill("Công an xã mẫu")
    page.get_by_role("button", name="Thêm", exact=True).click()
    page.goto("/nguon-tin/goi?noi=1&vu=1")
    page.get_by_label("Căn cứ").fill("Quy chế mẫu")
    page.get_by_role("button", name="Lập gói và ghi nhận gửi").click()
    page.get_by_role("button", name="Mã hoá và hiện mật khẩu").click()
    page.goto("/tin/2")
    page.get_by_text("Bỏ qua…").click()
    page.get_by_label("Lý do").select_option("trung")
    page.get_by_role("button", name="Bỏ qua", exact=True).click()
    page.goto("/nguon-tin")
    page.get_by_role("textbox", name="Nơi nhận").fill("Công an phường mẫu")
    page.get_by_label("Căn cứ").fill("Kế hoạch mẫu")
    with page.expect_download():
        page.get_by_role("button", name="Tải CSV").click()


def opened(page: Page, address: str) -> None:
    page.goto(address)
    page.evaluate("document.querySelectorAll('details').forEach(details => { details.open = true })")


HALF = len(OFFICER) // 2 + 3
HALVES = {"first": ({}, [*OFFICER][:HALF], {}), "second": (NOBODY, [*OFFICER][HALF:], ADMIN)}
"""Two tests as long as one another, for two processes; each page is loaded once and looked at in both sizes."""


@pytest.mark.parametrize("half", HALVES)
def test_every_page_is_accessible_and_fits_in_light_and_dark(site: Site, half: str) -> None:
    for_nobody, names, for_admin = HALVES[half]
    options = {"viewport": SIZES["desk"], "color_scheme": "light"}
    officer = site.signed_in("lan", **options).new_page()
    work_a_little(officer)
    admin = site.signed_in("quan", **options).new_page()
    nobody = site.context(**options).new_page()
    wrong = []
    for page, pages in ((nobody, for_nobody), (officer, {name: OFFICER[name] for name in names}), (admin, for_admin)):
        for name, address in pages.items():
            opened(page, address)
            for size, viewport in SIZES.items():
                page.set_viewport_size(viewport)
                wrong += faults_in_light_and_dark(page, f"{name}-{size}")
    assert wrong == [], "\n".join(wrong)
    assert [noise for noise in site.noises if "404" not in noise] == []


def test_at_two_hundred_per_cent_nothing_is_cut_off(site: Site) -> None:
    page = site.signed_in("lan", viewport={"width": 683, "height": 384}, device_scale_factor=2).new_page()
    for name in ("today", "story", "leads"):
        opened(page, OFFICER[name])
        assert faults_in_light_and_dark(page, f"{name}-zoom") == []


def test_the_part_of_a_person_with_a_territory_is_accessible_and_its_menu_needs_no_script(site: Site) -> None:
    with site.world.store.write() as session:
        user = users.find_user(session, "lan")
        assert user is not None
        users.set_territory(session, user, ["new:00160"])
    page = site.signed_in("lan", viewport=SIZES["phone"]).new_page()
    for name, address in (("part-digest", "/diem-bao"), ("part-reports", "/bao-cao"), ("part-recall", "/khong-bo-sot")):
        opened(page, address)
        assert faults_in_light_and_dark(page, name) == []
    plain = site.signed_in("lan", viewport=SIZES["phone"], java_script_enabled=False).new_page()
    plain.goto("/")
    plain.locator("nav summary", has_text="Vụ việc").click()
    plain.get_by_role("link", name="Hạn xử lý").click()
    expect(plain.locator("nav[aria-label=Chính] [aria-current=page]")).to_have_attribute("href", "/han-xu-ly")
    expect(plain.locator("nav summary.here")).to_contain_text("Vụ việc")


def test_the_first_load_is_small(site: Site) -> None:
    page = site.signed_in("lan").new_page()
    sizes: list[int] = []
    page.on("response", lambda response: sizes.append(len(response.body())))
    page.goto("/", wait_until="networkidle")
    assert sum(sizes) < 200_000
