"""Build gazetteer/units.tsv and gazetteer/successions.tsv:  python -m classifier.places.build

Sources, in this order: the package vietnamadminunits 1.0.4 (MIT, development environment only) for the units
in force on 30 June and on 1 July 2025 and for what became of each; then the dated facts beside the output, kept
by hand and read from official texts:

- corrections.tsv  where the package errs or is silent (successions, dates, other spellings)
- earlier.tsv      units that ended before 30 June 2025 and what took them over
- changes.tsv      what changed since 1 July 2025: the next reform is more lines here

A fact that names a unit which is not there is an error: nothing is skipped in silence. `former.tsv` (communes merged
from 2019 to 2021 of which no source that we have gives the diacritics) stands as it is: an address is looked up in it
last, the finder of places does not know them.
"""

import csv
import json
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

from classifier.places.fold import ACCENTS
from models.errors import DiembaoError

REFORM = "2025-07-01"
FOLDER = Path(__file__).parent / "gazetteer"
UNIT_COLUMNS = ("code", "name", "type", "level", "parent", "since", "until", "also")
SUCCESSION_COLUMNS = ("date", "from", "to", "partly")
TYPES = ("thành phố", "thị trấn", "thị xã", "đặc khu", "phường", "quận", "huyện", "tỉnh", "xã")


@dataclass
class Tables:
    """Rows as written: `units` by code, then by the day since which the code means it."""

    units: dict[str, dict[str, dict[str, str]]] = field(default_factory=lambda: defaultdict(dict))
    successions: set[tuple[str, str, str]] = field(default_factory=set)

    def add(self, code: str, full_name: str, level: str, parent: str, since: str, until: str) -> None:  # noqa: PLR0917 (the columns of the file)
        kind, name = split_type(full_name)
        row = dict(zip(UNIT_COLUMNS, (code, name, kind, level, parent, since, until, ""), strict=True))
        if self.units[code].setdefault(since, row) != row:
            raise DiembaoError(f"gazetteer: unit {code} from {since or 'the start'} is given twice")

    def start(self, code: str, day: str) -> None:
        """What the code means on 30 June 2025 began on `day`."""
        since, row = next((s, row) for s, row in self.units[code].items() if row["until"] == REFORM)
        del self.units[code][since]
        row["since"] = day
        self.units[code][day] = row


def split_type(full_name: str) -> tuple[str, str]:
    """("xã", "Phước Lợi") of "Xã Phước Lợi"; the name's tone marks in the older placement (hòa, not hoà)."""
    words = " ".join(full_name.split())
    for kind in TYPES:
        if words.lower().startswith(kind + " "):
            return kind, place_tones(words[len(kind) + 1 :])
    raise DiembaoError(f"gazetteer: {full_name!r} begins with no word for a unit")


def place_tones(name: str) -> str:
    words = []
    for word in name.split(" "):
        ending = next((e for e in ACCENTS if word.lower().endswith(e) and not word.lower().startswith("qu")), None)
        if ending is not None:
            placed = word[: -len(ending)] + ACCENTS[ending]
            word = placed if word.islower() else placed[0].upper() + placed[1:]  # noqa: PLW2901
        words.append(word)
    return " ".join(words)


def package_rows(table: str) -> list[dict[str, str]]:
    source = files("vietnamadminunits") / "data" / "dataset.db"
    with sqlite3.connect(f"file:{source}?mode=ro", uri=True) as base:
        base.row_factory = sqlite3.Row
        return [
            {k: row[k] or "" for k in row.keys()}  # noqa: SIM118 (a Row iterates over its values)
            for row in base.execute(f"SELECT * FROM {table}")  # noqa: S608 (two constant names)
        ]


def add_package(tables: Tables) -> None:
    old, new = package_rows("admin_units_legacy"), package_rows("admin_units")
    for row in old:
        tables.add(row["provinceCode"], row["province"], "province", "", "", REFORM)
        tables.add(row["districtCode"], row["district"], "district", row["provinceCode"], "", REFORM)
        if row["wardCode"]:
            tables.add(row["wardCode"], row["ward"], "commune", row["districtCode"], "", REFORM)
    for row in new:
        tables.add(row["provinceCode"], row["province"], "province", "", REFORM, "")
        tables.add(row["wardCode"], row["ward"], "commune", row["provinceCode"], REFORM, "")
    tables.successions |= {(REFORM, a, b) for a, b in package_successions(old, new)}


