import json
from pathlib import Path

from click.testing import CliRunner

from pipeline.cli.places import places


def test_resolve_prints_unit_today_and_changes() -> None:
    shown = CliRunner().invoke(places, ["resolve", "xã Phước Lợi, huyện Bến Lức, Long An", "--date", "2025-02-20"])
    assert shown.exit_code == 0
    assert "xã Phước Lợi, huyện Bến Lức, tỉnh Long An [old:28030]" in shown.output
    assert "Nay: xã Mỹ Yên, tỉnh Tây Ninh [new:28018]" in shown.output
    assert "01/07/2025: xã Phước Lợi, huyện Bến Lức, tỉnh Long An → xã Mỹ Yên, tỉnh Tây Ninh" in shown.output


def test_resolve_as_json_is_one_object() -> None:
    shown = CliRunner().invoke(places, ["resolve", "phường Nghĩa Đô", "--json"])
    answer = json.loads(shown.output)
    assert [match["unit"]["ref"] for match in answer["matches"]] == ["new:00160", "old:00157"]
    assert [match["held"] for match in answer["matches"]] == [True, False]
    assert len(answer["matches"][1]["changes"]) == 3


def test_an_unknown_name_ends_with_one() -> None:
    shown = CliRunner().invoke(places, ["resolve", "xã Không Có Đâu"])
    assert shown.exit_code == 1
    assert "Không có đơn vị hành chính nào mang tên này." in shown.output


def test_search_and_directory(tmp_path: Path) -> None:
    assert "phường Nghĩa Đô, thành phố Hà Nội" in CliRunner().invoke(places, ["search", "nghia do"]).output
    path = tmp_path / "danh-ba.toml"
    path.write_text('[[contact]]\nunit = "01"\noffice = "so_y_te"\nname = "Sở mẫu"\n', encoding="utf-8")
    shown = CliRunner().invoke(places, ["directory", str(path)])
    assert shown.output.splitlines() == [
        "new:01: Sở Y tế (Sở mẫu) chưa có số điện thoại hoặc thư điện tử",
        "1 đầu mối, 1 chưa liên lạc được",
    ]
