"""A text read sentence by sentence is read as it would be at once; all sample texts are ours."""

from hypothesis import given
from hypothesis import strategies as st

from classifier import features
from classifier.features import syllables
from classifier.text import clean

PIECES = (
    "Ông Mẫu Văn A",
    "bé",
    "Nguyễn Thị",
    "B",
    "‘Hà Nội’",
    "12",
    "3.5",
    "TP",
    "CÔNG AN",
    "anh Smith",
    "đánh",
    "lớp 8",
)
MARKS = (". ", ".", "! ", '." ', "? ", "… ", "\n", ", ", " ", " \n ", "; ", ".) ", "| ", "¶ ", "\u00a0")


@given(st.lists(st.tuples(st.sampled_from(PIECES), st.sampled_from(MARKS)), max_size=12))
def test_sentence_by_sentence_is_as_at_once(pieces: list[tuple[str, str]]) -> None:
    text = "".join(piece + mark for piece, mark in pieces)
    at_once = syllables(text, 10_000)
    long, features.LONG = features.LONG, 0
    try:
        assert syllables(text, 10_000) == at_once
    finally:
        features.LONG = long


def test_words_kept_are_few_and_stay_right() -> None:
    words = features._Words(shouting=False)
    words.MOST = 5
    read = [words[word] for word in clean("bé gái An ở TP 12 tuổi Smith bé gái").text.split()]
    assert read == ["bé", "gái", "", "ở", "tp", "‹12›", "tuổi", features.FOREIGN_MARK, "bé", "gái"]
    assert len(words) <= 5
