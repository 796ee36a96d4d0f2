"""Which pieces of an article are proposed as exposing somebody: all sample texts are ours."""

import pytest

from classifier.pieces import candidates
from classifier.spans import sentences_of
from models.records import Reading


def proposed(text: str) -> set[tuple[str, str]]:
    return {(c.kind, c.quote) for c in candidates(sentences_of(Reading(id="x", title="", text=text)))}


def test_a_named_child_its_school_and_its_hamlet_are_proposed() -> None:
    found = proposed("Cháu Trần Thị Thử, học sinh Trường THCS Mây Trắng, ở thôn Suối Mơ, bị đánh.")
    assert ("name", "Trần Thị Thử") in found
    assert ("address", "thôn Suối Mơ") in found
    assert any(kind == "school" and "Mây Trắng" in quote for kind, quote in found)


@pytest.mark.parametrize(
    "text",
    [
        "Cháu TTT bị đánh.",
        "Cháu Nguyễn Thị H.L. bị đánh.",
        "Cháu Trần Văn Th. bị đánh.",
        "Cháu Công an xã đã gặp.",
    ],
)
def test_initials_and_common_words_are_no_names(text: str) -> None:
    assert not {kind for kind, _ in proposed(text)} & {"name", "full"}


def test_a_name_that_the_article_says_is_changed_is_left_out() -> None:
    assert not {
        kind for kind, _ in proposed("Bé Trần Gia Mẫu (tên nhân vật đã được thay đổi) bị đánh. Bé Mẫu rất sợ.")
    } & {"name", "full"}


def test_a_remark_at_the_end_that_the_name_was_changed_holds_for_the_whole_article() -> None:
    text = "Cháu Mẫu (14 tuổi) bị đánh ở thôn Suối Mơ.\nCông an vào cuộc.\n* Tên nạn nhân đã được thay đổi."
    assert {kind for kind, _ in proposed(text)} - {"image"} == {"address"}


def test_such_a_remark_is_heeded_far_behind_what_is_read_and_is_never_marked_itself() -> None:
    read = "Cháu Mẫu (14 tuổi) bị đánh ở thôn Suối Mơ.\n" + "Công an xã đang làm rõ vụ việc.\n" * 200
    assert ("name", "Mẫu") in proposed(read)
    whole = sentences_of(
        Reading(id="x", title="", text=read + "Bé Ví kể.\n(*) Tên nhân vật trong bài đã được thay đổi")
    )
    found = {(c.sentence.field, c.kind) for c in candidates(whole)} - {("text", "image")}
    assert found == {("text", "address")}


@pytest.mark.parametrize(
    ("text", "kind", "quote"),
    [
        ("Học sinh lớp 8 Trường THCS Mây Trắng bị đánh.", "school", "Trường THCS Mây Trắng"),
        ("Nam sinh lớp 8A2 bị đánh.", "school", "lớp 8A2"),
        ("Xảy ra tại Trường mầm non 30-4 sáng nay.", "school", "Trường mầm non 30-4"),
        ("Bị cáo ở 47B/145 Mây Trắng, phường Mẫu.", "address", "47B/145 Mây Trắng"),
        ("Chị trú KP.2, phường Mẫu.", "address", "KP.2"),
        ("Thử, 14 tuổi, hay bị đánh.", "aged", "Thử"),
        ("Người bị hại (tức Hến) khai.", "name", "Hến"),
    ],
)
def test_a_school_an_address_and_a_name_are_known_by_their_shape(text: str, kind: str, quote: str) -> None:
    assert (kind, quote) in proposed(text)


@pytest.mark.parametrize(
    "text",
    [
        "Khám nghiệm hiện trường Sáng nay xong.",
        "Giảng viên trường ĐH Mây Trắng nói.",
        "Theo bản Kết luận giám định.",
        "Cháu bán vé số 13 tuổi bị cướp.",
        "Gia đình cháu Theo lời khai thì khác.",
        "Cháu dân tộc Mông bị đánh.",
        "Ảnh: Trần Văn Mẫu",
    ],
)
def test_what_only_looks_like_a_school_an_address_or_a_child_s_name_is_none(text: str) -> None:
    assert not {kind for kind, _ in proposed(text)} - {"full", "image"}


def test_a_city_or_a_car_plate_is_no_address() -> None:
    assert not [quote for kind, quote in proposed("Xe biển số 43C đi từ thành phố Mây Trắng.") if kind == "address"]


def test_a_sentence_before_a_picture_credit_is_its_caption() -> None:
    text = "Đang điều tra.\nBé trai được người dân bế vào trạm xá xã. Ảnh: Bạn đọc cung cấp\nCông an vào cuộc."
    assert ("image", "Bé trai được người dân bế vào trạm xá xã.") in proposed(text)
