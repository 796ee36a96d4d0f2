"""The pinned floors: data, read and written by `python -m tests.quality`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

FLOORS = Path(__file__).parent / "floors.toml"
AT_LEAST = "at least"
AT_MOST = "at most"
WATCHED: dict[str, dict[str, str]] = {
    "feed": {
        "average precision": AT_LEAST,
        "recall at 8 a day": AT_LEAST,
        "recall at 20 a day": AT_LEAST,
        "irrelevant passed at recall 0.98": AT_MOST,
        "calibration error over the top 20 a day": AT_MOST,
        "recall of the flag over the stream": AT_LEAST,
        "flagged a day": AT_MOST,
        "types macro-F1": AT_LEAST,
        "kind accuracy": AT_LEAST,
    },
    "full": {
        "area under ROC": AT_LEAST,
        "irrelevant passed at recall 0.98": AT_MOST,
        "types macro-F1": AT_LEAST,
        "kind accuracy": AT_LEAST,
        "setting accuracy where known": AT_LEAST,
        "age accuracy where known": AT_LEAST,
        "sex accuracy where known": AT_LEAST,
    },
    "facts": {
        "stage accuracy where known": AT_LEAST,
        "relation accuracy where known": AT_LEAST,
        "number of victims right": AT_LEAST,
        "danger now true: said so": AT_LEAST,
        "danger now false: said so": AT_LEAST,
        "evidence found in the first three spans": AT_LEAST,
        "exposure: quotes found": AT_LEAST,
        "exposure: spans right": AT_LEAST,
        "exposure: article right": AT_LEAST,
    },
}
SLACK = 0.005
"""A floor lies this much under (over) the figure of the run that pinned it: other processors round otherwise."""


@dataclass(frozen=True, slots=True)
class Floors:
    digest: str
    figures: dict[str, dict[str, tuple[str, float]]]
    lowered: tuple[str, ...]


def read_floors(path: Path) -> Floors:
    if not path.exists():
        return Floors("", {}, ())
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    groups = {
        group: {name: (sense, float(raw[group][name])) for name, sense in names.items() if name in raw.get(group, {})}
        for group, names in WATCHED.items()
    }
    return Floors(raw["data"], groups, tuple(raw.get("lowered", ())))


def bounds(floors: Floors, found: dict[str, dict[str, float]], why: str) -> dict[str, dict[str, float]]:
    """New bounds; without a reason no bound may become weaker than it was."""
    made: dict[str, dict[str, float]] = {}
    for group, names in WATCHED.items():
        made[group] = {}
        for name, sense in names.items():
            slack = 0.5 if name == "flagged a day" else SLACK
            new = found[group][name] + (slack if sense == AT_MOST else -slack)
            old = floors.figures.get(group, {}).get(name)
            if old is not None and not why:
                new = min(new, old[1]) if sense == AT_MOST else max(new, old[1])
            made[group][name] = round(new, 4)
    return made


def write_floors(path: Path, floors: Floors, found: dict[str, dict[str, float]], digest: str, why: str) -> None:
    lines = ["# Written by `python -m tests.quality --pin`; a floor goes down only with --lower and a reason.", ""]
    lines.append(f'data = "{digest}"')
    reasons = [*floors.lowered, *([why] if why else [])]
    lines.append("lowered = [" + ", ".join(f'"{reason}"' for reason in reasons) + "]")
    for group, names in bounds(floors, found, why).items():
        lines.extend(("", f"[{group}]", *(f'"{name}" = {value}' for name, value in names.items())))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
