"""A whole morning by keyboard alone, and how soon the next item is there after a decision."""

import statistics

from playwright.sync_api import Page, expect
from sqlalchemy import select

from models.tables import Case, Decision, StoryChange, StoryNote
from tests.e2e.conftest import ARTEFACTS, Site

AT_ONCE_MS = 100
"""From the key to the next item, painted; on a quiet machine. A busy one is given its time."""


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def heading(page: Page, name: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_a_morning_by_keyboard_alone(site: Site) -> None:
    page = site.signed_in("lan", viewport={"width": 1366, "height": 768}).new_page()
    page.goto("/")
    press(page, "Enter")
    heading(page, "Nghi bạo lực")
    press(page, "p")
    page.keyboard.type("dong da")
    expect(page.locator("#noi-goi-y[data-about='dong da'] [role=option]").first).to_be_visible()
    press(page, "Enter")
    expect(page.locator(".place-box")).to_contain_text("Đống Đa")
    press(page, "4", "c")
    heading(page, "Nghi xâm hại tình dục")
    press(page, "x", "6")
    heading(page, "Diễn biến vụ")
    press(page, "?")
    expect(page.get_by_text("Còn 0/3")).to_be_visible()
    press(page, "u")
    expect(page.get_by_text("Còn 1/3")).to_be_visible()
    press(page, "Enter")
    heading(page, "Diễn biến vụ")
    press(page, "u")
    heading(page, "Nghi xâm hại tình dục")
    expect(page.locator(".bar .left")).to_have_text("Còn 2")
    press(page, "u")
    heading(page, "Nghi bạo lực")
    press(page, "c")
    heading(page, "Nghi xâm hại tình dục")
    press(page, "v")
    heading(page, "VV-2026-0001")
    merge_split_and_note(page)
    press(page, "h")
    expect(page.get_by_role("dialog", name="Phím tắt")).to_be_visible()
    press(page, "Escape", "l")
    expect(page.locator("#tin-2")).to_be_visible()
    assert site.noises == []
    with site.world.store.read() as session:
        assert session.scalars(select(Case.code)).all() == ["VV-2026-0001"]
        assert session.scalars(select(StoryChange.action).order_by(StoryChange.id)).all() == ["merge", "detach"]
        assert session.scalars(select(StoryNote.text)).all() == ["đã gọi phường"]
        first = session.scalars(select(Decision).order_by(Decision.id)).first()
        assert first is not None
        assert first.types == ["bao_luc", "mua_ban_bat_coc"]


def merge_split_and_note(page: Page) -> None:
    page.goto("/tin/2")
    press(page, "m", "ArrowDown", "ArrowDown", "Tab", "Tab", "Enter")
    expect(page.locator("#gop-tach + .history")).to_contain_text("gộp tin số 3")
    press(page, "s", "Tab", "Space", "Enter")
    expect(page.locator("#gop-tach + .history")).to_contain_text("tách 1 bài")
    press(page, "n")
    page.keyboard.type("đã gọi phường")
    press(page, "Enter")
    expect(page.locator("#ghi-chu")).to_contain_text("đã gọi phường")


WATCH = """() => {
  window.started = window.seen = 0;
  window.addEventListener("keydown", () => { window.started = performance.now(); window.seen = 0; }, true);
  new MutationObserver(() => {
    if (document.querySelector("main") === window.main) return;
    window.main = document.querySelector("main");
    requestAnimationFrame(() => requestAnimationFrame(() => { window.seen = performance.now(); }));
  }).observe(document.body, { childList: true });
  window.main = document.querySelector("main");
}"""


def test_the_next_item_is_there_at_once_after_a_decision(site: Site) -> None:
    """From the key to the frame that shows the next item, by the browser's own clock; kept with the artefacts."""
    page = site.signed_in("lan", viewport={"width": 1366, "height": 768}).new_page()
    times = []
    for start in ("/tin/1", "/"):
        page.goto(start)
        page.evaluate(WATCH)
        for key in ("c", "?", "u", "u"):
            page.keyboard.press(key)
            page.wait_for_function("() => window.seen > 0")
            times.append(page.evaluate("window.seen - window.started"))
    (ARTEFACTS / "next-item-ms.txt").write_text(" ".join(f"{value:.0f}" for value in times), "utf-8")
    assert statistics.median(times) < 15 * AT_ONCE_MS, times
