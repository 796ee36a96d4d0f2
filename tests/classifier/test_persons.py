"""Names of people by underthesea: exact places in the paper's own characters, whatever the text."""

import logging
import sys
import time
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier import persons
from classifier.persons import person_names
from classifier.spans import sentences_of
from models.records import Reading

TEXT = (
    "Chiều 12/3, cháu Nguyễn Thị Mẫu Na (8 tuổi) kể với bà Lê Thị Mẫu. 😀 Công an huyện Mẫu Hoà đã mời "
    "ông Trần Văn Hoà lên làm việc; theo bà Sùng Thị Xua, cháu vẫn đi học."
)
NAMES = ["Nguyễn Thị Mẫu Na", "Lê Thị Mẫu", "Trần Văn Hoà", "Sùng Thị Xua"]


def names_in(text: str, title: str = "") -> list[str]:
    """As they stand in the input."""
    reading = Reading(id="1", title=title, text=text)
    fields = {"title": title, "text": text}
    spans = (sentence.span(start, end) for sentence, start, end in person_names(sentences_of(reading)))
    return [fields[field][start:end] for field, start, end in spans]


def test_names_are_given_where_the_paper_wrote_them() -> None:
    assert names_in(TEXT) == NAMES


def test_composed_apart_the_places_are_those_of_the_input() -> None:
    apart = unicodedata.normalize("NFD", TEXT)
    assert names_in(apart) == [unicodedata.normalize("NFD", name) for name in NAMES]


def test_the_short_way_into_the_library_says_what_its_front_door_says() -> None:
    from underthesea import ner

    tag, _ = persons.load()
    assert tag is not None
    for sentence in sentences_of(Reading(id="1", text=TEXT)):
        assert list(tag(sentence.text)) == [(word, entity) for word, _, _, entity in ner(sentence.text)]


@pytest.mark.parametrize(
    "text",
    [
        "Bé Na http://" + "!" * 200,
        "Bé Na (" * 3000,
        "A." * 6000,
        "Abc.abcdefghijklmnopq" * 600,
        "Na" + "a.-_+" * 3000,
        "😀Na" * 4000,
        "Cháu Na\x00 \u202e \ud800 Lan " * 100,
        TEXT * 30_000,
    ],
    ids=lambda text: text[:12].encode("ascii", "backslashreplace").decode(),
)
def test_hostile_text_takes_bounded_time(text: str) -> None:
    began = time.process_time()
    found = names_in(text)
    assert time.process_time() - began < 4
    assert all(len(name) < 120 for name in found)


def test_without_the_library_the_rules_go_on_alone_and_one_line_names_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    persons.load.cache_clear()
    monkeypatch.setitem(sys.modules, "underthesea", None)
    with caplog.at_level(logging.WARNING):
        assert names_in(TEXT) == names_in(TEXT) == []
    persons.load.cache_clear()
    assert [record.levelname for record in caplog.records] == ["WARNING"]
    assert "underthesea" in caplog.text


def test_what_the_library_cannot_take_is_left_to_the_rules() -> None:
    def failing(text: str) -> list[persons.Tag]:
        if "Hoà" in text:
            message = "hỏng"
            raise ValueError(message)
        return [(word, "B-PER" if word == "Na" else "O") for word in text.split()]

    found = person_names(sentences_of(Reading(id="1", text=TEXT)), failing)
    assert [sentence.text[start:end] for sentence, start, end in found] == ["Na"]


WORDS = st.lists(st.sampled_from(["Na", "hoà", "Hoà", "12/3", "Thị", "😀", "é", "Trần", "đi"]), min_size=1, max_size=12)


@settings(deadline=None)
@given(WORDS, st.lists(st.sampled_from(["B-PER", "I-PER", "O"]), min_size=12, max_size=12), st.sampled_from(["", " "]))
def test_each_word_is_found_where_it_stands_though_the_library_wrote_it_anew(
    words: list[str], entities: list[str], glue: str
) -> None:
    text = " ".join(words)

    def tag(_: str) -> list[persons.Tag]:
        """Splits or joins as the library may, moves tone marks and drops signs."""
        changed = [word.replace("oà", "òa") for word in words]
        return [(glue.join(word), entity) for word, entity in zip(changed, entities, strict=False) if word != "😀"]

    at = 0
    known = set()
    for word in words:
        known |= {at, at + len(word)}
        at += len(word) + 1
    for sentence, start, end in person_names(sentences_of(Reading(id="1", text=text)), tag):
        assert {sentence.start + start, sentence.start + end} <= known
        assert sentence.text[start:end].split()[0] in words
