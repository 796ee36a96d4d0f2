"""Whose place it is: a deployment's units as sets of communes of both eras, and the test "is it there?".

Codes are written `old:60` (the former Bình Thuận) or `new:68` (today's Lâm Đồng): one figure means different units
before and since 1 July 2025. A bare code means the unit in force today, and the old unit where none of today has
it ("60", or any district): so `79` is today's Ho Chi Minh City with Bình Dương and Vũng Tàu, `old:79` the former one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from classifier.places.gazetteer import FOREVER, REFORM, Era, Gazetteer, Unit
from models.errors import DiembaoError
from models.records import Place

Answer = Literal["yes", "no", "possible"]


@dataclass(frozen=True, slots=True)
class Territory:
    """Communes (rows) of each era: those wholly inside, and those of which at least a part is."""

    units: tuple[int, ...]
    whole: dict[Era, frozenset[int]]
    touched: dict[Era, frozenset[int]]
    gazetteer: Gazetteer

    @classmethod
    def of(cls, codes: Iterable[str], gazetteer: Gazetteer) -> "Territory":
        """The territory of the units; a code that no unit has is an error."""
        units = tuple(dict.fromkeys(parse(code, gazetteer).index for code in codes))
        old, new, touched_old, touched_new = set[int](), set[int](), set[int](), set[int]()
        for row in units:
            if gazetteer.units[row].era == "old":
                inside = leaves(row, "old", gazetteer)
                old |= inside
                touched_new |= {i for leaf in inside for i in gazetteer.today(leaf)}
            else:
                inside = leaves(row, "new", gazetteer)
                new |= inside
                touched_old |= {i for leaf in inside for i in gazetteer.origins(leaf)}
        touched_old |= old
        touched_new |= new
        old |= {i for i in touched_old if set(gazetteer.today(i)) <= new}
        new |= {i for i in touched_new if set(gazetteer.origins(i)) <= old}
        return cls(
            units,
            {"old": frozenset(old), "new": frozenset(new)},
            {"old": frozenset(touched_old), "new": frozenset(touched_new)},
            gazetteer,
        )

    def holds(self, place: Place | None) -> Answer | None:
        """Whether the place lies inside; "possible" where only a part of its candidates does, None without place."""
        if place is None:
            return None
        era: Era = "new" if place.era == "new" else "old"
        for side in (era, _other(era)):
            codes = place.new_codes if side == "new" else place.old_codes
            units = [parse(f"{side}:{code}", self.gazetteer) for code in codes]
            rows = frozenset(leaf for unit in units for leaf in leaves(unit.index, side, self.gazetteer))
            if rows:
                return "yes" if rows <= self.whole[side] else "possible" if rows & self.touched[side] else "no"
        return None


def _other(era: Era) -> Era:
    return "old" if era == "new" else "new"


def parse(code: str, gazetteer: Gazetteer) -> Unit:
    """The unit in force that a code means: today's for `new:` and bare codes, that of 30 June 2025 for `old:`."""
    era, _, bare = code.strip().rpartition(":")
    if era not in {"", "old", "new"}:
        raise DiembaoError(f"Mã địa bàn {code!r}: chỉ dùng old:… hoặc new:…")
    versions = gazetteer.by_code.get(bare, [])
    today = [unit for unit in versions if unit.until == FOREVER]
    former = [unit for unit in versions if unit.until == REFORM]
    found = today if era == "new" else former if era == "old" else today or former
    if not found:
        raise DiembaoError(f"Mã địa bàn {code!r} không có trong danh mục đơn vị hành chính")
    return found[0]


def leaves(row: int, era: Era, gazetteer: Gazetteer) -> frozenset[int]:
    """The communes (or, for islands, the district without any) of a unit, as they are on the last day of its era."""
    unit = gazetteer.units[row]
    last = FOREVER if era == "new" else REFORM
    if unit.level == "commune":
        return frozenset({row})
    below = [i for i in gazetteer.children.get(row, ()) if gazetteer.units[i].until == last]
    below += [
        i
        for version in gazetteer.by_code[unit.code]
        if version.index != row and version.era == unit.era and version.level == unit.level
        for i in gazetteer.children.get(version.index, ())
        if gazetteer.units[i].until == last
    ]
    if not below:
        return frozenset({row})
    return frozenset(leaf for i in below for leaf in leaves(i, era, gazetteer))
