import numpy as np
import pytest

from classifier.drift import histogram, jensen_shannon, psi, share_moved, words_moved


def counts(chance: np.random.Generator, shares: list[float], size: int) -> dict[str, float]:
    return {str(n): float(x) for n, x in enumerate(chance.multinomial(size, shares))}


@pytest.mark.parametrize("size", [60, 14_000])
def test_chance_alone_hardly_ever_raises_the_alarm_and_a_new_mix_does(size: int) -> None:
    chance, usual = np.random.default_rng(2), [0.4, 0.3, 0.2, 0.1]
    quiet = [psi(counts(chance, usual, 4 * size), counts(chance, usual, size)).alarm for _ in range(300)]
    assert sum(quiet) <= 2
    moved = psi(counts(chance, usual, 4 * size), counts(chance, [0.2, 0.15, 0.1, 0.55], size))
    assert moved.alarm
    assert moved.most[0][0] == "3"


def test_a_paper_that_fell_silent_is_the_one_named() -> None:
    moved = psi({"bao-mau": 2000, "tin-mau": 2000, "dat-mau": 500}, {"bao-mau": 600, "tin-mau": 0, "dat-mau": 130})
    assert moved.alarm
    assert moved.most[0][0] == "tin-mau"


def test_a_share_is_compared_by_its_standard_errors() -> None:
    assert not share_moved((40, 400), (14, 100)).alarm
    assert share_moved((400, 4000), (180, 1000)).alarm
    assert not share_moved((0, 0), (5, 10)).alarm


def test_words_raise_the_alarm_by_what_the_weeks_before_keep_from_each_other() -> None:
    chance = np.random.default_rng(6)
    usual = chance.dirichlet(np.full(256, 0.3))
    days = [chance.multinomial(20_000, usual).astype(float) for _ in range(35)]
    assert not words_moved(days[:28], days[28:]).alarm
    other = 0.8 * usual + 0.2 * chance.dirichlet(np.full(256, 0.3))
    assert words_moved(days[:28], [chance.multinomial(20_000, other).astype(float) for _ in range(7)]).alarm


def test_distances_and_classes_of_scores_are_what_their_definitions_say() -> None:
    assert jensen_shannon(np.array([1.0, 0.0]), np.array([0.0, 1.0])) == pytest.approx(1.0)
    assert jensen_shannon(np.array([2.0, 2.0]), np.array([5.0, 5.0])) == 0.0
    assert histogram([0.0, 0.0002, 0.05, 0.99]) == [1, 1, 0, 0, 0, 0, 1, 0, 1]
