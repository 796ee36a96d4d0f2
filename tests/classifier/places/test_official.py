"""The gazetteer against the official tables, where they are at hand."""

from collections import defaultdict
from pathlib import Path

import pytest

from classifier.places import Gazetteer
from classifier.places.build import split_type
from classifier.places.fold import bare_key
from classifier.places.gazetteer import REFORM
from tests.classifier.places.conftest import SHARED

GEO = SHARED / "geo"
pytestmark = pytest.mark.skipif(not GEO.exists(), reason="the official tables (../shared/geo) are absent")
SECOND_CODES = {"27361": "Phường 2", "27379": "Phường 1"}
"""Wards of District 6 that the official table lists under the code of a ward merged into them on 1 January 2025."""


def rows(name: str) -> list[list[str]]:
    return [line.split("\t") for line in Path(GEO / name).read_text(encoding="utf-8").splitlines()[1:]]


def bare(name: str) -> str:
    return bare_key(name).replace(" ", "")


def test_every_official_unit_is_known_by_code_and_name(gazetteer: Gazetteer) -> None:
    wrong = []
    for code, era, level, full_name, _ in rows("units.tsv"):
        versions = [u for u in gazetteer.by_code.get(code, ()) if u.era == era and u.level == level]
        names = {bare(name) for unit in versions for name in (unit.name, *unit.also)}
        if bare(split_type(full_name)[1]) not in names and code not in SECOND_CODES:
            wrong.append((code, era, full_name))
    assert wrong == []


def test_every_code_in_force_around_the_reform_is_official(gazetteer: Gazetteer) -> None:
    official = {(era, code) for code, era, _, _, _ in rows("units.tsv")}
    mine = {(u.era, u.code) for u in gazetteer.units if u.until >= REFORM and (u.era == "new" or u.until == REFORM)}
    formed_in_2025 = {"03980", "03983", "03984", "26929", "26953", "27076", "27226", "27232", "27367", "27373"}
    assert {code for era, code in mine - official} <= formed_in_2025


def test_successions_are_the_official_ones(gazetteer: Gazetteer) -> None:
    official: dict[str, set[str]] = defaultdict(set)
    for level, old, new, _ in rows("successions.tsv"):
        if level == "commune":
            official[old].add(new)
    differ = []
    for unit in gazetteer.units:
        if unit.level == "commune" and unit.until == REFORM and unit.code in official:
            mine = {gazetteer.units[c.to].code for c in gazetteer.after[unit.index]}
            if mine != official[unit.code]:
                differ.append(unit.ref)
    assert differ == []
