"""Whether what comes in has moved: shares compared with those of the weeks before, with allowance for chance.

Population stability index: sum of (p - q) ln(p / q). Its usual marks, 0.1 and 0.25 (N. Siddiqi, "Credit Risk
Scorecards", 2006), ignore how few items were counted. With nothing moved, the index of k shares of n and m items is
(1/n + 1/m) times a chi-square of k - 1 degrees (B. Yurdakul, "Statistical Properties of Population Stability Index",
2018); both marks have to be passed.

Jensen-Shannon distance (J. Lin, "Divergence Measures Based on the Shannon Entropy", 1991), base 2, for words: counts
are many and uneven, so that its mark is what the reference's own weeks keep from each other.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.stats import chi2

Floats = npt.NDArray[np.float64]
MOVED = 0.25
SURE = 0.999
"""A quiet year of daily looks at five measures should bring about two false alarms at most."""
FLOOR = 0.5
SCORE_CUTS = (1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 0.1, 0.3)


@dataclass(frozen=True, slots=True)
class Moved:
    """A measure against its mark; `most` names the shares that moved most, as (name, before, now)."""

    value: float
    mark: float
    most: tuple[tuple[str, float, float], ...] = ()

    @property
    def alarm(self) -> bool:
        return self.value > self.mark


def histogram(scores: Sequence[float]) -> list[int]:
    """Counts of scores between SCORE_CUTS: low scores are the many, so the cuts are even in their logarithm."""
    places = np.searchsorted(SCORE_CUTS, np.asarray(scores, dtype=float), side="right")
    return [int(n) for n in np.bincount(places, minlength=len(SCORE_CUTS) + 1)]


def psi(before: Mapping[str, float], now: Mapping[str, float]) -> Moved:
    """Of counts by name; names that are missing on one side count as none. Half an item is added everywhere."""
    names = sorted({*before, *now})
    old = np.array([before.get(name, 0.0) for name in names])
    new = np.array([now.get(name, 0.0) for name in names])
    total = (float(old.sum()), float(new.sum()))
    if min(total) == 0 or len(names) < 2:
        return Moved(0.0, MOVED)
    p = (old + FLOOR) / (total[0] + FLOOR * len(names))
    q = (new + FLOOR) / (total[1] + FLOOR * len(names))
    parts = (q - p) * np.log(q / p)
    chance = float(chi2.ppf(SURE, len(names) - 1)) * (1 / total[0] + 1 / total[1])
    top = np.argsort(-parts, kind="stable")[:3]
    most = tuple((names[n], float(p[n]), float(q[n])) for n in top)
    return Moved(float(parts.sum()), max(MOVED, chance), most)


def share_moved(before: tuple[float, float], now: tuple[float, float]) -> Moved:
    """Of two shares as (count, of how many): how many standard errors they lie apart, against the mark of SURE."""
    (a, n), (b, m) = before, now
    if n == 0 or m == 0:
        return Moved(0.0, 1.0)
    pooled = (a + b) / (n + m)
    error = float(np.sqrt(max(pooled * (1 - pooled), 1e-12) * (1 / n + 1 / m)))
    mark = float(np.sqrt(chi2.ppf(SURE, 1)))
    return Moved(abs(a / n - b / m) / error, mark, (("", a / n, b / m),))


def jensen_shannon(p: Floats, q: Floats) -> float:
    """Distance in [0, 1] of two arrays of counts."""
    if p.sum() == 0 or q.sum() == 0:
        return 0.0
    a, b = p / p.sum(), q / q.sum()
    middle = (a + b) / 2

    def away(x: Floats) -> float:
        use = x > 0
        return float((x[use] * np.log2(x[use] / middle[use])).sum())

    return float(np.sqrt(max(0.0, (away(a) + away(b)) / 2)))


def words_moved(days_before: Sequence[Floats], days_now: Sequence[Floats]) -> Moved:
    """Counts of hashed words a day: the newest days together against those before, with the distances that stretches
    of equal length among the days before keep from the rest of them as the mark (mean and four deviations)."""
    size = len(days_now)
    if size == 0 or len(days_before) < 3 * size:
        return Moved(0.0, 1.0)
    old = np.sum(days_before, axis=0)
    usual = []
    for start in range(0, len(days_before) - size + 1, size):
        part = np.sum(days_before[start : start + size], axis=0)
        usual.append(jensen_shannon(old - part, part))
    mark = float(np.mean(usual) + 4 * np.std(usual) + 0.01)
    return Moved(jensen_shannon(old, np.sum(days_now, axis=0)), mark)
