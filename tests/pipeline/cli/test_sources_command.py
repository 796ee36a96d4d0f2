import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from models.errors import DiembaoError
from pipeline.cli.sources import sources
from spiders.source import load_sources

OPML = """<opml version="2.0"><body><outline text="Báo Mẫu" xmlUrl="https://bao-mau.example/rss"
 htmlUrl="https://bao-mau.example/"/><outline text="x" xmlUrl="https://vnexpress.net/rss/la.rss"/></body></opml>"""


def run(*arguments: object) -> Result:
    return CliRunner().invoke(sources, list(map(str, arguments)))


def test_the_catalogue_is_listed_as_a_table_and_as_json_lines() -> None:
    shown = run("list", "--province", "01")
    assert "Báo Hànộimới" in shown.stdout
    assert "vnexpress" not in shown.stdout
    lines = [json.loads(line) for line in run("list", "--json").stdout.splitlines()]
    assert [line["id"] for line in lines] == list(load_sources())
    assert next(line for line in lines if line["id"] == "vnexpress")["proof"]["body"] == "proven"


def test_a_broken_entry_of_ones_own_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bao_hong.toml").write_text('title = "Báo hỏng"\n', encoding="utf-8")
    monkeypatch.setenv("DIEMBAO_SOURCES_DIR", str(tmp_path))
    failed = run("list").exception
    assert isinstance(failed, DiembaoError)
    assert "bao_hong.toml: home: missing" in str(failed)


def test_a_list_from_a_feed_reader_becomes_files_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opml, own = tmp_path / "cua-nhom.opml", tmp_path / "rieng"
    opml.write_text(OPML, encoding="utf-8")
    first, second = run("import", opml, "--into", own), run("import", opml, "--into", own)
    assert [path.name for path in own.iterdir()] == ["bao_mau.toml"]
    assert "1 báo mới; 1 nguồn đã có" in first.stdout
    assert "0 báo mới; 2 nguồn đã có" in second.stdout
    monkeypatch.setenv("DIEMBAO_SOURCES_DIR", str(own))
    assert "bao_mau" in run("list").stdout


def test_import_needs_a_folder_of_ones_own_and_a_readable_file(tmp_path: Path) -> None:
    opml = tmp_path / "a.opml"
    opml.write_text(OPML, encoding="utf-8")
    for arguments in (["import", opml], ["import", tmp_path / "khong-co.opml", "--into", tmp_path]):
        assert isinstance(run(*arguments).exception, DiembaoError)


def test_export_is_read_back_by_import_as_known(tmp_path: Path) -> None:
    opml = tmp_path / "danh-muc.opml"
    assert run("export", "-o", opml).exit_code == 0
    assert opml.read_bytes() == run("export").stdout_bytes
    assert "0 báo mới" in run("import", opml, "--into", tmp_path / "rieng").stdout


def test_check_refuses_an_outlet_that_is_not_in_the_catalogue() -> None:
    failed = run("check", "khong_co").exception
    assert isinstance(failed, DiembaoError)
    assert "khong_co" in str(failed)


def test_check_asks_each_list_once_and_prints_what_came(tmp_path: Path) -> None:
    own = 'title = "Báo Máy"\nhome = "http://127.0.0.1:9/"\nlevel = "unknown"\nfeeds = ["http://127.0.0.1:9/rss"]\n'
    (tmp_path / "bao_may.toml").write_text(own + 'sections = ["http://127.0.0.1:9/tin"]\n', encoding="utf-8")
    asked = subprocess.run(  # a process of its own, because the crawl's event loop starts only once
        [sys.executable, "-m", "pipeline", "sources", "check", "bao_may"],
        env=os.environ | {"DIEMBAO_SOURCES_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 1, asked.stderr
    assert asked.stdout.count("không được phép") == 2
    assert "0 trên 1 báo có ít nhất một nguồn đọc được" in asked.stdout
