import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from pipeline.cli.feed import feed

FEEDS = Path(__file__).resolve().parents[2] / "spiders/feeds"


def run(*arguments: object) -> tuple[int, list[dict[str, Any]]]:
    result = CliRunner().invoke(feed, list(map(str, arguments)))
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_every_argument_is_answered_by_one_line_in_order() -> None:
    paths = sorted(FEEDS.glob("*.xml"))
    code, lines = run(*paths, "khong-co.xml", FEEDS)
    assert code == 0
    assert [line["feed"] for line in lines] == [*map(str, paths), "khong-co.xml", str(FEEDS)]
    assert all(set(line) == {"feed", "health", "error", "entries"} for line in lines)
    assert all((line["health"] == "ok") == bool(line["entries"]) for line in lines)
    assert [line["health"] for line in lines[-2:]] == ["broken", "broken"]
    assert all("khong-co.xml" in line["error"] for line in lines[-2:-1])


def test_an_entry_has_the_fields_of_the_contract() -> None:
    _, (line,) = run(FEEDS / "atom.xml")
    (entry,) = line["entries"]
    assert entry == {
        "title": "Xã Mẫu mở lớp học bơi",
        "url": "https://bao-mau.example/mo-lop-hoc-boi-1000001.html",
        "sapo": "Buổi học đầu tiên",
        "published": "2026-03-07T08:06:00+07:00",
        "guid": "urn:1",
    }


def test_it_fails_only_when_nothing_could_be_opened() -> None:
    assert run("khong-co.xml", "cung-khong-co.xml")[0] == 1
    assert run("khong-co.xml", FEEDS / "noise.xml")[0] == 0


def test_a_name_that_is_no_text_is_answered() -> None:
    code, (line,) = run("t\udcffp.xml")
    assert (code, line["health"]) == (1, "broken")
