"""Headlines and summaries of ours: every combination of codes reads as Vietnamese and gives nobody away."""

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.records import AGES, KINDS, RELATIONS, SETTINGS, SEXES, STAGES, TYPES
from pipeline.neutral import LONGEST_HEADLINE, StoryFacts, child_words, neutral_headline, neutral_summary

PLACES = ("", "P. Mẫu, Tỉnh Mẫu", "xã Mẫu, Tỉnh Mẫu (trước: H. Mẫu Cũ, Tỉnh Mẫu)")
OUTLETS = ("Báo Mẫu", "Tin Sớm", "Tạp chí Mẫu", "Đời Thường", "Chiều Nay")
facts_of_any_kind = st.builds(
    StoryFacts,
    kind=st.sampled_from([None, *KINDS]),
    types=st.lists(st.sampled_from(TYPES), unique=True, max_size=7).map(tuple),
    stage=st.sampled_from([None, *STAGES]),
    age=st.sampled_from([None, *AGES]),
    sex=st.sampled_from([None, *SEXES]),
    victims=st.one_of(st.none(), st.integers(0, 2000)),
    relation=st.sampled_from([None, *RELATIONS]),
    setting=st.sampled_from([None, *SETTINGS]),
    danger_now=st.sampled_from([None, True, False]),
    place=st.sampled_from(PLACES),
    outlets=st.lists(st.sampled_from(OUTLETS), max_size=5).map(tuple),
    articles=st.integers(1, 40),
    published=st.sampled_from([None, datetime(2026, 11, 20, 23, 42, tzinfo=UTC)]),
)
CODES = {code for code in (*KINDS, *TYPES, *STAGES, *AGES, *SEXES, *RELATIONS, *SETTINGS) if "_" in code}


def assert_reads_well(text: str) -> None:
    assert text == text.strip()
    assert text[0].isupper()
    assert not re.search(r"\s\s|\s[,.;)]|\(\s|,,|\.\.|\(\)|\) \(|None", text)
    assert text.count("(") == text.count(")")
    assert not CODES & set(re.findall(r"\w+", text)), "a code was shown instead of words"
    assert "chưa rõ" not in text.lower(), "unknown stays unsaid"


@given(facts_of_any_kind)
def test_every_headline_is_one_short_line(facts: StoryFacts) -> None:
    line = neutral_headline(facts)
    assert_reads_well(line)
    assert len(line) <= LONGEST_HEADLINE
    assert not line.endswith(".")


@given(facts_of_any_kind)
def test_every_summary_is_three_to_five_sentences_that_say_who_reported_and_that_it_is_unverified(
    facts: StoryFacts,
) -> None:
    text = neutral_summary(facts)
    assert_reads_well(text)
    sentences = re.findall(r"\.(?=\s|$)", text.replace("P. ", "phường ").replace("H. ", "huyện "))
    assert 3 <= len(sentences) <= 5
    assert text.startswith("Theo ")
    assert text.endswith("chưa xác minh.")


@given(facts_of_any_kind)
def test_an_incident_is_always_told_as_suspected(facts: StoryFacts) -> None:
    if facts.kind in ("vu_viec", "xet_xu"):
        assert "nghi" in neutral_headline(facts).lower()
        assert "nghi" in neutral_summary(facts).lower()


@given(facts_of_any_kind, st.text(min_size=3, max_size=20).filter(lambda text: text.strip() == text))
def test_a_code_that_we_do_not_know_is_never_printed(facts: StoryFacts, strange: str) -> None:
    odd = f"«{strange}»"
    twisted = StoryFacts(kind=odd, types=(odd,), stage=odd, age=odd, sex=odd, relation=odd, setting=odd)
    assert odd not in neutral_headline(twisted) + neutral_summary(twisted)


CASES = {
    "Nghi người trông trẻ có hành vi bạo lực với trẻ 0–5 tuổi ở nhà trường, mầm non": StoryFacts(
        kind="vu_viec", types=("bao_luc",), age="0_5", relation="nguoi_trong_tre", setting="nha_truong_mam_non"
    ),
    "Nghi trẻ nữ 13–15 tuổi bị xâm hại tình dục": StoryFacts(
        kind="vu_viec", types=("xam_hai_tinh_duc",), age="13_15", sex="nu"
    ),
    "Truy tố, xét xử vụ nghi cha hoặc mẹ bỏ rơi hoặc bỏ mặc 3 trẻ (nhỏ nhất 0–5 tuổi)": StoryFacts(
        kind="xet_xu", stage="truy_to_xet_xu", types=("bo_roi_bo_mac",), age="0_5", victims=3, relation="cha_me"
    ),
    "Nghi ít nhất 2 trẻ (cả nam và nữ, nhỏ nhất 6–12 tuổi) bị bóc lột ở nơi làm việc": StoryFacts(
        kind="vu_viec", types=("boc_lot",), age="6_12", sex="ca_hai", setting="noi_lam_viec"
    ),
    "Tai nạn, sự cố với trẻ nam 6–12 tuổi": StoryFacts(kind="tai_nan", age="6_12", sex="nam"),
    "Chính sách, số liệu, tuyên truyền về trẻ em": StoryFacts(kind="chinh_sach", types=("bao_luc",)),
}


@pytest.mark.parametrize("line", CASES)
def test_the_headline_says_as_much_as_is_known(line: str) -> None:
    assert neutral_headline(CASES[line]) == line


def test_the_summary_tells_who_what_where_when_and_what_the_authorities_did() -> None:
    facts = StoryFacts(
        kind="vu_viec",
        types=("bao_luc",),
        stage="dang_xac_minh_dieu_tra",
        age="13_15",
        sex="nu",
        relation="thay_co",
        setting="nha_truong_mam_non",
        danger_now=True,
        place=PLACES[1],
        outlets=("Báo Mẫu", "Tin Sớm"),
        articles=2,
        published=datetime(2026, 11, 20, 23, 42, tzinfo=UTC),
    )
    assert neutral_summary(facts) == (
        "Theo Báo Mẫu và báo Tin Sớm, bài sớm nhất lúc 06:42 ngày 21/11/2026, nghi người của nhà trường có hành vi "
        "bạo lực với Trẻ A (nữ, 13–15 tuổi). Nơi xảy ra theo bài: P. Mẫu, Tỉnh Mẫu, ở nhà trường, mầm non. Theo báo, "
        "cơ quan chức năng đang xác minh, điều tra. Theo nội dung bài, trẻ có thể đang gặp nguy hiểm. Thông tin từ báo "
        "chí, chưa xác minh."
    )


def test_somebody_of_sixteen_is_not_called_a_child() -> None:
    assert child_words(StoryFacts(age="16_17", sex="nam")) == "Em A (nam, 16–17 tuổi)"
    assert "trẻ" not in neutral_headline(StoryFacts(kind="vu_viec", types=("bao_luc",), age="16_17"))


def test_no_word_of_the_paper_can_get_in() -> None:
    """Only codes, places of the gazetteer, titles of outlets and times are fields at all."""
    texts = {name for name, kind in StoryFacts.__annotations__.items() if kind in (str, tuple[str, ...])}
    assert texts == {"place", "outlets", "types"}


@pytest.mark.parametrize("title", ["Báo Mẫu", "Thời báo Mẫu", "Tạp chí Mẫu", "Đài Mẫu"])
def test_a_title_that_says_what_it_is_gets_no_second_word_for_it(title: str) -> None:
    assert neutral_summary(StoryFacts(kind="chinh_sach", outlets=(title,))).startswith(f"Theo {title},")
