"""Single facts of a flagged article: small linear heads over clues; unknown is an answer of its own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack
from sklearn.model_selection import GroupKFold

from classifier.clues import Clues, age_code, most_said, nursery, read_clues
from classifier.corpus import Label
from classifier.features import Floats, HashedTerms, Matrix
from classifier.linear import Head, fit_choice_of_one, fit_head, one_of, unpack
from classifier.recipe import Recipe
from models.records import AGES, RELATIONS, SETTINGS, SEXES, STAGES, Reading

MANY = "many"
CODES: dict[str, tuple[str, ...]] = {
    "setting": SETTINGS,
    "age": AGES,
    "sex": SEXES,
    "stage": STAGES,
    "relation": RELATIONS,
    "danger": ("true", "false", "null"),
    "victims": ("1", "2", "3", MANY, "null"),
}
UNKNOWN = frozenset(("khong_ro", "null"))
SHY = {"relation": 2.0, "age": 1.5, "sex": 1.0, "setting": 1.0, "danger": 1.5, "victims": 1.0}
"""An unknown has to win by this margin: where a clue is there, staff are better served by it than by silence."""
POWER = 1.0
LIFT = {"true": -0.03}
"""Answers that have to lead by less (above 0) or more; here where danger said and danger denied are both right in at
least three of four stories that were not seen."""
EVEN = frozenset(("danger", "relation"))
"""Facts whose rare answers matter as much as the common ones: trained with weights that make up for it."""


STANDING = frozenset(("danger",))
"""Facts told by how things stand with suspect and child (`Clues.status`), not by single phrases: of few examples the
groups of phrases tell more."""
LED = frozenset(("stage",))
"""Facts that are also told whether the item reads like a trial or what follows one, which many more labels tell."""
LED_SHARE = 0.1
SOFT = frozenset(("sex",))
"""Facts whose answers are fitted against each other."""
FOLDS = 5
STRENGTH = {"danger": 0.3}
"""Inverse of regularisation where it is not the recipe's."""


@dataclass(frozen=True, slots=True)
class Facts:
    setting: str | None
    stage: str | None
    age: str | None
    age_basis: str | None
    sex: str | None
    victims: int | None
    relation: str | None
    danger_now: bool | None


class FactReader:
    def __init__(self, packed: Mapping[str, Any]) -> None:
        self.hashed = HashedTerms(packed["cells"], packed["weights"])
        self.heads = {name: unpack(head) for name, head in packed["heads"].items()}
        self.trial = unpack(packed["trial"]) if packed.get("trial") else None

    def read(self, readings: Sequence[Reading]) -> list[Facts]:
        clues = [read_clues(reading) for reading in readings]
        rows = [self.hashed.weigh(self.hashed.counts(terms)) for terms in _views(clues)]
        led = _led(rows[0], self.trial.margins(rows[0])[:, 0]) if self.trial else rows[0]
        said = {
            name: choose(head, head.margins(led if name in LED else rows[name in STANDING]), SHY.get(name, 0.0))
            for name, head in self.heads.items()
        }
        return [_facts({name: answers[n] for name, answers in said.items()}, clue) for n, clue in enumerate(clues)]


def _views(clues: Sequence[Clues]) -> list[list[tuple[str, ...]]]:
    """Terms for most facts, and for those of STANDING."""
    return [[c.terms for c in clues], [c.status for c in clues]]


def _led(rows: Matrix, margins: Floats) -> Matrix:
    """A column more: how much an item reads like a trial."""
    return hstack((rows, csr_matrix(margins[:, None] * LED_SHARE, dtype=np.float32))).tocsr()


def choose(head: Head, margins: Floats, shyness: float) -> list[str]:
    """The likeliest code of each row; an unknown only by a clear lead."""
    shy = np.array([shyness if code in UNKNOWN else -LIFT.get(code, 0.0) for code in head.codes])
    return [head.codes[n] for n in (margins - shy).argmax(axis=1)]


def _facts(said: Mapping[str, str], clues: Clues) -> Facts:
    number = {"1": 1, "2": 2, "3": 3, MANY: most_said(clues)}.get(said["victims"])
    age = "0_5" if nursery(clues) else said["age"]
    return Facts(
        setting=said["setting"],
        stage=said["stage"],
        age=age,
        age_basis=_basis(age, clues),
        sex=said["sex"],
        victims=number,
        relation=said["relation"],
        danger_now={"true": True, "false": False}.get(said["danger"]),
    )


def _basis(code: str, clues: Clues) -> str | None:
    """How the age was found: said in years, from the school grade, or from other words."""
    if code == "khong_ro":
        return None
    for basis in ("stated", "grade"):
        if any(age.basis == basis and age_code(age.years) == code for age in clues.ages):
            return basis
    return "word"


