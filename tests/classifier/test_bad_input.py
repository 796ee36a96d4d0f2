import unicodedata

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from classifier.predict import Judge, load_judge
from models.records import Reading

STORY = (
    "Chiều 3/4, cháu bé 5 tuổi bị cha dượng đánh gãy tay tại nhà trọ. Công an đã tạm giữ người đàn ông để điều tra.\n"
    "Cháu được đưa vào bệnh viện, hiện sức khỏe ổn định."
)
TITLE = "Bé gái 5 tuổi bị cha dượng đánh gãy tay"


@pytest.fixture(scope="module")
def judge() -> Judge:
    return load_judge()


@pytest.mark.parametrize(
    "reading",
    [
        Reading(id="empty"),
        Reading(id="spaces", title="   ", text="\n\n"),
        Reading(id="word", title="Bé"),
        Reading(id="emoji", title="😀😀", sapo="🎉"),
        Reading(id="digits", title="2026", text="1 2 3"),
        Reading(id="marks", title="...", text="?!"),
        Reading(id="superscript", title="¹² ⁰", text="⁰ ² tuổi"),
        Reading(id="control", title="\x00\ud7a3\u200b", text="\ufeff"),
    ],
    ids=lambda reading: reading.id,
)
def test_what_says_nothing_is_not_flagged(judge: Judge, reading: Reading) -> None:
    [verdict] = judge.judge([reading])
    assert not verdict.flag
    assert 0.0 <= verdict.score <= 1.0


def test_five_megabytes_are_read_as_far_as_needed(judge: Judge) -> None:
    [verdict] = judge.judge([Reading(id="big", title=TITLE, text=STORY + " Thêm chữ." * 500_000)])
    assert verdict.flag


def test_decomposed_letters_give_the_same_verdict(judge: Judge) -> None:
    plain = Reading(id="1", title=TITLE, text=STORY)
    apart = Reading(id="2", title=unicodedata.normalize("NFD", TITLE), text=unicodedata.normalize("NFD", STORY))
    first, second = judge.judge([plain, apart])
    assert first.score == second.score
    assert [unicodedata.normalize("NFC", apart.text[a:b]) for f, a, b in second.evidence if f == "text"] == [
        plain.text[a:b] for f, a, b in first.evidence if f == "text"
    ]


def test_capitals_are_read_as_words(judge: Judge) -> None:
    [verdict] = judge.judge([Reading(id="1", title=TITLE.upper())])
    assert verdict.flag


def test_markup_left_in_changes_little(judge: Judge) -> None:
    [plain, marked] = judge.judge([Reading(id="1", title=TITLE), Reading(id="2", title=f"<h1 class='x'>{TITLE}</h1>")])
    assert marked.score == pytest.approx(plain.score, abs=0.05)


def test_text_without_its_marks_is_vietnamese_with_less_confidence(judge: Judge) -> None:
    bare = "Be gai 5 tuoi bi cha duong danh gay tay, cong an dang dieu tra vu viec tai nha tro"
    [marked, without] = judge.judge([Reading(id="1", title=TITLE), Reading(id="2", title=bare)])
    assert without.language == "vi"
    assert without.score < marked.score


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The police said that the girl was found in the house with her father on Monday", "en"),
        ("La police a retrouvé la petite fille dans la maison avec son père et une voisine", "fr"),
        ("警方表示该男子已被拘留，案件正在调查中", "zh"),
        ("Полиция сообщила, что девочка найдена", "ru"),
    ],
)
def test_another_language_is_named_and_not_flagged(judge: Judge, text: str, language: str) -> None:
    [verdict] = judge.judge([Reading(id="1", title=text)])
    assert verdict.language == language
    assert not verdict.flag
    assert verdict.kind is None


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=400))
def test_no_text_is_an_exception(judge: Judge, title: str, sapo: str, text: str) -> None:
    [verdict] = judge.judge([Reading(id="1", title=title, sapo=sapo, text=text)])
    assert 0.0 <= verdict.score <= 1.0


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*STORY.split(" "), "😀", "<b>", "&amp;", "e\u0302\u0301", "İ"]), max_size=60))
def test_spans_lie_inside_their_field(judge: Judge, pieces: list[str]) -> None:
    reading = Reading(id="1", title=TITLE, text=STORY + " " + " ".join(pieces))
    [verdict] = judge.judge([reading])
    for field, start, end in (*verdict.evidence, *verdict.exposes_child):
        assert 0 <= start < end <= len(getattr(reading, field))
        assert getattr(reading, field)[start:end].strip()
