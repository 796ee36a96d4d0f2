"""What a person types or picks -> the unit meant, as a place in both eras."""

from dataclasses import dataclass
from functools import cache

from classifier.places.fold import bare_key
from classifier.places.gazetteer import Gazetteer
from classifier.places.search import TYPES, PlaceSearch, Suggestion
from classifier.places.territory import parse
from models.records import Place
from pipeline.place_words import gazetteer

OFFERED = 12
SHORT = {
    "tp": "thanh pho",
    "tx": "thi xa",
    "tt": "thi tran",
    "p": "phuong",
    "q": "quan",
    "h": "huyen",
    "x": "xa",
}


@cache
def place_search() -> PlaceSearch:
    return PlaceSearch(gazetteer())


@dataclass(frozen=True, slots=True)
class Answer:
    """`place` where the words name one unit only; else what they may mean."""

    ref: str | None
    place: Place | None
    offered: tuple[Suggestion, ...]


def resolve(words: str) -> Answer:
    """One unit: the only one found, or the only one of today whose name is exactly what was typed."""
    offered = tuple(place_search().search(words, OFFERED))
    certain = _certain(_of_type(words, offered))
    return Answer(None, None, offered) if certain is None else Answer(certain.ref, place_of(certain.ref), offered)


def _of_type(words: str, offered: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
    """Who writes "phường" does not mean a district of that name."""
    said = TYPES.match(bare_key(words))
    if said is None:
        return offered
    kind = said[0].strip()
    kind = SHORT.get(kind, kind)
    return tuple(one for one in offered if bare_key(one.former or one.name).startswith(f"{kind} "))


def _certain(offered: tuple[Suggestion, ...]) -> Suggestion | None:
    """Several suggestions are one answer where they all mean the same unit of today."""
    if offered and len({one.new_codes for one in offered}) == 1:
        return offered[0]
    return None


def place_of(ref: str, units: Gazetteer | None = None) -> Place:
    """The unit ("new:00160", "old:60") with its codes in both eras. Raises DiembaoError for a code of no unit."""
    gaz = units or gazetteer()
    unit = parse(ref, gaz)
    line = {above.level: above for above in gaz.lineage(unit.index)}
    old, new = gaz.before_reform(unit.index), gaz.today(unit.index)
    old_provinces, new_provinces = ({gaz.province(row).code for row in rows} for rows in (old, new))
    return Place(
        commune=line["commune"].name if "commune" in line else None,
        district=line["district"].name if "district" in line else None,
        province=line["province"].name if "province" in line else None,
        era=unit.era,
        old_codes=tuple(gaz.units[row].code for row in old),
        new_codes=tuple(gaz.units[row].code for row in new),
        old_province=old_provinces.pop() if len(old_provinces) == 1 else None,
        new_province=new_provinces.pop() if len(new_provinces) == 1 else None,
        words="",
        confidence=1.0,
    )


@dataclass(frozen=True, slots=True)
class Codes:
    """Codes of a unit in both eras, in the form of a stored place."""

    old_codes: list[str]
    new_codes: list[str]
    old_province: str | None
    new_province: str | None


def codes_of(ref: str) -> Codes:
    """Raises DiembaoError for a code of no unit."""
    place = place_of(ref)
    return Codes(list(place.old_codes), list(place.new_codes), place.old_province, place.new_province)
