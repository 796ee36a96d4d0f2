"""Administrative units of every day, and what became of them: read from gazetteer/*.tsv.

A code means different things before and since 1 July 2025, so a unit is named in full by its era and code
("old:60" is the former Bình Thuận). Every change of name, type, parent or code is a new row with its own dates.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Literal, cast

from classifier.places.fold import name_key
from models.errors import DiembaoError

FOLDER = Path(__file__).parent / "gazetteer"
REFORM = date(2025, 7, 1)
"""Since this day there are no districts; codes of both sides of it are kept apart."""
Level = Literal["province", "district", "commune"]
Era = Literal["old", "new"]
ALWAYS = date.min
FOREVER = date.max


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit as it was from `since` to the day before `until`; `index` is its row, `parent` its parent's row."""

    index: int
    code: str
    name: str
    type: str
    level: Level
    parent: int | None
    since: date
    until: date
    also: tuple[str, ...] = ()
    """Other spellings of the name."""

    @property
    def era(self) -> Era:
        return "new" if self.since >= REFORM else "old"

    @property
    def ref(self) -> str:
        return f"{self.era}:{self.code}"

    @property
    def full_name(self) -> str:
        return f"{self.type} {self.name}"

    def holds_on(self, day: date) -> bool:
        return self.since <= day < self.until


@dataclass(frozen=True, slots=True)
class Change:
    """On `day`, `to` took over `source` (rows of units), or a part of it."""

    day: date
    source: int
    to: int
    partly: bool


@dataclass(frozen=True, slots=True)
class Former:
    """A commune merged from 2019 to 2021 of which only the letters are known: small, without diacritics or spaces.

    `district` is a code of 2025, `to` the row of 30 June 2025 that took it over.
    """

    key: str
    type: str
    district: str
    to: int


class Gazetteer:
    """All units and changes. Frozen after loading; rows are addressed by index."""

    def __init__(self, units: list[Unit], changes: list[Change]) -> None:
        self.units = units
        self.former: tuple[Former, ...] = ()
        self.changes = changes
        self.after: dict[int, list[Change]] = defaultdict(list)
        self.before: dict[int, list[Change]] = defaultdict(list)
        for change in changes:
            self.after[change.source].append(change)
            self.before[change.to].append(change)
        self._today: dict[int, list[int]] = {}
        self.by_code: dict[str, list[Unit]] = defaultdict(list)
        self.children: dict[int, list[int]] = defaultdict(list)
        for unit in units:
            self.by_code[unit.code].append(unit)
            if unit.parent is not None:
                self.children[unit.parent].append(unit.index)

    @classmethod
    def load(cls, folder: Path | None = None, *, on: date | None = None) -> "Gazetteer":
        """The tables as they stand on a day (today): what is entered for later days is not there yet."""
        folder, day = folder or FOLDER, on or date.today()
        units = _read_units(folder / "units.tsv", day)
        found = cls(units, _read_changes(folder / "successions.tsv", units, day))
        found.former = tuple(_read_former(folder / "former.tsv", found))
        return found

    @cached_property
    def by_name(self) -> dict[str, list[Unit]]:
        """Folded name without the word for its type -> units of that name, of any day."""
        names: dict[str, list[Unit]] = defaultdict(list)
        for unit in self.units:
            names[name_key(unit.name)].append(unit)
        return names

    def province(self, index: int) -> Unit:
        unit = self.units[index]
        while unit.parent is not None:
            unit = self.units[unit.parent]
        return unit

    def lineage(self, index: int) -> list[Unit]:
        """The unit and what it lies in, finest first."""
        line = [self.units[index]]
        while line[-1].parent is not None:
            line.append(self.units[line[-1].parent])
        return line

    def long_name(self, index: int) -> str:
        return ", ".join(u.full_name for u in self.lineage(index))

    def today(self, index: int) -> list[int]:
        """Rows in force now that took over the unit, in order of code; itself where it still holds.

        A district has become the communes that took over its communes.
        """
        found = self._today.get(index)
        if found is None:
            found = self._today[index] = sorted(self._last(index, set()), key=lambda i: self.units[i].code)
        return found

    def before_reform(self, index: int) -> list[int]:
        """Rows of 30 June 2025 for a row of any day, in order of code: what it had become, or was made from."""
        if self.units[index].era == "new":
            return self.origins(index)
        return sorted(self._until(index, set()), key=lambda i: self.units[i].code)

    def _until(self, index: int, seen: set[int]) -> set[int]:
        if index in seen:
            return set()
        seen.add(index)
        if self.units[index].until >= REFORM:
            return {index}
        return set().union(*(self._until(c.to, seen) for c in self.after.get(index, ())))

    def _last(self, index: int, seen: set[int]) -> set[int]:
        if index in seen:
            return set()
        seen.add(index)
        if self.units[index].until == FOREVER:
            return {index}
        followers = {c.to for c in self.after.get(index, ())}
        if not followers:
            followers = set(self.children.get(index, ()))
        return set().union(*(self._last(i, seen) for i in followers)) if followers else set()

    def origins(self, index: int) -> list[int]:
        """Rows of the old era (as on 30 June 2025) from which a row of the new era was made, by code."""
        found: set[int] = set()
        waiting = [index]
        seen: set[int] = set()
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            if self.units[at].era == "old":
                found.add(at)
            else:
                waiting.extend(c.source for c in self.before.get(at, ()))
        return sorted(found, key=lambda i: self.units[i].code)


