"""Invented newspapers on this machine, for the demo, the tests and the benchmarks; nothing in them is real."""

from spiders.sample_press.articles import SampleArticle, load_articles
from spiders.sample_press.server import SamplePress

__all__ = ["SampleArticle", "SamplePress", "load_articles"]
