"""By what danger is told: all sample texts are ours."""

import pytest

from classifier.clues import read_clues
from models.records import Reading


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("Công an xã bác bỏ tin đồn bắt cóc trẻ em.", "L#st_untrue"),
        ("Trường đã đình chỉ dạy cô giáo.", "L#st_stopped"),
        ("Bé được đưa về nhà với mẹ.", "L#st_cared"),
        ("Người đàn ông bỏ trốn.", "top:held=False,gone=True"),
        ("Người đàn ông bị tạm giam.", "top:no:st_gone"),
    ],
)
def test_how_things_stand_is_told_also_by_what_is_not_said(text: str, term: str) -> None:
    assert term in read_clues(Reading(id="x", title="Vụ bé gái ở xã mẫu", sapo=text)).status


def test_danger_sees_groups_of_phrases_and_other_facts_see_the_phrases() -> None:
    clues = read_clues(Reading(id="x", title="", sapo="Công an xã bác bỏ tin đồn, cha dượng bị tạm giam."))
    assert "L:tạm giam" in clues.terms
    assert "L:tạm giam" not in clues.status
    assert not any("st_untrue" in term for term in clues.terms)
