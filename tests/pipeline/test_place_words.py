"""Names of places: today's first, the old one behind, no more claimed than is known."""

import pytest

from models.tables import Place
from pipeline.place_words import covers, is_unit, place_words, unit_name


def place(**fields: object) -> Place:
    blank = {"old_codes": [], "new_codes": [], "old_province": None, "new_province": None}
    return Place(**{**blank, **fields})


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"new_codes": ["00160"], "old_codes": ["00157"]}, "P. Nghĩa Đô, Hà Nội (trước: P. Nghĩa Đô, Q. Cầu Giấy)"),
        ({"new_province": "79"}, "Hồ Chí Minh"),
        ({"new_codes": ["79"], "old_codes": ["74"], "old_province": "74"}, "Hồ Chí Minh (trước: Bình Dương)"),
        ({"new_codes": ["01"], "old_codes": ["01"]}, "Hà Nội"),
        ({"new_codes": ["00160", "00166"]}, "P. Nghĩa Đô hoặc P. Cầu Giấy, Hà Nội"),
        ({"new_codes": ["không có"]}, ""),
        ({}, ""),
    ],
)
def test_a_place_goes_by_its_name_of_today_with_the_old_one_behind(fields: dict[str, object], words: str) -> None:
    assert str(place_words(place(**fields))) == words


@pytest.mark.parametrize(
    ("territory", "fields", "answer"),
    [
        ((), {}, True),
        (("01",), {"new_codes": ["00160"]}, True),
        (("00160",), {"new_codes": ["00160"]}, True),
        (("00160",), {"new_province": "01"}, None),
        (("00160",), {"new_codes": ["00160", "00166"]}, None),
        (("79",), {"new_codes": ["00160"]}, False),
        (("79",), {}, None),
        (("old:60",), {"new_codes": ["22960"], "new_province": "68"}, True),
        (("old:60",), {"new_codes": ["68"], "new_province": "68"}, None),
        (("old:60",), {"old_codes": ["672"], "new_codes": ["68"], "era": "old", "new_province": "68"}, False),
    ],
)
def test_a_place_is_on_the_territory_off_it_or_cannot_be_told(
    territory: tuple[str, ...], fields: dict[str, object], answer: bool | None
) -> None:
    assert covers(territory, place(**fields)) is answer


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("01", "Hà Nội"),
        ("new:00160", "P. Nghĩa Đô, Hà Nội"),
        ("old:60", "Bình Thuận (cũ)"),
        ("458", "TX. Ba Đồn, Quảng Bình (cũ)"),
        ("99999", "99999"),
    ],
)
def test_a_territory_is_named_by_codes_of_either_time(code: str, name: str) -> None:
    assert unit_name(code) == name
    assert is_unit(code) is (name != code)
