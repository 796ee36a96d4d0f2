import numpy as np
import pytest
from scipy.sparse import csr_matrix

from classifier.active import RANDOM, RARE, UNCERTAIN, UNLIKE, Pool, distance, pick, wss

COUNTS = [100, 80, 1, 40, 40, 40, 40]


def pool(size: int = 500) -> Pool:
    """Row 3 lies at the threshold, row 5 is like nothing read, row 7 at the boundary of the rare third type."""
    chance = np.random.default_rng(1)
    score = chance.uniform(1e-6, 1e-5, size)
    score[3], score[7] = 0.01, 0.02
    types = np.zeros((size, 7))
    types[7, 2] = 0.5
    far = np.full(size, 0.4)
    far[5] = 0.97
    return Pool(score, 0.01, types, far)


def test_each_reason_brings_the_article_that_it_is_for() -> None:
    picks = pick(pool(), COUNTS, count=20, random_share=0.3, seed=6)
    assert len({one.row for one in picks}) == 20
    assert [one.why for one in picks].count(RANDOM) == 6
    first = {why: next(one.row for one in picks if one.why == why) for why in (UNCERTAIN, UNLIKE, RARE)}
    assert first == {UNCERTAIN: 3, UNLIKE: 5, RARE: 7}


def test_random_picks_weighed_by_their_chance_give_the_true_rate_however_the_others_were_chosen() -> None:
    whole = pool()
    relevant = whole.score > 5e-6
    estimates = []
    for seed in range(300):
        drawn = [one for one in pick(whole, COUNTS, count=30, random_share=0.5, seed=seed) if one.why == RANDOM]
        estimates.append(sum(relevant[one.row] / one.chance for one in drawn))
    assert np.mean(estimates) == pytest.approx(relevant.sum(), rel=0.05)


def test_a_day_smaller_than_the_queue_is_offered_whole() -> None:
    assert len(pick(pool(12), COUNTS, count=20, random_share=0.3, seed=1)) == 12


def test_distance_is_to_the_nearest_text_that_was_read() -> None:
    known = csr_matrix(np.array([[1.0, 0.0], [0.0, 1.0]]))
    rows = csr_matrix(np.array([[1.0, 0.0], [0.6, 0.8], [0.0, 0.0]]))
    np.testing.assert_allclose(distance(rows, known), [0.0, 0.2, 1.0], atol=1e-9)


def test_work_saved_is_that_of_the_definition() -> None:
    """A hundred articles, twenty relevant, all of them read first: 19 reach 95 %."""
    order = np.arange(100) < 20
    assert wss(order) == pytest.approx(1 - 19 / 100 - 0.05)
    assert wss(order[::-1]) == pytest.approx(1 - 99 / 100 - 0.05)
