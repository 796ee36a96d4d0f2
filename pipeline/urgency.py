"""Which story comes first, and why: a readable table of lines, each with its points."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from models import records
from models.errors import DiembaoError
from pipeline.neutral import StoryFacts

SHIPPED = Path(__file__).with_name("urgency.toml")
CODES: Mapping[str, tuple[str, ...]] = {
    "kind": records.KINDS,
    "types": records.TYPES,
    "stage": records.STAGES,
    "age": records.AGES,
    "relation": records.RELATIONS,
    "setting": records.SETTINGS,
    "territory": ("yes", "no", "possible"),
}
NUMBERS = frozenset({"victims_min", "outlets_min", "newer_than_h"})


class UrgencyError(DiembaoError):
    """The table cannot be read; the message names the line and the key."""


@dataclass(frozen=True, slots=True)
class Line:
    """`conditions`: key → a tuple of codes, a whole number, or True; all must hold."""

    code: str
    words: str
    points: int
    grave: bool = False
    conditions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Urgency:
    """`lines` are those that applied, in the table's order; `grave` decides on alerts."""

    points: int
    grave: bool
    lines: tuple[Line, ...]

    @property
    def gravity(self) -> int:
        """Points of the grave lines alone: newness and number of papers do not make an event graver."""
        return sum(line.points for line in self.lines if line.grave)


@dataclass(frozen=True, slots=True)
class Situation:
    """A story at one moment. `territory` is yes, no, possible, or None where nobody can tell."""

    facts: StoryFacts
    territory: str | None
    first_seen: datetime
    now: datetime


def load_table(path: Path | None = None) -> tuple[Line, ...]:
    """The team's table, or the one that ships. Raises UrgencyError naming what is wrong."""
    chosen = path if path is not None and path.exists() else SHIPPED
    try:
        raw = tomllib.loads(chosen.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UrgencyError(f"{chosen.name}: {error}") from error
    lines = raw.get("line")
    if set(raw) != {"line"} or not isinstance(lines, list) or not lines:
        raise UrgencyError(f"{chosen.name}: cần ít nhất một [[line]] và không có mục nào khác")
    table = tuple(_line(chosen.name, number, item) for number, item in enumerate(lines, 1))
    codes = [line.code for line in table]
    for code in codes:
        if codes.count(code) > 1:
            raise UrgencyError(f"{chosen.name}: mã {code!r} có hai lần")
    return table


def _line(file: str, number: int, raw: Any) -> Line:
    where = f"{file}, dòng {number}"
    if not isinstance(raw, dict):
        raise UrgencyError(f"{where}: không phải một bảng")
    rest = dict(raw)
    try:
        code, words, points = str(rest.pop("code")), str(rest.pop("words")), rest.pop("points")
    except KeyError as error:
        raise UrgencyError(f"{where}: thiếu {error}") from error
    grave = rest.pop("grave", False)
    if not isinstance(points, int) or isinstance(points, bool) or not isinstance(grave, bool):
        raise UrgencyError(f"{where} ({code}): points là số nguyên, grave là true hoặc false")
    return Line(code, words, points, grave, {key: _condition(f"{where} ({code})", key, rest[key]) for key in rest})


def _condition(where: str, key: str, value: Any) -> Any:
    if key in CODES:
        if not isinstance(value, list) or not value or not set(value) <= set(CODES[key]):
            raise UrgencyError(f"{where}: {key} là danh sách mã trong {', '.join(CODES[key])}")
        return tuple(value)
    if key in NUMBERS:
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise UrgencyError(f"{where}: {key} là số nguyên không âm")
        return value
    if key == "danger_now" and value is True:
        return value
    raise UrgencyError(f"{where}: không có điều kiện {key} = {value!r}")


def rate(situation: Situation, table: tuple[Line, ...]) -> Urgency:
    applied = tuple(line for line in table if all(_holds(situation, *item) for item in line.conditions.items()))
    return Urgency(sum(line.points for line in applied), any(line.grave for line in applied), applied)


def _holds(situation: Situation, key: str, wanted: Any) -> bool:
    facts = situation.facts
    if key == "types":
        return bool(set(facts.types) & set(wanted))
    if key in {"victims_min", "outlets_min"}:
        found = facts.victims if key == "victims_min" else len(facts.outlets)
        return found is not None and found >= int(wanted)
    if key == "newer_than_h":
        return situation.now - situation.first_seen < timedelta(hours=wanted)
    if key == "danger_now":
        return facts.danger_now is True
    value = situation.territory if key == "territory" else getattr(facts, key)
    return value in tuple(wanted)
