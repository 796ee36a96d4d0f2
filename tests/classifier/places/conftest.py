"""The gazetteer and the finder, loaded once for all tests of places."""

from pathlib import Path

import pytest

from classifier.places import Gazetteer, PlaceFinder
from classifier.places.lexicon import Lexicon

SHARED = Path(__file__).resolve().parents[3] / "../shared"


@pytest.fixture(scope="session")
def finder() -> PlaceFinder:
    return PlaceFinder.load()


@pytest.fixture(scope="session")
def gazetteer(finder: PlaceFinder) -> Gazetteer:
    return finder.gazetteer


@pytest.fixture(scope="session")
def lexicon(finder: PlaceFinder) -> Lexicon:
    return finder.lexicon
