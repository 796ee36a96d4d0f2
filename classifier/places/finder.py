"""The incident's place of an article: the one entry to this package for the rest of the house."""

import re
from collections import Counter
from pathlib import Path

import ahocorasick

from classifier.places.fold import composed, fold, name_key
from classifier.places.gazetteer import REFORM, Gazetteer, Unit
from models.records import Place, Reading

PLACELESS = frozenset({"chinh_sach", "nuoc_ngoai"})
"""Kinds of article that tell no incident in Viet Nam."""
ALIASES = {"tphcm": "79", "tp hcm": "79", "sài gòn": "79", "hcm": "79", "tp hồ chí minh": "79", "thừa thiên huế": "46"}
ROUND = re.compile(r"(tand|tòa án|viện kiểm sát|vksnd|bệnh viện|quê|trú|ngụ|thường trú)[\w\s]{0,30}$")


class PlaceFinder:
    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        names: dict[str, list[Unit]] = {}
        for unit in gazetteer.units:
            if unit.level == "province" or (unit.level == "district" and not unit.name[0].isdigit()):
                names.setdefault(name_key(unit.name), []).append(unit)
        for alias, code in ALIASES.items():
            names[alias] = [u for u in gazetteer.by_code[code] if u.level == "province"]
        self._automaton = ahocorasick.Automaton()
        for name, units in names.items():
            provinces = {gazetteer.province(u.index).code for u in units if u.era == "old"}
            if len(provinces) == 1:
                self._automaton.add_word(f" {name} ", (len(name), tuple(units)))
        self._automaton.make_automaton()

    @classmethod
    def load(cls, folder: Path | None = None) -> "PlaceFinder":
        return cls(Gazetteer.load(folder))

    def find(self, reading: Reading, *, kind: str | None = None) -> Place | None:
        if kind in PLACELESS:
            return None
        votes: Counter[int] = Counter()
        words: dict[int, str] = {}
        for text, weight in ((reading.title, 4), (reading.sapo, 3), (reading.text[:3000], 1)):
            original, _ = composed(text)
            spaced = f" {fold(original)} "
            for end, (length, units) in self._automaton.iter(spaced):
                start = end - length - 1
                if not original[start : start + 1].isupper():
                    continue
                province = next((u for u in units if u.level == "province"), None)
                row = (province or self.gazetteer.province(units[0].index)).index
                votes[row] += 1 if ROUND.search(spaced[max(0, start - 40) : start]) else 2 * weight
                words.setdefault(row, original[start : start + length])
        if not votes:
            return None
        row, count = votes.most_common(1)[0]
        return self._place(row, words[row], count / votes.total(), reading)

    def _place(self, row: int, words: str, share: float, reading: Reading) -> Place:
        unit = self.gazetteer.units[row]
        lately = reading.published is not None and reading.published.date() >= REFORM
        versions = [u for u in self.gazetteer.units if u.level == "province" and u.name == unit.name]
        chosen = next((u for u in versions if (u.era == "new") == lately), versions[0])
        now = [self.gazetteer.units[i] for i in self.gazetteer.today(chosen.index)]
        was = [self.gazetteer.units[i] for i in self.gazetteer.origins(chosen.index)]
        return Place(
            commune=None,
            district=None,
            province=chosen.name,
            era=chosen.era,
            old_codes=tuple(u.code for u in was),
            new_codes=tuple(u.code for u in now),
            old_province=was[0].code if len(was) == 1 else None,
            new_province=now[0].code if len(now) == 1 else None,
            words=words,
            confidence=share,
        )