def package_successions(old: list[dict[str, str]], new: list[dict[str, str]]) -> Iterator[tuple[str, str]]:
    """(old code, new code), provinces and communes; a district without communes (an island) stands for itself."""
    data = json.loads((files("vietnamadminunits") / "data" / "converter_2025.json").read_text(encoding="utf-8"))
    was = {f"{r['provinceKey']}_{r['districtKey']}_{r['wardKey']}": r["wardCode"] or r["districtCode"] for r in old}
    now = {(r["provinceKey"], r["wardKey"]): r["wardCode"] for r in new}
    old_province = {r["provinceKey"]: r["provinceCode"] for r in old}
    new_province = {r["provinceKey"]: r["provinceCode"] for r in new}
    for province, olds in data["DICT_PROVINCE"].items():
        yield from ((old_province[o], new_province[province]) for o in olds)
    for province, wards in data["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        yield from ((was[o], now[province, ward]) for ward, olds in wards.items() for o in olds)
    for province, splits in data["DICT_PROVINCE_WARD_DIVIDED"].items():
        yield from ((was[o], now[province, w["newWardKey"]]) for o, wards in splits.items() for w in wards)


def facts(path: Path) -> Iterator[dict[str, str]]:
    """Rows of a table with a heading; lines that begin with # are remarks."""
    with path.open(encoding="utf-8", newline="") as lines:
        yield from csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t")


def add_corrections(tables: Tables, rows: Iterable[dict[str, str]]) -> None:
    for row in rows:
        op, code, value = row["op"], row["code"], row["value"]
        if op == "drop":
            tables.successions.remove((REFORM, code, value))
        elif op == "add":
            tables.successions.add((REFORM, code, value))
        elif op == "since":
            tables.start(code, value)
        elif op == "also":
            unit = tables.units[code][""]
            unit["also"] = ",".join(filter(None, (unit["also"], value)))
        else:
            raise DiembaoError(f"gazetteer: corrections.tsv knows no {op!r}")


def add_earlier(tables: Tables, rows: Iterable[dict[str, str]]) -> None:
    """Each row closes what its code meant until its day; a later meaning of the code begins then."""
    for row in sorted(rows, key=lambda r: r["until"]):
        code, day = row["code"], row["until"]
        begin = ""
        if code in tables.units:
            versions = tables.units[code]
            latest = max(versions)
            begin = latest if latest < day else ""
            tables.start(code, day)
        tables.add(code, f"{row['type']} {row['name']}", row["level"], row["parent"], begin, day)
        tables.successions |= {(day, code, to) for to in row["to"].split(",")}


def add_changes(tables: Tables, rows: Iterable[dict[str, str]]) -> None:
    for row in sorted(rows, key=lambda r: r["day"]):
        day, source, to = row["day"], row["from"], row["to"]
        for unit in tables.units[source].values():
            if unit["until"] == "" and unit["since"] < day:
                unit["until"] = day
        if day not in tables.units[to]:
            tables.add(to, row["name"], row["level"], row["parent"], day, "")
        tables.successions.add((day, source, to))


def build() -> Tables:
    tables = Tables()
    add_package(tables)
    add_corrections(tables, facts(FOLDER / "corrections.tsv"))
    add_earlier(tables, facts(FOLDER / "earlier.tsv"))
    add_changes(tables, facts(FOLDER / "changes.tsv"))
    return tables


def lines_of(tables: Tables) -> tuple[list[str], list[str]]:
    """The two tables as lines without heading, in a fixed order."""
    units = sorted(
        (row for versions in tables.units.values() for row in versions.values()),
        key=lambda r: (r["since"], len(r["code"]), r["code"]),
    )
    targets = Counter((day, old) for day, old, _ in tables.successions)
    successions = sorted((d, o, n, str(int(targets[d, o] > 1))) for d, o, n in tables.successions)
    return ["\t".join(row[c] for c in UNIT_COLUMNS) for row in units], ["\t".join(row) for row in successions]


def main() -> None:
    units, successions = lines_of(build())
    for name, columns, lines in (
        ("units.tsv", UNIT_COLUMNS, units),
        ("successions.tsv", SUCCESSION_COLUMNS, successions),
    ):
        (FOLDER / name).write_text("\n".join(["\t".join(columns), *lines]) + "\n", encoding="utf-8")
    sys.stderr.write(f"{len(units)} units, {len(successions)} successions\n")


if __name__ == "__main__":
    main()
