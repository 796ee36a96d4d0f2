"""What an address meant on a day, what it is today, and the changes between: for people and for the tests."""

import re
from dataclasses import dataclass
from datetime import date

from classifier.places.chains import Chain, chains
from classifier.places.fold import bare_key
from classifier.places.gazetteer import FOREVER, REFORM, Change, Gazetteer, Unit
from classifier.places.lexicon import Lexicon
from classifier.places.mentions import scan

MANY = 20
"""An address that fits more units than this is too vague to list."""


MERGED = "Xã, phường này đã nhập trong các năm 2019-2021 (chưa rõ cách viết có dấu); dưới đây là đơn vị đã nhận."
ABOVE = re.compile(r"^(thanh pho|thi xa|quan|huyen|tinh) (?=.)")


@dataclass(frozen=True, slots=True)
class Step:
    """On `day` the unit `source` (or part of it) went into `to`; rows of the gazetteer."""

    day: date
    source: int
    to: int
    partly: bool


@dataclass(frozen=True, slots=True)
class Match:
    """One unit that the address may mean. `today` are rows in force now, `why` says in Vietnamese how they follow."""

    unit: int
    held: bool
    today: tuple[int, ...]
    why: str
    steps: tuple[Step, ...]
    origins: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Resolution:
    query: str
    day: date
    matches: tuple[Match, ...]
    note: str


def resolve(query: str, day: date, lexicon: Lexicon, *, former: bool = False) -> Resolution:
    """Units that `query` names on `day`; those of other days where none held then, and `note` says so.

    With `former`, units that bore the name on other days follow those of the day.
    """
    gazetteer = lexicon.gazetteer
    rows = _read(query, day, lexicon)
    held = [row for row in rows if gazetteer.units[row].holds_on(day)]
    chosen = held or _latest(rows, gazetteer)
    note = ""
    if not rows and (merged := _merged(query, gazetteer)):
        note = MERGED
        chosen = merged
    elif not rows:
        note = "Không có đơn vị hành chính nào mang tên này."
    elif not held:
        note = f"Ngày {day:%d/%m/%Y} không có đơn vị nào mang tên này; dưới đây là đơn vị của thời gian khác."
    elif len(held) > 1:
        note = f"Có {len(held)} đơn vị cùng tên ngày {day:%d/%m/%Y}; hãy nêu thêm huyện hoặc tỉnh."
    others = [row for row in rows if row not in chosen] if former and held else []
    found = [(row, bool(held)) for row in chosen] + [(row, False) for row in others]
    matches = tuple(describe(row, gazetteer, held=holds) for row, holds in found[:MANY])
    return Resolution(query, day, matches, note)


def describe(row: int, gazetteer: Gazetteer, *, held: bool = True) -> Match:
    today = tuple(gazetteer.today(row))
    unit = gazetteer.units[row]
    origins = tuple(gazetteer.origins(row)) if unit.era == "new" else ()
    return Match(row, held, today, _why(unit, today, gazetteer), tuple(_steps(row, gazetteer)), origins)


def _read(query: str, day: date, lexicon: Lexicon) -> list[int]:
    """Rows that fit the whole address: as the finder reads it, else by its words without diacritics."""
    gazetteer = lexicon.gazetteer
    text = " ".join(query.split())
    read = list(chains(text, scan(text, lexicon), lexicon, day))
    whole = [chain for chain in read if chain.rows and chain.start == 0]
    if whole:
        return _typed(whole[0], text, gazetteer)
    parts = [bare_key(part).replace(" ", "") for part in text.split(",") if part.strip()]
    if not parts:
        return []
    return [
        unit.index
        for unit in gazetteer.units
        if any(_is_called(unit, name, parts[0]) for name in (unit.name, *unit.also))
        and _lies_in(unit, parts[1:], gazetteer)
    ]


