"""Which of the places that an article names is the incident's: every address votes for the units it fits."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from classifier.places.chains import COMMUNE, DISTRICT, PROVINCE, Chain
from classifier.places.fold import name_key
from classifier.places.gazetteer import REFORM, Era, Gazetteer

ABROAD = -1
"""The row that stands for every place outside Viet Nam."""
ZONES = ("title", "sapo", "head", "text", "tail")


@dataclass(slots=True)
class Candidate:
    """One province in question (its row), the addresses that fit it, and their votes."""

    node: int
    chains: list[Chain] = field(default_factory=list)
    features: dict[str, float] = field(default_factory=dict)
    score: float = 0.0
    share: float = 0.0


def article_era(chains: Sequence[Chain], gazetteer: Gazetteer) -> Era:
    """The era of an undated article by its units: districts belong to the old, commune with province to the new."""
    balance = 0
    for chain in chains:
        if chain.former:
            continue
        if chain.at(DISTRICT) is not None and chain.mentions[0].typed:
            balance -= 1
        elif COMMUNE in chain.levels and PROVINCE in chain.levels and DISTRICT not in chain.levels:
            said = chain.key(PROVINCE)
            new = any(gazetteer.units[row].era == "new" for row in chain.rows)
            old = [row for row in chain.rows if gazetteer.units[row].era == "old"]
            own = any(name_key(gazetteer.province(row).name) == said for row in old)
            balance += 2 * (new and not own)
    return "new" if balance > 0 else "old"


class Provinces:
    """Province rows by which places of one era are told: those of 30 June 2025, or today's."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        self._old: dict[int, frozenset[int]] = {}
        self._new: dict[int, frozenset[int]] = {}
        for unit in gazetteer.units:
            if unit.level == "province":
                self._new[unit.index] = frozenset(gazetteer.today(unit.index))
                self._old[unit.index] = self._before(unit.index)
        self._of = [gazetteer.province(u.index).index for u in gazetteer.units]
        self._origin: dict[int, frozenset[int]] = {}

    def _before(self, row: int) -> frozenset[int]:
        """A province as of 30 June 2025; a merged one counts as the old one of its own name."""
        units = self.gazetteer.units
        if units[row].era == "new":
            same = [i for i in self.gazetteer.origins(row) if units[i].code == units[row].code]
            return frozenset(same or self.gazetteer.origins(row))
        while units[row].until < REFORM:
            row = self.gazetteer.after[row][0].to
        return frozenset({row})

    def of(self, row: int, era: Era) -> frozenset[int]:
        """Provinces of an era in which a unit of any era lies."""
        units = self.gazetteer.units
        province = self._of[row]
        if era == "new":
            return self._new[province]
        if units[row].era == "new" and units[row].level != "province":
            if row not in self._origin:
                origins = self.gazetteer.origins(row)
                self._origin[row] = frozenset(p for i in origins for p in self._old[self._of[i]])
            return self._origin[row]
        return self._old[province]

    def nodes(self, chain: Chain, era: Era) -> frozenset[int]:
        """Provinces that an address may lie in; empty where the gazetteer knows none of its names."""
        rows = self.in_era(chain.rows or chain.above, era)
        found = frozenset(p for row in rows for p in self.of(row, era))
        if chain.levels[-1] == PROVINCE and len(chain.levels) > 1:
            name = chain.mentions[-1].name
            said = frozenset(p for row in (name.provinces if name else ()) for p in self.of(row, era))
            return found & said or said
        return found

    def in_era(self, rows: Sequence[int], era: Era) -> Sequence[int]:
        """The rows of an era where there are any, else all."""
        units = self.gazetteer.units
        return [row for row in rows if units[row].era == era] or rows


def candidates(chains: Iterable[Chain], provinces: Provinces, era: Era) -> list[Candidate]:
    """Provinces in question. An ambiguous address counts for those that another address names as well."""
    found: dict[int, Candidate] = {}
    unsure: list[Chain] = []
    for chain in chains:
        chain.nodes = frozenset({ABROAD}) if chain.abroad else provinces.nodes(chain, era)
        if len(chain.nodes) == 1:
            (node,) = chain.nodes
            found.setdefault(node, Candidate(node)).chains.append(chain)
        else:
            unsure.append(chain)
    for chain in unsure:
        fits = [one for one in chain.nodes if one in found] if chain.nodes else [one for one in found if one != ABROAD]
        if not fits and chain.mentions[0].typed and len(chain.nodes) <= 3:
            fits = sorted(chain.nodes)
        for one in fits:
            found.setdefault(one, Candidate(one)).chains.append(chain)
            chain.weight = 1 / len(fits)
    return list(found.values())


def measure(found: Sequence[Candidate]) -> None:
    """Fill the features of all candidates: how often, where and in which part their addresses stand."""
    first = min((_order(chain) for one in found for chain in one.chains), default=None)
    for one in found:
        counts: dict[str, float] = defaultdict(float)
        for chain in one.chains:
            counts[f"{chain.role}:{chain.place}"] += chain.weight
            counts[f"as {chain.role}"] += 1
            counts[f"in {chain.place}"] += 1
            if chain.near:
                counts["near"] += 1
                counts[f"near as {chain.role}"] += 1
                counts[f"near in {chain.place}"] += 1
            if chain.levels[0] < PROVINCE:
                counts["commune" if chain.levels[0] == COMMUNE else "district"] += 1
            if chain.levels[-1] == PROVINCE:
                counts["province"] += 1
        counts["abroad"] = one.node == ABROAD
        one.features = {name: math.log1p(count) for name, count in counts.items()}
        if min(map(_order, one.chains)) == first:
            one.features["first"] = 1.0


def _order(chain: Chain) -> tuple[int, int]:
    return ZONES.index(chain.place), chain.start


def shares(found: Sequence[Candidate], weights: Mapping[str, float], abroad: float = 0.0) -> None:
    """Give each candidate its score and share of belief; `abroad` is added to the score of foreign ones."""
    for one in found:
        one.score = sum(weights.get(name, 0.0) * value for name, value in one.features.items())
        one.score += abroad * (one.node == ABROAD)
    top = max((one.score for one in found), default=0.0)
    total = sum(math.exp(one.score - top) for one in found)
    for one in found:
        one.share = math.exp(one.score - top) / total
