"""What a team may set about learning: `learning.toml`, the shipped one and single lines of the team's own over it."""

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from classifier.recipes import RELEASED_RECIPE
from models.errors import DiembaoError

SHIPPED = Path(__file__).with_name("learning.toml")
FILE = "learning.toml"


class LearningSettingsError(DiembaoError):
    """The file cannot be read, or has a key that is unknown or of another type; the message names it."""


@dataclass(frozen=True, slots=True)
class Floors:
    """What a model must reach on held-back weeks before anybody can promote it."""

    relevant: int
    recall_of_flag: float
    average_precision: float
    calibration_error: float
    worse_by: float


@dataclass(frozen=True, slots=True)
class LearningSettings:
    recipe: str
    corpus: str
    held_weeks: int
    budget: int
    second_share: float
    queue_a_day: int
    queue_random: float
    unlabelled: int
    processes: int
    floors: Floors

    @property
    def recipe_path(self) -> Path:
        return Path(self.recipe) if self.recipe else RELEASED_RECIPE

    @property
    def corpus_path(self) -> Path | None:
        return Path(self.corpus) if self.corpus else None


def read_learning(data_dir: Path) -> LearningSettings:
    """Raises LearningSettingsError naming file and key."""
    raw = _load(SHIPPED)
    own = data_dir / FILE
    if own.exists():
        for key, value in _load(own).items():
            if key == "floors" and isinstance(value, dict):
                raw["floors"] = {**raw["floors"], **value}
            else:
                raw[key] = value
    floors = _checked(Floors, raw.pop("floors"), own)
    return LearningSettings(**_checked_values(LearningSettings, raw, own, without="floors"), floors=floors)


def _load(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise LearningSettingsError(f"{path.name}: {error}") from error


def _checked(kind: type[Floors], raw: Any, path: Path) -> Floors:
    if not isinstance(raw, dict):
        raise LearningSettingsError(f"{path.name}: «floors» phải là một mục [floors]")
    return kind(**_checked_values(kind, raw, path))


def _checked_values(kind: type[Any], raw: dict[str, Any], path: Path, without: str = "") -> dict[str, Any]:
    known = {field.name: field.type for field in fields(kind) if field.name != without}
    for key in raw:
        if key not in known:
            raise LearningSettingsError(f"{path.name}: không có mục «{key}» (có: {', '.join(sorted(known))})")
    return {key: _value(key, raw[key], known[key], path) for key in known}


def _value(key: str, value: Any, wanted: Any, path: Path) -> Any:
    if wanted is str and isinstance(value, str):
        return value
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if wanted is int and number and value == int(value) and value >= 0:
        return int(value)
    if wanted is float and number and 0 <= value <= 1:
        return float(value)
    raise LearningSettingsError(f"{path.name}: «{key}» có giá trị không dùng được: {value!r}")
