"""What a trained model says of an article: a sorting aid for people, never a finding of guilt."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from scipy.special import expit, logit

from classifier import artefacts
from classifier.features import Floats, HashedTerms, article_terms, entry_terms
from classifier.language import language_of
from classifier.linear import Head, unpack
from models.records import Reading, Verdict

RELEASED = Path(__file__).parent / "released"
BATCH = 512


class Judge(Protocol):
    """`threshold` is the score from which `flag` is set."""

    @property
    def id(self) -> str: ...
    @property
    def threshold(self) -> float: ...
    def judge(self, readings: Sequence[Reading]) -> list[Verdict]: ...


@dataclass(frozen=True, slots=True)
class View:
    """The heads for feed entries (title and sapo) or for whole articles."""

    hashed: HashedTerms
    flag: Head
    kind: Head
    types: Head
    whole: bool
    slope: float
    shift: float

    def rows(self, readings: Sequence[Reading]) -> Any:
        terms = article_terms if self.whole else entry_terms
        return self.hashed.weigh(self.hashed.counts(terms(reading) for reading in readings))

    def flag_scores(self, readings: Sequence[Reading]) -> Floats:
        parts = [
            self.calibrated(self.flag.margins(self.rows(readings[at : at + BATCH]))[:, 0])
            for at in range(0, len(readings), BATCH)
        ]
        return np.concatenate(parts) if parts else np.zeros(0)

    def calibrated(self, margins: Floats) -> Floats:
        return np.asarray(expit(self.slope * margins + self.shift))

    def pack(self) -> dict[str, Any]:
        return {
            "cells": self.hashed.cells,
            "weights": self.hashed.weights,
            "flag": self.flag.pack(),
            "kind": self.kind.pack(),
            "types": self.types.pack(),
            "whole": self.whole,
            "slope": self.slope,
            "shift": self.shift,
        }


def unpack_view(packed: dict[str, Any]) -> View:
    return View(
        hashed=HashedTerms(packed["cells"], packed["weights"]),
        flag=unpack(packed["flag"]),
        kind=unpack(packed["kind"]),
        types=unpack(packed["types"]),
        whole=bool(packed["whole"]),
        slope=float(packed["slope"]),
        shift=float(packed["shift"]),
    )


class HashedJudge:
    """Scores title and sapo where there is no text, the whole article where there is one."""

    def __init__(self, model: dict[str, Any], name: str) -> None:
        self.id = name
        self.threshold = float(model["threshold"])
        self.entry = unpack_view(model["entry"])
        self.article = unpack_view(model["article"])

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        verdicts: list[Verdict | None] = [None] * len(readings)
        for view in (self.entry, self.article):
            places = [n for n, reading in enumerate(readings) if bool(reading.text.strip()) is view.whole]
            for at in range(0, len(places), BATCH):
                batch = places[at : at + BATCH]
                for place, verdict in zip(batch, self._judge(view, [readings[n] for n in batch]), strict=True):
                    verdicts[place] = verdict
        return [verdict for verdict in verdicts if verdict is not None]

    def _judge(self, view: View, readings: Sequence[Reading]) -> list[Verdict]:
        rows = view.rows(readings)
        scores = view.calibrated(view.flag.margins(rows)[:, 0])
        kinds = view.kind.probabilities(rows)
        types = view.types.probabilities(rows)
        return [
            self._verdict(view, reading, float(score), kind, chances)
            for reading, score, kind, chances in zip(readings, scores, kinds, types, strict=True)
        ]

    def _verdict(self, view: View, reading: Reading, score: float, kind: Floats, types: Floats) -> Verdict:
        language, bare = language_of(f"{reading.title} {reading.sapo} {reading.text[:1500]}")
        if language != "vi":
            score = min(score, 0.5 * self.threshold)
        elif bare:
            score = float(expit(logit(np.clip(score, 1e-6, 1 - 1e-6)) * 0.5))
        return Verdict(
            model=self.id,
            score=round(score, 6),
            flag=score >= self.threshold,
            kind=view.kind.codes[int(kind.argmax())] if language == "vi" else None,
            types={code: round(float(p), 4) for code, p in zip(view.types.codes, types, strict=True)},
            language=language,
        )


def load_judge(folder: Path | None = None) -> Judge:
    """The released model, or the one in `folder` (model and card). Raises ArtefactError for a file we do not trust."""
    model, card = artefacts.read(folder or RELEASED)
    return HashedJudge(model, card["id"])
