import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

from classifier.kinds import fit_kind_trees
from classifier.stack import Choice, unpack_choice
from classifier.trees import TreeSettings
from models.records import KINDS

SETTINGS = TreeSettings(rounds=12, rate=0.2, leaves=4, least=5, penalty=1.0, share=1.0, repeats=1)
FIGURES = np.random.default_rng(5).normal(size=(240, 4)).astype(np.float32)


@pytest.mark.parametrize("codes", [("vu_viec", "khac"), ("khac", "tai_nan", "vu_viec")])
def test_flattened_trees_choose_the_kind_that_the_library_chooses(codes: tuple[str, ...]) -> None:
    cut = np.digitize(FIGURES[:, 0] + FIGURES[:, 1] ** 2, (0.3, 1.2)) % len(codes)
    kinds = np.array(codes)[cut]
    trees = fit_kind_trees(FIGURES, kinds, np.ones(len(kinds)), 3, SETTINGS)
    flat = Choice(np.zeros((len(KINDS), 4), dtype=np.float32), np.full(len(KINDS), -9.0, dtype=np.float32), trees)
    flat.bias[[KINDS.index(code) for code in codes]] = 0.0
    library = HistGradientBoostingClassifier(
        learning_rate=0.2,
        max_iter=12,
        max_leaf_nodes=4,
        min_samples_leaf=5,
        l2_regularization=1.0,
        early_stopping=False,
        random_state=3,
    ).fit(FIGURES, kinds)
    chosen = library.predict(FIGURES).tolist()
    assert len(set(chosen)) == len(codes)
    assert unpack_choice(flat.pack()).best(FIGURES) == chosen


def test_one_kind_alone_needs_no_trees() -> None:
    assert fit_kind_trees(FIGURES, np.full(len(FIGURES), "khac"), np.ones(len(FIGURES)), 3, SETTINGS) == ()
