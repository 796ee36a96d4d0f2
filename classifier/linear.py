"""Linear heads over hashed cells: fitted with scikit-learn, kept as a few arrays of small figures."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit, softmax
from sklearn.linear_model import LogisticRegression

from classifier.features import Floats, Matrix


@dataclass(frozen=True, slots=True)
class Head:
    """`weights` is (codes, cells) in whole steps of `scale`; `joint` heads are a softmax, others answer apart."""

    codes: tuple[str, ...]
    weights: npt.NDArray[np.int8]
    scale: npt.NDArray[np.float32]
    bias: npt.NDArray[np.float32]
    joint: bool

    def margins(self, rows: Matrix) -> Floats:
        """(rows, codes) before the link function."""
        raw = rows @ self.weights.T.astype(np.float32)
        return np.asarray(raw * self.scale + self.bias, dtype=np.float64)

    def probabilities(self, rows: Matrix) -> Floats:
        margins = self.margins(rows)
        return np.asarray(softmax(margins, axis=1) if self.joint else expit(margins))

    def pack(self) -> dict[str, Any]:
        return {
            "codes": list(self.codes),
            "weights": self.weights,
            "scale": self.scale,
            "bias": self.bias,
            "joint": self.joint,
        }


def unpack(packed: dict[str, Any]) -> Head:
    return Head(tuple(packed["codes"]), packed["weights"], packed["scale"], packed["bias"], bool(packed["joint"]))


def head_from(codes: tuple[str, ...], weights: Floats, bias: Floats, *, joint: bool) -> Head:
    """Round weights to 127 steps a code; a step is a 127th of the largest weight."""
    scale = np.maximum(np.abs(weights).max(axis=1), 1e-9) / 127.0
    whole = np.rint(weights / scale[:, None]).astype(np.int8)
    return Head(codes, whole, scale.astype(np.float32), bias.astype(np.float32), joint)


def fit_joint(rows: Matrix, answers: npt.NDArray[np.str_], weight: Floats, *, c: float, seed: int) -> Head:
    """One of several codes (softmax)."""
    model = LogisticRegression(C=c, max_iter=300, random_state=seed).fit(rows, answers, sample_weight=weight)
    codes = tuple(str(code) for code in model.classes_)
    return head_from(codes, model.coef_, model.intercept_, joint=True)


def fit_apart(
    codes: tuple[str, ...], rows: Matrix, answers: npt.NDArray[np.bool_], weight: Floats, *, c: float, seed: int
) -> Head:
    """Each code yes or no; `answers` is (rows, codes). A code never seen gets no weights and a low bias."""
    weights = np.zeros((len(codes), rows.shape[1]))
    bias = np.full(len(codes), -6.0)
    for number in range(len(codes)):
        if answers[:, number].any() and not answers[:, number].all():
            model = LogisticRegression(C=c, max_iter=300, solver="liblinear", random_state=seed)
            model.fit(rows, answers[:, number], sample_weight=weight)
            weights[number], bias[number] = model.coef_[0], model.intercept_[0]
    return head_from(codes, weights, bias, joint=False)
