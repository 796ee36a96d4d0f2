from pathlib import Path

import pytest

from classifier.places import Gazetteer, PlaceFinder
from classifier.places.directory import Directory
from classifier.places.territory import Territory, parse
from models.errors import DiembaoError
from models.records import Place, Reading


def at(finder: PlaceFinder, text: str) -> Place | None:
    return finder.find(Reading(id="1", text=f"Bé gái bị đánh ở {text}."))


@pytest.mark.parametrize(
    ("codes", "text", "answer"),
    [
        (["01"], "quận Cầu Giấy, Hà Nội", "yes"),
        (["01"], "huyện Bến Lức, Long An", "no"),
        (["old:60"], "huyện Tuy Phong, tỉnh Bình Thuận", "yes"),
        (["old:60"], "huyện Lạc Dương, tỉnh Lâm Đồng", "no"),
        (["old:458"], "phường Quảng Long, thị xã Ba Đồn, Quảng Bình", "yes"),
        (["old:458"], "tỉnh Quảng Bình", "possible"),
        (["00160"], "phường Nghĩa Đô, quận Cầu Giấy, Hà Nội", "possible"),  # split among three
        (["00160"], "phường Nghĩa Tân, quận Cầu Giấy, Hà Nội", "yes"),
        (["new:79"], "thị xã Dĩ An, tỉnh Bình Dương", "yes"),
        (["old:79"], "thị xã Dĩ An, tỉnh Bình Dương", "no"),
        (["old:74", "old:77"], "thị xã Dĩ An, tỉnh Bình Dương", "yes"),
    ],
)
def test_a_place_is_in_a_territory_or_not_or_may_be(
    finder: PlaceFinder, codes: list[str], text: str, answer: str
) -> None:
    assert Territory.of(codes, finder.gazetteer).holds(at(finder, text)) == answer


def test_no_place_has_no_answer(gazetteer: Gazetteer) -> None:
    assert Territory.of(["01"], gazetteer).holds(None) is None


def test_a_province_of_today_holds_all_its_former_provinces(gazetteer: Gazetteer) -> None:
    today, former = Territory.of(["new:68"], gazetteer), Territory.of(["old:60", "old:67", "old:68"], gazetteer)
    assert today.whole == former.whole
    assert Territory.of(["old:60"], gazetteer).whole["old"] < today.whole["old"]


def test_a_bare_code_means_the_unit_of_today_where_there_is_one(gazetteer: Gazetteer) -> None:
    assert (parse("79", gazetteer).ref, parse("60", gazetteer).ref, parse("458", gazetteer).ref) == (
        "new:79",
        "old:60",
        "old:458",
    )


@pytest.mark.parametrize("code", ["999", "new:60", "xx:01", ""])
def test_an_unknown_code_is_an_error_that_names_it(gazetteer: Gazetteer, code: str) -> None:
    with pytest.raises(DiembaoError, match="Mã địa bàn"):
        Territory.of([code], gazetteer)


DIRECTORY = """
[[contact]]
unit = "new:28018"
office = "xa"
name = "UBND xã Mẫu"
phone = "0200 000 000"

[[contact]]
unit = "new:80"
office = "so_y_te"
name = "Sở Y tế mẫu"

[[contact]]
unit = "all"
office = "111"
name = "Tổng đài mẫu"
phone = "111"
"""


def directory(tmp_path: Path, text: str, gazetteer: Gazetteer) -> Directory:
    path = tmp_path / "danh-ba.toml"
    path.write_text(text, encoding="utf-8")
    return Directory.load(path, gazetteer)


def test_the_responsible_desk_is_found_and_every_gap_is_said(finder: PlaceFinder, tmp_path: Path) -> None:
    contacts = directory(tmp_path, DIRECTORY, finder.gazetteer)
    desk = contacts.desk(at(finder, "xã Phước Lợi, huyện Bến Lức, Long An"), finder.gazetteer)
    assert (desk.commune, desk.province) == ("new:28018", "new:80")
    assert [contact.name for contact in desk.contacts] == ["UBND xã Mẫu", "Tổng đài mẫu"]
    assert desk.warnings == (
        "Chưa có đầu mối Công an của xã Mỹ Yên, tỉnh Tây Ninh trong danh bạ.",
        "Chưa có số điện thoại hoặc thư điện tử của đầu mối Sở Y tế của tỉnh Tây Ninh trong danh bạ.",
        "Chưa có đầu mối Công an của tỉnh Tây Ninh trong danh bạ.",
    )


def test_an_unsure_commune_or_no_place_is_said(finder: PlaceFinder, tmp_path: Path) -> None:
    contacts = directory(tmp_path, DIRECTORY, finder.gazetteer)
    split = contacts.desk(at(finder, "phường Nghĩa Đô, quận Cầu Giấy, Hà Nội"), finder.gazetteer)
    assert (split.commune, split.province) == (None, "new:01")
    assert "có 3 xã, phường" in split.warnings[0]
    nowhere = contacts.desk(None, finder.gazetteer)
    assert nowhere.warnings[0] == "Chưa xác định được tỉnh, thành phố chịu trách nhiệm."
    assert [contact.office for contact in nowhere.contacts] == ["111"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[contact]]\nunit = "99999"\noffice = "xa"\nname = "A"', "Mã địa bàn '99999'"),
        ('[[contact]]\nunit = "old:60"\noffice = "xa"\nname = "A"', "mục 1: old:60 không phải đơn vị hiện nay"),
        ('[[contact]]\nunit = "01"\noffice = "nha"\nname = "A"', "mục 1: không có đầu mối 'nha'"),
        ('[[contact]]\nunit = "01"\noffice = "xa"', "mục 1"),
        ('[[contact]]\nunit = "01"\noffice = "xa"\nname = "A"\nfax = "1"', "fax"),
        ("[[contact]]\nunit = 1\n", "mục 1: mọi giá trị phải là chuỗi"),
        ("không phải toml", "Danh bạ"),
    ],
)
def test_a_wrong_directory_is_refused_by_entry(gazetteer: Gazetteer, tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DiembaoError, match=message):
        directory(tmp_path, text, gazetteer)
