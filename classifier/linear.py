"""Linear heads over hashed cells: fitted with scikit-learn, kept as a few arrays of small figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from classifier.features import Floats, Matrix

CAREFUL: dict[str, Any] = {"max_iter": 300}
QUICK: dict[str, Any] = {"max_iter": 2000, "dual": True, "tol": 1e-3}
STEPS = {np.dtype(np.int8): 127, np.dtype(np.int16): 32767}


@dataclass(frozen=True, slots=True)
class Head:
    """One yes-or-no answer a code. `weights` is (codes, cells) in whole steps of `scale` (codes,)."""

    codes: tuple[str, ...]
    weights: npt.NDArray[np.int8] | npt.NDArray[np.int16]
    scale: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]

    def margins(self, rows: Matrix) -> Floats:
        """(rows, codes) before the link function."""
        picked = self.weights[:, rows.indices].astype(np.float32) * rows.data
        sums = np.zeros((len(self.codes), rows.shape[0]), dtype=np.float64)
        filled = np.flatnonzero(np.diff(rows.indptr))
        if len(filled):
            sums[:, filled] = np.add.reduceat(picked, rows.indptr[filled], axis=1, dtype=np.float64)
        return np.asarray(sums.T * self.scale + self.bias, dtype=np.float64)

    def probabilities(self, rows: Matrix) -> Floats:
        return np.asarray(expit(self.margins(rows)))

    def pack(self) -> dict[str, Any]:
        return {"codes": list(self.codes), "weights": self.weights, "scale": self.scale, "bias": self.bias}


def unpack(packed: dict[str, Any]) -> Head:
    return Head(tuple(packed["codes"]), packed["weights"], packed["scale"], packed["bias"])


def head_from(codes: tuple[str, ...], weights: Floats, bias: Floats, kind: type[np.int8 | np.int16]) -> Head:
    """Round weights to whole steps; a step is the largest weight by 127 (int8) or 32767 (int16)."""
    scale = np.maximum(np.abs(weights).max(axis=1), 1e-9) / STEPS[np.dtype(kind)]
    whole = np.rint(weights / scale[:, None]).astype(kind)
    return Head(codes, whole, scale.astype(np.float32), bias.astype(np.float32))


def fit_head(
    codes: tuple[str, ...],
    rows: Matrix,
    answers: npt.NDArray[np.bool_],
    weight: Floats,
    *,
    c: float,
    seed: int,
    kind: type[np.int8 | np.int16] = np.int8,
    quick: bool = False,
) -> Head:
    """Each code against the rest; `answers` is (rows, codes). A code never seen gets no weights and a low bias.

    `quick` solves the dual by coordinates: the same optimum (margins within a few thousandths) a dozen times sooner.
    """
    weights = np.zeros((len(codes), rows.shape[1]))
    bias = np.full(len(codes), -6.0)
    for number in range(len(codes)):
        if answers[:, number].any() and not answers[:, number].all():
            how = QUICK if quick else CAREFUL
            model = LogisticRegression(C=c, solver="liblinear", random_state=seed, **how)
            model.fit(rows, answers[:, number], sample_weight=weight)
            weights[number], bias[number] = model.coef_[0], model.intercept_[0]
    return head_from(codes, weights, bias, kind)


def fit_choice_of_one(
    codes: tuple[str, ...], rows: Matrix, values: Sequence[str | None], weight: Floats, *, c: float, seed: int
) -> Head:
    """All codes against each other: a softmax. A code never seen gets no weights and a low bias."""
    weights = np.zeros((len(codes), rows.shape[1]))
    bias = np.full(len(codes), -30.0)
    if len(set(values)) < 3:
        return fit_head(codes, rows, one_of(codes, values), weight, c=c, seed=seed)
    model = LogisticRegression(C=c, max_iter=200, tol=1e-3, random_state=seed)
    model.fit(rows, np.array(values), sample_weight=weight)
    for code, row, start in zip(model.classes_, model.coef_, model.intercept_, strict=True):
        weights[codes.index(str(code))], bias[codes.index(str(code))] = row, start
    return head_from(codes, weights, bias, np.int16)


def one_of(codes: tuple[str, ...], values: Sequence[str | None]) -> npt.NDArray[np.bool_]:
    """(rows, codes): which code each value is."""
    answers = [[value == code for code in codes] for value in values]
    return np.array(answers, dtype=bool).reshape(len(values), len(codes))
