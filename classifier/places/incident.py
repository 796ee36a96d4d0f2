"""Which of the places that an article names is the incident's: every address votes for the units it fits."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from classifier.places.chains import Chain
from classifier.places.gazetteer import REFORM, Era, Gazetteer
from classifier.places.lexicon import unit_key

COMMUNE, DISTRICT, PROVINCE = 0, 1, 2
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
            eras = {gazetteer.units[row].era for row in chain.rows}
            balance += eras == {"new"}
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
        chain.nodes = provinces.nodes(chain, era)
        if len(chain.nodes) == 1:
            (node,) = chain.nodes
            found.setdefault(node, Candidate(node)).chains.append(chain)
        else:
            unsure.append(chain)
    for chain in unsure:
        fits = [node for node in chain.nodes if node in found] if chain.nodes else list(found)
        if not fits and chain.mentions[0].typed and len(chain.nodes) <= 3:  # noqa: PLR2004 (more is a guess)
            fits = sorted(chain.nodes)
            for node in fits:
                found.setdefault(node, Candidate(node))
        for node in fits:
            found[node].chains.append(chain)
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
        one.features = {name: math.log1p(count) for name, count in counts.items()}
        if min(map(_order, one.chains)) == first:
            one.features["first"] = 1.0


def _order(chain: Chain) -> tuple[int, int]:
    return ZONES.index(chain.place), chain.start


def shares(found: Sequence[Candidate], weights: Mapping[str, float]) -> None:
    """Give each candidate its score and the share of belief that the scores make."""
    for one in found:
        one.score = sum(weights.get(name, 0.0) * value for name, value in one.features.items())
    top = max((one.score for one in found), default=0.0)
    total = sum(math.exp(one.score - top) for one in found)
    for one in found:
        one.share = math.exp(one.score - top) / total


FINE_ROLE = {
    "at": 1.2, "happened": 1.2, "comma": 1.0, "plain": 1.0, "bracket": 0.9, "school": 1.0, "authority": 0.9,
    "police": 0.8, "home": 0.7, "dateline": 0.5, "move": 0.4, "comparison": 0.2, "hospital": 0.1, "court": 0.15,
    "thing": 0.1,
}  # fmt: skip
FINE_ZONE = {"title": 1.5, "sapo": 1.5, "head": 1.3, "text": 1.0, "tail": 0.5}


@dataclass(slots=True)
class Fine:
    """The finest addresses of one province: the chain that names each level, None where none is stated."""

    commune: Chain | None = None
    district: Chain | None = None
    province: Chain | None = None


def finest(candidate: Candidate, gazetteer: Gazetteer) -> Fine:
    votes: list[dict[str, float]] = [defaultdict(float), defaultdict(float)]
    speakers: list[dict[str, Chain]] = [{}, {}]
    within: dict[str, set[str]] = defaultdict(set)
    province = None
    for chain in candidate.chains:
        weight = chain.weight * FINE_ROLE[chain.role] * FINE_ZONE[chain.place] * (1.3 if chain.near else 1.0)
        for level in (COMMUNE, DISTRICT):
            key = chain.key(level)
            if key is not None:
                votes[level][key] += weight
                best = speakers[level].get(key)
                if best is None or len(chain.levels) > len(best.levels):
                    speakers[level][key] = chain
        commune, district = chain.key(COMMUNE), chain.key(DISTRICT)
        if commune is not None and district is not None:
            within[commune].add(district)
        if chain.levels[-1] == PROVINCE and province is None:
            province = chain
    result = Fine(province=province)
    if votes[COMMUNE]:
        paths = {c: _path(c, votes, speakers, within, gazetteer) for c in votes[COMMUNE]}
        key = max(paths, key=lambda c: paths[c][0])
        if votes[COMMUNE][key] >= LEAST_COMMUNE:
            result.commune = speakers[COMMUNE][key]
            district = paths[key][1]
            result.district = speakers[DISTRICT].get(district) if district else None
            return result
    if votes[DISTRICT]:
        key = max(votes[DISTRICT], key=lambda d: votes[DISTRICT][d])
        if votes[DISTRICT][key] >= LEAST_DISTRICT:
            result.district = speakers[DISTRICT][key]
    return result


LEAST_COMMUNE = 0.3
LEAST_DISTRICT = 0.2
SUPPORT = 0.3
"""What a vote for the district adds to its communes."""


def _path(
    commune: str,
    votes: list[dict[str, float]],
    speakers: list[dict[str, Chain]],
    within: Mapping[str, set[str]],
    gazetteer: Gazetteer,
) -> tuple[float, str | None]:
    """Votes for a commune with its district's share, and that district's key."""
    districts = set(within.get(commune, ()))
    if not districts:
        for row in speakers[COMMUNE][commune].rows:
            parent = gazetteer.units[row].parent
            if parent is not None and gazetteer.units[parent].level == "district":
                districts.add(unit_key(gazetteer.units[parent]))
        districts &= votes[DISTRICT].keys()
    best = max(districts, key=lambda d: votes[DISTRICT][d], default=None)
    return votes[COMMUNE][commune] + SUPPORT * (votes[DISTRICT][best] if best else 0.0), best
