"""The sentences that made an article count: a small ranker over what each sentence says and where it stands."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from classifier.corpus import Label
from classifier.features import Floats
from classifier.quotes import overlap
from classifier.signals import Part, dense
from classifier.spans import Sentence, sentences_of
from classifier.text import clean
from models.records import Reading, Span

SPANS = 3
LEAST = 20
_EMPTY = Part(())
_EMPTY_TEXT = clean("")


def _figures(sentence: Sentence) -> npt.NDArray[np.float32]:
    row = dense(_EMPTY, sentence.part(), question=sentence.text.endswith("?"))
    place = [
        float(sentence.field == "title"),
        float(sentence.field == "sapo"),
        min(sentence.order, 12) / 12.0,
        float(sentence.order == 0),
        min(sentence.end - sentence.start, 400) / 400.0,
        float(sentence.text[:1] in "\"“'"),
        float("Ảnh" in sentence.text or "ảnh:" in sentence.text),
    ]
    return np.concatenate((row, np.asarray(place, dtype=np.float32)))


class EvidenceFinder:
    def __init__(self, packed: Mapping[str, Any]) -> None:
        self.weights: Floats = np.asarray(packed["weights"], dtype=np.float64)

    def find(self, reading: Reading, sentences: Sequence[Sentence] | None = None) -> tuple[Span, ...]:
        """At most SPANS spans, the most telling first."""
        found = sentences_of(reading) if sentences is None else sentences
        long = [s for s in found if s.end - s.start >= LEAST] or list(found)
        if not long:
            return ()
        scores = np.stack([_figures(sentence) for sentence in long]) @ self.weights
        best = np.argsort(-scores, kind="stable")[:SPANS]
        return tuple(long[n].span() for n in best)


def fit_evidence(labels: Sequence[Label], facts: Mapping[str, Mapping[str, Any]], seed: int) -> dict[str, Any]:
    rows: list[npt.NDArray[np.float32]] = []
    answers: list[bool] = []
    for label in labels:
        quote = facts.get(label.reading.id, {}).get("evidence")
        if not quote:
            continue
        for sentence in sentences_of(label.reading):
            if sentence.end - sentence.start >= LEAST:
                rows.append(_figures(sentence))
                answers.append(overlap(quote, sentence.text) >= 0.5)
    if not any(answers):
        return {"weights": np.zeros(len(_figures(Sentence("title", _EMPTY_TEXT, 0, 0, 0))), dtype=np.float32)}
    figures = np.stack(rows)
    scaler = StandardScaler().fit(figures)
    model = LogisticRegression(C=0.05, max_iter=500, random_state=seed).fit(scaler.transform(figures), answers)
    return {"weights": (model.coef_[0] / scaler.scale_).astype(np.float32)}
