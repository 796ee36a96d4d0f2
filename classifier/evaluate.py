"""Scoring a recipe honestly: months forwards in time for entries, stories apart for whole articles.

The shipped model has seen every label, so its own verdicts on them say nothing. Here the recipe is fitted again for
each fold and only judges what it has not seen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sklearn.model_selection import GroupKFold

from classifier.corpus import Label
from classifier.predict import HashedJudge
from classifier.recipe import Recipe
from classifier.train import fit_entry, fit_whole, prepare, shared
from models.records import Reading, Verdict

MONTHS = ("2025-11", "2025-12", "2026-01", "2026-02")


@dataclass(frozen=True, slots=True)
class Held:
    """Verdicts on what a fold had not seen, with the readings that were judged."""

    fold: str
    readings: tuple[Reading, ...]
    verdicts: tuple[Verdict, ...]


def month_of(reading: Reading) -> str:
    return reading.published.strftime("%Y-%m") if reading.published else ""


def forwards(labels: Sequence[Label], stream: Sequence[Reading], recipe: Recipe, month: str) -> Held:
    """Fit on what came before `month`, judge every entry of the month's stream."""
    before = [label for label in labels if month_of(label.reading) < month]
    earlier = [reading for reading in stream if month_of(reading) < month]
    later = {label.reading.id for label in labels} - {label.reading.id for label in before}
    table = prepare(before, [r for r in earlier if r.id not in later], {}, recipe, whole=False)
    entry = fit_entry(table, recipe)
    judge = HashedJudge({**shared(table, recipe), "entry": entry, "whole": entry}, f"until-{month}")
    test = tuple(reading for reading in stream if month_of(reading) == month)
    return Held(month, test, tuple(judge.judge(test)))


def by_story(
    labels: Sequence[Label],
    stream: Sequence[Reading],
    facts: dict[str, dict[str, Any]],
    recipe: Recipe,
    folds: int = 4,
) -> list[Held]:
    """Whole articles, no story on both sides; the openings of held articles' stories are not left in either."""
    full = [label for label in labels if label.origin == "full"]
    rest = [label for label in labels if label.origin != "full"]
    groups = [label.story or label.reading.id for label in full]
    held: list[Held] = []
    splits = GroupKFold(folds, shuffle=True, random_state=recipe.seed).split(full, groups=groups)
    for number, (train, test) in enumerate(splits):
        titles = {full[n].reading.title.casefold() for n in test}
        seen = [*(full[n] for n in train), *(label for label in rest if label.reading.title.casefold() not in titles)]
        known = {full[n].reading.id for n in train}
        table = prepare(seen, stream, {i: row for i, row in facts.items() if i in known}, recipe)
        whole = fit_whole(table, recipe)
        judge = HashedJudge({**shared(table, recipe), "entry": whole, "whole": whole}, "fold")
        readings = tuple(full[n].reading for n in test)
        held.append(Held(str(number), readings, tuple(judge.judge(readings))))
    return held
