"""Train by a recipe and write model and card."""

from pathlib import Path
from typing import Any

from classifier import artefacts
from classifier import corpus as data
from classifier.recipe import read_recipe
from classifier.train import fit, prepare, read_facts, read_labels


def release(recipe_path: Path, corpus: Path, folder: Path) -> dict[str, Any]:
    """Returns the card. Equal recipe, code and data give equal bytes."""
    recipe = read_recipe(recipe_path)
    labels = read_labels(corpus)
    stream = data.stream(corpus)
    digest = data.data_digest(corpus)
    model = fit(prepare(labels, stream, read_facts(corpus), recipe), recipe)
    card = {
        "id": f"{recipe.id}-{digest[:8]}",
        "data": {"digest": digest, "labels": len(labels), "stream": len(stream)},
        "threshold": model["threshold"],
    }
    artefacts.write(folder, model, card)
    return artefacts.read_card(folder)
