"""Every name of every unit, in all the ways it is written, in one Aho–Corasick automaton (pyahocorasick)."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import ahocorasick

from classifier.places.fold import ACCENTS, name_key
from classifier.places.gazetteer import FOLDER, REFORM, Gazetteer, Unit

LATER_TONES = {new: old for old, new in ACCENTS.items()}
"""Ending as the gazetteer writes it -> the other placement (hòa -> hoà)."""
ENDING = re.compile(rf"(?<![qQ])({'|'.join(LATER_TONES)})(?= |$|-)")
I_FOR_Y = {
    "Mỹ": "Mĩ",
    "Kỳ": "Kì",
    "Lý": "Lí",
    "Quý": "Quí",
    "Quỳ": "Quì",
    "Sỹ": "Sĩ",
    "Vỹ": "Vĩ",
    "Quy": "Qui",
    "Ly": "Li",
}
LEVELS = ("province", "district", "commune")
DAK = ("Đắk", "Đăk", "Đak", "Đắc", "Dak", "Đăc")


@dataclass(slots=True)
class Name:
    """One name: the rows of units that bear it, by level. `abroad` names are places of other countries."""

    key: str
    provinces: tuple[int, ...] = ()
    districts: tuple[int, ...] = ()
    communes: tuple[int, ...] = ()
    abroad: bool = False

    def stands(self, levels: frozenset[str]) -> bool:
        """Whether a unit of one of the levels bears the name."""
        return bool(
            ("commune" in levels and self.communes)
            or ("district" in levels and self.districts)
            or ("province" in levels and self.provinces)
        )


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that tells what part the next place plays; `near` ones must stand in the same phrase."""

    role: str
    near: bool


CHILD = Cue("child", near=False)
"""A word about children, which plays no part itself."""


@dataclass
class Lexicon:
    gazetteer: Gazetteer
    names: dict[str, Name] = field(default_factory=dict)
    above: dict[int, frozenset[str]] = field(default_factory=dict)
    """Row of a unit -> keys of all names that may stand above it in an address, of any era."""
    spellings: dict[str, Name] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    """A word before a bare name -> what it says: locative, address or surname."""
    automaton: ahocorasick.Automaton = field(default_factory=ahocorasick.Automaton)

    @classmethod
    def build(cls, gazetteer: Gazetteer, folder: Path | None = None) -> "Lexicon":
        lexicon = cls(gazetteer)
        folder = folder or FOLDER
        lexicon.spellings = lexicon._collect(folder)
        lexicon._link()
        lexicon.words = {w: kind for kind, words in table(folder / "words.tsv") for w in words.split()}
        for text, name in lexicon.spellings.items():
            lexicon.automaton.add_word(text, (len(text), name, None))
        for word, cue in cues(folder / "cues.tsv"):
            lexicon.automaton.add_word(word, (len(word), None, cue))
        for word in OPENERS:
            lexicon.automaton.add_word(word, (len(word), None, None))
        lexicon.automaton.make_automaton()
        return lexicon

    def _collect(self, folder: Path) -> dict[str, Name]:
        """Spelling -> name, filling `names`."""
        rows: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        spellings: dict[str, str] = {}
        done: set[tuple[str, bool]] = set()
        for unit in self.gazetteer.units:
            key = unit_key(unit)
            rows[key][unit.level].append(unit.index)
            if is_number(unit.name):
                spellings.update(dict.fromkeys(numbered(unit), key))
                continue
            for name in unit.also:
                rows[name_key(name)][unit.level].append(unit.index)
            for name in (unit.name, *unit.also):
                kind = (name, unit.level == "commune")
                if kind not in done:
                    done.add(kind)
                    spellings.update(dict.fromkeys(written(name, unit.level), name_key(name)))
        for alias, level, code in table(folder / "aliases.tsv"):
            units = [u for u in self.gazetteer.by_code[code] if u.level == level]
            key = name_key(units[0].name)
            spellings[alias] = key
        for key, levels in rows.items():
            provinces, districts, communes = (tuple(dict.fromkeys(levels[level])) for level in LEVELS)
            self.names[key] = Name(key, provinces, districts, communes)
        for place in abroad(folder / "abroad.txt"):
            key = name_key(place)
            if key not in self.names:
                self.names[key] = Name(key, abroad=True)
                spellings[place] = key
        return {text: self.names[key] for text, key in spellings.items()}

    def _link(self) -> None:
        gaz = self.gazetteer
        former: dict[int, set[str]] = defaultdict(set)
        for change in gaz.changes:
            source, to = gaz.units[change.source], gaz.units[change.to]
            if source.level != "commune" and to.level == source.level:
                former[to.index].add(name_key(source.name))
        under: dict[int | None, frozenset[str]] = {None: frozenset()}
        for upper in sorted(
            {unit.parent for unit in gaz.units if unit.parent is not None}, key=lambda i: len(gaz.lineage(i))
        ):
            unit = gaz.units[upper]
            keys = under[unit.parent] | {unit_key(unit)} | {name_key(name) for name in unit.also} | former[upper]
            if unit.until == REFORM:  # what lies in it is also told with today's province
                keys |= {unit_key(gaz.province(i)) for i in gaz.today(gaz.province(upper).index)}
            under[upper] = keys
        for unit in gaz.units:
            self.above[unit.index] = under[unit.parent]
        for unit in gaz.units:
            if unit.era == "new" and unit.level == "commune":
                old = {key for i in gaz.origins(unit.index) for key in self.above[i]}
                self.above[unit.index] |= old


