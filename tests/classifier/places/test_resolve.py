from datetime import date

import pytest

from classifier.places.lexicon import Lexicon
from classifier.places.resolve import resolve


def names(lexicon: Lexicon, query: str, day: date) -> list[tuple[str, list[str]]]:
    gazetteer = lexicon.gazetteer
    return [
        (gazetteer.long_name(match.unit), [gazetteer.units[row].full_name for row in match.today])
        for match in resolve(query, day, lexicon).matches
    ]


@pytest.mark.parametrize(
    ("query", "day", "unit", "today"),
    [
        (
            "xã Phước Lợi, huyện Bến Lức, Long An",
            date(2025, 2, 20),
            "xã Phước Lợi, huyện Bến Lức, tỉnh Long An",
            ["xã Mỹ Yên"],
        ),
        ("phường Nghĩa Đô", date(2026, 1, 1), "phường Nghĩa Đô, thành phố Hà Nội", ["phường Nghĩa Đô"]),
        (
            "phuong nghia do",
            date(2024, 1, 1),
            "phường Nghĩa Đô, quận Cầu Giấy, thành phố Hà Nội",
            ["phường Ngọc Hà", "phường Tây Hồ", "phường Nghĩa Đô"],
        ),
        ("tỉnh Hà Tây", date(2007, 1, 1), "tỉnh Hà Tây", ["thành phố Hà Nội"]),
        ("xã Trảng Bom, Đồng Nai", date(2026, 4, 29), "xã Trảng Bom, tỉnh Đồng Nai", ["phường Trảng Bom"]),
    ],
)
def test_an_address_is_the_unit_of_its_day_and_leads_to_today(
    lexicon: Lexicon, query: str, day: date, unit: str, today: list[str]
) -> None:
    assert names(lexicon, query, day) == [(unit, today)]


def test_the_chain_of_changes_is_told_in_order(lexicon: Lexicon) -> None:
    (match,) = resolve("xã Hữu Bằng, Thạch Thất, Hà Nội", date(2017, 6, 1), lexicon).matches
    assert [step.day for step in match.steps] == [date(2025, 1, 1), date(2025, 7, 1), date(2025, 7, 1)]
    assert [step.partly for step in match.steps] == [False, True, True]
    assert match.why == "Địa bàn đã chia cho 2 đơn vị; cần thêm thôn, ấp, khu phố để biết đơn vị nào."


def test_resolving_what_was_resolved_changes_nothing(lexicon: Lexicon) -> None:
    gazetteer = lexicon.gazetteer
    for unit in gazetteer.units[::97]:
        for row in gazetteer.today(unit.index):
            again = resolve(gazetteer.long_name(row), date.today(), lexicon)
            assert [match.today for match in again.matches] == [(row,)], gazetteer.long_name(row)


def test_a_name_of_another_time_and_a_shared_name_are_said(lexicon: Lexicon) -> None:
    late = resolve("huyện Bến Lức", date(2026, 1, 1), lexicon)
    assert late.note.startswith("Ngày 01/01/2026 không có đơn vị nào mang tên này")
    assert [match.held for match in late.matches] == [False]
    shared = resolve("huyện Châu Thành", date(2020, 1, 1), lexicon)
    assert shared.note.startswith("Có 10 đơn vị cùng tên")
    assert resolve("xã Không Có Đâu", date(2020, 1, 1), lexicon).matches == ()
    assert resolve("", date(2020, 1, 1), lexicon).matches == ()


def test_a_commune_merged_before_2022_is_found_by_its_letters_and_its_district(lexicon: Lexicon) -> None:
    """Its spelling with diacritics stands in no source that we have; without a district it is not guessed."""
    found = resolve("xã Bản Khoang, huyện Sa Pa, Lào Cai", date(2026, 1, 1), lexicon)
    names = [lexicon.gazetteer.long_name(match.unit) for match in found.matches]
    assert "đã nhập trong các năm 2019-2021" in found.note
    assert names == ["xã Ngũ Chỉ Sơn, thị xã Sa Pa, tỉnh Lào Cai"]
    assert len(lexicon.gazetteer.former) == 431
    assert not resolve("xã Bản Khoang", date(2026, 1, 1), lexicon).matches
    assert not resolve("xã Bản Khoang, huyện Ba Vì", date(2026, 1, 1), lexicon).matches
