"""Reports: what is counted, what is compared, what is hidden, and how it leaves the house."""

import io
import re
import zipfile
from datetime import date, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import docx
import openpyxl
import pytest
from click.testing import CliRunner

from models.session import Store
from models.store import cases
from pipeline.cli import cli
from pipeline.documents.charts import Bars, svg
from pipeline.documents.letterhead import Letterhead
from pipeline.documents.packing import EPOCH
from pipeline.documents.report import render_report
from pipeline.documents.workbook import Workbook
from pipeline.periods import Period
from pipeline.reports import NO_DATA, UNVERIFIED, Report, Table, build_report
from pipeline.suppression import HIDDEN
from tests.pipeline.making import BODY, DAY, Maker, moment

PERIOD = Period(date(2026, 11, 1), date(2026, 11, 30))
HEAD = Letterhead(agency="Sở Mẫu", symbol="SM")
YEAR_AGO = DAY - timedelta(days=365)


def built(store: Store, *, inside: bool = True, territory: tuple[str, ...] = ()) -> Report:
    return build_report(store, PERIOD, territory=territory, inside=inside)


def table(report: Report, code: str) -> Table:
    return next(found for found in report.tables if found.code == code)


def line(report: Report, code: str, label: str) -> tuple[object, ...]:
    return next(row[1:] for row in table(report, code).rows if row[0] == label)


def busy_month(make: Maker) -> None:
    """Seven stories of ours (one of a person of 17), one elsewhere, one accident, one unreviewed, one rejected."""
    make.run(DAY - timedelta(days=400))
    make.run()
    for _ in range(4):
        make.story(make.article(types={"bao_luc": 0.9}, sex="nam", age="6_12", relation="cha_me"), action="confirm")
    pair = (
        make.article(types={"xam_hai_tinh_duc": 0.9, "bao_luc": 0.8}, victims=3, sex="nu", age="13_15"),
        make.article(),
    )
    make.story(*pair, action="confirm")
    make.story(make.article(types={"boc_lot": 0.9}, age="16_17", setting="noi_lam_viec"), action="confirm")
    make.story(make.article(types={"boc_lot": 0.9}, age="6_12"), action="confirm")
    make.story(make.article(place={"new_province": "79"}), action="confirm")
    make.story(make.article(kind="tai_nan", types={}, age="0_5"), action="reject", reason="tai_nan")
    make.story()
    make.story(action="reject", reason="khong_lien_quan")
    for _ in range(5):
        make.story(make.article(day=YEAR_AGO), day=YEAR_AGO, action="confirm")


def test_articles_events_children_and_suspects_are_counted_apart(store: Store) -> None:
    busy_month(Maker(store))
    report = built(store, territory=("01",))
    assert line(report, "1", "Bài báo")[0] == 8
    assert line(report, "1", "Tin (sự việc)")[0] == 7
    assert line(report, "1", "Trẻ em là người bị hại (ít nhất)")[0] == 8
    assert line(report, "1", "Người 16–17 tuổi là người bị hại (ít nhất)")[0] == 1
    assert line(report, "1", "Người bị nghi (ít nhất)")[0] == 4
    assert "1 tin chưa xem, 1 tin ngoài địa bàn" in " ".join(report.overview)


def test_the_same_period_a_year_before_stands_beside_it(sqlite_store: Store) -> None:
    busy_month(Maker(sqlite_store))
    assert line(built(sqlite_store, territory=("01",)), "1", "Tin (sự việc)") == (7, 5, "+2", "+40,0")


