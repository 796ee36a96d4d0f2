"""Boosted trees as four arrays: fitted with scikit-learn, stored and walked as plain figures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import HistGradientBoostingClassifier

from classifier.crew import Run, alone
from classifier.features import Floats

CHUNK = 64
"""Rows walked at a time: what they need fits the processor's cache."""


@dataclass(frozen=True, slots=True)
class Trees:
    """Node n of tree t: go left where figure `feature` <= `cut`; a leaf points to itself and holds `value`."""

    feature: npt.NDArray[np.int16]
    cut: npt.NDArray[np.float32]
    left: npt.NDArray[np.int16]
    right: npt.NDArray[np.int16]
    value: npt.NDArray[np.float32]
    depth: int
    start: float

    def margins(self, figures: npt.NDArray[np.float32]) -> Floats:
        """(rows,) sums over all trees; `figures` is (rows, features). All trees take a step at a time."""
        trees, width = self.feature.shape
        starts = (np.arange(trees, dtype=np.int32) * width)[:, None]
        feature, cut = self.feature.ravel().astype(np.int32), self.cut.ravel()
        left, right = ((side + starts).ravel() for side in (self.left, self.right))
        total = np.empty(len(figures), dtype=np.float64)
        for at in range(0, len(figures), CHUNK):
            part = np.ascontiguousarray(figures[at : at + CHUNK], dtype=np.float32)
            flat, rows = part.ravel(), np.arange(len(part), dtype=np.int32) * part.shape[1]
            node = np.repeat(starts, len(part), axis=1)
            for _ in range(self.depth):
                low = flat.take(rows + feature.take(node)) <= cut.take(node)
                node = np.where(low, left.take(node), right.take(node))
            total[at : at + CHUNK] = self.value.ravel().take(node).sum(axis=0, dtype=np.float64) + self.start
        return total

    def pack(self) -> dict[str, Any]:
        return {
            "feature": self.feature,
            "cut": self.cut,
            "left": self.left,
            "right": self.right,
            "value": self.value,
            "depth": self.depth,
            "start": self.start,
        }


def unpack_trees(packed: dict[str, Any]) -> Trees:
    return Trees(
        packed["feature"],
        packed["cut"],
        packed["left"],
        packed["right"],
        packed["value"],
        int(packed["depth"]),
        float(packed["start"]),
    )


@dataclass(frozen=True, slots=True)
class TreeSettings:
    rounds: int
    rate: float
    leaves: int
    least: int
    penalty: float
    share: float
    repeats: int


def fit_trees(
    figures: npt.NDArray[np.float32],
    answers: npt.NDArray[np.bool_],
    weight: Floats,
    settings: TreeSettings,
    seed: int,
    *,
    run: Run = alone,
) -> Trees:
    """`repeats` boosted models, each seeing `share` of the figures at a split, averaged."""
    tasks = [(figures, answers, weight, settings, seed + repeat) for repeat in range(settings.repeats)]
    return flatten(run(_boost, tasks))


def unfitted(settings: TreeSettings, seed: int) -> Any:
    """The library's classifier as these settings say."""
    return HistGradientBoostingClassifier(
        learning_rate=settings.rate,
        max_iter=settings.rounds,
        max_leaf_nodes=settings.leaves,
        min_samples_leaf=settings.least,
        l2_regularization=settings.penalty,
        max_features=settings.share,
        early_stopping=False,
        random_state=seed,
    )


def _boost(
    figures: npt.NDArray[np.float32], answers: npt.NDArray[np.bool_], weight: Floats, settings: TreeSettings, seed: int
) -> Any:
    return unfitted(settings, seed).fit(figures, answers, sample_weight=weight)


def flatten(models: list[Any], column: int = 0) -> Trees:
    """The library's node tables, padded to one width; `column` is the class of a model of several classes.

    Its attributes are private; tests hold them to its answers.
    """
    tables = [predictor[column].nodes for model in models for predictor in model._predictors]  # noqa: SLF001
    width = max(len(table) for table in tables)
    shape = (len(tables), width)
    feature, left, right = (np.zeros(shape, dtype=np.int16) for _ in range(3))
    cut, value = (np.zeros(shape, dtype=np.float32) for _ in range(2))
    for t, table in enumerate(tables):
        own = np.arange(len(table))
        leaf = table["is_leaf"].astype(bool)
        size = len(table)
        feature[t, :size] = np.where(leaf, 0, table["feature_idx"])
        cut[t, :size] = np.where(leaf, 0.0, table["num_threshold"])
        left[t, :size] = np.where(leaf, own, table["left"])
        right[t, :size] = np.where(leaf, own, table["right"])
        value[t, :size] = np.where(leaf, table["value"], 0.0) / len(models)
    start = float(np.mean([np.ravel(model._baseline_prediction)[column] for model in models]))  # noqa: SLF001
    depth = max(int(table["depth"].max()) for table in tables)
    return Trees(feature, cut, left, right, value, depth, start)
