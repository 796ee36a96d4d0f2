"""What a trained model says of an article: a sorting aid for people, never a finding of guilt."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from classifier import artefacts
from classifier.evidence import EvidenceFinder
from classifier.exposure import ExposureFinder, article_terms
from classifier.facts import FactReader, Facts
from classifier.features import Floats, HashedTerms
from classifier.language import language_of
from classifier.reason import reason
from classifier.sights import Sights, look
from classifier.spans import sentences_of
from classifier.stack import Stack, unpack_stack, with_margin
from models.records import Reading, Span, Verdict

RELEASED = Path(__file__).parent / "released"
BATCH = 256
FEWEST_WORDS = 4
NEAR = 0.5
"""Facts are read from this share of the threshold on: a person may well look at such an item too."""


class Judge(Protocol):
    """`threshold` is the score from which `flag` is set for an entry; whole articles have a higher one."""

    @property
    def id(self) -> str: ...
    @property
    def threshold(self) -> float: ...
    def judge(self, readings: Sequence[Reading]) -> list[Verdict]: ...


@dataclass(frozen=True, slots=True)
class _Told:
    """What is read only from an item that may well count."""

    facts: Facts
    evidence: tuple[Span, ...]
    exposes_child: tuple[Span, ...]


class HashedJudge:
    """Scores title and sapo where there is no text, the whole article where there is one."""

    def __init__(self, model: dict[str, Any], name: str) -> None:
        self.id = name
        self.threshold = float(model["threshold"])
        self.threshold_whole = float(model["threshold_whole"])
        self._hashed = HashedTerms(int(model["cells"]), model["weights"])
        self._entry = unpack_stack(model["entry"])
        self._whole = unpack_stack(model["whole"])
        self._facts = FactReader(model["facts"])
        self._evidence = EvidenceFinder(model["evidence"])
        self._exposure = ExposureFinder(model["exposure"])

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        """One verdict a reading, in order."""
        verdicts: dict[int, Verdict] = {}
        for whole in (False, True):
            places = [n for n, reading in enumerate(readings) if bool(reading.text.strip()) is whole]
            for at in range(0, len(places), BATCH):
                batch = places[at : at + BATCH]
                made = self._judge([readings[n] for n in batch], whole=whole)
                verdicts.update(zip(batch, made, strict=True))
        return [verdicts[n] for n in range(len(readings))]

    def scores(self, readings: Sequence[Reading], *, whole: bool) -> Floats:
        """Flag scores alone, before caution about language."""
        stack = self._whole if whole else self._entry
        parts = [
            stack.calibrated(stack.margins(stack.figures(sights, self._hashed)))
            for at in range(0, len(readings), BATCH)
            for sights in (self._look(readings[at : at + BATCH], stack, whole=whole),)
        ]
        return np.concatenate(parts) if parts else np.zeros(0)

    def _look(self, readings: Sequence[Reading], stack: Stack, *, whole: bool) -> Sights:
        return look(readings, self._hashed, whole=whole, aside_cells=stack.layer.aside_cells)

    def _judge(self, readings: Sequence[Reading], *, whole: bool) -> list[Verdict]:
        stack: Stack = self._whole if whole else self._entry
        sights = self._look(readings, stack, whole=whole)
        figures = stack.figures(sights, self._hashed)
        margins = stack.margins(figures)
        raw = stack.calibrated(margins)
        kinds = stack.choice.best(with_margin(figures, margins))
        types = stack.types.probabilities(self._hashed.weigh(sights.counts))
        said = [f"{r.title}. {r.sapo} {r.text[:1500]}" for r in readings]
        tongues = [language_of(text) for text in said]
        scores = [
            self._cautious(float(score), language, bare=bare, words=len(text.split()))
            for score, (language, bare), text in zip(raw, tongues, said, strict=True)
        ]
        near = [n for n, score in enumerate(scores) if score >= self.threshold * NEAR and tongues[n][0] == "vi"]
        told = dict(zip(near, self._told([readings[n] for n in near]), strict=True))
        return [
            self._verdict(
                reading, scores[n], kinds[n], self._named(stack, types[n]), language=tongues[n][0], told=told.get(n)
            )
            for n, reading in enumerate(readings)
        ]

    def _told(self, readings: Sequence[Reading]) -> list[_Told]:
        facts = self._facts.read(readings)
        sentences = [sentences_of(reading) for reading in readings]
        about = [article_terms(each.relation, each.setting) for each in facts]
        telling, exposing = self._evidence.find(sentences), self._exposure.find(sentences, about)
        return list(map(_Told, facts, telling, exposing))

    def _cautious(self, score: float, language: str | None, *, bare: bool, words: int) -> float:
        """Not flagged: another language, or too few words to say anything. Without its marks: less confidence."""
        if language != "vi" or words < FEWEST_WORDS:
            return min(score, 0.5 * self.threshold)
        return 0.5 * score if bare else score

    @staticmethod
    def _named(stack: Stack, chances: Floats) -> dict[str, float]:
        return {code: round(float(p), 4) for code, p in zip(stack.types.codes, chances, strict=True)}

    def _verdict(
        self,
        reading: Reading,
        score: float,
        kind: str,
        types: dict[str, float],
        *,
        language: str | None,
        told: _Told | None,
    ) -> Verdict:
        common: dict[str, Any] = {
            "model": self.id,
            "score": round(score, 6),
            "flag": score >= (self.threshold_whole if reading.text.strip() else self.threshold),
            "kind": kind if language == "vi" else None,
            "types": types,
            "language": language,
        }
        if told is None:
            return Verdict(**common)
        facts = told.facts
        return Verdict(
            **common,
            setting=facts.setting,
            stage=facts.stage,
            age=facts.age,
            age_basis=facts.age_basis,
            sex=facts.sex,
            victims=facts.victims,
            relation=facts.relation,
            danger_now=facts.danger_now,
            evidence=told.evidence,
            exposes_child=told.exposes_child,
            reason=reason(kind, types, facts),
        )


def load_judge(folder: Path | None = None, known: Collection[str] = ()) -> Judge:
    """The released model, or the one in `folder` (model and card) if its digest is `known` or the released one's.

    Raises ArtefactError for a file that we do not trust.
    """
    if folder is None:
        model, card = artefacts.read(RELEASED)
    else:
        model, card = artefacts.read(folder, {*known, artefacts.read_card(RELEASED)["sha256"]})
    return HashedJudge(model, card["id"])
