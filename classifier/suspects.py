"""Labels that are probably wrong, for a second look: confident learning.

After C. G. Northcutt, L. Jiang and I. L. Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels"
(Journal of Artificial Intelligence Research 70, 2021), sections 3.1 and 3.2: a class's threshold is the mean
probability that items with its label have of it; an item whose probability of another class reaches that class's
threshold is counted off the diagonal, and ranked by how much less sure its own label is.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from classifier.features import Floats, Matrix
from classifier.linear import fit_head

Classes = npt.NDArray[np.int64]


def out_of_fold(
    rows: Matrix, answers: npt.NDArray[np.bool_], groups: Sequence[str], *, folds: int, c: float, seed: int
) -> Floats:
    """Probability of True for each row by a linear model that had seen no row of its group."""
    found = np.full(len(answers), float(answers.mean()))
    count = min(folds, len(set(groups)))
    if count < 2:
        return found
    for train, held in GroupKFold(count, shuffle=True, random_state=seed).split(answers, groups=list(groups)):
        if answers[train].any() and not answers[train].all():
            head = fit_head(
                ("flag",), rows[train], answers[train][:, None], np.ones(len(train)), c=c, seed=seed, quick=True
            )
            found[held] = head.probabilities(rows[held])[:, 0]
    return found


def suspects(chances: Floats, given: Classes) -> list[int]:
    """Rows whose label is probably wrong, the surest first. `chances` is (rows, classes), `given` the class said."""
    classes = chances.shape[1]
    own = chances[np.arange(len(given)), given]
    thresholds = np.array([own[given == k].mean() if (given == k).any() else np.inf for k in range(classes)])
    sure = chances >= thresholds
    best = np.where(sure, chances, -1.0).argmax(axis=1)
    off = np.flatnonzero(sure.any(axis=1) & (best != given))
    margin = chances[off, best[off]] - own[off]
    return [int(n) for n in off[np.argsort(-margin, kind="stable")]]
