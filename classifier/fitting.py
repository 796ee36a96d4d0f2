"""Fitting one view: the linear layer, its out-of-fold answers, the trees on them, calibration, kinds and types."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from classifier.corpus import Label
from classifier.features import Floats, HashedTerms
from classifier.linear import Head, fit_head, one_of
from classifier.recipe import Recipe
from classifier.sights import Sights
from classifier.stack import Choice, Layer, Stack, with_margin
from classifier.trees import fit_trees
from models.records import KINDS, TYPES

Rows = npt.NDArray[np.intp]
STREAM_KINDS = 1500
"""Unlabelled entries that also stand for the kind `khac`."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a view is fitted to, one value a row. `near` marks rows like those that the view will judge."""

    flag: npt.NDArray[np.int64]
    kind: npt.NDArray[np.str_]
    types: npt.NDArray[np.bool_]
    group: npt.NDArray[np.str_]
    near: npt.NDArray[np.bool_]
    stream: npt.NDArray[np.bool_]
    life: Floats

    def take(self, rows: Rows) -> "Target":
        return Target(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def target(labels: Sequence[Label], near: str, stream_size: int) -> Target:
    """`near` is the origin that the view judges (feed or full); `stream_size` counts all unlabelled entries, of which
    the labels with origin `stream` are a sample: `life` weighs rows as they come in life, 0 for other origins."""
    stream = np.array([label.origin == "stream" for label in labels])
    feed = np.array([label.origin == "feed" for label in labels])
    each = stream_size / max(1, int(stream.sum()))
    return Target(
        flag=np.array([label.flag for label in labels]),
        kind=np.array([label.kind for label in labels]),
        types=np.array([[code in label.types for code in TYPES] for label in labels], dtype=bool),
        group=np.array([label.story or label.reading.id for label in labels]),
        near=np.array([label.origin == near for label in labels]) | stream,
        stream=stream,
        life=np.where(stream, each, np.where(feed, 1.0, 0.0)),
    )


def fit_layer(sights: Sights, wanted: Target, hashed: HashedTerms, recipe: Recipe) -> Layer:
    rows = hashed.weigh(sights.counts)
    weight = np.where(wanted.near, 1.0, recipe.weight.layer)
    decided = np.flatnonzero(wanted.flag != 2)
    flag = fit_head(
        ("flag",),
        rows[decided],
        (wanted.flag[decided] == 1)[:, None],
        weight[decided],
        c=recipe.strength.flag,
        seed=recipe.seed,
        kind=np.int16,
    )
    kinds = kind_rows(wanted)
    kind = fit_head(
        KINDS,
        rows[kinds],
        one_of(KINDS, wanted.kind[kinds].tolist()),
        weight[kinds],
        c=recipe.strength.kind,
        seed=recipe.seed,
    )
    return Layer(flag, kind)


def kind_rows(wanted: Target) -> Rows:
    return np.flatnonzero(~wanted.stream | (np.cumsum(wanted.stream) <= STREAM_KINDS))


def fit_stack(sights: Sights, wanted: Target, hashed: HashedTerms, recipe: Recipe) -> Stack:
    splits = list(
        GroupKFold(recipe.folds, shuffle=True, random_state=recipe.seed).split(wanted.flag, groups=wanted.group)
    )
    answers = np.zeros((len(sights), 1 + len(KINDS) + 2), dtype=np.float32)
    for train, held in splits:
        layer = fit_layer(sights.take(train), wanted.take(train), hashed, recipe)
        answers[held] = layer.answers(sights.take(held), hashed)
    figures = np.hstack((answers, sights.figures))
    weight = np.where(wanted.near, 1.0, recipe.weight.trees)
    weight[wanted.flag == 2] = 0.0
    flagged = wanted.flag == 1
    margins = np.zeros(len(sights))
    for train, held in splits:
        use = train[weight[train] > 0]
        part = fit_trees(figures[use], flagged[use], weight[use], replace(recipe.trees, repeats=1), recipe.seed)
        margins[held] = part.margins(figures[held])
    use = np.flatnonzero(weight > 0)
    trees = fit_trees(figures[use], flagged[use], weight[use], recipe.trees, recipe.seed)
    slope, shift = calibrate(margins, wanted)
    return Stack(
        layer=fit_layer(sights, wanted, hashed, recipe),
        types=fit_types(sights, wanted, hashed, recipe, splits),
        trees=trees,
        choice=fit_choice(with_margin(figures, margins), wanted, recipe),
        slope=slope,
        shift=shift,
    )


def calibrate(margins: Floats, wanted: Target) -> tuple[float, float]:
    """Slope and shift of a logistic curve over out-of-fold margins, rows weighed as they come in life."""
    weight = wanted.life if (wanted.life[wanted.flag == 1] > 0).any() else np.ones(len(margins))
    use = np.flatnonzero((weight > 0) & (wanted.flag != 2))
    curve = LogisticRegression(C=1e4, max_iter=1000)
    curve.fit(margins[use, None], wanted.flag[use] == 1, sample_weight=weight[use])
    return float(curve.coef_[0, 0]), float(curve.intercept_[0])


def fit_choice(figures: npt.NDArray[np.float32], wanted: Target, recipe: Recipe) -> Choice:
    rows = kind_rows(wanted)
    scaler = StandardScaler().fit(figures[rows])
    weight = np.where(wanted.near[rows], 1.0, recipe.weight.layer)
    model = LogisticRegression(C=0.02, max_iter=400, random_state=recipe.seed)
    model.fit(scaler.transform(figures[rows]), wanted.kind[rows], sample_weight=weight)
    weights = np.zeros((len(KINDS), figures.shape[1]))
    bias = np.full(len(KINDS), -30.0)
    rows_of, starts = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        rows_of, starts = np.vstack((-rows_of / 2, rows_of / 2)), np.concatenate((-starts / 2, starts / 2))
    for code, row, start in zip(model.classes_, rows_of, starts, strict=True):
        place = KINDS.index(str(code))
        weights[place] = row / scaler.scale_
        bias[place] = start - (row / scaler.scale_) @ scaler.mean_
    return Choice(weights.astype(np.float32), bias.astype(np.float32))


def fit_types(
    sights: Sights, wanted: Target, hashed: HashedTerms, recipe: Recipe, splits: list[tuple[Rows, Rows]]
) -> Head:
    """Types given that the item is flagged; each bias is moved so that 0.5 is the best cut out of fold."""
    rows = hashed.weigh(sights.counts)
    typed = wanted.flag > 0
    weight = np.where(wanted.near, 1.0, recipe.weight.layer)

    def fit(chosen: Rows) -> Head:
        return fit_head(
            TYPES, rows[chosen], wanted.types[chosen], weight[chosen], c=recipe.strength.types, seed=recipe.seed
        )

    held_margins = np.zeros((len(sights), len(TYPES)))
    for train, held in splits:
        held_margins[held] = fit(train[typed[train]]).margins(rows[held])
    head = fit(np.flatnonzero(typed))
    sure = np.flatnonzero((wanted.flag == 1) & wanted.near)
    sure = sure if len(sure) > 50 else np.flatnonzero(typed)
    moved = head.bias.copy()
    for number in range(len(TYPES)):
        moved[number] -= best_cut(wanted.types[sure, number], held_margins[sure, number])
    return Head(head.codes, head.weights, head.scale, moved)


def best_cut(truth: npt.NDArray[np.bool_], margins: Floats) -> float:
    """The cut with the best F1, half-way back to 0 because the best of few is a lucky one."""
    if truth.sum() < 5:
        return 0.0
    cuts = np.arange(-2.0, 1.01, 0.1)
    scores = [f1_score(truth, margins >= cut, zero_division=0) for cut in cuts]
    return float(cuts[int(np.argmax(scores))]) * 0.75