def _merged(query: str, gazetteer: Gazetteer) -> list[int]:
    """Rows of today for a commune merged before 2022 whose spelling is not known; its district must be named."""
    parts = [ABOVE.sub("", bare_key(part)).replace(" ", "") for part in query.split(",") if part.strip()]
    found = [one for one in gazetteer.former if parts and parts[0] in {one.key, bare_key(one.type) + one.key}]
    return sorted({one.to for one in found if len(parts) > 1 and _in_district(one.district, parts[1:], gazetteer)})


def _in_district(code: str, above: list[str], gazetteer: Gazetteer) -> bool:
    return any(
        _is_called(unit, unit.name, above[0]) and _lies_in(unit, above[1:], gazetteer)
        for unit in gazetteer.by_code[code]
        if unit.level == "district"
    )


def _typed(chain: Chain, text: str, gazetteer: Gazetteer) -> list[int]:
    """The rows of the chain whose type is the one stated, where there are such."""
    stated = text[: chain.mentions[0].at].strip().lower()
    exact = [row for row in chain.rows if gazetteer.units[row].type == stated]
    return exact or list(chain.rows)


def _is_called(unit: Unit, name: str, key: str) -> bool:
    bare = bare_key(name).replace(" ", "")
    return key in {bare, bare_key(unit.type).replace(" ", "") + bare}


def _lies_in(unit: Unit, above: list[str], gazetteer: Gazetteer) -> bool:
    """Whether each further part of the address names something above the unit, in order."""
    uppers = iter(gazetteer.lineage(unit.index)[1:])
    return all(any(_is_called(upper, upper.name, part) for upper in uppers) for part in above)


def _latest(rows: list[int], gazetteer: Gazetteer) -> list[int]:
    latest = max((gazetteer.units[row].until for row in rows), default=FOREVER)
    return [row for row in rows if gazetteer.units[row].until == latest]


def _why(unit: Unit, today: tuple[int, ...], gazetteer: Gazetteer) -> str:
    if today == (unit.index,):
        return "Đơn vị đang hoạt động."
    if not today:
        return "Chưa rõ đơn vị kế tiếp."
    if unit.level == "district":
        return f"Từ {REFORM:%d/%m/%Y} không còn cấp huyện; địa bàn nay thuộc {len(today)} đơn vị cấp xã."
    if len(today) > 1:
        return f"Địa bàn đã chia cho {len(today)} đơn vị; cần thêm thôn, ấp, khu phố để biết đơn vị nào."
    return _followed(unit, gazetteer.units[today[0]], gazetteer)


def _followed(unit: Unit, now: Unit, gazetteer: Gazetteer) -> str:
    alone = len({change.source for change in gazetteer.before.get(now.index, ())}) <= 1
    if (now.name, now.type) == (unit.name, unit.type):
        return "Vẫn giữ tên." if alone else "Vẫn giữ tên, đã nhập thêm địa bàn."
    return f"Đã đổi thành {now.full_name}." if alone else f"Đã nhập vào {now.full_name}."


def _steps(row: int, gazetteer: Gazetteer) -> list[Step]:
    """Changes from the unit up to today and, since the reform, those before it; in order of time."""
    found: dict[tuple[date, int, int], Step] = {}
    earlier = [row]
    while earlier:
        for change in gazetteer.before.get(earlier.pop(), ()):
            if gazetteer.units[change.source].era == "new":
                found[change.day, change.source, change.to] = Step(change.day, change.source, change.to, change.partly)
                earlier.append(change.source)
    waiting, seen = [row], set[int]()
    while waiting:
        at = waiting.pop()
        if at in seen:
            continue
        seen.add(at)
        followers: list[Change] = gazetteer.after.get(at, [])
        for change in followers:
            found[change.day, at, change.to] = Step(change.day, at, change.to, change.partly)
            waiting.append(change.to)
    return sorted(found.values(), key=lambda step: (step.day, gazetteer.units[step.to].code))
