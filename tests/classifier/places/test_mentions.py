"""Sample sentences are invented; the places are real, the people and papers are not."""

import unicodedata

import pytest

from classifier.places import PlaceFinder
from classifier.places.finder import Mention
from models.records import Reading


def read(finder: PlaceFinder, text: str) -> list[Mention]:
    return finder.mentions(Reading(id="1", text=text))


def roles(finder: PlaceFinder, text: str) -> dict[str, str]:
    return {mention.words: mention.role for mention in read(finder, text)}


@pytest.mark.parametrize(
    ("text", "words", "role"),
    [
        ("Sự việc xảy ra tại xã Tân Thắng, huyện Hàm Tân.", "xã Tân Thắng, huyện Hàm Tân", "incident"),
        ("Nghi phạm (23 tuổi, trú tại huyện Đức Hòa, Long An) bị giữ.", "huyện Đức Hòa, Long An", "home"),
        ("Bị cáo quê Nghệ An khai nhận.", "Nghệ An", "home"),
        ("Công an huyện Thạch Hà đang làm rõ.", "huyện Thạch Hà", "police"),
        ("Chủ tịch UBND phường Mũi Né xác nhận.", "phường Mũi Né", "authority"),
        ("TAND Cấp cao tại TP.HCM xét xử phúc thẩm.", "TP.HCM", "court"),
        ("Bé đang nằm ở Bệnh viện Đa khoa tỉnh Quảng Trị.", "tỉnh Quảng Trị", "hospital"),
        ("Cô giáo Trường mầm non Kỳ Liên, Hà Tĩnh bị đình chỉ; trường THCS Hà Tĩnh thì không.", "Hà Tĩnh", "school"),
        ("Hà Nội - Bé trai bị bỏ lại trước cổng chùa.", "Hà Nội", "dateline"),
        ("Vụ tương tự ở Đồng Nai từng gây phẫn nộ.", "Đồng Nai", "comparison"),
        ("Cả nhà sang Campuchia từ tuần trước.", "Campuchia", "abroad"),
    ],
)
def test_each_mention_has_its_part(finder: PlaceFinder, text: str, words: str, role: str) -> None:
    assert roles(finder, text)[words] == role


def test_offsets_point_into_the_input_as_given(finder: PlaceFinder) -> None:
    sentence = "Bé gái bị đánh ở xã Hòa Khánh Nam, huyện Đức Hòa, tỉnh Long An, theo công an."
    for form in ("NFC", "NFD"):
        text = unicodedata.normalize(form, sentence)
        (mention,) = read(finder, text)
        assert text[mention.start : mention.end] == mention.words
        assert unicodedata.normalize("NFC", mention.words) == "xã Hòa Khánh Nam, huyện Đức Hòa, tỉnh Long An"


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("ở xã Phước Lợi, huyện Bến Lức, Long An", "old:28030"),
        ("ở X.Phước Lợi (H.Bến Lức, Long An)", "old:28030"),
        ("ở thị trấn Phước Lợi, Bến Lức - Long An", "old:28030"),  # a type that the table does not have
        ("ở phường 7, quận 8, TP.HCM", "old:27433"),
        ("ở P.7, Q.8, TP HCM", "old:27433"),
        ("ở xã Hoà Thắng, huyện Bắc Bình, tỉnh Bình Thuận", "old:23053"),
        ("ở xã Ea M’Droh, huyện Cư M’gar, Đăk Lăk", "old:24283"),
        ("ở TX.Ba Đồn, Quảng Bình", "old:458"),
        ("ở huyện Hàm Tân (tỉnh Bình Thuận cũ)", "old:601"),
        ("ở Sài Gòn", "old:79"),
    ],
)
def test_the_ways_of_writing_lead_to_one_unit(finder: PlaceFinder, text: str, ref: str) -> None:
    assert ref in read(finder, text)[0].units


def test_a_commune_the_gazetteer_lacks_is_read_with_its_district(finder: PlaceFinder) -> None:
    (mention,) = read(finder, "tại xã Ninh Mẫu Lạ, huyện Đức Thọ, Hà Tĩnh")
    assert mention.words == "xã Ninh Mẫu Lạ, huyện Đức Thọ, Hà Tĩnh"
    assert mention.units == ("old:440",)


@pytest.mark.parametrize(
    "text",
    [
        "Chị Hà Giang kể lại sự việc.",
        "Nguyễn Thái Bình bị bắt hôm qua.",
        "Bị can Hải Dương (25 tuổi) khai nhận.",
        "Anh Vinh cho biết, Vinh đã báo công an.",
        "Bé An Ninh và bé Hạnh Phúc cùng lớp.",
        "Lực lượng an ninh bảo vệ hạnh phúc gia đình trong xã hội.",
    ],
)
def test_people_called_like_places_are_no_places(finder: PlaceFinder, text: str) -> None:
    assert read(finder, text) == []


def test_reading_hostile_text_never_fails(finder: PlaceFinder) -> None:
    for text in ("", "\x00\ud800 xã ", "xã " * 900, "(" * 2200, "İİİ phường 7, quận ", "Hà Nội" * 300, "P.\nQ."):
        read(finder, text)
