"""Who does what to whom, and what is left of names: all sample texts are ours."""

import pytest

from classifier.features import FOREIGN_MARK, GIVEN_MARK, NAME_MARK, syllables
from classifier.lines import WIDTH, Part, dense, names
from classifier.signals import GROUPS, roles

SAID = [
    ("Cụ bà 82 tuổi bị nữ giúp việc đánh đập", "hit", "grown", "other"),
    ("Nhóm học sinh đánh người vô gia cư", "hit", "grown", "child"),
    ("Bé gái 5 tuổi bị cha dượng bạo hành", "hit", "child", "other"),
    ("Bắn gục thiếu niên vì mâu thuẫn", "hit", "child", ""),
    ("Người đàn ông bị khởi tố vì đánh đập cháu bé", "hit", "child", "grown"),
    ("Người mẹ ném con xuống sông", "kill", "kin", "other"),
]


@pytest.mark.parametrize(("text", "harm", "patient", "agent"), SAID)
def test_who_suffers_and_who_does_it_is_read_from_the_order_of_words(
    text: str, harm: str, patient: str, agent: str
) -> None:
    said = [
        (GROUPS[deed.group], suffers, does)
        for sentence, hits in Part(syllables(text, 300)).spans
        for deed, suffers, does in roles(sentence, hits)
    ]
    assert (harm, patient, agent) in said


def test_every_figure_has_a_name_and_an_empty_field_says_nothing() -> None:
    row = dense([Part(())], [Part(())], [False])[0]
    assert len(row) == WIDTH == len(names()) == len(set(names()))
    assert not any(value for name, value in zip(names(), row, strict=True) if "suffers" in name or "does" in name)


def test_a_capital_that_opens_a_phrase_of_the_word_list_is_no_name() -> None:
    read = syllables("bị khởi tố tội Giết người tại cơ sở Mầm non, theo lời Dụ", 300)
    assert {"giết", "mầm"} <= set(read)
    assert read[-1] == GIVEN_MARK


def test_a_place_that_opens_like_a_name_stays_a_place() -> None:
    read = syllables("Công an Hà Nội bắt ông Hà Văn Mẫu từ Thái Lan về, gặp Smith", 300)
    assert "hà nội" in " ".join(read)
    assert "thái lan" in " ".join(read)
    assert read.count(NAME_MARK) == 1
    assert read[-1] == FOREIGN_MARK
