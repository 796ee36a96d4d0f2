"""Recipes: what a model is made of, as data."""

from pathlib import Path

RELEASED_RECIPE = Path(__file__).parent / "released.toml"
