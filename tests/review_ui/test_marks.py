"""Marking and masking: no span, however wrong, loses or shows a character too many."""

from hypothesis import given
from hypothesis import strategies as st

from review_ui.marks import paragraphs, pieces, spans_of

SPANS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=6)
TEXTS = st.text(alphabet="aăâbcđê \n", max_size=50)


@given(TEXTS, SPANS, SPANS)
def test_the_pieces_are_the_text_and_each_character_is_marked_exactly_where_a_span_covers_it(
    text: str, marked: list[tuple[int, int]], masked: list[tuple[int, int]]
) -> None:
    found = pieces(text, marked, masked)
    assert "".join(piece.text for piece in found) == text
    at = 0
    for piece in found:
        for offset in range(at, at + len(piece.text)):
            assert piece.marked == any(start <= offset < end for start, end in marked)
            assert piece.masked == any(start <= offset < end for start, end in masked)
        at += len(piece.text)


def test_a_name_and_the_shorter_names_in_it_are_one_mask() -> None:
    found = pieces("Cháu Mẫu Na kể", (), [(5, 11), (9, 11), (9, 10)])
    assert [piece.text for piece in found if piece.masked] == ["Mẫu Na"]


@given(TEXTS, SPANS)
def test_paragraphs_keep_every_line_and_its_marks(text: str, marked: list[tuple[int, int]]) -> None:
    found = paragraphs(text, marked)
    assert ["".join(piece.text for piece in line) for line in found] == [x for x in text.split("\n") if x.strip()]
    shown = sum(len(piece.text) for line in found for piece in line if piece.marked)
    wanted = sum(
        1
        for at, c in enumerate(text)
        if any(start <= at < end for start, end in marked) and c != "\n" and _line_of(text, at).strip()
    )
    assert shown == wanted


def _line_of(text: str, at: int) -> str:
    return text[text.rfind("\n", 0, at) + 1 :].split("\n", 1)[0]


def test_malformed_spans_are_left_out() -> None:
    spans = [
        ["text", 1, 3],
        "hỏng",
        ["text", 3, 1],
        ["text", "1", 3],
        ["sapo", 0, 1],
        ["text", 1],
        None,
        ["text", True, 5],
        ["text", 4, 6, "hidden"],
        ["text", 7, 9, "gì khác"],
    ]
    assert spans_of(spans, "text") == [(1, 3), (4, 6)]
