import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.differences import Piece, changed, word_difference

WORDS = st.lists(st.sampled_from(["cháu", "bé", "bị", "đánh", ",", ".", "\n", " ", "12", "tuổi", "  "]), max_size=40)


def old(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces if piece.change != "added")


def new(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces if piece.change != "removed")


def test_a_changed_number_is_the_only_thing_marked() -> None:
    found = word_difference("Cháu bé 5 tuổi đang điều trị.", "Cháu bé 6 tuổi đang điều trị.")
    assert [(piece.change, piece.text) for piece in found] == [
        ("same", "Cháu bé "),
        ("removed", "5"),
        ("added", "6"),
        ("same", " tuổi đang điều trị."),
    ]


def test_words_are_marked_whole_with_their_diacritics() -> None:
    found = word_difference("Công an xã Mẫu xác minh.", "Công an xã Mậu xác minh.")
    assert Piece("removed", "Mẫu") in found
    assert Piece("added", "Mậu") in found


def test_a_new_paragraph_leaves_the_others_alone() -> None:
    found = word_difference("Đoạn một.\nĐoạn hai.", "Đoạn một.\nĐính chính của tòa soạn.\nĐoạn hai.")
    assert [piece for piece in found if piece.change != "same"] == [Piece("added", "Đính chính của tòa soạn.\n")]


def test_equal_texts_have_no_difference() -> None:
    assert not changed(word_difference("Như cũ.\nNhư cũ.", "Như cũ.\nNhư cũ."))
    assert word_difference("", "") == ()
    assert word_difference("", "Mới") == (Piece("added", "Mới"),)


def test_a_rewritten_paragraph_is_shown_as_replaced_and_not_as_confetti() -> None:
    found = word_difference("Hôm nay trời nắng đẹp quá.", "Nhà trường đã họp với phụ huynh lớp mẫu giáo.")
    assert [piece.change for piece in found] == ["removed", "added"]


@settings(max_examples=300, deadline=None)
@given(before=WORDS, after=WORDS)
def test_the_pieces_give_back_both_texts_exactly(before: list[str], after: list[str]) -> None:
    found = word_difference("".join(before), "".join(after))
    assert old(found) == "".join(before)
    assert new(found) == "".join(after)
    assert all(piece.text for piece in found)


@pytest.mark.parametrize("text", ["a b " * 40_000, "a\n" * 60_000, "x" * 500_000])
def test_a_hostile_text_costs_little(text: str) -> None:
    began = time.monotonic()
    found = word_difference(text, text[::-1] + "y")
    assert time.monotonic() - began < 5
    assert new(found) == text[::-1] + "y"
