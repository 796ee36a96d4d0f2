"""Contacts by place, in a TOML file that the team edits, and who is responsible for a place.

    [[contact]]
    unit = "new:00592"          # a commune or province of today; "all" for a national line
    office = "xa"               # xa · so_y_te · cong_an · 111
    name = "UBND phường Mẫu"
    phone = "024 0000 0000"
    email = ""
    note = ""

A lead is never sent to an empty contact in silence: what is missing is said in `Desk.warnings`, in Vietnamese.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from classifier.places.gazetteer import Gazetteer
from classifier.places.territory import parse
from models.errors import DiembaoError
from models.records import Place

OFFICES = {
    "xa": "Uỷ ban nhân dân cấp xã",
    "so_y_te": "Sở Y tế",
    "cong_an": "Công an",
    "111": "Tổng đài quốc gia bảo vệ trẻ em 111",
}
EVERYWHERE = "all"


@dataclass(frozen=True, slots=True)
class Contact:
    unit: str
    office: str
    name: str
    phone: str = ""
    email: str = ""
    note: str = ""

    @property
    def reachable(self) -> bool:
        return bool(self.phone.strip() or self.email.strip())


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers for a place: commune and province of today by reference, their contacts, what is missing."""

    commune: str | None
    province: str | None
    contacts: tuple[Contact, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Directory:
    contacts: dict[tuple[str, str], Contact] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path, gazetteer: Gazetteer) -> "Directory":
        """Read the file; an unknown unit, office or key is an error that names the entry."""
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise DiembaoError(f"Danh bạ {path}: {error}") from error
        contacts: dict[tuple[str, str], Contact] = {}
        for number, entry in enumerate(raw.get("contact", []), start=1):
            contact = _contact(entry, f"Danh bạ {path}, mục {number}", gazetteer)
            if (contact.unit, contact.office) in contacts:
                raise DiembaoError(f"Danh bạ {path}, mục {number}: {contact.unit} đã có {contact.office}")
            contacts[contact.unit, contact.office] = contact
        return cls(contacts)

    def desk(self, place: Place | None, gazetteer: Gazetteer) -> Desk:
        """The responsible commune and province of a place with their contacts."""
        warnings: list[str] = []
        commune = province = None
        if place is not None:
            province = f"new:{place.new_province}" if place.new_province else None
            codes = [code for code in place.new_codes if len(code) == 5]
            commune = f"new:{codes[0]}" if len(codes) == 1 and len(place.new_codes) == 1 else None
            if commune is None and len(codes) > 1:
                warnings.append(f"Chưa xác định được một xã: có {len(codes)} xã, phường có thể chịu trách nhiệm.")
        if province is None:
            warnings.append("Chưa xác định được tỉnh, thành phố chịu trách nhiệm.")
        elif commune is None and not warnings:
            warnings.append("Bài chưa nêu xã, phường; chỉ chuyển được cho cấp tỉnh.")
        wanted = [(commune, "xa"), (commune, "cong_an"), (province, "so_y_te"), (province, "cong_an")]
        found: list[Contact] = []
        for unit, office in [(u, o) for u, o in wanted if u] + [(EVERYWHERE, "111")]:
            contact = self.contacts.get((unit, office))
            if contact is not None and contact.reachable:
                found.append(contact)
            else:
                where = "" if unit == EVERYWHERE else f" của {gazetteer.long_name(parse(unit, gazetteer).index)}"
                what = "Chưa có" if contact is None else "Chưa có số điện thoại hoặc thư điện tử của"
                warnings.append(f"{what} đầu mối {OFFICES[office]}{where} trong danh bạ.")
        return Desk(commune, province, tuple(found), tuple(warnings))


def _contact(entry: object, where: str, gazetteer: Gazetteer) -> Contact:
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise DiembaoError(f"{where}: mọi giá trị phải là chuỗi")
    try:
        contact = Contact(**entry)
    except TypeError as error:
        raise DiembaoError(f"{where}: {error}") from error
    if contact.office not in OFFICES:
        raise DiembaoError(f"{where}: không có đầu mối {contact.office!r}")
    if contact.unit == EVERYWHERE:
        return contact
    unit = parse(contact.unit, gazetteer)
    if unit.era != "new":
        raise DiembaoError(f"{where}: {contact.unit} không phải đơn vị hiện nay")
    return Contact(unit.ref, contact.office, contact.name, contact.phone, contact.email, contact.note)
