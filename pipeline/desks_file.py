"""The directory of desks as a file: a starter for a territory, and loading what a team filled in."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from classifier.places.directory import OFFICES_OF, Contact, Directory
from models.store import desks
from pipeline.desks import office_words, starter
from pipeline.place_choice import codes_of
from pipeline.place_words import communes_of, gazetteer, province_names, unit_name

HEAD = """# Danh bạ đầu mối: điền phone hoặc email, rồi nạp bằng `diembao places directory FILE --load`.
# Mục để trống vẫn được cảnh báo ở tin, ở vụ việc và trong tệp nguồn tin.
"""


def starter_text(territory: Iterable[str]) -> str:
    """A file with every desk of the territory (the provinces alone where it is the whole country), to be filled in."""
    blocks = [_block(contact) for contact in starter().contacts.values()]
    for unit in _units(tuple(territory)):
        level = "province" if len(unit) == len("new:01") else "commune"
        where = unit_name(unit.removeprefix("new:"))
        blocks += [
            f"# {where}\n{_block(Contact(unit, office, office_words(unit, office)))}" for office in OFFICES_OF[level]
        ]
    return "\n".join([HEAD, *blocks])


def load_file(session: Session, path: Path, *, now: datetime) -> int:
    """Put the file's contacts into the directory; how many are new or changed. What the file leaves out stays."""
    found = Directory.load(path, gazetteer()).contacts.values()
    shipped = starter().contacts
    return sum(
        desks.keep(
            session, one.unit, one.office, {name: getattr(one, name) for name in desks.FIELDS}, user_id=None, now=now
        )
        for one in found
        if one != shipped.get((one.unit, one.office))
    )


def _units(territory: tuple[str, ...]) -> list[str]:
    if not territory:
        return [f"new:{code}" for code in sorted(province_names())]
    found: dict[str, None] = {}
    for ref in territory:
        codes = codes_of(ref)
        for code in codes.new_codes:
            province = codes.new_province or code
            found[f"new:{province}"] = None
            found.update(dict.fromkeys([f"new:{code}"] if len(code) > len(province) else communes_of(code)))
    return list(found)


def _block(contact: Contact) -> str:
    fields = ("unit", "office", "name", "person", "phone", "email", "address", "note")
    return "[[contact]]\n" + "".join(f"{name} = {_quoted(getattr(contact, name))}\n" for name in fields)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
