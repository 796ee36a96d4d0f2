"""What people search for, from what they typed: places by name or code, of either era."""

import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache

from classifier.places.fold import bare_key
from classifier.places.gazetteer import FOREVER, REFORM, Gazetteer
from classifier.places.territory import Territory, parse
from models.errors import DiembaoError
from models.records import TYPES
from models.store.search import Area, Search
from models.tables import SavedSearch
from pipeline.place_choice import resolve
from pipeline.place_words import gazetteer

SHORT_CITY = re.compile(r"\btp\.? ?(?=\w)")


class PlaceAskedError(DiembaoError):
    """No unit of that name, or several; `offered` are the full names of those that may be meant."""

    def __init__(self, message: str, offered: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.offered = offered


def place_asked(words: str) -> str:
    """The unit meant by a name (old or new) or a code, as "new:…" or "old:…". Raises PlaceAskedError."""
    typed = words.strip()
    if typed.partition(":")[0] in ("old", "new") or typed.isdigit():
        try:
            unit = parse(typed, gazetteer())
        except DiembaoError as error:
            raise PlaceAskedError(str(error)) from error
        return f"{unit.era}:{unit.code}"
    ref = full_names().get(_key(typed)) or resolve(typed).ref
    if ref is not None:
        return ref
    offered = tuple(dict.fromkeys(unit_label(one.ref) for one in resolve(typed).offered))
    if offered:
        raise PlaceAskedError(f"Có nhiều nơi tên «{typed}». Bạn muốn tìm ở:", offered)
    raise PlaceAskedError(f"Không có xã, phường, quận, huyện hay tỉnh nào tên «{typed}», trước hay sau sắp xếp.")


@cache
def full_names() -> Mapping[str, str]:
    """Folded names with the unit's kind, alone where only one unit has it and with all above it, to the unit; where a
    former unit and one of today share the whole line, today's is meant."""
    units = gazetteer()
    alone, whole = defaultdict[str, set[str]](set), dict[str, str]()
    for unit in sorted(units.units, key=lambda unit: unit.until):
        if unit.until not in (REFORM, FOREVER):
            continue
        ref = f"{unit.era}:{unit.code}"
        above = " ".join(upper.name for upper in units.lineage(unit.index)[1:])
        whole[_key(f"{unit.full_name} {above}")] = ref
        whole[_key(units.long_name(unit.index))] = ref
        alone[_key(unit.full_name)].add(ref)
    single = {name: next(iter(refs)) for name, refs in alone.items() if len(refs) == 1}
    return single | whole


def _key(words: str) -> str:
    return SHORT_CITY.sub("thanh pho ", bare_key(words.replace(",", " ")))


@lru_cache(maxsize=512)
def area_of(ref: str) -> Area:
    """Codes of the unit, of all below it, and of the communes of the other era that it touches. Raises DiembaoError
    for a code that no unit has."""
    units = gazetteer()
    unit = parse(ref, units)
    if unit.level == "province":
        return Area(old_province=unit.code) if unit.era == "old" else Area(new_province=unit.code)
    touched = Territory.of((ref,), units).touched
    codes = {era: {units.units[row].code for row in touched[era]} for era in touched}
    codes[unit.era].add(unit.code)
    return Area(old=tuple(sorted(codes["old"])), new=tuple(sorted(codes["new"])))


def unit_label(ref: str, units: Gazetteer | None = None) -> str:
    """The unit's full name, to be shown and typed again."""
    gaz = units or gazetteer()
    return gaz.long_name(parse(ref, gaz).index)


def search_of(saved: SavedSearch) -> Search:
    """A saved search as it is asked now; in a place that is no more it finds nothing. Its place is kept as the code of
    a unit ("new:00160", "old:268"), its days in ISO form.
    """
    kept = saved.filters
    ref, kind = kept.get("place"), kept.get("type")
    try:
        area = area_of(ref) if ref else None
    except DiembaoError:
        area = Area()
    return Search(
        words=saved.words,
        outlet=kept.get("outlet"),
        place=area,
        type=kind if kind in TYPES else None,
        since=_day(kept.get("since")),
        until=_day(kept.get("until")),
        flagged=bool(kept.get("flagged")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
