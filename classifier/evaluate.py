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


def story_folds(labels: Sequence[Label], recipe: Recipe, folds: int = 4) -> list[tuple[list[Label], list[Label]]]:
    """(seen, held) whole articles, no story on both sides."""
    full = [label for label in labels if label.origin == "full"]
    groups = [label.story or label.reading.id for label in full]
    splits = GroupKFold(folds, shuffle=True, random_state=recipe.seed).split(full, groups=groups)
    return [([full[n] for n in train], [full[n] for n in test]) for train, test in splits]


def story_apart(
    labels: Sequence[Label],
    stream: Sequence[Reading],
    facts: dict[str, dict[str, Any]],
    recipe: Recipe,
    number: int,
) -> Held:
    """Fold `number` of `story_folds`; openings that have the title of a held article are not shown either."""
    train, test = story_folds(labels, recipe)[number]
    titles = {label.reading.title.casefold() for label in test}
    rest = [label for label in labels if label.origin != "full" and label.reading.title.casefold() not in titles]
    known = {label.reading.id for label in train}
    table = prepare([*train, *rest], stream, {i: row for i, row in facts.items() if i in known}, recipe)
    whole = fit_whole(table, recipe)
    judge = HashedJudge({**shared(table, recipe), "entry": whole, "whole": whole}, "fold")
    readings = tuple(label.reading for label in test)
    return Held(str(number), readings, tuple(judge.judge(readings)))
