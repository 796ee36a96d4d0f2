"""Where it happened: Vietnamese administrative units of every era, and the incident's place of an article."""

from classifier.places.finder import PlaceFinder
from classifier.places.gazetteer import Gazetteer, Unit

__all__ = ["Gazetteer", "PlaceFinder", "Unit"]
