"""Reports in the browser: any period, the year before, charts, tiles, and files with small counts hidden."""

from datetime import date
from io import BytesIO

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import select

from models.tables import AuditEntry
from pipeline.periods import Period
from pipeline.place_words import province_names
from review_ui.forms import Form
from review_ui.tiles import STEPS, TILES, extent, tiles
from review_ui.views.reports import read_wanted
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import Telling, add_story
from tests.review_ui.test_digest import confirm
from tests.review_ui.test_statements import statements

TODAY = date(2026, 11, 21)


def test_a_month_is_shown_with_its_charts_and_tiles(officer: Person) -> None:
    confirm(officer, 1, 1)
    page = officer.get("/bao-cao").text
    assert "Báo cáo 01/11/2026–30/11/2026" in page
    assert "01/11/2025–30/11/2025" in page
    assert "<svg" in page
    assert "style=" not in page
    assert '<a href="/?tu=2026-11-01&amp;den=2026-11-30&amp;tinh=01" aria-label="Hà Nội: 1 tin">' in page
    assert "chưa xác minh" in page
    assert "Hạn báo cáo sắp tới" in page


def test_an_empty_period_is_shown_too(officer: Person) -> None:
    page = officer.get("/bao-cao?ky=year&ngay=2020-05-05").text
    assert "Báo cáo 01/01/2020–31/12/2020" in page
    assert 'aria-label="Hà Nội: 0 tin"' in page
    assert '<a href="/tim?noi=' in page, "too many days for the list: a search"


@pytest.mark.parametrize(
    ("query", "first", "last"),
    [
        ((), date(2026, 11, 1), date(2026, 11, 30)),
        ((("ky", "week"),), date(2026, 11, 16), date(2026, 11, 22)),
        ((("ky", "quarter"), ("ngay", "2026-02-03")), date(2026, 1, 1), date(2026, 3, 31)),
        ((("ky", "days"), ("tu", "2026-01-05"), ("den", "2026-01-09")), date(2026, 1, 5), date(2026, 1, 9)),
        ((("tu", "2026-01-05"),), date(2026, 1, 5), TODAY),
    ],
)
def test_the_period_is_read_from_the_address(query: tuple[tuple[str, str], ...], first: date, last: date) -> None:
    wanted = read_wanted(Form(query), TODAY)
    assert wanted.period == Period(first, last)
    again = Form(tuple(tuple(part.split("=")) for part in wanted.query.split("&")))  # type: ignore[misc]
    assert read_wanted(again, TODAY) == wanted


def test_days_the_wrong_way_round_or_too_many_are_refused(officer: Person) -> None:
    assert officer.get("/bao-cao?tu=2026-02-01&den=2026-01-01").status_code == 400
    assert officer.get("/bao-cao?tu=2010-02-01&den=2026-01-01").status_code == 400


def test_files_hide_small_counts_unless_they_stay_in_the_office(world: World, officer: Person) -> None:
    confirm(officer, 1, 1)
    out = officer.get("/bao-cao/tep?ky=month&dang=xlsx")
    assert out.headers["content-disposition"] == 'attachment; filename="bao-cao-20261101-20261130.xlsx"'
    sheets = load_workbook(BytesIO(out.content)).sheetnames
    assert "Dữ liệu" not in sheets
    own = officer.get("/bao-cao/tep?ky=month&dang=xlsx&noi_bo=1")
    assert "noi-bo" in own.headers["content-disposition"]
    assert "Dữ liệu" in load_workbook(BytesIO(own.content)).sheetnames
    assert Document(BytesIO(officer.get("/bao-cao/tep?ky=month&dang=docx").content)).tables
    assert officer.get("/bao-cao/tep?dang=exe").status_code == 404
    with world.store.read() as session:
        kept = session.scalars(
            select(AuditEntry.detail).where(AuditEntry.action == "report.download").order_by(AuditEntry.id)
        ).all()
    assert [(entry["form"], entry["inside"]) for entry in kept] == [("xlsx", False), ("xlsx", True), ("docx", False)]


def test_the_page_takes_as_many_statements_for_many_stories_as_for_few(world: World, officer: Person) -> None:
    few = statements(world, officer, "/bao-cao")
    with world.store.write() as session:
        for number in range(20):
            add_story(session, 1, Telling(title=f"Tin mẫu {number}"))
    assert statements(world, officer, "/bao-cao") == few
    assert few <= 40


def test_each_province_of_today_has_one_tile_of_its_own() -> None:
    assert set(TILES) == set(province_names())
    assert len(set(TILES.values())) == len(TILES) == 34


def test_tiles_are_shaded_by_their_share_of_the_most() -> None:
    made = {tile.code: tile for tile in tiles({"01": 8, "79": 1, "48": 4}, province_names())}
    assert (made["01"].step, made["79"].step, made["48"].step, made["04"].step) == (STEPS, 1, 2, 0)
    width, height = extent()
    assert all(tile.x < width and tile.y < height for tile in made.values())
    assert all(tile.step == 0 for tile in tiles({}, province_names()))


def test_a_province_is_shown_by_commune(world: World, officer: Person) -> None:
    officer.get("/tin/1")
    for story in (1, 3):
        officer.get(f"/tin/{story}")
        version = article = {1: 1, 3: 4}[story]
        officer.post(f"/tin/{story}/quyet-dinh", action="confirm", article=article, version=version, seen="")
    page = officer.get("/bao-cao?ky=month").text
    assert '<a href="/bao-cao/tinh?ma=01&amp;ky=month' in page
    page = officer.get("/bao-cao/tinh?ma=01&ky=month").text
    assert "Hà Nội: 2 tin theo xã, phường" in page
    assert '<li class="step-4"><a href="/tim?noi=ph%C6%B0%E1%BB%9Dng+Ngh%C4%A9a+%C4%90%C3%B4' in page
    assert "Số liệu của mọi xã, phường (126)" in page
    assert "chưa có tin nào" in officer.get("/bao-cao/tinh?ma=48&ky=month").text
    assert officer.get("/bao-cao/tinh?ma=99").status_code == 404
