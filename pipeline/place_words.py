"""Codes of a place -> what staff call it: today's name, and the old one that people still think in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Protocol

from classifier.places.gazetteer import FOREVER, Gazetteer, Unit
from classifier.places.territory import Territory, parse
from models import records
from models.errors import DiembaoError
from models.fold import fold

SHORT = {
    "phường": "P.",
    "quận": "Q.",
    "huyện": "H.",
    "thị xã": "TX.",
    "thị trấn": "TT.",
    "thành phố": "TP.",
    "đặc khu": "đặc khu",
}
"""Provinces go by their bare name; a commune's type is said except for xã, which is written out."""
FEW = 2


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """`new` is the place of today, empty when unknown; `old` the former name, empty when it says nothing more."""

    new: str = ""
    old: str = ""

    def __str__(self) -> str:
        if self.new and self.old:
            return f"{self.new} (trước: {self.old})"
        return self.new or self.old


class Located(Protocol):
    """What a stored place knows of itself: codes of both eras."""

    @property
    def old_codes(self) -> list[Any]: ...
    @property
    def new_codes(self) -> list[Any]: ...
    @property
    def old_province(self) -> str | None: ...
    @property
    def new_province(self) -> str | None: ...


@cache
def gazetteer() -> Gazetteer:
    return Gazetteer.load()


def place_words(place: Located | None) -> PlaceWords:
    if place is None:
        return PlaceWords()
    now = _units("new", place.new_codes) or _units("new", filter(None, [place.new_province]))
    was = _units("old", place.old_codes) or _units("old", filter(None, [place.old_province]))
    if not was and len(now) == 1 and now[0].level == "commune":
        was = [gazetteer().units[index] for index in gazetteer().origins(now[0].index)]
    new = _new_words(now)
    return PlaceWords(new, _old_words(was, {_province(unit) for unit in now}))


def unit_name(code: str) -> str:
    """The name of a unit by code or reference (`new:68`, `old:60`); the code where the gazetteer does not know it."""
    unit = _meant(code)
    if unit is None:
        return code
    return _chain(unit) if unit.era == "new" else f"{_chain(unit)} (cũ)"


def is_unit(code: str) -> bool:
    """Whether it names a unit of today or of 30 June 2025, as territories do."""
    return _meant(code) is not None


def _meant(code: str) -> Unit | None:
    try:
        return parse(code, gazetteer())
    except DiembaoError:
        return None


@cache
def province_names() -> dict[str, str]:
    """Code -> name of the provinces of today."""
    return {
        unit.code: unit.name
        for unit in gazetteer().units
        if unit.level == "province" and unit.era == "new" and unit.until == FOREVER
    }


@cache
def communes_of(province: str) -> tuple[str, ...]:
    """References of the communes of a province of today, by name."""
    units = gazetteer().units
    rows = [unit for unit in units if unit.level == "commune" and unit.until == FOREVER]
    inside = [unit for unit in rows if _province_code(unit) == province]
    return tuple(unit.ref for unit in sorted(inside, key=lambda unit: fold(unit.name)))


def _province_code(unit: Unit) -> str:
    return gazetteer().province(unit.index).code


def covers(territory: Iterable[str], place: Located | None) -> bool | None:
    """Whether the place lies in one of the units: None where it cannot be told (no place, or candidates in and out).

    Units are named as everywhere (`old:60`, `new:68`, bare); one that does not exist raises DiembaoError.
    """
    units = tuple(territory)
    if not units:
        return True
    if place is None or not (place.new_codes or place.old_codes or place.new_province):
        return None
    return _holds(
        units,
        "old" if getattr(place, "era", "new") == "old" else "new",
        tuple(map(str, place.old_codes or filter(None, [place.old_province]))),
        tuple(map(str, place.new_codes or filter(None, [place.new_province]))),
    )


@cache
def _area(units: tuple[str, ...]) -> Territory:
    return Territory.of(units, gazetteer())


@lru_cache(maxsize=20_000)
def _holds(units: tuple[str, ...], era: str, old: tuple[str, ...], new: tuple[str, ...]) -> bool | None:
    """A place whose codes no gazetteer knows (any more) cannot be told."""
    area = _area(units)
    known_old = tuple(code for code in old if _unit("old", code) is not None)
    known_new = tuple(code for code in new if _unit("new", code) is not None)
    place = records.Place(None, None, None, era, known_old, known_new, None, None, "", 1.0)
    return {"yes": True, "no": False, "possible": None, None: None}[area.holds(place)]


def _unit(era: str, code: str) -> Unit | None:
    """The unit of that code in its era; of several rows (a rename), the last one in force."""
    rows = [unit for unit in gazetteer().by_code.get(code, ()) if unit.era == era]
    if era == "new":
        rows = [unit for unit in rows if unit.until == FOREVER] or rows
    return max(rows, key=lambda unit: unit.until, default=None)


def _short(unit: Unit) -> str:
    if unit.level == "province":
        return unit.name
    return f"{SHORT.get(unit.type, unit.type)} {unit.name}"


def _chain(unit: Unit) -> str:
    return ", ".join(_short(above) for above in gazetteer().lineage(unit.index))


def _units(era: str, codes: Iterable[str]) -> list[Unit]:
    return [unit for unit in (_unit(era, str(code)) for code in codes) if unit is not None]


def _province(unit: Unit) -> str:
    return gazetteer().province(unit.index).name


def _new_words(units: Sequence[Unit]) -> str:
    """The place with its province; of several candidates only what they share is claimed."""
    if len(units) == 1:
        return _chain(units[0])
    provinces = sorted({_province(unit) for unit in units})
    if not units or len(provinces) > FEW:
        return "" if not units else "chưa rõ tỉnh"
    where = " hoặc ".join(provinces)
    if len(units) <= FEW and len(provinces) == 1:
        return f"{' hoặc '.join(_short(unit) for unit in units)}, {where}"
    return where


def _old_words(units: Sequence[Unit], now: set[str]) -> str:
    """The former district (with the commune, if there is one candidate), and the former province where it went."""
    provinces = {_province(unit) for unit in units}
    if not units or len(provinces) > 1:
        return ""
    parts: list[str] = []
    if len(units) == 1 and units[0].level == "commune":
        parts.append(_short(units[0]))
    districts = {
        _short(above) for unit in units for above in gazetteer().lineage(unit.index) if above.level == "district"
    }
    if len(districts) <= FEW:
        parts += [" và ".join(sorted(districts))] if districts else []
    if provinces != now:
        parts.append(provinces.pop())
    return ", ".join(parts)
