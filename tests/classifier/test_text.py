import time
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from classifier.text import clean, sentences

MIXED = st.text(
    alphabet=st.sampled_from([*"aăâeêioơuưđĐABbcnt .!?\n<>/&;,“”0123456789", "\u0301", "\u0323", "\u0302", "😀", "İ"])
)


@given(MIXED)
def test_composed_text_is_made_of_the_input_characters_it_points_to(raw: str) -> None:
    made = clean(raw)
    for at, char in enumerate(made.text):
        start, end = made.span(at, at + 1)
        assert 0 <= start < end <= len(raw)
        composed = unicodedata.normalize("NFC", raw[start:end])
        assert char in composed or char == " "


@given(MIXED)
def test_sentences_are_in_order_and_apart(raw: str) -> None:
    text = clean(raw).text
    at = 0
    for start, end in sentences(text):
        assert at <= start < end <= len(text)
        at = end


def test_decomposed_text_reads_as_composed_and_spans_point_into_the_input() -> None:
    raw = unicodedata.normalize("NFD", "Bé gái bị đánh ở trường")
    made = clean(raw)
    assert made.text == "Bé gái bị đánh ở trường"
    start = made.text.index("đánh")
    begin, end = made.span(start, start + 4)
    assert unicodedata.normalize("NFC", raw[begin:end]) == "đánh"


def test_markup_is_blanked_without_moving_anything() -> None:
    made = clean("<p>Cháu&nbsp;bé</p>")
    assert len(made.text) == len("<p>Cháu&nbsp;bé</p>")
    assert made.text.split() == ["Cháu", "bé"]


def test_an_abbreviation_does_not_end_a_sentence() -> None:
    text = "Công an TP. Mây Trắng vào cuộc. Đến nay chưa rõ ai đánh cháu."
    assert [text[a:b] for a, b in sentences(text)] == [
        "Công an TP. Mây Trắng vào cuộc.",
        "Đến nay chưa rõ ai đánh cháu.",
    ]


def test_sentences_glued_without_a_space_are_told_apart() -> None:
    text = "Cháu đã về nhà.Chiều qua, công an làm việc với người cha."
    assert len(sentences(text)) == 2


def test_a_long_run_of_signs_is_read_once() -> None:
    began = time.process_time()
    assert len(sentences("Bé " + "!" * 50_000)) == 1
    assert time.process_time() - began < 1
