"""Patterns that share beginnings find what the phrases one after the other would."""

import re

from hypothesis import given
from hypothesis import strategies as st

from classifier.alternation import any_case, any_of, behind

PHRASES = ("bé", "bé gái", "bà", "bà nội", "con", "con gái", "con gái nhỏ", "à.b")


@given(st.lists(st.sampled_from([*PHRASES, "Bé", "CON GÁI", " ", "x", "à b"]), max_size=8))
def test_shared_beginnings_find_the_longest_phrase_as_a_list_would(pieces: list[str]) -> None:
    text = " ".join(pieces)
    plain = "|".join(re.escape(phrase) for phrase in sorted(PHRASES, key=len, reverse=True))
    assert re.findall(rf"{any_of(PHRASES)}\b", text) == re.findall(rf"(?:{plain})\b", text)
    assert re.findall(rf"(?:{any_case(PHRASES)})\b", text) == re.findall(rf"(?:{plain})\b", text, re.IGNORECASE)


def test_a_letter_behind_a_word_is_seen() -> None:
    found = re.compile("[A-Z]" + behind(("bé", "cháu")))
    assert [match.start() for match in found.finditer("bé An, cháu Bình, ông Cả, bé\tDung")] == [3, 12, 29]
