"""How finely an article tells the incident's place: the commune and district among all that it names."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from classifier.places.chains import COMMUNE, DISTRICT, PROVINCE, Chain
from classifier.places.gazetteer import Gazetteer
from classifier.places.lexicon import unit_key


@dataclass(slots=True)
class Option:
    """One commune, or one district as the finest that is stated; `speaker` is its fullest address."""

    level: int
    key: str
    chains: list[Chain] = field(default_factory=list)
    district: str | None = None
    features: dict[str, float] = field(default_factory=dict)
    score: float = 0.0

    @property
    def speaker(self) -> Chain:
        return max(self.chains, key=lambda chain: (bool(chain.rows), len(chain.levels), -chain.start))


@dataclass(frozen=True, slots=True)
class Fine:
    """The addresses that name the commune and district of the incident's place, None where none is stated."""

    commune: Chain | None = None
    district: Chain | None = None
    share: float = 1.0
    """Share of belief in this commune or district among those of the province."""


def options(chains: Sequence[Chain], gazetteer: Gazetteer) -> list[Option]:
    """What may be the finest place among the addresses of one province, with features."""
    found: dict[tuple[int, str], Option] = {}
    districts: dict[str, list[Chain]] = defaultdict(list)
    for chain in chains:
        level = chain.levels[0]
        key = chain.key(level)
        if level < PROVINCE and key is not None:
            found.setdefault((level, key), Option(level, key)).chains.append(chain)
        district = chain.key(DISTRICT)
        if district is not None:
            districts[district].append(chain)
    for one in found.values():
        one.district = _district(one, districts, gazetteer) if one.level == COMMUNE else one.key
        _measure(one, districts)
    return list(found.values())


def _district(one: Option, districts: Mapping[str, list[Chain]], gazetteer: Gazetteer) -> str | None:
    """The district that an address of the commune names, else one named elsewhere in which the commune lies."""
    stated = [key for chain in one.chains if (key := chain.key(DISTRICT)) is not None]
    if stated:
        return max(set(stated), key=lambda key: (stated.count(key), key))
    for row in {row for chain in one.chains for row in chain.rows}:
        parent = gazetteer.units[row].parent
        if parent is not None and gazetteer.units[parent].level == "district":
            key = unit_key(gazetteer.units[parent])
            if key in districts:
                return key
    return None


PRIOR = {
    "at": 1.2, "happened": 1.2, "comma": 1.0, "plain": 1.0, "bracket": 0.9, "school": 1.0, "authority": 0.9,
    "police": 0.8, "home": 0.7, "dateline": 0.5, "to": 0.5, "from": 0.3, "origin": 0.2, "comparison": 0.2,
    "court": 0.15, "high court": 0.05, "comment": 0.1, "hospital": 0.1, "thing": 0.1,
    "title": 1.5, "sapo": 1.5, "head": 1.3, "text": 1.0, "tail": 0.5,
}  # fmt: skip
"""How much a part or a position speaks for a place before anything is learned."""


def _prior(chains: Sequence[Chain]) -> float:
    return sum(PRIOR[c.role] * PRIOR[c.place] * c.weight * (1.3 if c.near else 1.0) for c in chains)


def _measure(one: Option, districts: Mapping[str, list[Chain]]) -> None:
    counts: dict[str, float] = defaultdict(float)
    for chain in one.chains:
        counts[f"as {chain.role}"] += 1
        counts[f"in {chain.place}"] += 1
        if chain.near:
            counts["near"] += 1
        if len(chain.levels) > 1:
            counts["address"] += 1
    around = districts.get(one.district or "", ())
    for chain in around:
        if one.level == COMMUNE and chain.levels[0] == DISTRICT:
            counts["district"] += 1
        elif one.level == DISTRICT and chain.levels[0] == COMMUNE:
            counts["below"] += 1
    kind = "commune" if one.level == COMMUNE else "district"
    one.features = {f"fine {name}": math.log1p(count) for name, count in counts.items()}
    one.features[f"fine is {kind}"] = 1.0
    one.features["fine votes"] = math.log1p(_prior(one.chains))
    one.features["fine votes around"] = math.log1p(_prior(around))
    if not any(chain.rows for chain in one.chains):
        one.features["fine unknown"] = 1.0


def finest(chains: Sequence[Chain], gazetteer: Gazetteer, weights: Mapping[str, float]) -> Fine:
    found = options(chains, gazetteer)
    for one in found:
        one.score = sum(weights.get(name, 0.0) * value for name, value in one.features.items())
    best = max(found, key=lambda one: one.score, default=None)
    if best is None:
        return Fine()
    share = 1 / sum(math.exp(one.score - best.score) for one in found)
    if best.level == DISTRICT:
        return Fine(None, best.speaker, share)
    within = [chain for chain in chains if best.district is not None and chain.key(DISTRICT) == best.district]
    return Fine(best.speaker, within[0] if within else None, share)
