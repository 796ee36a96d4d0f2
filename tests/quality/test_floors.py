from pathlib import Path

from tests.quality.floors import WATCHED, Floors, bounds, read_floors, write_floors


def found(value: float) -> dict[str, dict[str, float]]:
    return {group: dict.fromkeys(names, value) for group, names in WATCHED.items()}


def test_floors_that_were_written_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    write_floors(path, Floors("", {}, ()), found(0.9), "abc", "")
    floors = read_floors(path)
    assert floors.digest == "abc"
    assert floors.figures["feed"]["average precision"] == ("at least", 0.895)


def test_a_worse_run_does_not_lower_a_floor_without_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    write_floors(path, Floors("", {}, ()), found(0.9), "abc", "")
    assert bounds(read_floors(path), found(0.7), "")["feed"]["average precision"] == 0.895
    assert bounds(read_floors(path), found(0.7), "đổi dữ liệu")["feed"]["average precision"] == 0.695


def test_the_reason_for_lowering_stays_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "floors.toml"
    write_floors(path, Floors("", {}, ()), found(0.7), "abc", "đổi dữ liệu")
    assert read_floors(path).lowered == ("đổi dữ liệu",)
