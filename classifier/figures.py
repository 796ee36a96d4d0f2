"""Figures for the card: main ones with bootstrap intervals, and recall of the flag by group."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import average_precision_score, roc_auc_score

from classifier.corpus import Label
from classifier.features import Floats
from models.records import Verdict

ROUNDS = 500
LEAST = 20
Flags = npt.NDArray[np.bool_]
Figure = Callable[[Flags, Floats], float]
SHORT, LONG = 150, 280


@dataclass(frozen=True, slots=True)
class Judged:
    """A label with the verdict of a model that had not seen it."""

    label: Label
    verdict: Verdict


def passed(truth: Flags, scores: Floats, recall: float = 0.98) -> float:
    """Share of irrelevant items that score as high as the item at which `recall` is reached."""
    cut = np.sort(scores[truth])[int((1 - recall) * truth.sum())]
    return float((scores[~truth] >= cut).mean())


MAIN: dict[str, Figure] = {
    "average precision": lambda truth, scores: float(average_precision_score(truth, scores)),
    "area under ROC": lambda truth, scores: float(roc_auc_score(truth, scores)),
    "irrelevant passed at recall 0.98": passed,
}


def with_intervals(judged: Sequence[Judged], seed: int) -> dict[str, list[float]]:
    """Name -> [value, low, high] (95 %), items drawn again with replacement."""
    decided = [item for item in judged if item.label.flag in (0, 1)]
    truth = np.array([item.label.flag == 1 for item in decided])
    scores = np.array([item.verdict.score for item in decided])
    chance = np.random.default_rng(seed)
    draws = [chance.integers(0, len(truth), len(truth)) for _ in range(ROUNDS)]
    made = {}
    for name, figure in MAIN.items():
        again = [figure(truth[draw], scores[draw]) for draw in draws if truth[draw].any()]
        low, high = np.percentile(again, (2.5, 97.5))
        made[name] = [round(float(x), 4) for x in (figure(truth, scores), low, high)]
    return made


def recall_by_group(judged: Sequence[Judged]) -> dict[str, list[float]]:
    """Group -> [recall of the flag, number of relevant items], for groups of LEAST or more."""
    groups: dict[str, list[bool]] = {}
    for item in judged:
        if item.label.flag == 1:
            for name in ("all", *_groups(item.label)):
                groups.setdefault(name, []).append(item.verdict.flag)
    return {
        name: [round(float(np.mean(hits)), 4), len(hits)]
        for name, hits in sorted(groups.items())
        if len(hits) >= LEAST or name == "all"
    }


def _groups(label: Label) -> list[str]:
    reading = label.reading
    length = len(reading.title) + len(reading.sapo) if not reading.text else 0
    made = [f"outlet:{reading.source}", *(f"type:{code}" for code in label.types)]
    if length:
        made.append("length:short" if length < SHORT else "length:long" if length > LONG else "length:middle")
    if label.sex:
        made.append(f"sex:{label.sex}")
    if label.province:
        made.append(f"region:{region(label.province)}")
    return made


_NORTH = (
    "hà nội hải phòng quảng ninh bắc ninh bắc giang hải dương hưng yên nam định thái bình ninh bình hà nam "
    "vĩnh phúc phú thọ thái nguyên lào cai yên bái sơn la lai châu điện biên hòa bình hà giang tuyên quang "
    "cao bằng lạng sơn bắc kạn"
)
_MIDDLE = (
    "thanh hóa nghệ an hà tĩnh quảng bình quảng trị thừa thiên huế đà nẵng quảng nam quảng ngãi bình định phú yên "
    "khánh hòa ninh thuận bình thuận kon tum gia lai đắk lắk đắk nông lâm đồng"
)


def region(province: str) -> str:
    name = province.lower()
    return "north" if name in _NORTH else "middle" if name in _MIDDLE else "south"