OPENERS = (
    "xã ", "phường ", "thị trấn ", "Xã ", "Phường ", "Thị trấn ", "huyện ", "Huyện ", "thị xã ", "Thị xã ",
    "X.", "P.", "H.", "TT.",
)  # fmt: skip
"""Words before a name that the gazetteer may not know."""


def is_number(name: str) -> bool:
    """Whether the name is a figure (7, or V as in the wards of Vị Thanh), which means nothing alone."""
    return name[0].isdigit() or (name[0] in "IVX" and not set(name) - set("IVX"))


def unit_key(unit: Unit) -> str:
    """The name's key; a number alone would not tell ward 3 from district 3."""
    if is_number(unit.name):
        return f"{'quận' if unit.level == 'district' else 'phường'} {unit.name}"
    return name_key(unit.name)


def numbered(unit: Unit) -> Iterator[str]:
    """ "phường 7", "P.7", "P7", "F.7", "quận 1", "Q.1", …"""
    number = unit.name.lstrip("0")
    words = ("quận ", "Quận ", "Q.", "Q. ", "Q", "Q ", "q.") if unit.level == "district" else (
        "phường ", "Phường ", "P.", "P. ", "P", "P ", "F.", "F", "F. ", "p.",
    )  # fmt: skip
    for word in words:
        if word[-1].isalpha() and not number[0].isdigit():
            continue  # "PV" is no ward
        yield word + number
        if len(number) == 1:
            yield word + "0" + number


def written(name: str, level: str) -> set[str]:
    """The ways in which papers write a name."""
    forms = {name, " ".join(word[0].upper() + word[1:] for word in name.split())}
    if " - " in name:
        forms |= {name.replace(" - ", dash) for dash in ("-", " – ", "–", "- ", " -", " ")}
    if "'" in name:
        forms |= {form.replace("'", mark) for form in set(forms) for mark in ("’", "‘", "`", "´", "", " ")}
    if any(word in DAK for word in name.split()):
        forms |= {re.sub("|".join(DAK), dak, form) for form in set(forms) for dak in DAK}
    for form in set(forms):
        forms |= set(other_vowels(form))
    if level != "commune":
        forms |= {form[0] + form[1:].lower() for form in set(forms)}
        forms |= {form.upper() for form in set(forms) if len(form) > 4}
    return forms


def other_vowels(name: str) -> Iterator[str]:
    """The name with each syllable in either tone placement and with i for y."""
    choices = []
    for word in name.split(" "):
        options = {word, ENDING.sub(lambda m: LATER_TONES[m[1]], word)}
        if word in I_FOR_Y:
            options.add(I_FOR_Y[word])
        choices.append(sorted(options))
    if any(len(options) > 1 for options in choices):
        yield from (" ".join(words) for words in product(*choices))


def cues(path: Path) -> Iterator[tuple[str, Cue]]:
    for role, reach, words in table(path):
        cue = CHILD if role == "child" else Cue(role, reach == "near")
        for word in words.split("|"):
            yield word, cue
            yield word[0].upper() + word[1:], cue


def abroad(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def table(path: Path) -> Iterator[list[str]]:
    """Rows of a table below its heading; lines that begin with # are remarks."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]
    return (line.split("\t") for line in lines[1:])
