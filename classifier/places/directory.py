"""Contacts by place, and who is responsible for a place.

A directory travels as a TOML file:

    [[contact]]
    unit = "new:00592"          # a commune or province of today; "all" for a national line
    office = "xa"               # xa · so_y_te · cong_an · 111
    name = "UBND phường Mẫu"
    person = ""
    phone = "024 0000 0000"
    email = ""
    address = ""
    note = ""

A lead is never sent to an empty contact in silence: what is missing is said in `Desk.warnings`, in Vietnamese.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from classifier.places.gazetteer import Gazetteer
from classifier.places.territory import parse
from models.errors import DiembaoError

OFFICES = {
    "xa": "Uỷ ban nhân dân cấp xã",
    "so_y_te": "Sở Y tế",
    "cong_an": "Công an",
    "111": "Tổng đài quốc gia bảo vệ trẻ em 111",
}
EVERYWHERE = "all"
OFFICES_OF = {"commune": ("xa", "cong_an"), "province": ("so_y_te", "cong_an"), EVERYWHERE: ("111",)}
"""Which offices answer at which level."""
PHONE = re.compile(r"[0-9+().,;/ \-]{3,80}")
EMAIL = re.compile(r"[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+")
LONGEST = 300


class Coded(Protocol):
    """What is needed of a place: its units of today."""

    @property
    def new_codes(self) -> Sequence[Any]: ...
    @property
    def new_province(self) -> str | None: ...


@dataclass(frozen=True, slots=True)
class Contact:
    unit: str
    office: str
    name: str
    person: str = ""
    phone: str = ""
    email: str = ""
    address: str = ""
    note: str = ""

    @property
    def reachable(self) -> bool:
        return bool(self.phone.strip() or self.email.strip())


@dataclass(frozen=True, slots=True)
class Gap:
    """An office that answers for the place and cannot be reached: no entry, or one without phone and e-mail."""

    unit: str
    office: str
    words: str


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers for a place: commune and province of today by reference, whom to reach, what is missing.

    `unsure`: why the commune or province is not certain; empty where both are.
    """

    commune: str | None
    province: str | None
    contacts: tuple[Contact, ...]
    gaps: tuple[Gap, ...]
    unsure: str = ""

    @property
    def warnings(self) -> tuple[str, ...]:
        return (*filter(None, [self.unsure]), *(gap.words for gap in self.gaps))


def units_of(place: Coded | None, gazetteer: Gazetteer) -> tuple[str | None, str | None]:
    """References of the commune (where exactly one is meant) and the province that answer for a place today."""
    if place is None:
        return None, None
    codes = [str(code) for code in place.new_codes]
    commune = f"new:{codes[0]}" if len(codes) == 1 and len(codes[0]) == COMMUNE_DIGITS else None
    province = f"new:{place.new_province}" if place.new_province else None
    if province is None and commune is not None:
        province = gazetteer.province(parse(commune, gazetteer).index).ref
    return commune, province


COMMUNE_DIGITS = 5


@dataclass(frozen=True, slots=True)
class Directory:
    contacts: Mapping[tuple[str, str], Contact] = field(default_factory=dict)

    @classmethod
    def of(cls, contacts: Iterable[Contact]) -> "Directory":
        """Later ones replace earlier ones of the same unit and office."""
        return cls({(contact.unit, contact.office): contact for contact in contacts})

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

    def desk(self, place: Coded | None, gazetteer: Gazetteer) -> Desk:
        """The responsible commune and province of a place with their contacts."""
        commune, province = units_of(place, gazetteer)
        wanted = [(commune, "xa"), (commune, "cong_an"), (province, "so_y_te"), (province, "cong_an")]
        found: list[Contact] = []
        gaps: list[Gap] = []
        for unit, office in [(u, o) for u, o in wanted if u] + [(EVERYWHERE, "111")]:
            contact = self.contacts.get((unit, office))
            if contact is not None and contact.reachable:
                found.append(contact)
            else:
                gaps.append(Gap(unit, office, _gap_words(unit, office, contact, gazetteer)))
        return Desk(commune, province, tuple(found), tuple(gaps), _unsure(place, commune, province))


def _unsure(place: Coded | None, commune: str | None, province: str | None) -> str:
    candidates = [] if place is None else [code for code in place.new_codes if len(str(code)) == COMMUNE_DIGITS]
    if commune is None and len(candidates) > 1:
        return f"Chưa xác định được một xã: có {len(candidates)} xã, phường có thể chịu trách nhiệm."
    if province is None:
        return "Chưa xác định được tỉnh, thành phố chịu trách nhiệm."
    if commune is None:
        return "Bài chưa nêu xã, phường; chỉ chuyển được cho cấp tỉnh."
    return ""


def _gap_words(unit: str, office: str, contact: Contact | None, gazetteer: Gazetteer) -> str:
    where = "" if unit == EVERYWHERE else f" của {gazetteer.long_name(parse(unit, gazetteer).index)}"
    if contact is None:
        return f"Chưa có đầu mối {OFFICES[office]}{where} trong danh bạ."
    return f"Chưa có số điện thoại hoặc thư điện tử của đầu mối {OFFICES[office]}{where} trong danh bạ."


def problems(contact: Contact, gazetteer: Gazetteer) -> dict[str, str]:
    """Field -> what is wrong with it, in words for staff; empty where the contact can be kept."""
    found = _whose(contact, gazetteer)
    if not contact.name.strip():
        found["name"] = "Hãy ghi tên cơ quan."
    if contact.phone.strip() and not PHONE.fullmatch(contact.phone.strip()):
        found["phone"] = "Số điện thoại chỉ gồm chữ số, dấu cách và các dấu + ( ) . , ; / -, từ 3 đến 80 ký tự."
    if contact.email.strip() and not EMAIL.fullmatch(contact.email.strip()):
        found["email"] = "Thư điện tử phải có dạng ten@co-quan.vn, mỗi ô một địa chỉ."
    for name in ("name", "person", "email", "address", "note"):
        if len(getattr(contact, name)) > LONGEST:
            found[name] = f"Dài quá {LONGEST} ký tự."
    return found


def _whose(contact: Contact, gazetteer: Gazetteer) -> dict[str, str]:
    level = EVERYWHERE
    if contact.unit != EVERYWHERE:
        try:
            unit = parse(contact.unit, gazetteer)
        except DiembaoError as error:
            return {"unit": str(error)}
        if unit.era != "new":
            return {"unit": f"{contact.unit} không phải đơn vị hiện nay"}
        level = unit.level
    if contact.office not in OFFICES:
        return {"office": f"không có đầu mối {contact.office!r}"}
    if contact.office not in OFFICES_OF.get(level, ()):
        return {"office": f"{OFFICES[contact.office]} không thuộc cấp của {contact.unit}"}
    return {}


def _contact(entry: object, where: str, gazetteer: Gazetteer) -> Contact:
    if not isinstance(entry, dict) or not all(isinstance(value, str) for value in entry.values()):
        raise DiembaoError(f"{where}: mọi giá trị phải là chuỗi")
    try:
        contact = Contact(**entry)
    except TypeError as error:
        raise DiembaoError(f"{where}: {error}") from error
    for words in problems(contact, gazetteer).values():
        raise DiembaoError(f"{where}: {words}")
    if contact.unit == EVERYWHERE:
        return contact
    return Contact(**{**entry, "unit": parse(contact.unit, gazetteer).ref})
