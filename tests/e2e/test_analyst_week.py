"""An analyst's week in a real browser: read, train, compare, try out, promote with a colleague, go back."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from models.store import labels, learning_texts
from models.store.labels import Said
from pipeline.learning.live import LiveJudge, registry_of
from tests.e2e.conftest import Site
from tests.e2e.looking import faults
from tests.pipeline.learning.conftest import reading, write_recipe
from tests.review_ui.seed import NOW, Telling, add_article

SETTINGS = """
recipe = "{recipe}"
queue_a_day = 3
[floors]
relevant = 5
recall_of_flag = 0.5
average_precision = 0.5
calibration_error = 1.0
worse_by = 1.0
"""


def teach(site: Site) -> None:
    """Two months of labels from elsewhere, and yesterday's entries that nobody read."""
    settings = site.world.app.state.house.settings
    recipe = write_recipe(settings.data_dir / "nho.toml")
    (settings.data_dir / "learning.toml").write_text(SETTINGS.format(recipe=recipe), encoding="utf-8")
    with site.world.store.write() as session:
        for number in range(150):
            harm, at = number % 3 == 0, NOW - timedelta(hours=12 * number + 30)
            text = reading(number, harm=harm)
            item = {"title": f"{text.title} số {number}", "sapo": text.sapo, "published": at.isoformat()}
            said = Said(int(harm), "vu_viec" if harm else "khac", ("bao_luc",) if harm else ())
            labels.add(session, said, source="import", at=at, key=f"nhap-{number}", reader="tệp mẫu", item=item)
        for number in range(6):
            add_article(session, 1, Telling(title=f"Bài mẫu lạ số {number}", flag=False, hours_ago=20), 200 + number)


def read_the_queue(page: Page) -> None:
    page.goto("/nhan")
    page.get_by_role("button", name="Lập hàng đợi").click()
    expect(page.get_by_text("Hàng đợi hôm nay còn 3 bài")).to_be_visible()
    assert faults(page, "week-labels") == []
    page.get_by_role("link", name="Đọc tiếp").click()
    assert faults(page, "week-reading") == []
    for _ in range(3):
        page.get_by_label("Không cần xem").check()
        page.get_by_label("Loại bài").select_option("khac")
        page.get_by_role("button", name="Lưu, đọc bài tiếp").click()
    expect(page.get_by_text("Không còn bài nào chờ đọc")).to_be_visible()


def train(page: Page) -> None:
    page.goto("/mo-hinh")
    page.get_by_label("Học các bài đến hết ngày").fill((NOW - timedelta(days=28)).date().isoformat())
    page.get_by_role("button", name="Huấn luyện").click()
    expect(page.get_by_role("cell", name="Xong", exact=True)).to_be_visible(timeout=120_000)
    assert faults(page, "week-models") == []


def stream_goes_on(site: Site) -> None:
    """The scan judges the day's articles with both models."""
    house = site.world.app.state.house
    live = LiveJudge(registry_of(house.store, house.settings), now=site.world.clock)
    with house.store.read() as session:
        found = learning_texts.readings(session, list(range(1, 8)))
    live.judge([type(text)(id=str(version), title=text.title, sapo=text.sapo) for _, version, text in found])


@pytest.mark.timeout(240)
def test_an_analyst_s_week(site: Site) -> None:
    teach(site)
    lan = site.signed_in("lan", viewport={"width": 1366, "height": 768}).new_page()
    read_the_queue(lan)
    train(lan)
    lan.get_by_role("link", name="diembao-20261024").first.click()
    expect(lan.get_by_role("heading", name="So với diembao")).to_be_visible()
    expect(lan.get_by_role("rowheader", name="Độ chính xác trung bình")).to_be_visible()
    address = lan.url
    lan.get_by_role("button", name="Chạy thử song song").click()
    stream_goes_on(site)
    lan.goto(address)
    expect(lan.get_by_text("Cùng chấm 7 bài")).to_be_visible()
    assert faults(lan, "week-model") == []
    lan.get_by_role("button", name="Đề nghị dùng").click()
    expect(lan.get_by_text("Cần một người khác đồng ý")).to_be_visible()
    expect(lan.get_by_role("button", name="Đồng ý, đưa vào dùng")).to_have_count(0)
    minh = site.signed_in("minh", viewport={"width": 390, "height": 844}, color_scheme="dark").new_page()
    minh.goto(address)
    assert faults(minh, "week-model-phone") == []
    minh.get_by_role("button", name="Đồng ý, đưa vào dùng").click()
    expect(minh.locator(".state")).to_have_text("Đang dùng")
    minh.goto(f"{address}/the")
    assert faults(minh, "week-card-phone") == []
    lan.goto("/mo-hinh")
    new = lan.locator(".left strong").inner_text()
    lan.get_by_role("button", name="Quay lại mô hình trước").click()
    expect(lan.locator(".left strong")).not_to_have_text(new)
    expect(lan.get_by_text(f"Người LAN bỏ, quay lại mô hình trước {new}")).to_be_visible()
    assert site.noises == []