def _rows(path: Path, columns: int) -> list[list[str]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()[1:]
    except OSError as error:
        raise DiembaoError(f"gazetteer {path}: {error.strerror}") from error
    rows = [line.split("\t") for line in lines if line]
    for number, row in enumerate(rows, start=2):
        if len(row) != columns:
            raise DiembaoError(f"gazetteer {path}, line {number}: {len(row)} columns, not {columns}")
    return rows


def _read_former(path: Path, gazetteer: Gazetteer) -> Iterator[Former]:
    """None where a folder has no such table: a reform that is tried out needs only units and successions."""
    if not path.exists():
        return
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    for line in lines[1:]:
        key, kind, district, to = line.split("\t")
        for unit in gazetteer.by_code[to]:
            if unit.until == REFORM:
                yield Former(key, kind, district, unit.index)


def _day(text: str, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise


def _read_units(path: Path, today: date) -> list[Unit]:
    rows = [row for row in _rows(path, 8) if _day(row[5], ALWAYS) <= today]
    days = {text: _day(text, ALWAYS) for text in {row[5] for row in rows}}
    ends = {text: end if (end := _day(text, FOREVER)) <= today else FOREVER for text in {row[6] for row in rows}}
    places: dict[str, list[tuple[date, date, int]]] = defaultdict(list)
    for index, row in enumerate(rows):
        places[row[0]].append((days[row[5]], ends[row[6]], index))
    units = []
    for index, (code, name, kind, level, parent, since, until, also) in enumerate(rows):
        start, end = days[since], ends[until]
        above = _version(places[parent], end) if parent else None
        if parent and above is None:
            raise DiembaoError(f"gazetteer {path}: unit {code} lies in {parent}, which does not hold then")
        spellings = tuple(also.split(",")) if also else ()
        units.append(Unit(index, code, name, kind, cast(Level, level), above, start, end, spellings))
    return units


def _version(versions: list[tuple[date, date, int]], end: date) -> int | None:
    """The version of a parent that is in force when a row below it ends; the first of all where none is."""
    held = [i for since, until, i in versions if since < end <= until]
    return held[0] if held else min((s, i) for s, _, i in versions)[1] if versions and end < REFORM else None


def _read_changes(path: Path, units: list[Unit], today: date) -> list[Change]:
    ending: dict[tuple[str, date], int] = {}
    starting: dict[tuple[str, date], int] = {}
    holding: dict[str, list[Unit]] = defaultdict(list)
    for unit in units:
        ending[unit.code, unit.until] = unit.index
        starting[unit.code, unit.since] = unit.index
        holding[unit.code].append(unit)
    changes = []
    for day_text, source, to, partly in _rows(path, 4):
        day = date.fromisoformat(day_text)
        if day > today:
            continue
        old = ending.get((source, day), -1)
        new = starting.get((to, day), -1)
        if old < 0:
            raise DiembaoError(f"gazetteer {path}: no unit {source} ends on {day_text}")
        if new < 0:
            new = next((u.index for u in holding[to] if u.holds_on(day)), -1)
        if new < 0:
            raise DiembaoError(f"gazetteer {path}: no unit {to} holds on {day_text}")
        changes.append(Change(day, old, new, partly == "1"))
    return changes
