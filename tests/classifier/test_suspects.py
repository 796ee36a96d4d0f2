import numpy as np
from scipy.sparse import csr_matrix

from classifier.suspects import out_of_fold, suspects


def test_labels_that_were_turned_over_are_found_first() -> None:
    """Two clear groups of rows; seven labels of two hundred are turned over."""
    chance = np.random.default_rng(5)
    truth = np.arange(200) % 4 == 0
    rows = csr_matrix(np.column_stack((truth, ~truth)) + chance.normal(0, 0.2, (200, 2)))
    said = truth.copy()
    wrong = chance.permutation(200)[:7]
    said[wrong] = ~said[wrong]
    guess = out_of_fold(rows, said, [str(n) for n in range(200)], folds=5, c=5.0, seed=1)
    found = suspects(np.column_stack((1 - guess, guess)), said.astype(np.int64))
    assert set(found[:7]) == set(map(int, wrong))
    assert len(found) < 15


def test_rows_of_one_event_are_never_judged_by_each_other() -> None:
    """The only thing that tells the answer is the event itself, so nobody outside it can know."""
    events = np.repeat(np.arange(20), 5)
    rows = csr_matrix(np.eye(20)[events])
    guess = out_of_fold(rows, events < 10, [str(event) for event in events], folds=4, c=100.0, seed=1)
    assert abs(guess[events < 10].mean() - guess[events >= 10].mean()) < 0.2
