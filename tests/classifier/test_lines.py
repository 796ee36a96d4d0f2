"""Figures of several fields at a time; all sample texts are ours."""

import numpy as np

from classifier.features import STOP, syllables
from classifier.lines import Part, dense, names, split_sentences

TITLE = "Bé gái 5 tuổi bị cha dượng bạo hành"
BODY = "Công an xã mẫu làm việc với người đàn ông 40 tuổi. Cháu bé bị đánh nhiều lần. Hàng xóm báo tin!"


def test_a_row_of_figures_does_not_depend_on_its_neighbours() -> None:
    fields = [syllables(text, 900) for text in (TITLE, BODY, "", BODY + "\n" + TITLE, "Thời tiết hôm nay")]
    parts = [Part(tokens) for tokens in fields]
    turned = parts[::-1]
    together = dense(parts, turned, [False, True, False, True, False])
    alone = [dense([a], [b], [n % 2 == 1])[0] for n, (a, b) in enumerate(zip(parts, turned, strict=True))]
    np.testing.assert_array_equal(together, np.stack(alone))


def test_what_a_field_says_is_counted_over_its_sentences() -> None:
    row = dict(zip(names(), dense([Part(syllables(TITLE, 300))], [Part(syllables(BODY, 300))], [True])[0], strict=True))
    assert row["title.youngest"] == 5
    assert row["title.suffers_child"] == 1
    assert row["sapo.grown_ages"] == 1
    assert row["sapo.child_suffers_hit"] >= 1
    assert row["sapo.hit.child_near"] < row["sapo.first_harm"]
    assert row["sentences"] == 3
    assert row["question"] == row["child_and_harm"] == 1


def test_sentences_lie_between_stops() -> None:
    tokens = [STOP, "a", "b", STOP, STOP, "c", STOP]
    assert list(split_sentences(tokens)) == [("a", "b"), ("c",)]
    assert list(split_sentences(["a"])) == [("a",)]
    assert list(split_sentences([])) == []
