"""Type-ahead over all units, old and new, without diacritics: what the review UI asks at every key."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from classifier.places.fold import bare_key
from classifier.places.gazetteer import FOREVER, REFORM, Gazetteer

TYPES = re.compile(r"^(?:thanh pho|thi tran|thi xa|dac khu|phuong|quan|huyen|tinh|xa|tp|tx|tt|p|q|h|x) (?=\S)")
ORDER = {"province": 0, "commune": 1, "district": 2}
SCANNED = 400
"""Keys looked at for one answer: enough for every prefix of two letters to rank well."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One unit to choose: its reference ("old:29551"), today's name, and the old name behind it where it is one."""

    ref: str
    name: str
    former: str | None
    level: str
    new_codes: tuple[str, ...]

    @property
    def label(self) -> str:
        return f"{self.name} (cũ: {self.former})" if self.former else self.name


class PlaceSearch:
    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer
        keys: list[tuple[str, int]] = []
        for unit in gazetteer.units:
            if unit.until not in {FOREVER, REFORM}:
                continue
            above = " ".join(bare_key(upper.name) for upper in gazetteer.lineage(unit.index)[1:])
            keys += [(f"{bare_key(name)} {above}".strip(), unit.index) for name in (unit.name, *unit.also)]
        keys.sort()
        self._keys = [key for key, _ in keys]
        self._rows = [row for _, row in keys]

    def search(self, prefix: str, limit: int = 10) -> list[Suggestion]:
        """Units whose name (with what lies above it) begins with `prefix`, whole names and today's units first."""
        typed = bare_key(prefix)
        if not typed:
            return []
        asked = TYPES.sub("", typed)
        rows: list[int] = []
        for key in dict.fromkeys((asked, typed)):
            at = bisect_left(self._keys, key)
            while at < len(self._keys) and len(rows) < SCANNED and self._keys[at].startswith(key):
                rows.append(self._rows[at])
                at += 1
        units = self.gazetteer.units
        rows = sorted(
            dict.fromkeys(rows),
            key=lambda row: (bare_key(units[row].name) != asked, units[row].era == "old", ORDER[units[row].level], row),
        )
        return [self._suggestion(row) for row in rows[:limit]]

    def _suggestion(self, row: int) -> Suggestion:
        units, gazetteer = self.gazetteer.units, self.gazetteer
        today = gazetteer.today(row)
        codes = tuple(units[i].code for i in today)
        if today == [row]:
            return Suggestion(units[row].ref, gazetteer.long_name(row), None, units[row].level, codes)
        now = gazetteer.long_name(today[0]) if len(today) == 1 else _several(today, gazetteer)
        return Suggestion(units[row].ref, now, gazetteer.long_name(row), units[row].level, codes)


def _several(today: list[int], gazetteer: Gazetteer) -> str:
    first = gazetteer.units[today[0]]
    province = gazetteer.province(first.index).full_name
    return f"{len(today)} đơn vị cấp xã của {province} ({first.full_name}, …)"
