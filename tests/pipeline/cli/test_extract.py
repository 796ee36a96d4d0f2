"""The command on pages of an invented paper, and its floors on the saved pages of real ones."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from models.errors import DiembaoError
from pipeline.cli.extract import extract

SHARED = Path(__file__).resolve().parents[3] / "../shared"
TABLE = SHARED / "press/pages/pages.tsv"
URL = "https://bao-mau.example/mo-lop-hoc-boi-1000001.html"
PAGE = (
    "<html><head><title>Xã Mẫu mở lớp học bơi</title><meta name='description' content='Gần một trăm em nhỏ đã đến.'>"
    "<meta property='article:published_time' content='2026-03-07T08:06:00+07:00'></head><body><h1>Xã Mẫu mở lớp học bơi"
    "</h1><article><p>Lớp học kéo dài sáu tuần, do các thầy cô của trường phụ trách, và ai cũng có thể đăng ký.</p>"
    "<p>Mỗi buổi học có ba người cứu hộ đứng quanh hồ để các em được an toàn trong suốt buổi học.</p></article></body>"
)
FIELDS = {
    "file", "url", "canonical_url", "title", "sapo", "body", "author", "section", "published", "modified",
    "provenance", "error",
}  # fmt: skip


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "trang.tsv").write_text(
        f"file\turl\tkind\na.html\t{URL}\tarticle\nmuc.html\thttps://bao-mau.example/\tlist\nmat.html\t{URL}\tarticle\n",
        encoding="utf-8",
    )
    return tmp_path


def run(*arguments: object) -> tuple[int, list[dict[str, Any]], str]:
    result = CliRunner().invoke(extract, list(map(str, arguments)))
    rows = [json.loads(line) for line in result.stdout.splitlines() if line.startswith("{")]
    return result.exit_code, rows, result.stderr


def test_a_page_becomes_one_line_with_every_field_of_the_contract(saved: Path) -> None:
    code, (row,), _ = run(saved / "a.html", "--url", URL)
    assert (code, set(row)) == (0, FIELDS)
    assert (row["title"], row["sapo"]) == ("Xã Mẫu mở lớp học bơi", "Gần một trăm em nhỏ đã đến.")
    assert (row["published"], row["error"]) == ("2026-03-07T08:06:00+07:00", None)
    assert row["body"].startswith("Lớp học kéo dài sáu tuần")
    assert row["provenance"]["published"] == "meta:article:published_time"


def test_a_table_is_read_and_a_page_that_is_missing_stops_nothing(saved: Path) -> None:
    output = saved / "out.jsonl"
    code, rows, errors = run("--table", saved / "trang.tsv", "-o", output)
    written = [json.loads(line) for line in output.read_text("utf-8").splitlines()]
    assert (code, rows) == (1, [])
    assert [(row["file"], row["error"] is None) for row in written] == [("a.html", True), ("mat.html", False)]
    assert "mat.html" in written[1]["error"]
    assert "1 trang không đọc được" in errors


def test_several_pages_may_have_an_address_each(saved: Path) -> None:
    other = URL.replace("1000001", "1000002")
    code, rows, _ = run(saved / "a.html", saved / "a.html", "--url", URL, "--url", other)
    assert (code, [row["url"] for row in rows]) == (0, [URL, other])


@pytest.mark.parametrize(
    "arguments",
    [[], ["a.html"], ["a.html", "--table", "b.tsv"], ["a.html", "b.html", "c.html", "--url", "x", "--url", "y"]],
)
def test_a_call_that_makes_no_sense_is_refused(arguments: list[str]) -> None:
    assert run(*arguments)[0] == 2


def test_a_table_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    bad = tmp_path / "bang.tsv"
    bad.write_text("a\tb\n1\t2\n", encoding="utf-8")
    for path in (bad, tmp_path / "khong-co.tsv"):
        result = CliRunner().invoke(extract, ["--table", str(path)])
        assert isinstance(result.exception, DiembaoError)
        assert path.name in str(result.exception)


@pytest.mark.skipif(not TABLE.is_file(), reason="the saved pages are not here")
@pytest.mark.parametrize(
    ("option", "mean", "worst"),
    [("", 0.97, 0.90), ("--no-site-rules", 0.95, 0.80)],
    ids=["site rules", "no site rules"],
)
def test_saved_pages_of_real_papers_are_read_above_the_floors(
    tmp_path: Path, option: str, mean: float, worst: float
) -> None:
    output = tmp_path / "out.jsonl"
    code, _, errors = run("--table", TABLE, "-o", output, *filter(None, [option]))
    assert code == 0, errors
    scored = subprocess.run(
        [sys.executable, SHARED / "tools/score_extract.py", output, "--json"],
        capture_output=True,
        text=True,
        check=True,
    )
    figures = {name: value for name, (value, _) in json.loads(scored.stdout).items()}
    assert figures["pages not read"] == 0
    assert figures["title"] >= 20 / 21
    assert figures["sapo"] >= 10 / 11
    assert figures["day of publication"] == 1
    assert figures["date invented where the page shows none"] == 0
    assert figures["body F1 mean"] >= mean
    assert figures["body F1 worst"] >= worst


@pytest.mark.skipif(not TABLE.is_file(), reason="the saved pages are not here")
def test_times_of_saved_pages_are_vietnamese_and_the_wrong_zones_are_corrected(tmp_path: Path) -> None:
    output = tmp_path / "out.jsonl"
    run("--table", TABLE, "-o", output, "--no-site-rules")
    rows = {Path(row["file"]).stem: row for row in map(json.loads, output.read_text("utf-8").splitlines())}
    assert {row["published"][-6:] for row in rows.values() if row["published"]} == {"+07:00"}
    assert rows["vnexpress.net-2018-1"]["published"] == "2018-09-29T12:40:25+07:00"
    assert rows["vnexpress.net-2019-1"]["published"] == "2019-02-18T17:34:20+07:00"
    assert rows["binhluan.biz-2018-1"]["published"] == "2018-06-29T15:25:08+07:00"
    assert rows["tinhte.vn-2013-1"]["published"] is None
