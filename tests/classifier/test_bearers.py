"""Who the bearers of names are: all sample texts and names are ours."""

import pytest

from classifier.bearers import abbreviates, bearers, main_role, owners
from classifier.spans import sentences_of
from models.records import Reading

TEXT = (
    "Công an đã bắt tạm giam Phó Văn Vẽ (34 tuổi, trú tại thôn Suối Mơ). Nạn nhân là cháu Trần Thị Thử (9 tuổi). "
    "Bà Lê Thị Mẫu, mẹ cháu Thử, trình báo. Ông Đỗ Văn Ví - Chủ tịch xã cho biết sẽ hỗ trợ."
)


def roles(text: str) -> dict[str, set[str]]:
    return bearers(sentences_of(Reading(id="x", title="", text=text)))


@pytest.mark.parametrize(
    ("given", "role"),
    [("Vẽ", "<suspect>"), ("Thử", "<young>"), ("Mẫu", "<after:kinship>"), ("Ví", "<after:official>")],
)
def test_the_words_beside_a_name_tell_who_its_bearer_is(given: str, role: str) -> None:
    assert main_role(roles(TEXT)[given]) == role


def test_an_address_belongs_to_the_person_said_before_it() -> None:
    sentence = "Công an đã bắt tạm giam Phó Văn Vẽ (34 tuổi, trú tại thôn Suối Mơ)."
    assert owners(sentence, sentence.index("thôn"), roles(TEXT))[0] == "<suspect>"
    assert owners("Bé gái ở thôn Suối Mơ", 8, {}) == ["bé"]


@pytest.mark.parametrize(("text", "said"), [("Cháu N.T.H. bị đánh.", True), ("Cháu Trần Thị Thử bị đánh.", False)])
def test_a_child_called_by_initials_is_noticed(text: str, said: bool) -> None:
    assert abbreviates(sentences_of(Reading(id="x", title="", text=text))) is said
