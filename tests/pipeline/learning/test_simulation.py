from datetime import UTC, datetime

import numpy as np

from classifier.corpus import Label
from pipeline.learning.simulation import POLICIES, field_of, simulate
from tests.pipeline.learning.conftest import reading, small_recipe

AT = datetime(2026, 11, 1, tzinfo=UTC)


def test_a_model_that_learns_along_saves_work_that_random_order_does_not() -> None:
    labels = [Label(reading(n, harm=n % 10 == 0), int(n % 10 == 0), "khac", (), "feed") for n in range(300)]
    field = field_of(labels, [], small_recipe())
    saved = {p: np.mean([simulate(field, p, batch=15, seed=s, c=5.0).wss95 for s in (1, 2)]) for p in POLICIES}
    assert abs(saved["random"]) < 0.12
    assert saved["likeliest"] > 0.7
    assert saved["ours"] > 0.6
    assert saved["ours"] > saved["uncertainty"] - 0.2


def test_every_article_is_read_once_whatever_the_policy() -> None:
    labels = [Label(reading(n, harm=n % 7 == 0), int(n % 7 == 0), "khac", (), "feed") for n in range(60)]
    field = field_of(labels, [reading(100 + n, harm=False) for n in range(20)], small_recipe())
    for policy in POLICIES:
        done = simulate(field, policy, batch=9, seed=3, c=5.0)
        assert done.size == 78
        assert 0 < done.read_for_95 <= 78
