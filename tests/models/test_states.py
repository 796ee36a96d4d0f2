"""The table of moves."""

import pytest

from models.states import FIRST, MOVES, NEED_REASON, MoveError, check_move
from models.words import CASE_STATE


def test_every_state_has_a_word_can_be_reached_and_can_be_left() -> None:
    assert MOVES.keys() == CASE_STATE.keys()
    reached, waiting = {FIRST}, [FIRST]
    while waiting:
        new = set(MOVES[waiting.pop()]) - reached
        reached |= new
        waiting.extend(new)
    assert reached == MOVES.keys()
    assert all(MOVES.values())


@pytest.mark.parametrize("before", MOVES)
@pytest.mark.parametrize("after", MOVES)
def test_a_move_is_allowed_exactly_where_the_table_has_it(before: str, after: str) -> None:
    if after in MOVES[before]:
        check_move(before, after, "có lý do")
        return
    with pytest.raises(MoveError):
        check_move(before, after, "có lý do")


@pytest.mark.parametrize("reason", [None, "", "  "])
def test_an_end_and_a_new_beginning_need_a_reason(reason: str | None) -> None:
    for before, afters in MOVES.items():
        for after in afters:
            if {before, after} & NEED_REASON:
                with pytest.raises(MoveError):
                    check_move(before, after, reason)
