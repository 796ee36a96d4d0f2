"""Fitting one view: the linear layer, its out-of-fold answers, the trees on them, calibration, kinds and types."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from classifier.aside import Aside
from classifier.corpus import Label
from classifier.crew import Run, alone, one_thread
from classifier.features import Floats, HashedTerms, Matrix
from classifier.forest import Forest, fit_forest
from classifier.kinds import fit_kind_trees
from classifier.linear import Head, fit_head, one_of
from classifier.recipe import Recipe
from classifier.sights import Sights
from classifier.stack import Choice, Layer, Stack, with_margin
from classifier.trees import Trees, fit_trees
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


def fit_layer(sights: Sights, wanted: Target, hashed: HashedTerms, recipe: Recipe, *, quick: bool = False) -> Layer:
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
        quick=quick,
    )
    kinds = kind_rows(wanted)
    kind = fit_head(
        KINDS,
        rows[kinds],
        one_of(KINDS, wanted.kind[kinds].tolist()),
        weight[kinds],
        c=recipe.strength.kind,
        seed=recipe.seed,
        quick=quick,
    )
    aside = tuple(_fit_aside(counts, wanted, decided, weight[decided], recipe) for counts in sights.aside)
    return Layer(flag, kind, aside)


def _fit_aside(counts: Matrix, wanted: Target, decided: Rows, weight: Floats, recipe: Recipe) -> Aside:
    """Always fitted the quick way: hundreds of cells a row."""
    hashed = HashedTerms(counts.shape[1])
    hashed.fit_weights(counts)
    answers = (wanted.flag[decided] == 1)[:, None]
    rows = hashed.weigh(counts[decided])
    head = fit_head(("flag",), rows, answers, weight, c=recipe.strength.flag, seed=recipe.seed, quick=True)
    return Aside(head, hashed)


def kind_rows(wanted: Target) -> Rows:
    return np.flatnonzero(~wanted.stream | (np.cumsum(wanted.stream) <= STREAM_KINDS))


@dataclass(frozen=True, slots=True)
class View:
    """All that the pieces of one view's training share. `forest`: random trees too, if the recipe has any."""

    sights: Sights
    wanted: Target
    hashed: HashedTerms
    recipe: Recipe
    forest: bool = False

    @property
    def large(self) -> bool:
        return int((~self.wanted.stream).sum()) >= self.recipe.large.labels

    def splits(self) -> list[tuple[Rows, Rows]]:
        """(train, held) of each fold; no event on both sides."""
        folds = self.recipe.large.folds if self.large else self.recipe.folds
        split = GroupKFold(folds, shuffle=True, random_state=self.recipe.seed)
        return list(split.split(self.wanted.flag, groups=self.wanted.group))


def fit_stack(view: View, run: Run = alone) -> Stack:
    """`run` does the independent pieces: first all that is linear, then all trees."""
    splits = view.splits()
    everything = np.arange(len(view.sights))
    linear = run(_layer_of, [(view, everything, everything[:0]), *((view, *split) for split in splits)])
    layer = linear[0][0]
    answers = np.zeros((len(view.sights), layer.width), dtype=np.float32)
    for (_, held), (_, said) in zip(splits, linear[1:], strict=True):
        answers[held] = said
    figures = np.hstack((answers, view.sights.figures))
    trees, forest, margins = fit_margins(figures, view, splits, run)
    types = fit_types(view, splits, run)
    with one_thread():
        slope, shift = calibrate(margins, view.wanted)
        choice = fit_choice(with_margin(figures, margins), view.wanted, view.recipe)
    return Stack(layer, types, trees, choice, slope, shift, forest)


def _layer_of(view: View, train: Rows, held: Rows) -> tuple[Layer, npt.NDArray[np.float32] | None]:
    """A layer fitted to the rows `train`, and what it answers to `held`."""
    part = view.sights if len(train) == len(view.sights) else view.sights.take(train)
    wanted = view.wanted.take(train)
    layer = fit_layer(part, wanted, view.hashed, view.recipe, quick=view.large)
    return layer, layer.answers(view.sights.take(held), view.hashed) if len(held) else None


