"""Word lists written and reviewed by us: no word of them was taken from an article, and none names a person."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@cache
def lexicon(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def word_set(name: str, key: str) -> frozenset[str]:
    """A list kept as one text, words apart by white space."""
    return frozenset(lexicon(name)[key].split())
