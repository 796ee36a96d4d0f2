"""Sample articles are invented; the places are real, the people and papers are not."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from classifier.places import PlaceFinder
from models.records import Reading

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def article(text: str, *, title: str = "", sapo: str = "", day: str | None = None) -> Reading:
    published = datetime.fromisoformat(day).replace(tzinfo=ZONE) if day else None
    return Reading(id="1", title=title, sapo=sapo, text=text, published=published)


def test_the_finest_level_stated_with_codes_of_both_eras(finder: PlaceFinder) -> None:
    place = finder.find(article("Sáng 3/2, một bé gái bị bỏ rơi ở xã Phước Lợi, huyện Bến Lức, tỉnh Long An."))
    assert place is not None
    assert (place.commune, place.district, place.province, place.era) == ("Phước Lợi", "Bến Lức", "Long An", "old")
    assert (place.old_codes, place.new_codes) == (("28030",), ("28018",))
    assert (place.old_province, place.new_province) == ("80", "80")
    assert place.words == "xã Phước Lợi, huyện Bến Lức, tỉnh Long An"
    assert 0.5 < place.confidence < 1


def test_a_split_commune_leaves_a_set_of_candidates(finder: PlaceFinder) -> None:
    place = finder.find(article("Vụ bạo hành xảy ra tại phường Nghĩa Đô, quận Cầu Giấy, Hà Nội.", day="2024-05-01"))
    assert place is not None
    assert place.old_codes == ("00157",)
    assert place.new_codes == ("00008", "00103", "00160")
    assert place.new_province == "01"


def test_the_day_of_the_article_chooses_the_era(finder: PlaceFinder) -> None:
    text = "Bé trai bị đánh ở phường Nghĩa Đô, Hà Nội."
    former = finder.find(article(text, day="2024-05-01"))
    today = finder.find(article(text, day="2025-08-01"))
    assert former is not None
    assert today is not None
    assert (former.era, former.old_codes) == ("old", ("00157",))
    assert (today.era, today.new_codes, len(today.old_codes)) == ("new", ("00160",), 9)


def test_an_undated_article_tells_its_era_by_its_units(finder: PlaceFinder) -> None:
    place = finder.find(article("Công an phường Long An (tỉnh Tây Ninh) giải cứu bé gái tại phường Long An, Tây Ninh."))
    assert place is not None
    assert (place.era, place.new_province) == ("new", "80")


def test_a_former_province_told_today_counts_for_the_one_that_took_it_over(finder: PlaceFinder) -> None:
    place = finder.find(article("Cháu bé bị bắt cóc ở huyện Tuy Phong (Bình Thuận cũ).", day="2025-11-02"))
    assert place is not None
    assert (place.district, place.new_province, place.old_province) == ("Tuy Phong", "68", "60")


def test_home_court_and_hospital_yield_to_where_it_happened(finder: PlaceFinder) -> None:
    place = finder.find(
        article(
            "Ngày 4/5, Công an huyện Trảng Bom (Đồng Nai) tạm giữ Lê Văn Mẫu (30 tuổi, quê Thanh Hóa) để điều tra việc "
            "đánh con riêng của vợ.\nTheo điều tra, sự việc xảy ra tại xã Bàu Hàm, huyện Trảng Bom. Cháu bé được đưa "
            "đến Bệnh viện Nhi đồng 2, TP.HCM. Trước đây TAND Cấp cao tại TP.HCM từng xử bị can."
        )
    )
    assert place is not None
    assert (place.commune, place.district, place.province) == ("Bàu Hàm", "Trảng Bom", "Đồng Nai")


def test_a_glued_dateline_is_read(finder: PlaceFinder) -> None:
    place = finder.find(article("", title="Thầy giáo bị tố đánh học sinh", sapo="Quảng NgãiThầy Mẫu bị tạm dừng dạy."))
    assert place is not None
    assert place.new_province == "51"


def test_a_city_that_became_a_province_is_one_from_its_day(finder: PlaceFinder) -> None:
    text = "Bé gái bị bỏ rơi ở TP Huế."
    former, today = finder.find(article(text, day="2023-03-01")), finder.find(article(text, day="2025-09-01"))
    assert former is not None
    assert today is not None
    assert (former.district, former.old_province) == ("Huế", "46")
    assert (today.district, today.new_codes) == (None, ("46",))


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("Bé gái bị bắt cóc", "Người thân cho biết cháu mất tích khi đi học về."),
        ("Bé gái người Việt bị sát hại ở Nhật Bản", "Cảnh sát tỉnh Chiba, Nhật Bản đang xét hỏi nghi phạm người Nhật."),
        ("Tin trong ngày: Cháy chợ ở Đồng Nai; Va chạm xe ở Hà Nội", "Xe tải va chạm ở huyện Thống Nhất, Đồng Nai."),
        ("Y án bị cáo xâm hại trẻ em", "Ngày 4/6, TAND Cấp cao tại Hà Nội bác kháng cáo."),
        ("Bé trai bị bạo hành", "Luật sư Lê Văn Mẫu (Đoàn luật sư TP Hà Nội) phân tích mức án."),
    ],
)
def test_no_place_is_given_where_none_is_told(finder: PlaceFinder, title: str, text: str) -> None:
    assert finder.find(article(text, title=title)) is None


def test_policy_and_foreign_pieces_have_no_place(finder: PlaceFinder) -> None:
    reading = article("Bé gái bị xâm hại ở xã Tân Thắng, huyện Hàm Tân, Bình Thuận.")
    assert finder.find(reading) is not None
    assert finder.find(reading, kind="vu_viec") is not None
    assert finder.find(reading, kind="chinh_sach") is None
    assert finder.find(reading, kind="nuoc_ngoai") is None


def test_codes_of_an_answer_are_in_force_on_both_sides_of_the_reform(finder: PlaceFinder) -> None:
    place = finder.find(article("Bé bị bỏ rơi tại xã Hữu Bằng, huyện Thạch Thất, Hà Nội.", day="2018-02-01"))
    assert place is not None
    former = {u.code for u in finder.gazetteer.units if u.era == "old" and u.until.year == 2025 and u.until.month == 7}
    assert set(place.old_codes) <= former
    assert set(place.new_codes) <= {u.code for u in finder.gazetteer.units if u.until.year == 9999}