def test_a_year_before_the_first_scan_has_no_data_and_not_zero(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    make.run()
    make.story(action="confirm")
    assert line(built(sqlite_store), "1", "Tin (sự việc)") == (1, NO_DATA, "", "")


def test_tables_by_form_sex_age_setting_relation_and_place(sqlite_store: Store) -> None:
    busy_month(Maker(sqlite_store))
    report = built(sqlite_store, territory=("01",))
    assert table(report, "2a").heads == ("Hình thức", "Nữ", "Nam", "Cả nam và nữ", "Chưa rõ", "Tổng")
    assert line(report, "2a", "Bạo lực") == (1, 4, 0, 0, 5)
    assert line(report, "2a", "Tổng số tin") == (1, 4, 0, 2, 7)
    assert line(report, "2b", "Bóc lột") == (0, 1, 0, 1, 0, 2)
    assert line(report, "3", "Nơi làm việc") == (1,)
    assert line(report, "5", "Cha, mẹ") == (4,)
    assert line(report, "4", "Chưa rõ") == (7,)
    assert line(report, "10", "0–5 tuổi") == (1,)
    assert line(report, "1b", "21/11") == (7,)
    assert line(report, "1b", "20/11") == (0,)


def test_steps_and_punctuality_are_counted_from_the_first_fetch(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    make.run()
    quick, slow = make.story(action="confirm"), make.story(action="confirm")
    with sqlite_store.write() as session:
        first = cases.open_case(session, quick, user_id=make.user(), now=moment(DAY, 8))
        cases.move(session, first, "da_chuyen", seen="moi", reason=None, user_id=make.user(), now=moment(DAY, 8, 30))
        cases.open_case(session, slow, user_id=make.user(), now=moment(DAY + timedelta(days=2), 8))
    report = built(sqlite_store)
    assert line(report, "6", "Vụ việc đã mở") == (2,)
    assert line(report, "6", "đã tới bước: Đã chuyển") == (1,)
    assert line(report, "8", "Xác nhận tin") == ("100 %", "100 %", "100 %", "100 %", 2)
    assert line(report, "8", "Mở vụ việc") == ("50 %", "50 %", "50 %", "100 %", 2)
    assert line(report, "8", "Chuyển tin")[0] == "50 %", "what is still open counts as late"


def numbers(report: Report) -> list[int]:
    return [cell for found in report.tables for row in found.rows for cell in row if isinstance(cell, int)]


def test_outside_the_office_no_small_count_and_no_single_story_is_in_it(sqlite_store: Store) -> None:
    busy_month(Maker(sqlite_store))
    inside, outside = built(sqlite_store, territory=("01",)), built(sqlite_store, inside=False, territory=("01",))
    assert {1, 2} & set(numbers(inside))
    assert not {1, 2} & set(numbers(outside))
    assert inside.rows
    assert not outside.rows
    assert HIDDEN in line(outside, "2b", "Bóc lột")
    assert line(outside, "2b", "Bóc lột")[-1] == HIDDEN


def test_places_with_few_stories_are_one_line_outside(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    make.run()
    for code in ("79", "48", "31", "01", "01", "01"):
        make.story(make.article(place={"new_province": code}), action="confirm")
    outside = built(sqlite_store, inside=False)
    labels = [row[0] for row in table(outside, "4").rows]
    assert labels == ["Hà Nội", "Nơi khác (3 nơi, mỗi nơi dưới 3 tin)", "Tổng"]


@pytest.mark.parametrize("form", ["docx", "html", "xlsx"])
def test_every_form_carries_the_warning_and_comes_out_the_same_twice(sqlite_store: Store, form: str) -> None:
    busy_month(Maker(sqlite_store))
    report = built(sqlite_store)
    document = render_report(report, HEAD, form, DAY)
    assert document == render_report(built(sqlite_store), HEAD, form, DAY)
    assert text_of(document, form).count(UNVERIFIED) >= len(report.tables)
    for word in ("Đầu đề", "tổ 3", BODY):
        assert word not in text_of(document, form)


def text_of(document: bytes, form: str) -> str:
    if form == "html":
        return document.decode()
    if form == "docx":
        opened = docx.Document(io.BytesIO(document))
        cells = [cell.text for found in opened.tables for row in found.rows for cell in row.cells]
        return "\n".join([*(paragraph.text for paragraph in opened.paragraphs), *cells])
    book = openpyxl.load_workbook(io.BytesIO(document))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value)


def test_charts_in_the_docx_are_native_and_hold_the_numbers_of_their_table(sqlite_store: Store) -> None:
    busy_month(Maker(sqlite_store))
    document = render_report(built(sqlite_store), HEAD, "docx", DAY)
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        assert {entry.date_time for entry in file.infolist()} == {EPOCH}
        charts = sorted(name for name in file.namelist() if re.fullmatch(r"word/charts/chart\d+\.xml", name))
        chart = ET.fromstring(file.read(charts[1]))  # noqa: S314 - our own file
        book = openpyxl.load_workbook(io.BytesIO(file.read("word/embeddings/chart2.xlsx")))
    values = [found.text for found in chart.iter() if found.tag.endswith("}v")]
    assert "Bạo lực" in values
    sheet = {row[0].value: row[1].value for row in book["Sheet1"].iter_rows()}
    assert values[values.index("Bạo lực") + len(values) // 2] == str(sheet["Bạo lực"])
    drawings = docx.Document(io.BytesIO(document)).element.body.xpath(".//w:drawing")
    assert len(drawings) == len(charts) >= 4


def test_an_svg_chart_is_drawn_with_its_numbers_and_escapes_its_labels() -> None:
    drawn = svg(Bars("Số <tin>", (("A & B", 4), ("dài " * 20, 2), ("ẩn", None))))
    root = ET.fromstring(drawn)  # noqa: S314 - our own drawing
    bars = [float(found.attrib["width"]) for found in root if found.tag.endswith("rect")]
    assert bars == [400.0, 200.0, 0.0]
    said = [found.text for found in root.iter() if found.tag.endswith(("text", "title"))]
    assert said[0] == "Số <tin>"
    assert "A & B" in said
    assert "4" in said


def test_no_cell_of_a_workbook_is_a_formula() -> None:
    book = Workbook("Thử")
    book.sheet("a/b", ("=HEAD()",), [("=1+1",), ("@SUM(A1)",), (-5,), (None,)])
    content = book.save()
    sheet = openpyxl.load_workbook(io.BytesIO(content))["a b"]
    assert [row[0].value for row in sheet.iter_rows()] == ["'=HEAD()", "'=1+1", "'@SUM(A1)", -5, None]
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert b"<f>" not in file.read("xl/worksheets/sheet1.xml")


def test_a_period_that_is_not_over_says_until_when_there_are_data(sqlite_store: Store) -> None:
    Maker(sqlite_store).run()
    assert "Dữ liệu tới ngày 21/11/2026, chưa hết kỳ." in " ".join(built(sqlite_store).overview)


@pytest.mark.parametrize("form", ["docx", "html", "xlsx"])
def test_the_command_writes_the_file(tmp_path: Path, form: str) -> None:
    out = tmp_path / f"r.{form}"
    dates = ["--from", "2026-11-01", "--to", "30/11/2026"]
    result = CliRunner().invoke(cli, ["report", *dates, "--format", form, "-o", str(out)])
    assert result.exit_code == 0, result.output
    assert "01/11/2026–30/11/2026" in text_of(out.read_bytes(), form)


def test_the_command_takes_a_period_and_refuses_what_it_cannot_do(tmp_path: Path) -> None:
    run = CliRunner().invoke
    out = ["-o", str(tmp_path / "r.html"), "--format", "html"]
    assert "01/10/2026–31/12/2026" in run(cli, ["report", "--period", "quarter", "--to", "2026-11-21", *out]).output
    assert run(cli, ["report", *out]).exit_code == 2
    wrong = run(cli, ["report", "--from", "2026-11-02", "--to", "2026-11-01", *out])
    assert "Ngày đầu" in str(wrong.exception)
    nowhere = run(cli, ["report", "--period", "week", "-o", str(tmp_path / "no" / "r.docx")])
    assert "không ghi được" in str(nowhere.exception)


def test_the_sample_is_drawn_and_shown_by_command() -> None:
    shown = CliRunner().invoke(cli, ["recall", "show"])
    assert shown.exit_code == 0, shown.output
    assert shown.output.count("chưa tính được") == 2
    assert "Còn chờ chấm: 0 bài" in shown.output
    assert "Không có ngày nào cần lấy mẫu" in CliRunner().invoke(cli, ["recall", "draw"]).output
