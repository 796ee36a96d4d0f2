from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from classifier.places import Gazetteer, PlaceFinder
from classifier.places.build import SUCCESSION_COLUMNS, UNIT_COLUMNS, add_changes, build, lines_of
from classifier.places.gazetteer import FOLDER, FOREVER, REFORM
from classifier.places.resolve import resolve
from models.errors import DiembaoError
from models.records import Reading


def count(gazetteer: Gazetteer, level: str, day: date) -> int:
    return sum(unit.level == level and unit.holds_on(day) for unit in gazetteer.units)


@pytest.mark.parametrize(
    ("day", "provinces", "districts", "communes"),
    [
        (date(2025, 6, 30), 63, 696, 10035),  # 10,035 is the official figure of that day
        (REFORM, 34, 0, 3321),
        (date(2026, 10, 1), 34, 0, 3321),
    ],
)
def test_both_eras_are_whole(gazetteer: Gazetteer, day: date, provinces: int, districts: int, communes: int) -> None:
    levels = ("province", "district", "commune")
    assert [count(gazetteer, level, day) for level in levels] == [provinces, districts, communes]


def test_every_former_unit_reaches_a_unit_of_today(gazetteer: Gazetteer) -> None:
    lost = [unit.ref for unit in gazetteer.units if not gazetteer.today(unit.index)]
    assert lost == []


def test_every_unit_of_today_was_made_from_former_ones(gazetteer: Gazetteer) -> None:
    assert [unit.ref for unit in gazetteer.units if unit.era == "new" and not gazetteer.origins(unit.index)] == []


def test_going_to_today_twice_changes_nothing(gazetteer: Gazetteer) -> None:
    for unit in gazetteer.units:
        today = gazetteer.today(unit.index)
        assert [later for row in today for later in gazetteer.today(row)] == today
        assert all(gazetteer.units[row].until == FOREVER for row in today)


def test_a_commune_of_today_lies_in_the_province_that_took_over_its_former_province(gazetteer: Gazetteer) -> None:
    for unit in gazetteer.units:
        if unit.level == "commune" and unit.until == REFORM:
            provinces = set(gazetteer.today(gazetteer.province(unit.index).index))
            assert {gazetteer.province(row).index for row in gazetteer.today(unit.index)} <= provinces


def test_no_two_versions_of_a_code_hold_on_one_day(gazetteer: Gazetteer) -> None:
    for code, units in gazetteer.by_code.items():
        for level in {unit.level for unit in units}:
            spans = sorted((unit.since, unit.until) for unit in units if unit.level == level)
            assert all(end <= start for (_, end), (start, _) in pairwise(spans)), code


@pytest.mark.parametrize(
    ("code", "day", "name"),
    [
        ("75", date(2026, 4, 29), "tỉnh Đồng Nai"),
        ("75", date(2026, 4, 30), "thành phố Đồng Nai"),
        ("26248", date(2026, 4, 30), "phường Trảng Bom"),
        ("22", date(2026, 9, 1), "thành phố Quảng Ninh"),
        ("24", date(2026, 9, 20), "thành phố Bắc Ninh"),
        ("46", date(2024, 12, 31), "tỉnh Thừa Thiên Huế"),
        ("46", date(2025, 1, 1), "thành phố Huế"),
    ],
)
def test_changes_hold_from_their_day(gazetteer: Gazetteer, code: str, day: date, name: str) -> None:
    assert [unit.full_name for unit in gazetteer.by_code[code] if unit.holds_on(day)] == [name]


def test_the_tables_are_what_the_build_script_writes() -> None:
    tables = build()
    units, successions = lines_of(tables)
    assert (FOLDER / "units.tsv").read_text(encoding="utf-8").splitlines() == ["\t".join(UNIT_COLUMNS), *units]
    written = (FOLDER / "successions.tsv").read_text(encoding="utf-8").splitlines()
    assert written == ["\t".join(SUCCESSION_COLUMNS), *successions]


@pytest.fixture
def reformed(tmp_path: Path) -> Path:
    """A folder with an invented reform: from 1 March 2031 Nghĩa Đô and Cầu Giấy are one phường called Mẫu Đơn."""
    tables = build()
    merged = {"day": "2031-03-01", "to": "00160", "name": "Phường Mẫu Đơn", "level": "commune", "parent": "01"}
    add_changes(tables, [merged | {"from": "00160"}, merged | {"from": "00166"}])
    for path in FOLDER.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    units, successions = lines_of(tables)
    (tmp_path / "units.tsv").write_text("\n".join(["\t".join(UNIT_COLUMNS), *units]) + "\n", encoding="utf-8")
    (tmp_path / "successions.tsv").write_text(
        "\n".join(["\t".join(SUCCESSION_COLUMNS), *successions]) + "\n", encoding="utf-8"
    )
    return tmp_path


def test_the_next_reform_is_a_change_of_data_alone(reformed: Path) -> None:
    finder = PlaceFinder.load(reformed, on=date(2031, 3, 1))
    place = finder.find(Reading(id="1", title="Bé gái bị đánh ở phường Mẫu Đơn, Hà Nội"))
    assert place is not None
    assert (place.commune, place.new_codes) == ("Mẫu Đơn", ("00160",))
    before = resolve("phường Cầu Giấy, Hà Nội", date(2026, 1, 1), finder.lexicon)
    (match,) = before.matches
    assert [finder.gazetteer.units[row].full_name for row in match.today] == ["phường Mẫu Đơn"]
    assert match.why == "Đã nhập vào phường Mẫu Đơn."


def test_a_reform_entered_beforehand_waits_for_its_day(reformed: Path) -> None:
    gazetteer = Gazetteer.load(reformed, on=date(2031, 2, 28))
    assert "Mẫu Đơn" not in {unit.name for unit in gazetteer.units}
    assert [u.full_name for u in gazetteer.by_code["00166"] if u.until == FOREVER] == ["phường Cầu Giấy"]


def test_a_broken_table_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "units.tsv").write_text("code\tname\n01\tHà Nội\n", encoding="utf-8")
    with pytest.raises(DiembaoError, match=r"units.tsv, line 2: 2 columns, not 8"):
        Gazetteer.load(tmp_path)
    with pytest.raises(DiembaoError, match=r"gazetteer .*units.tsv"):
        Gazetteer.load(tmp_path / "absent")
