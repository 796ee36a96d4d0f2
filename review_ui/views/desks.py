"""Danh bạ đầu mối: whom to reach for each commune and province, edited by the team."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from starlette.responses import Response

from classifier.places.directory import EVERYWHERE, OFFICES, OFFICES_OF, Contact, problems
from models.errors import DiembaoError
from models.fold import fold
from models.rights import Right
from models.store import desks
from models.store.desks import DeskError
from models.store.reading import NotThereError
from models.tables import DeskContact
from pipeline.desks import directory_of, unit_ref
from pipeline.place_choice import codes_of
from pipeline.place_words import communes_of, covers, gazetteer, place_words, province_names, unit_name
from review_ui.forms import FormError
from review_ui.pages import Ask, go, page

PAGE = "/danh-ba"


@dataclass(frozen=True, slots=True)
class Line:
    """A unit with its offices in order: (office, contact or None)."""

    unit: str
    name: str
    offices: tuple[tuple[str, Contact | None], ...]

    @property
    def missing(self) -> int:
        return sum(1 for _, contact in self.offices if contact is None or not contact.reachable)


@page(PAGE, needs=Right.DESKS)
def show(ask: Ask) -> Response:
    province = _province(ask)
    wanted, only_missing = fold(ask.query.get("q")), ask.query.get("thieu") == "1"
    with ask.house.store.read() as session:
        units = [f"new:{province}", *communes_of(province)]
        rows = desks.contacts_of(session, [EVERYWHERE, *units])
    lines = _lines(units, rows)
    needed = sum(len(line.offices) for line in lines)
    return ask.page(
        "desks.html",
        province=province,
        provinces=sorted(province_names().items(), key=lambda pair: fold(pair[1])),
        lines=[line for line in lines if wanted in fold(line.name) and (line.missing or not only_missing)],
        national=_lines([EVERYWHERE], rows)[0],
        reached=needed - sum(line.missing for line in lines),
        needed=needed,
        typed=ask.query.get("q"),
        only_missing=only_missing,
        OFFICES=OFFICES,
    )


@page(f"{PAGE}/don-vi", needs=Right.DESKS)
def show_unit(ask: Ask) -> Response:
    return _unit_page(ask, _unit(ask.query.get("ma")))


@page(f"{PAGE}/don-vi", needs=Right.DESKS, method="POST")
def keep(ask: Ask) -> Response:
    """Save or remove one office's contact; what is wrong with it is said beside its field, and nothing is kept."""
    unit, office = _unit(ask.form.get("ma")), ask.form.get("dau_moi")
    if not may_edit(ask, unit):
        raise FormError("Đơn vị này ngoài địa bàn của bạn: chỉ xem được")
    fields = {name: ask.form.get(name) for name in desks.FIELDS}
    wrong = problems(Contact(unit, office, **fields), gazetteer())
    if "unit" in wrong or "office" in wrong:
        raise FormError(wrong.get("unit") or wrong["office"])
    removing = ask.form.get("viec") == "xoa"
    if wrong and not removing:
        return _unit_page(ask, unit, typed=(office, fields), wrong=wrong, status=400)
    seen = ask.form.get("seen")
    try:
        with ask.house.store.write() as session:
            if removing:
                desks.remove(session, unit, office, user_id=ask.user.user_id, now=ask.now, seen=seen)
            else:
                desks.keep(session, unit, office, fields, user_id=ask.user.user_id, now=ask.now, seen=seen)
    except DeskError as error:
        return _unit_page(ask, unit, typed=(office, fields), message=f"{error}.", status=409)
    return go(f"{PAGE}/don-vi?ma={unit}&xong={office}#{office}")


def may_edit(ask: Ask, unit: str) -> bool:
    """Whoever has a territory of their own edits what lies wholly in it."""
    if not ask.user.territory:
        return True
    return unit != EVERYWHERE and covers(ask.user.territory, codes_of(unit)) is True


def _unit_page(
    ask: Ask,
    unit: str,
    *,
    typed: tuple[str, Mapping[str, str]] | None = None,
    wrong: Mapping[str, str] | None = None,
    message: str = "",
    status: int = 200,
) -> Response:
    with ask.house.store.read() as session:
        rows = desks.contacts_of(session, [unit])
        editors = desks.editors(session, rows)
    kept = {row.office: row for row in rows}
    return ask.page(
        "desk.html",
        status=status,
        unit=unit,
        name=_name(unit),
        old="" if unit == EVERYWHERE else place_words(codes_of(unit)).old,
        line=_lines([unit], rows)[0],
        kept=kept,
        stamps={office: desks.stamp(row) for office, row in kept.items()},
        editors=editors,
        typed=typed,
        wrong=wrong or {},
        message=message,
        done=ask.query.get("xong") if status == 200 else "",
        may_edit=may_edit(ask, unit),
        OFFICES=OFFICES,
        province=None if unit == EVERYWHERE else gazetteer_province(unit),
    )


def _lines(units: Sequence[str], rows: Sequence[DeskContact]) -> list[Line]:
    contacts = directory_of(rows).contacts
    return [
        Line(unit, _name(unit), tuple((office, contacts.get((unit, office))) for office in OFFICES_OF[_level(unit)]))
        for unit in units
    ]


def _unit(given: str) -> str:
    """Raises NotThereError for what is no unit of today."""
    if given == EVERYWHERE:
        return EVERYWHERE
    try:
        return unit_ref(given)
    except DiembaoError as error:
        raise NotThereError("Không có đơn vị hành chính này trong danh mục hiện nay") from error


def _level(unit: str) -> str:
    return EVERYWHERE if unit == EVERYWHERE else "province" if len(unit.removeprefix("new:")) == PROVINCE else "commune"


PROVINCE = 2
"""Figures of a province's code."""


def _name(unit: str) -> str:
    return "Cả nước" if unit == EVERYWHERE else unit_name(unit.removeprefix("new:"))


def gazetteer_province(unit: str) -> str:
    codes = codes_of(unit)
    return codes.new_province or ""


def _province(ask: Ask) -> str:
    """The one asked for, else that of the reader's territory, else the first."""
    asked = ask.query.get("tinh")
    if asked in province_names():
        return asked
    return _home(ask.reader.territory) or min(province_names())


@cache
def _home(territory: tuple[str, ...]) -> str | None:
    return next((code for unit in territory if (code := codes_of(unit).new_province)), None)
