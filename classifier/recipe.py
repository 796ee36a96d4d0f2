"""A recipe is data: everything that decides what a trained model will be, besides code and corpus."""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from classifier.forest import ForestSettings
from classifier.trees import TreeSettings
from models.errors import DiembaoError


class RecipeError(DiembaoError):
    """A recipe with an unknown, missing or mistyped setting."""


@dataclass(frozen=True, slots=True)
class Strength:
    flag: float
    kind: float
    types: float
    facts: float


@dataclass(frozen=True, slots=True)
class Weight:
    """Of labels unlike what a view judges: in its linear layer, in the trees of entries, in those of whole articles."""

    layer: float
    trees: float
    trees_whole: float = 0.1


@dataclass(frozen=True, slots=True)
class Large:
    """From `labels` labelled rows on a view takes `folds`, and its linear heads are fitted the quick way."""

    labels: int = 10_000
    folds: int = 3


@dataclass(frozen=True, slots=True)
class Recipe:
    id: str
    seed: int
    cells: int
    clue_cells: int
    stream_negatives: int
    folds: int
    flag_from: float
    flag_from_whole: float
    strength: Strength
    weight: Weight
    trees: TreeSettings
    large: Large = Large()
    forest: ForestSettings = field(default_factory=ForestSettings)
    aside_cells: int = 0


def read_recipe(path: Path) -> Recipe:
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return Recipe(
            strength=Strength(**raw.pop("strength")),
            weight=Weight(**raw.pop("weight")),
            trees=TreeSettings(**raw.pop("trees")),
            large=Large(**raw.pop("large", {})),
            forest=ForestSettings(**raw.pop("forest", {})),
            **raw,
        )
    except (OSError, tomllib.TOMLDecodeError, TypeError, KeyError) as error:
        raise RecipeError(f"{path}: {error}") from error
