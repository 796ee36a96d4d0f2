from collections.abc import Sequence

import numpy as np
import pytest

from classifier.aside import BETWEEN, GAPS, LONGEST, SHORTEST, looks
from classifier.features import STOP

CELLS = 1 << 22
"""So many that hardly any two terms share one."""
Field = tuple[list[str], list[str]]
FIELDS: list[Field] = [
    (["bé", "gái", "‹8›", "tuổi", "bị", "đánh"], ["công", "an", "xã", "mẫu", STOP, "đang", "làm", "rõ", "vụ", "việc"]),
    ([], []),
    (["🦆"], []),
    (["học", "sinh", "lớp", "‹6›", "bị", "đánh"], ["bị", "đánh", "bị", "đánh", "bị", "đánh"]),
]


def gap_terms(title: Sequence[str], rest: Sequence[str]) -> set[tuple[object, ...]]:
    made: set[tuple[object, ...]] = set()
    sentence: list[str] = []
    for token in (*title, STOP, *rest, STOP):
        if token != STOP:
            sentence.append(token)
            continue
        for number, gap in enumerate(GAPS):
            made |= {(number, *(sentence[at + step] for step in gap)) for at in range(max(0, len(sentence) - gap[-1]))}
        sentence = []
    return made


def character_runs(title: Sequence[str], rest: Sequence[str]) -> set[str]:
    text = " ".join((*title, BETWEEN, *rest))
    return {text[at : at + n] for n in range(SHORTEST, LONGEST + 1) for at in range(len(text) - n + 1)}


def test_each_look_has_one_cell_for_each_of_its_terms_and_none_over_a_sentence_or_an_entry() -> None:
    gaps, characters = looks(FIELDS, CELLS)
    np.testing.assert_array_equal(np.diff(gaps.indptr), [len(gap_terms(*field)) for field in FIELDS])
    np.testing.assert_array_equal(np.diff(characters.indptr), [len(character_runs(*field)) for field in FIELDS])
    assert set(np.unique(np.concatenate((gaps.data, characters.data)))) == {-1.0, 1.0}


def test_terms_of_two_entries_share_their_cells() -> None:
    gaps, characters = (look.astype(bool).astype(int) for look in looks(FIELDS, CELLS))
    first, last = FIELDS[0], FIELDS[3]
    shared = len(character_runs(*first) & character_runs(*last))
    assert shared > 10
    assert (characters @ characters.T)[0, 3] == shared
    assert (gaps @ gaps.T)[0, 3] == len(gap_terms(*first) & gap_terms(*last))


@pytest.mark.parametrize("cells", [64, CELLS])
def test_an_entry_looks_the_same_alone_and_among_others(cells: int) -> None:
    for number, field in enumerate(FIELDS):
        for alone, among in zip(looks([field], cells), looks(FIELDS, cells), strict=True):
            assert (alone != among[number]).nnz == 0
