"""Labelled articles and a recipe in, a model as plain figures out; equal seed and data give equal figures."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from classifier import corpus as data
from classifier.artefacts import FORMAT
from classifier.corpus import Label
from classifier.crew import Run, alone
from classifier.evidence import fit_evidence
from classifier.exposure import fit_exposure
from classifier.facts import fit_facts
from classifier.features import HashedTerms
from classifier.fitting import View, fit_stack, target
from classifier.recipe import Recipe
from classifier.sights import Sights, look
from models.records import Reading


@dataclass(frozen=True, slots=True)
class Table:
    """Everything that a recipe needs, read once: labels (with a sample of the stream) and how both views see them."""

    labels: tuple[Label, ...]
    entry: Sights
    whole: Sights
    hashed: HashedTerms
    stream_size: int
    facts: dict[str, dict[str, Any]]


def read_labels(corpus: Path) -> list[Label]:
    return [label for origin in ("feed", "full", "older") for label in data.labels(corpus, origin)]


def read_facts(corpus: Path) -> dict[str, dict[str, Any]]:
    return {row["id"]: row for row in data.rows(corpus / "facts.jsonl")}


def pick_negatives(stream: Sequence[Reading], labelled: set[str], count: int, seed: int) -> list[Label]:
    """Unlabelled entries of the stream, drawn at random, taken as irrelevant."""
    free = [reading for reading in stream if reading.id not in labelled]
    chosen = np.random.default_rng(seed).permutation(len(free))[:count]
    return [Label(free[i], 0, "khac", (), "stream") for i in sorted(chosen)]


def prepare(
    labels: Sequence[Label],
    stream: Sequence[Reading],
    facts: dict[str, dict[str, Any]],
    recipe: Recipe,
    *,
    whole: bool = True,
    run: Run = alone,
) -> Table:
    """`whole` False leaves out the view of whole articles, where only entries are to be judged."""
    known = {label.reading.id for label in labels}
    everything = [*labels, *pick_negatives(stream, known, recipe.stream_negatives, recipe.seed)]
    hashed = HashedTerms(recipe.cells)
    readings = [label.reading for label in everything]
    entry = look(readings, hashed, whole=False, aside_cells=recipe.aside_cells, run=run)
    article = look(readings, hashed, whole=True, run=run) if whole else entry
    hashed.fit_weights(entry.counts)
    return Table(
        labels=tuple(everything),
        entry=entry,
        whole=article,
        hashed=hashed,
        stream_size=max(1, sum(reading.id not in known for reading in stream)),
        facts=facts,
    )


def fit(table: Table, recipe: Recipe, run: Run = alone) -> dict[str, Any]:
    """The model (see `artefacts`): both views and the facts."""
    return {**shared(table, recipe), "entry": fit_entry(table, recipe, run), "whole": fit_whole(table, recipe, run)}


def shared(table: Table, recipe: Recipe) -> dict[str, Any]:
    """What both views use, and what is read from flagged articles."""
    return {
        "format": FORMAT,
        "threshold": recipe.flag_from,
        "threshold_whole": recipe.flag_from_whole,
        "cells": recipe.cells,
        "weights": table.hashed.weights,
        "facts": fit_facts(table.labels, table.facts, recipe),
        "evidence": fit_evidence(table.labels, table.facts, recipe.seed),
        "exposure": fit_exposure(table.labels, table.facts, recipe.seed),
    }


def fit_entry(table: Table, recipe: Recipe, run: Run = alone) -> dict[str, Any]:
    """Packed stack for title and sapo."""
    wanted = target(table.labels, "feed", table.stream_size)
    return fit_stack(View(table.entry, wanted, table.hashed, recipe, forest=True), run).pack()


def fit_whole(table: Table, recipe: Recipe, run: Run = alone) -> dict[str, Any]:
    """Packed stack for whole articles; a part of the stream's entries is enough beside them."""
    wanted = target(table.labels, "full", table.stream_size)
    rows = np.flatnonzero(~wanted.stream | (np.cumsum(wanted.stream) <= recipe.stream_negatives // 3))
    whole = replace(recipe, weight=replace(recipe.weight, trees=recipe.weight.trees_whole))
    return fit_stack(View(table.whole.take(rows), wanted.take(rows), table.hashed, whole), run).pack()
