"""Small cells cannot be read, nor worked out from the total."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from pipeline.suppression import HIDDEN, suppress

lines = st.lists(st.integers(0, 6), min_size=1, max_size=5)


def test_one_small_cell_takes_a_second_one_with_it() -> None:
    assert suppress([1, 5, 9], 15) == ([HIDDEN, HIDDEN, 9], 15)
    assert suppress([0, 5, 9], 14) == ([0, 5, 9], 14)
    assert suppress([1, 2, 9], 12) == ([HIDDEN, HIDDEN, 9], 12)
    assert suppress([1, 1, 0], 2) == ([HIDDEN, HIDDEN, 0], HIDDEN)
    assert suppress([1, 1, 1], 3) == ([HIDDEN, HIDDEN, HIDDEN], HIDDEN)
    assert suppress([2, 8]) == ([HIDDEN, 8], None)


@given(lines)
def test_no_count_of_one_or_two_is_shown_and_no_zero_is_hidden(counts: list[int]) -> None:
    shown, total = suppress(counts, sum(counts))
    assert not {1, 2} & {value for value in (*shown, total) if isinstance(value, int)}
    assert all(value == 0 for value, count in zip(shown, counts, strict=True) if count == 0)


@given(lines)
def test_who_knows_the_total_cannot_work_out_a_hidden_count(counts: list[int]) -> None:
    shown, total = suppress(counts, sum(counts))
    places = [place for place, value in enumerate(shown) if value == HIDDEN]
    if not places or total == HIDDEN:
        return
    rest = sum(counts) - sum(value for value in shown if isinstance(value, int))
    answers = [guess for guess in product(range(1, rest + 1), repeat=len(places)) if sum(guess) == rest]
    for place in range(len(places)):
        assert len({guess[place] for guess in answers}) > 1
