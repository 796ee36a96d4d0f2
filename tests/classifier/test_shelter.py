"""Names that are hidden wherever an article is shown: the child's and the kin's, nobody else's."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.persons import Tag
from classifier.shelter import sheltered
from models.records import Reading, Span

BODY = (
    "Cháu Nguyễn Mẫu Na (8 tuổi) kể lại với bà Trần Thị Mẫu (69 tuổi, bà nội cháu Na). "
    "Công an xã Mẫu Sơn bắt Lê Văn Hùng để điều tra. Hùng khai nhận đã đánh cháu. "
    "Thiếu tá Phạm Văn Cán cho biết vụ việc đang được làm rõ."
)


def everybody(text: str) -> list[Tag]:
    """Takes each capitalised word for a person's name."""
    return [(word.strip(".,()"), "B-PER" if word[:1].isupper() else "O") for word in text.split()]


def nobody(text: str) -> list[Tag]:
    return [(word.strip(".,()"), "O") for word in text.split()]


def hidden(reading: Reading, *exposed: Span, relation: str | None = None, **how: object) -> set[str]:
    fields = {"title": reading.title, "sapo": reading.sapo, "text": reading.text}
    spans = sheltered(reading, exposed, relation, **{"named": False, **how})  # type: ignore[arg-type]
    return {fields[field][start:end] for field, start, end in spans}


def test_child_and_kin_are_hidden_and_neither_suspect_nor_officer() -> None:
    assert hidden(Reading(id="1", text=BODY)) == {"Nguyễn Mẫu Na", "Na", "Trần Thị Mẫu"}


@pytest.mark.parametrize(
    ("relation", "more", "known"),
    [
        ("cha_me", "", True),
        ("nguoi_than", "", True),
        ("nguoi_quen", "", False),
        ("nguoi_quen", " Na là con riêng của vợ nghi phạm.", True),
        (None, " Cháu gọi nghi phạm là bố dượng.", True),
        ("thay_co", " Cháu ở với bố dượng.", False),
        ("nguoi_la", " Hai nhà chung tường.", False),
    ],
)
def test_a_suspect_of_the_family_is_hidden_too(relation: str | None, more: str, known: bool) -> None:
    names = {"Nguyễn Mẫu Na", "Na", "Trần Thị Mẫu"}
    assert hidden(Reading(id="1", text=BODY + more), relation=relation) == (names | {"Lê Văn Hùng"} if known else names)


def test_of_parents_who_parted_both_are_hidden_and_the_officer_who_tells_of_it_is_not() -> None:
    text = (
        "Anh Lê Văn Hùng ra trình báo. Chị Hồ Thị Mẫu ở xa. Vài năm trước, anh Hùng và chị Mẫu ly hôn. "
        "Thiếu tá Phạm Văn Cán xác nhận hai người từng kết hôn."
    )
    assert hidden(Reading(id="1", text=text)) == {"Lê Văn Hùng", "Hồ Thị Mẫu"}
    assert hidden(Reading(id="1", text=text.replace("ly hôn", "lên tiếng"))) == set()


def test_in_title_and_sapo_every_place_is_given_also_of_what_the_model_exposed_in_the_text() -> None:
    title, sapo = "VỤ BÉ NA: bà Mẫu lên tiếng, Na về nhà", "Bé Na kể; quê ở Na Hang."
    place = BODY.index("Nguyễn Mẫu Na")
    found = sheltered(
        Reading(id="1", title=title, sapo=sapo, text=BODY),
        [("text", place, place + len("Nguyễn Mẫu Na"))],
        None,
        named=False,
    )
    shown = [(field, {"title": title, "sapo": sapo}[field][a:b]) for field, a, b in found if field != "text"]
    assert sorted(shown) == [("sapo", "Na"), ("title", "Mẫu"), ("title", "NA"), ("title", "Na")]


def test_a_child_first_named_far_down_is_found() -> None:
    reading = Reading(id="1", text="Vụ việc đang được làm rõ.\n" * 200 + BODY)
    assert "Nguyễn Mẫu Na" in hidden(reading)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Sáng cùng ngày, ông Mão (ông nội cháu bé) phát hiện sự việc.", {"Mão"}),
        ("Gia đình anh Mão trình báo công an.", {"Mão"}),
        ("Hôm ấy Mão không ở nhà.", set()),
        ("Gia đình anh M. trình báo công an.", set()),
        ("Gia đình Ng chờ đến sáng.", set()),
    ],
)
def test_a_given_name_alone_is_hidden_where_it_is_kin_s_and_the_library_takes_it_for_a_person_s(
    text: str, names: set[str]
) -> None:
    reading = Reading(id="1", text=text)
    assert hidden(reading, named=True, tag=everybody) == names
    assert hidden(reading, named=True, tag=nobody) == set()
    assert hidden(reading) == set()


def test_the_library_is_asked_about_nothing_that_the_rules_know() -> None:
    def never(_: str) -> list[Tag]:
        pytest.fail("asked")

    assert hidden(Reading(id="1", text=BODY), named=True, tag=never)


def test_a_child_called_like_a_country_is_hidden_and_the_country_is_not() -> None:
    assert hidden(Reading(id="1", text="Kẻ lạ bắt cháu Đức. Gia đình từng ở nước Đức.")) == {"cháu Đức"}


@pytest.mark.parametrize("text", ["A" * 100_000, "Bé Na (" * 3000, BODY * 30_000, "bé " * 9000 + "Na"])
def test_hostile_text_takes_bounded_time(text: str) -> None:
    began = time.process_time()
    hidden(Reading(id="1", title=text[:5000], text=text))
    assert time.process_time() - began < 1


@settings(deadline=None, max_examples=60)
@given(st.text("Na bé,(8 tuổi)ế́Đ\n.", max_size=60), st.text("Bé Na\u0301", max_size=20))
def test_spans_lie_inside_their_field_whatever_the_text(text: str, title: str) -> None:
    for field, start, end in sheltered(Reading(id="1", title=title, text=text), (), None, named=False):
        assert 0 <= start < end <= len({"title": title, "text": text, "sapo": ""}[field])
