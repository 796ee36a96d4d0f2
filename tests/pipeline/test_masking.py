"""Quotes of an article with what identifies the child blackened."""

from types import SimpleNamespace
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.tables import ArticleVersion
from pipeline.masking import LONGEST, MASK, exposing_words, hide, masked, proper, reproached


def version(body: str, title: str = "") -> ArticleVersion:
    return cast("ArticleVersion", SimpleNamespace(title=title, sapo="", body=body))


def test_the_exposed_words_are_blackened_inside_the_quote() -> None:
    text = "Cháu Na, học lớp 3B, kể lại sự việc."
    spans = [["text", 5, 7], ["text", 13, 19]]
    assert masked(version(text), ["text", 0, len(text)], spans) == f"Cháu {MASK}, học {MASK}, kể lại sự việc."


def test_words_exposed_elsewhere_are_blackened_too() -> None:
    text = "Công an làm việc với cháu Na tại trụ sở."
    found = masked(version(text, title="Bé Na kể"), ["text", 0, len(text)], [["title", 3, 5]])
    assert found == f"Công an làm việc với cháu {MASK} tại trụ sở."


def test_what_is_only_hidden_is_hidden_and_is_no_reproach() -> None:
    spans = [["text", 5, 7], ["text", 13, 16, "hidden"], ["text", 1, 2, "khác"], ["text", 1, True], "hỏng"]
    assert proper(spans) == [("text", 5, 7), ("text", 13, 16)]
    assert reproached(spans) == [("text", 5, 7)]
    text = "Cháu Na và bà Mẫu kể."
    assert masked(version(text), ["text", 0, len(text)], [["text", 14, 17, "hidden"]]) == f"Cháu Na và bà {MASK} kể."


def test_part_of_a_longer_word_stays() -> None:
    text = "Nạn nhân ở Nam Mẫu, tên Na."
    assert masked(version(text), ["text", 0, len(text)], [["text", 24, 26]]) == f"Nạn nhân ở Nam Mẫu, tên {MASK}."


def test_a_person_of_a_full_name_is_hidden_under_the_shorter_names_too() -> None:
    texts = {"title": "BÉ NA BỊ ĐÁNH", "text": "Cháu Nguyễn Mẫu Na kể. Khi Na về, Mẫu Na khóc; ở Na Mẫu không ai hay."}
    words = exposing_words(texts, [["text", 5, 18]])
    assert hide(texts["title"], words) == f"BÉ {MASK} BỊ ĐÁNH"
    assert hide(texts["text"], words) == f"Cháu {MASK} kể. Khi {MASK} về, {MASK} khóc; ở Na Mẫu không ai hay."


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("về Hà Nội", "về Hà Nội"),
        ("đến sông Hà Mẫu", "đến sông Hà Mẫu"),
        ("bà Trần Thị Hà nói", "bà Trần Thị Hà nói"),
        ("chị Hà nói", f"chị {MASK} nói"),
        ("theo Hà, Công an", f"theo {MASK}, Công an"),
        ("Theo Hà, Công an", f"Theo {MASK}, Công an"),
    ],
)
def test_a_given_name_is_not_hidden_inside_the_names_of_others(text: str, shown: str) -> None:
    assert hide(text, {"Hà"}) == shown


def test_a_quote_without_end_is_cut_at_a_word() -> None:
    text = "chữ " * 300
    found = masked(version(text), ["text", 0, len(text)], [])
    assert len(found) <= LONGEST + 2
    assert found.endswith("chữ …")


spans = st.tuples(st.just("text"), st.integers(0, 60), st.integers(0, 60)).map(lambda s: [s[0], *sorted(s[1:])])


@given(st.text("ab cd", min_size=60, max_size=60), spans, st.lists(spans, max_size=4))
def test_no_exposed_character_survives_whatever_the_spans(
    text: str, quote: list[int], exposed: list[list[int]]
) -> None:
    marked = "".join("X" if any(s <= n < e for _, s, e in exposed) else c for n, c in enumerate(text))
    assert "X" not in masked(version(marked), quote, exposed)