def wanted_answers(
    label: Label, facts: Mapping[str, Mapping[str, Any]], stories: Mapping[str, str]
) -> dict[str, str | None]:
    """What readers said, as codes of CODES; None where nobody was asked. `stories` are relations by story: who did it
    holds for every article of a story, although only one of them was read for its facts."""
    read = facts.get(label.reading.id)
    answers: dict[str, str | None] = {"setting": label.setting, "age": label.age, "sex": label.sex}
    if read is None:
        return answers | {"relation": stories.get(label.story or "")}
    count = read["victims"]
    answers["stage"], answers["relation"] = read["stage"], read["relation"]
    answers["danger"] = "null" if read["danger_now"] is None else str(read["danger_now"]).lower()
    answers["victims"] = "null" if not count else str(count) if count <= 3 else MANY
    return answers


def fit_facts(labels: Sequence[Label], facts: Mapping[str, Mapping[str, Any]], recipe: Recipe) -> dict[str, Any]:
    read = [label for label in labels if label.flag == 1 and label.origin == "full"]
    hashed = HashedTerms(recipe.clue_cells)
    clues = [read_clues(label.reading) for label in read]
    counts = [hashed.counts(terms) for terms in _views(clues)]
    hashed.fit_weights(hashed.counts(clue.terms + clue.status for clue in clues))
    rows = [hashed.weigh(each) for each in counts]
    trial, margins = fit_trial(labels, hashed, recipe)
    led = _led(rows[0], np.array([margins[label.reading.id] for label in read])) if trial else rows[0]
    told = {label.story: facts[label.reading.id]["relation"] for label in read if label.reading.id in facts}
    answers = [wanted_answers(label, facts, {story: code for story, code in told.items() if story}) for label in read]
    stories: dict[str, int] = {}
    for label in read:
        stories[label.story or label.reading.id] = stories.get(label.story or label.reading.id, 0) + 1
    share = np.array([stories[label.story or label.reading.id] ** -0.5 for label in read])
    heads = {}
    for name, codes in CODES.items():
        known = np.flatnonzero([answer.get(name) is not None for answer in answers])
        values = [answers[n][name] for n in known]
        weight = share[known] * (evened(values) if name in EVEN else 1.0)
        if name in SOFT:
            strength = recipe.strength.facts
            head = fit_choice_of_one(codes, rows[0][known], values, weight, c=strength, seed=recipe.seed)
            heads[name] = head.pack()
            continue
        head = fit_head(
            codes,
            (led if name in LED else rows[name in STANDING])[known],
            one_of(codes, values),
            weight,
            c=STRENGTH.get(name, recipe.strength.facts),
            seed=recipe.seed,
        )
        heads[name] = head.pack()
    packed = {"cells": recipe.clue_cells, "weights": hashed.weights, "heads": heads}
    return {**packed, "trial": trial.pack()} if trial else packed


def fit_trial(labels: Sequence[Label], hashed: HashedTerms, recipe: Recipe) -> tuple[Head | None, dict[str, float]]:
    """Whether a flagged item is a trial or what follows one, from the kinds of all labels; and what heads that had not
    seen an item's event say of each flagged article, by its id. No head where the labels do not tell both."""
    flagged = [label for label in labels if label.flag == 1 and label.origin != "stream"]
    rows = hashed.weigh(hashed.counts([read_clues(label.reading).terms for label in flagged]))
    groups = np.array([label.story or label.reading.id for label in flagged])
    wanted = np.array([label.kind == "xet_xu" for label in flagged], dtype=bool)
    told = np.array([label.kind in ("xet_xu", "vu_viec") for label in flagged], dtype=bool)
    if min(len(set(groups[told & wanted])), len(set(groups[told & ~wanted]))) < FOLDS:
        return None, {}

    def fitted(chosen: npt.NDArray[np.intp]) -> Head:
        use = chosen[told[chosen]]
        answers, weight = wanted[use][:, None], np.ones(len(use))
        return fit_head(
            ("trial",), rows[use], answers, weight, c=recipe.strength.facts, seed=recipe.seed, kind=np.int16, quick=True
        )

    margins = np.zeros(len(flagged))
    for train, held in GroupKFold(FOLDS, shuffle=True, random_state=recipe.seed).split(groups, groups=groups):
        margins[held] = fitted(train).margins(rows[held])[:, 0]
    by_id = {label.reading.id: float(margin) for label, margin in zip(flagged, margins, strict=True)}
    return fitted(np.arange(len(flagged))), by_id


def evened(values: Sequence[str | None]) -> Floats:
    """Weights that make rare answers count more: the root of how much rarer than the mean each is."""
    counts = {value: values.count(value) for value in values}
    return np.array([(len(values) / (len(counts) * counts[value])) ** POWER for value in values])
