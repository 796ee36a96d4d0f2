"""Whose desk a story is: the directory's contacts for a place, in words, with what is missing said aloud."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy.orm import Session

from classifier.places.directory import EVERYWHERE, Coded, Contact, Desk, Directory, units_of
from classifier.places.territory import parse
from models.store import desks
from models.tables import DeskContact
from pipeline.place_words import Located, covers, gazetteer, unit_name

STARTER = Path(__file__).with_name("directory.toml")
SHORT = {"xa": "UBND", "so_y_te": "Sở Y tế", "cong_an": "Công an", "111": "Tổng đài 111"}
TERRITORY = {True: "Trên địa bàn", False: "Ngoài địa bàn", None: "Có thể trên địa bàn"}


@dataclass(frozen=True, slots=True)
class DeskWords:
    """A desk as papers and pages say it. `short` fits a row; `warnings` are whole sentences."""

    short: str
    desks: str
    contacts: str
    warnings: tuple[str, ...]
    reachable: bool
    """Whether the desk that is named first can be reached."""


@cache
def starter() -> Directory:
    """What ships: the national line. A team's own entry for the same office replaces it."""
    return Directory.load(STARTER, gazetteer())


def directory_for(session: Session, places: Iterable[Coded | None]) -> Directory:
    """The contacts that these places may need, in one statement."""
    units = {unit for place in places for unit in units_of(place, gazetteer()) if unit} | {EVERYWHERE}
    return directory_of(desks.contacts_of(session, units))


def directory_of(rows: Iterable[DeskContact]) -> Directory:
    return Directory({**starter().contacts, **{(row.unit, row.office): as_contact(row) for row in rows}})


def as_contact(row: DeskContact) -> Contact:
    return Contact(row.unit, row.office, row.name, row.person, row.phone, row.email, row.address, row.note)


def desk_of(directory: Directory, place: Coded | None) -> Desk:
    return directory.desk(place, gazetteer())


def desk_words(desk: Desk) -> DeskWords:
    """Commune first, then the province: a report goes where the child is."""
    unit = desk.commune or desk.province
    contacts = [contact for contact in desk.contacts if contact.unit in {desk.commune, desk.province}]
    first = next((contact for contact in contacts if contact.unit == unit), None)
    offices = [(desk.commune, "xa"), (desk.commune, "cong_an"), (desk.province, "so_y_te"), (desk.province, "cong_an")]
    named = [office_words(unit_, office) for unit_, office in offices if unit_]
    return DeskWords(
        short="" if unit is None else office_words(unit, "xa" if unit == desk.commune else "so_y_te"),
        desks="; ".join([*named, SHORT["111"]]),
        contacts="; ".join(contact_words(contact) for contact in desk.contacts),
        warnings=desk.warnings,
        reachable=first is not None,
    )


def brief(directory: Directory, place: Coded | None) -> tuple[str, bool]:
    """The desk that a row names, and whether it can be reached; empty where no place is known."""
    commune, province = units_of(place, gazetteer())
    unit, office = (commune, "xa") if commune else (province, "so_y_te")
    if unit is None:
        return "", False
    contact = directory.contacts.get((unit, office))
    return office_words(unit, office), contact is not None and contact.reachable


@cache
def office_words(unit: str, office: str) -> str:
    """ "UBND P. Nghĩa Đô", "Sở Y tế Hà Nội"."""
    if unit == EVERYWHERE:
        return SHORT[office]
    name = unit_name(unit.removeprefix("new:"))
    return f"{SHORT[office]} {name.split(', ')[0]}"


def contact_words(contact: Contact) -> str:
    """ "UBND phường Mẫu (bà A): 024 0000 0000, thu@mau.example"."""
    who = f"{contact.name} ({contact.person})" if contact.person else contact.name
    return f"{who}: {', '.join(part for part in (contact.phone, contact.email) if part)}"


def territory_words(territory: Sequence[str], place: Located | None) -> str:
    """Yes, no or possible in words; empty where the deployment names no territory or no place is known."""
    if not territory or place is None:
        return ""
    return TERRITORY[covers(territory, place)]


def unit_ref(code: str) -> str:
    """The reference of a unit of today by its code. Raises DiembaoError for any other."""
    return parse(f"new:{code.removeprefix('new:')}", gazetteer()).ref
