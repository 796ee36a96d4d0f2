"""Floors for the incident's place on labelled articles and entries, where they are at hand."""

import pytest

from classifier.places import PlaceFinder
from tests.bench.bench_places import (
    CORPUS,
    FLOORS,
    IN_TERRITORY,
    LEAST_A_SECOND,
    TERRITORIES,
    baselines,
    in_territory,
    labelled,
    quality,
    speed,
)

pytestmark = pytest.mark.skipif(not CORPUS.exists(), reason="the labelled articles (../shared/corpus) are absent")


@pytest.mark.parametrize("name", FLOORS)
def test_the_place_is_right_often_enough_and_beats_plain_ways(finder: PlaceFinder, name: str) -> None:
    rows = labelled(CORPUS / f"{name}.jsonl", finder)
    figures = quality(rows, [finder.find(one.reading, kind=one.kind) for one in rows])
    floors = dict(FLOORS[name])
    assert figures.get("false place", 0.0) <= floors.pop("false place", 1.0)
    assert {what: figures[what] >= mark for what, mark in floors.items()} == dict.fromkeys(floors, True)
    assert figures["province"] > max(baselines(rows, finder).values())


def test_inside_a_territory_is_told_with_few_errors(finder: PlaceFinder) -> None:
    rows = [one for name in FLOORS for one in labelled(CORPUS / f"{name}.jsonl", finder)]
    places = [finder.find(one.reading, kind=one.kind) for one in rows]
    for name, code in TERRITORIES.items():
        precision, recall, _ = in_territory(rows, places, code, finder)
        assert min(precision, recall) >= IN_TERRITORY, name


def test_it_is_fast_enough(finder: PlaceFinder) -> None:
    rate = speed(finder, labelled(CORPUS / "labels_full.jsonl", finder)[:200])
    assert rate >= LEAST_A_SECOND / 2  # half of the mark: other tests share the processor