def fit_margins(
    figures: npt.NDArray[np.float32], view: View, splits: list[tuple[Rows, Rows]], run: Run
) -> tuple[Trees, Forest | None, Floats]:
    """Boosted trees, random ones if wished, and the out-of-fold margins of both fitted alike."""
    wanted, recipe = view.wanted, view.recipe
    weight = np.where(wanted.near, 1.0, recipe.weight.trees)
    weight[wanted.flag == 2] = 0.0
    margins = np.zeros(len(figures))
    piece = partial(_margins_of, figures=figures, flagged=wanted.flag == 1, weight=weight, recipe=recipe)
    for (_, held), said in zip(splits, run(piece, splits), strict=True):
        margins[held] = said
    use = np.flatnonzero(weight > 0)
    trees = fit_trees(figures[use], wanted.flag[use] == 1, weight[use], recipe.trees, recipe.seed, run=run)
    if not (view.forest and recipe.forest.trees):
        return trees, None, margins
    forest, said = fit_forest(figures, wanted.flag == 1, weight, recipe.forest, recipe.seed, splits=splits, run=run)
    return trees, forest, margins + said


def _margins_of(
    train: Rows,
    held: Rows,
    *,
    figures: npt.NDArray[np.float32],
    flagged: npt.NDArray[np.bool_],
    weight: Floats,
    recipe: Recipe,
) -> Floats:
    use = train[weight[train] > 0]
    part = fit_trees(figures[use], flagged[use], weight[use], replace(recipe.trees, repeats=1), recipe.seed)
    return part.margins(figures[held])


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
    trees = fit_kind_trees(figures[rows], wanted.kind[rows], weight, recipe.seed)
    return Choice(weights.astype(np.float32), bias.astype(np.float32), trees)


def fit_types(view: View, splits: list[tuple[Rows, Rows]], run: Run) -> Head:
    """Types given that the item is flagged; each bias is moved so that 0.5 is the best cut out of fold."""
    wanted = view.wanted
    typed = np.flatnonzero(wanted.flag > 0)
    rows = view.hashed.weigh(view.sights.counts[typed])
    place = np.full(len(wanted.flag), -1, dtype=np.intp)
    place[typed] = np.arange(len(typed))
    weight = np.where(wanted.near[typed], 1.0, view.recipe.weight.layer)
    piece = partial(
        _types_of, rows=rows, types=wanted.types[typed], weight=weight, recipe=view.recipe, quick=view.large
    )
    chosen = [place[train][place[train] >= 0] for train, _ in splits]
    held = [place[out][place[out] >= 0] for _, out in splits]
    every = np.arange(len(typed))
    head, *parts = run(piece, [(part,) for part in (every, *chosen)])
    margins = np.zeros((len(typed), len(TYPES)))
    for out, part in zip(held, parts, strict=True):
        margins[out] = part.margins(rows[out])
    sure = np.flatnonzero((wanted.flag[typed] == 1) & wanted.near[typed])
    sure = sure if len(sure) > 50 else every
    moved = head.bias.copy()
    for number in range(len(TYPES)):
        moved[number] -= best_cut(wanted.types[typed][sure, number], margins[sure, number])
    return Head(head.codes, head.weights, head.scale, moved)


def _types_of(
    chosen: Rows, *, rows: Matrix, types: npt.NDArray[np.bool_], weight: Floats, recipe: Recipe, quick: bool
) -> Head:
    return fit_head(
        TYPES, rows[chosen], types[chosen], weight[chosen], c=recipe.strength.types, seed=recipe.seed, quick=quick
    )


def best_cut(truth: npt.NDArray[np.bool_], margins: Floats) -> float:
    """The cut with the best F1, half-way back to 0 because the best of few is a lucky one."""
    if truth.sum() < 5:
        return 0.0
    cuts = np.arange(-2.0, 1.01, 0.1)
    scores = [f1_score(truth, margins >= cut, zero_division=0) for cut in cuts]
    return float(cuts[int(np.argmax(scores))]) * 0.75
