"""The first run of a deployment: its territory, the papers that it starts with, where the answers are kept."""

import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from classifier.places.lexicon import Lexicon
from classifier.places.resolve import resolve as look_up
from models.clock import day_of, now
from models.errors import DiembaoError
from models.store import outlet_choices
from models.tables import User
from pipeline.config import FILE
from pipeline.place_choice import codes_of, resolve
from pipeline.place_words import gazetteer
from spiders.source import Source

CODE = re.compile(r"(?:(?:old|new):)?\d{2,5}")


class SetupError(DiembaoError):
    """An answer that cannot be taken; the message says what to write instead."""


def read_territory(text: str) -> tuple[str, ...]:
    """References of the units that somebody typed: names or codes, split by semicolons; none for the whole country."""
    return tuple(dict.fromkeys(_unit(part.strip()) for part in text.split(";") if part.strip()))


def _unit(words: str) -> str:
    if CODE.fullmatch(words):
        codes_of(words)
        return words
    answer = resolve(words)
    if answer.ref is not None:
        return answer.ref
    if not answer.offered:
        return _address(words)
    offered = "\n".join(f"  {one.ref}  {one.label}" for one in answer.offered)
    raise SetupError(f"«{words}» có thể là nhiều đơn vị, hãy ghi mã của đơn vị đúng:\n{offered}")


def _address(words: str) -> str:
    """A whole address ("xã A, huyện B, tỉnh C") of any time."""
    units = gazetteer()
    found = look_up(words, day_of(now()), Lexicon.build(units), former=True).matches
    if len(found) != 1:
        raise SetupError(f"«{words}»: không có đơn vị hành chính nào tên như vậy")
    return units.units[found[0].unit].ref


def territory_words(refs: Iterable[str]) -> str:
    """The units by name, for the person to check."""
    units = gazetteer()
    names = []
    for ref in refs:
        era, _, code = ref.rpartition(":")
        found = [unit for unit in units.by_code[code] if not era or unit.era == era]
        names.append(units.long_name(max(found, key=lambda unit: unit.until).index) if found else ref)
    return "; ".join(names) or "cả nước"


def keep_setting(folder: Path, name: str, value: str) -> Path:
    """Write one setting into the folder's file; every other line stays as it is."""
    path = folder / FILE
    folder.mkdir(parents=True, exist_ok=True)
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    made = f"{name} = {json.dumps(value, ensure_ascii=False)}"
    kept = [line for line in lines if not re.match(rf"\s*{name}\s*=", line)]
    path.write_text("\n".join([*kept, made]) + "\n", "utf-8")
    return path


def papers_elsewhere(catalogue: Mapping[str, Source], territory: Iterable[str]) -> list[str]:
    """Ids of the papers of provinces in which no unit of the territory lies; none for the whole country."""
    refs = tuple(territory)
    if not refs:
        return []
    own = {province for ref in refs for province in _provinces(ref)}
    return [id_ for id_, one in catalogue.items() if one.level == "province" and one.province not in own]


def _provinces(ref: str) -> set[str]:
    codes = codes_of(ref)
    units = gazetteer()
    rows = [unit for code in codes.new_codes for unit in units.by_code[code] if unit.era == "new"]
    return {units.province(unit.index).code for unit in rows} | ({codes.new_province} if codes.new_province else set())


def leave_out(session: Session, papers: Iterable[str], *, at: datetime) -> int:
    """Pause the papers that a deployment does not start with; how many."""
    stopped = outlet_choices.paused(session)
    found = [id_ for id_ in papers if id_ not in stopped]
    for id_ in found:
        outlet_choices.pause(session, id_, on=True, note="ngoài địa bàn", user_id=None, now=at)
    return len(found)


def has_role(session: Session, role: str) -> bool:
    return session.scalar(select(User.id).where(User.role == role, User.active).limit(1)) is not None
