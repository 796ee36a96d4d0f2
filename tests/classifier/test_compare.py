import numpy as np
import pytest
from sklearn.metrics import average_precision_score

from classifier.compare import Answers, Sample, average_precision, by_group, compare, differing, recall_at


def sample(size: int = 200, relevant: int = 40) -> Sample:
    truth = np.arange(size) < relevant
    return Sample(
        truth=truth,
        labelled=np.ones(size, dtype=bool),
        weight=np.ones(size),
        event=np.arange(size, dtype=np.int64),
        groups=tuple(("all", "type:bao_luc") if n < 10 else ("all",) for n in range(size)),
    )


def answers(score: np.ndarray, cut: float = 0.5) -> Answers:
    return Answers(score, score >= cut)


def test_a_better_model_shows_by_an_interval_that_leaves_zero_out_and_an_equal_one_does_not() -> None:
    chance, whole = np.random.default_rng(3), sample()
    good = answers(np.clip(whole.truth * 0.6 + chance.normal(0.2, 0.15, 200), 0, 1))
    poor = answers(chance.random(200))
    value, low, high = compare(whole, good, poor, readings=50, seed=1).difference["average_precision"]
    assert 0 < low < value < high
    assert compare(whole, poor, poor, readings=50, seed=1).difference["average_precision"] == [0.0, 0.0, 0.0]


def test_average_precision_with_weights_and_equal_scores_is_that_of_the_library() -> None:
    chance, whole = np.random.default_rng(4), sample()
    score, weight = np.round(chance.random(200), 1), chance.integers(0, 4, 200).astype(float)
    theirs = average_precision_score(whole.truth, score, sample_weight=weight)
    assert average_precision(whole, answers(score), weight) == pytest.approx(theirs)


def test_a_weighted_sample_gives_the_recall_that_all_articles_would() -> None:
    """Ten thousand irrelevant entries, of which a hundred stand for all."""
    chance = np.random.default_rng(1)
    truth = np.concatenate((np.ones(50, dtype=bool), np.zeros(10_000, dtype=bool)))
    score = np.concatenate((chance.beta(5, 2, 50), chance.beta(1, 6, 10_000)))
    whole = Sample(truth, truth, np.ones(len(truth)), np.arange(len(truth)), ((),) * len(truth))
    rows = np.concatenate((np.arange(50), 50 + chance.permutation(10_000)[:1000]))
    weight = np.where(truth[rows], 1.0, 10.0)
    part = Sample(truth[rows], truth[rows], weight, np.arange(len(rows)), ((),) * len(rows))
    full = recall_at(whole, answers(score), whole.weight, 300)
    assert recall_at(part, answers(score[rows]), weight, 300) == pytest.approx(full, abs=0.06)
    assert recall_at(part, answers(score[rows]), np.ones(len(rows)), 300) > full + 0.06


def test_groups_with_few_relevant_articles_are_left_out_and_differences_come_widest_first() -> None:
    whole = sample(relevant=12)
    new, old = np.zeros(200), np.zeros(200)
    new[3], new[7], old[9] = 0.6, 0.9, 0.7
    assert [group.name for group in by_group(whole, answers(new), answers(old), seed=1)] == ["all", "type:bao_luc"]
    every = by_group(whole, answers(new), answers(old), seed=1)[0]
    assert (every.new, every.old) == (2 / 12, 1 / 12)
    assert every.interval[0] < every.new - every.old < every.interval[1]
    assert differing(answers(new), answers(old), 2) == [7, 9]


def test_a_group_s_average_precision_has_an_interval_of_its_own_and_a_small_group_is_marked() -> None:
    """The new model knows the ten of the small group better and the rest as well as the old one."""
    chance, whole = np.random.default_rng(5), sample()
    score = np.clip(whole.truth * 0.5 + chance.normal(0.3, 0.15, 200), 0, 1)
    new, old = answers(score), answers(np.where(np.arange(200) < 10, score - 0.5, score))
    every, few = by_group(whole, new, old, seed=2)
    part = np.where(whole.truth, np.arange(200) < 10, 1.0)
    assert few.precision == pytest.approx([average_precision(whole, one, part) for one in (new, old)])
    assert (every.small, few.small) == (False, True)
    assert 0 < few.gain[0] < few.precision[0] - few.precision[1] < few.gain[1]
    assert few.gain[0] > every.gain[0]
