"""Random trees beside the boosted ones: fitted with scikit-learn, stored and walked as the same plain figures.

Boosted trees trust their few strongest figures; trees that cut at random places over a random share of the figures err
elsewhere, and lift relevant entries that the boosted ones rank low.
"""

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import logit
from sklearn.ensemble import ExtraTreesClassifier

from classifier.crew import Run, alone
from classifier.features import Floats
from classifier.trees import Trees, unpack_trees

LEAST = 1e-4
"""Shares nearer to 0 or 1 say no more than this."""
Rows = npt.NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class ForestSettings:
    """`trees` 0 grows none; `held` trees answer out of fold; `weight` is that of the log odds beside the boosted
    trees' margin."""

    trees: int = 0
    held: int = 0
    least: int = 3
    share: float = 0.3
    weight: float = 0.6


@dataclass(frozen=True, slots=True)
class Forest:
    trees: Trees
    weight: float

    def margins(self, figures: npt.NDArray[np.float32]) -> Floats:
        """(rows,) weighted log odds of the share of trees that say yes."""
        return np.asarray(self.weight * logit(np.clip(self.trees.margins(figures), LEAST, 1 - LEAST)))

    def pack(self) -> dict[str, Any]:
        return {"trees": self.trees.pack(), "weight": self.weight}


def unpack_forest(packed: dict[str, Any]) -> Forest:
    return Forest(unpack_trees(packed["trees"]), float(packed["weight"]))


def fit_forest(
    figures: npt.NDArray[np.float32],
    answers: npt.NDArray[np.bool_],
    weight: Floats,
    settings: ForestSettings,
    seed: int,
    *,
    splits: list[tuple[Rows, Rows]],
    run: Run = alone,
) -> tuple[Forest, Floats]:
    """The forest, and the out-of-fold margins of smaller ones; rows without weight are judged but not learned from."""
    everything = np.arange(len(figures))
    tasks = [(everything, everything[:0], settings.trees), *((*split, settings.held) for split in splits)]
    piece = partial(_grow, figures=figures, answers=answers, weight=weight, settings=settings, seed=seed)
    grown = run(piece, tasks)
    margins = np.zeros(len(figures))
    for (_, held), (_, said) in zip(splits, grown[1:], strict=True):
        margins[held] = said
    return grown[0][0], margins


def _grow(
    train: Rows,
    held: Rows,
    count: int,
    *,
    figures: npt.NDArray[np.float32],
    answers: npt.NDArray[np.bool_],
    weight: Floats,
    settings: ForestSettings,
    seed: int,
) -> tuple[Forest, Floats]:
    use = train[weight[train] > 0]
    model = ExtraTreesClassifier(
        count, min_samples_leaf=settings.least, max_features=settings.share, random_state=seed, n_jobs=1
    )
    model.fit(figures[use], answers[use], sample_weight=weight[use])
    forest = Forest(flatten_forest(model), settings.weight)
    return forest, forest.margins(figures[held])


def flatten_forest(model: Any) -> Trees:
    """Node tables of all trees, padded to one width; the leaves add up to the mean share of yes."""
    tables = [one.tree_ for one in model.estimators_]
    yes = [n for n, label in enumerate(model.classes_) if label]
    shape = (len(tables), max(table.node_count for table in tables))
    feature, left, right = (np.zeros(shape, dtype=np.int16) for _ in range(3))
    cut, value = (np.zeros(shape, dtype=np.float32) for _ in range(2))
    for t, table in enumerate(tables):
        size = table.node_count
        own, leaf = np.arange(size), table.children_left < 0
        feature[t, :size] = np.where(leaf, 0, table.feature)
        cut[t, :size] = np.where(leaf, 0.0, table.threshold)
        left[t, :size] = np.where(leaf, own, table.children_left)
        right[t, :size] = np.where(leaf, own, table.children_right)
        share = table.value[:, 0, yes].sum(axis=1) / table.value[:, 0].sum(axis=1)
        value[t, :size] = np.where(leaf, share, 0.0) / len(tables)
    return Trees(feature, cut, left, right, value, max(int(table.max_depth) for table in tables), 0.0)
