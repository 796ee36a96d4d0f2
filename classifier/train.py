"""Corpus and recipe in, model and card out; the same seed and data give the same figures."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from classifier import corpus as data
from classifier.corpus import Label
from classifier.features import Floats, HashedTerms, article_terms, entry_terms
from classifier.linear import fit_apart, fit_joint
from classifier.predict import View
from models.errors import DiembaoError
from models.records import TYPES, Reading


class RecipeError(DiembaoError):
    """A recipe with an unknown or missing setting."""


@dataclass(frozen=True, slots=True)
class Recipe:
    id: str
    seed: int
    cells: int
    stream_negatives: int
    flagged_a_day: float
    strength: dict[str, float]


def read_recipe(path: Path) -> Recipe:
    try:
        return Recipe(**tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, tomllib.TOMLDecodeError, TypeError) as error:
        raise RecipeError(f"{path}: {error}") from error


def pick_negatives(stream: Sequence[Reading], labelled: set[str], count: int, seed: int) -> list[Label]:
    """Unlabelled entries of the stream, drawn at random, taken as irrelevant."""
    free = [reading for reading in stream if reading.id not in labelled]
    chosen = np.random.default_rng(seed).permutation(len(free))[:count]
    return [Label(free[i], 0, "khac", (), "stream") for i in sorted(chosen)]


def fit_view(labels: Sequence[Label], recipe: Recipe, *, whole: bool) -> View:
    """Fit all heads on the entries' view (title, sapo) or the whole article's."""
    terms = article_terms if whole else entry_terms
    hashed = HashedTerms(recipe.cells)
    counts = hashed.counts(terms(label.reading) for label in labels)
    hashed.fit_weights(counts)
    rows = hashed.weigh(counts)
    decided = np.array([label.flag in (0, 1) for label in labels])
    flags = np.array([[label.flag == 1] for label in labels])
    even: Floats = np.ones(len(labels))
    flag = fit_apart(
        ("flag",), rows[decided], flags[decided], even[decided], c=recipe.strength["flag"], seed=recipe.seed
    )
    read = np.array([label.origin != "stream" for label in labels])
    some = read | (np.cumsum(~read) <= 1500)
    kinds = np.array([label.kind for label in labels])
    kind = fit_joint(rows[some], kinds[some], even[some], c=recipe.strength["kind"], seed=recipe.seed)
    typed = np.array([label.flag in (1, 2) for label in labels])
    answers = np.array([[code in label.types for code in TYPES] for label in labels])
    types = fit_apart(TYPES, rows[typed], answers[typed], even[typed], c=recipe.strength["types"], seed=recipe.seed)
    return View(hashed, flag, kind, types, whole=whole, slope=1.0, shift=0.0)


def fit(labels: Sequence[Label], stream: Sequence[Reading], recipe: Recipe) -> dict[str, Any]:
    """The model as plain figures (see `artefacts`)."""
    negatives = pick_negatives(stream, {label.reading.id for label in labels}, recipe.stream_negatives, recipe.seed)
    everything = [*labels, *negatives]
    entry = fit_view(everything, recipe, whole=False)
    article = fit_view(everything, recipe, whole=True)
    model = {"format": 1, "entry": entry.pack(), "article": article.pack(), "threshold": 0.5}
    model["threshold"] = daily_threshold(entry, stream, recipe.flagged_a_day)
    return model


def daily_threshold(entry: View, stream: Sequence[Reading], a_day: float) -> float:
    """The score that lets `a_day` entries a day of the stream through."""
    days = len({r.published.date() for r in stream if r.published}) or 1
    scores = np.sort(entry.flag_scores(stream))[::-1]
    place = min(len(scores) - 1, round(a_day * days))
    return float(min(0.9, max(0.15, scores[place]))) if len(scores) else 0.5


def read_labels(corpus: Path) -> list[Label]:
    return [label for origin in ("feed", "full", "older") for label in data.labels(corpus, origin)]
