"""How far readers agree, what is settled and what is not."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from sklearn.metrics import cohen_kappa_score

from models.store.labels import DECISION, SETTLED, Given, Said

FEWEST = 5
"""Below so many texts read twice no figure is given: it would be chance."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """On one question: texts that two or more read, share answered alike, kappa of pairs, alpha of all readers."""

    question: str
    texts: int
    alike: float
    kappa: float | None
    alpha: float | None


@dataclass(frozen=True, slots=True)
class Dispute:
    """A text on which readers differ in whether it must be seen, or in its kind."""

    key: str
    given: tuple[Given, ...]
    about: tuple[str, ...]


def by_key(given: Iterable[Given]) -> dict[str, list[Given]]:
    """Labels of each text, one a reader: their newest. What settled it comes last."""
    found: dict[str, dict[str, Given]] = {}
    for one in sorted(given, key=lambda g: (g.source == SETTLED, g.at)):
        found.setdefault(one.key, {})["" if one.source == SETTLED else one.who] = one
    return {key: list(readers.values()) for key, readers in found.items()}


def settled(group: Sequence[Given]) -> Given | None:
    """What counts for one text: what settled it, or what its readers agree on; None where they do not.

    A reading beside a decision fills what the decision does not say.
    """
    if group[-1].source == SETTLED:
        return group[-1]
    if len({one.said.flag for one in group}) > 1:
        return None
    best = max(group, key=lambda one: (one.source != DECISION, one.at))
    said = best.said
    for other in sorted(group, key=lambda one: one.at, reverse=True):
        said = _filled(said, other.said)
    return replace(best, said=said)


def _filled(said: Said, other: Said) -> Said:
    return Said(
        said.flag,
        said.kind or other.kind,
        said.types or other.types,
        said.province or other.province,
        said.setting or other.setting,
        said.age or other.age,
        said.sex or other.sex,
        said.story or other.story,
    )


def resolved(given: Iterable[Given]) -> list[Given]:
    """One label a text, disagreements left out, in order of time."""
    made = (settled(group) for group in by_key(given).values())
    return sorted((one for one in made if one is not None), key=lambda one: (one.at, one.key))


def disputes(given: Iterable[Given]) -> list[Dispute]:
    """Open disagreements, oldest first."""
    found = []
    for key, group in by_key(given).items():
        if len(group) < 2 or group[-1].source == SETTLED:
            continue
        about = tuple(name for name in ("flag", "kind") if len({getattr(g.said, name) for g in group} - {None}) > 1)
        if about:
            found.append(Dispute(key, tuple(group), about))
    return sorted(found, key=lambda one: one.given[0].at)


def _flag(said: Said) -> Hashable:
    return said.flag


def _kind(said: Said) -> Hashable:
    return said.kind


def _types(said: Said) -> Hashable:
    return ";".join(sorted(said.types)) if said.flag == 1 else None


QUESTIONS: Mapping[str, Callable[[Said], Hashable]] = {"flag": _flag, "kind": _kind, "types": _types}


def agreements(given: Iterable[Given]) -> list[Agreement]:
    """For each question of QUESTIONS; what settled a text is no reading and does not count."""
    groups = [[one for one in group if one.source != SETTLED] for group in by_key(given).values()]
    found = []
    for name, question in QUESTIONS.items():
        units = [[answer for one in group if (answer := question(one.said)) is not None] for group in groups]
        units = [unit for unit in units if len(unit) > 1]
        pairs = [pair for unit in units for pair in combinations(unit, 2)]
        alike = float(np.mean([a == b for a, b in pairs])) if pairs else 0.0
        enough = len(units) >= FEWEST
        found.append(
            Agreement(name, len(units), alike, kappa(pairs) if enough else None, alpha(units) if enough else None)
        )
    return found


def kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """Cohen's kappa over pairs of answers; 1 where everybody always said one and the same thing."""
    first, second = [str(a) for a, _ in pairs], [str(b) for _, b in pairs]
    if len({*first, *second}) == 1:
        return 1.0
    both = cohen_kappa_score([*first, *second], [*second, *first])
    return float(both)


def alpha(units: Sequence[Sequence[Hashable]]) -> float:
    """Krippendorff's alpha for nominal answers, any number of readers, answers may be missing.

    After K. Krippendorff, "Computing Krippendorff's Alpha-Reliability" (University of Pennsylvania, 2011), section C:
    one minus observed over expected disagreement, both from the coincidences of values within units.
    """
    values = sorted({str(answer) for unit in units for answer in unit})
    place = {value: number for number, value in enumerate(values)}
    coincide = np.zeros((len(values), len(values)))
    for unit in units:
        if len(unit) < 2:
            continue
        for a, left in enumerate(unit):
            for b, right in enumerate(unit):
                if a != b:
                    coincide[place[str(left)], place[str(right)]] += 1 / (len(unit) - 1)
    totals = coincide.sum(axis=1)
    n = totals.sum()
    if n <= 1:
        return 1.0
    observed = n - np.trace(coincide)
    expected = (n * n - (totals**2).sum()) / (n - 1)
    return 1.0 if expected == 0 else float(1 - observed / expected)
