"""Boosted trees for the choice of the kind: one set of trees a kind, fitted together, stored and walked as figures."""

from typing import Any

import numpy as np
import numpy.typing as npt

from classifier.features import Floats
from classifier.trees import Trees, TreeSettings, flatten, unfitted
from models.records import KINDS

SETTINGS = TreeSettings(rounds=80, rate=0.08, leaves=6, least=15, penalty=5.0, share=0.3, repeats=1)


def fit_kind_trees(
    figures: npt.NDArray[np.float32],
    kinds: npt.NDArray[np.str_],
    weight: Floats,
    seed: int,
    settings: TreeSettings = SETTINGS,
) -> tuple[Trees, ...]:
    """In the order of KINDS; a kind that was never seen has empty trees, and so has the first of only two."""
    if len(set(kinds.tolist())) < 2:
        return ()
    model = unfitted(settings, seed).fit(figures, kinds, sample_weight=weight)
    return tuple(_of_kind(model, code) for code in KINDS)


def _of_kind(model: Any, code: str) -> Trees:
    seen = [str(each) for each in model.classes_]
    if len(seen) == 2:
        return flatten([model]) if code == seen[1] else nothing()
    return flatten([model], seen.index(code)) if code in seen else nothing()


def nothing() -> Trees:
    """Trees that say 0 of everything."""
    leaf = np.zeros((1, 1), dtype=np.int16)
    value = np.zeros((1, 1), dtype=np.float32)
    return Trees(leaf, value, leaf, leaf, value, 0, 0.0)
