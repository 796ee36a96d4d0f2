"""The sentences that made an article count: a small ranker over what each sentence says and where it stands."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from classifier.corpus import Label
from classifier.features import Floats, HashedTerms
from classifier.linear import head_from, unpack
from classifier.lines import WIDTH, Part, dense
from classifier.quotes import overlap
from classifier.spans import NOTE, Sentence, sentences_of
from models.records import Span

SPANS = 3
SENTENCES = 5
CELLS = 32768
READ = 2200
SHARE = 0.3
FACTOR = 4.0
PLACES = 7
LEAST = 20
_EMPTY = Part(())


def _figures(sentences: Sequence[Sentence], parts: Sequence[Part]) -> npt.NDArray[np.float32]:
    """(sentences, WIDTH + PLACES): what each says and where it stands."""
    said = dense([_EMPTY] * len(parts), parts, [sentence.text.endswith("?") for sentence in sentences])
    return np.hstack((said, np.array([_place(sentence) for sentence in sentences], dtype=np.float32)))


def _place(sentence: Sentence) -> tuple[float, ...]:
    text = sentence.text
    return (
        float(sentence.field == "title"),
        float(sentence.field == "sapo"),
        min(sentence.order, 12) / 12.0,
        float(sentence.order == 0),
        min(sentence.end - sentence.start, 400) / 400.0,
        float(text[:1] in "\"“'"),
        float("Ảnh" in text or "ảnh:" in text),
    )


class EvidenceFinder:
    def __init__(self, packed: Mapping[str, Any]) -> None:
        self.weights: Floats = np.asarray(packed["weights"], dtype=np.float64)
        self.hashed = HashedTerms(CELLS, packed["rarity"])
        self.head = unpack(packed["head"])

    def find(self, articles: Sequence[Sequence[Sentence]]) -> list[tuple[Span, ...]]:
        """Of each article at most SPANS passages, the most telling first."""
        chosen = [_readable(sentences) for sentences in articles]
        every = [sentence for sentences in chosen for sentence in sentences]
        if not every:
            return [()] * len(articles)
        parts = [sentence.part() for sentence in every]
        words = self.head.margins(self.hashed.weigh(self.hashed.hashed([part.hashes() for part in parts])))[:, 0]
        scores = _figures(every, parts) @ self.weights + words
        ends = np.cumsum([len(sentences) for sentences in chosen])
        return [
            _passages(sentences, scores[end - len(sentences) : end])
            for sentences, end in zip(chosen, ends, strict=True)
        ]


def _readable(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Those that may be told: no title or short sentence where there are others."""
    read = [s for s in sentences if s.field != NOTE]
    body = [s for s in read if s.field != "title"]
    return [s for s in body if s.end - s.start >= LEAST] or body or read


def _passages(sentences: Sequence[Sentence], scores: Floats) -> tuple[Span, ...]:
    """The best SENTENCES, neighbours joined to one passage."""
    passages: list[list[int]] = []
    for n in sorted(np.argsort(-scores, kind="stable")[:SENTENCES].tolist()):
        if passages and n == passages[-1][-1] + 1 and sentences[n].field == sentences[n - 1].field:
            passages[-1].append(n)
        else:
            passages.append([n])
    passages.sort(key=lambda passage: -max(scores[n] for n in passage))
    return tuple(_joined(sentences[p[0]], sentences[p[-1]]) for p in passages[:SPANS])


def _joined(first: Sentence, last: Sentence) -> Span:
    return (first.field, first.span()[1], last.span()[2])


def fit_evidence(labels: Sequence[Label], facts: Mapping[str, Mapping[str, Any]], seed: int) -> dict[str, Any]:
    """Learns from the sentences that readers marked as the telling ones."""
    sentences: list[Sentence] = []
    answers: list[bool] = []
    for label in labels:
        quote = str(facts.get(label.reading.id, {}).get("evidence") or "")
        for sentence in sentences_of(label.reading) if quote else ():
            if sentence.field != NOTE and sentence.end - sentence.start >= LEAST and sentence.start < READ:
                sentences.append(sentence)
                answers.append(overlap(quote, sentence.text) >= 0.5)
    hashed = HashedTerms(CELLS)
    parts = [sentence.part() for sentence in sentences]
    counts = hashed.hashed([part.hashes() for part in parts])
    hashed.fit_weights(counts)
    figures = _figures(sentences, parts) if sentences else np.zeros((0, WIDTH + PLACES))
    weights, head = np.zeros(WIDTH + PLACES), np.zeros((1, CELLS))
    bias = np.zeros(1)
    if any(answers):
        scale = np.where(figures.std(axis=0) > 0, figures.std(axis=0), 1.0) / SHARE
        rows = hstack((csr_matrix(figures / scale), hashed.weigh(counts) * FACTOR)).tocsr()
        model = LogisticRegression(C=0.5, max_iter=500, solver="liblinear", random_state=seed).fit(rows, answers)
        weights, head = model.coef_[0, : len(weights)] / scale, model.coef_[:, len(weights) :] * FACTOR
    packed = head_from(("telling",), head, bias, np.int16).pack()
    return {"weights": weights.astype(np.float32), "rarity": hashed.weights, "head": packed}
