"""Reports over any days: tables beside the same days a year before, charts, the provinces as tiles, files to take."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date, timedelta
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.responses import Response

from models.clock import day_of
from models.rights import Right
from models.store import audit
from models.store.reading import NotThereError
from pipeline.counting import INCIDENT, counted
from pipeline.documents.charts import bars_of, svg
from pipeline.documents.letterhead import FILE, read_letterhead
from pipeline.documents.report import notes_of, render_report
from pipeline.periods import KINDS, Period, period_of
from pipeline.place_words import communes_of, province_names, unit_name
from pipeline.report_calendar import next_due, read_calendar
from pipeline.reports import Report, build_report
from review_ui.forms import Form, FormError
from review_ui.pages import Ask, page
from review_ui.territory import own_places, sight_of
from review_ui.tiles import (
    HEIGHT,
    WIDTH,
    commune_tiles,
    communes_in,
    extent,
    list_address,
    search_address,
    tiles,
)

KIND = {
    "week": "Tuần",
    "month": "Tháng",
    "quarter": "Quý",
    "half": "Nửa năm",
    "year": "Năm",
    "days": "Khoảng ngày",
}
LONGEST = timedelta(days=3 * 366)
FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    kind: str
    period: Period

    @property
    def query(self) -> str:
        """For addresses; the days themselves, so that a file is of what the page showed."""
        days = {"tu": self.period.first.isoformat(), "den": self.period.last.isoformat()}
        return urlencode({"ky": self.kind, "ngay": self.period.last.isoformat()} if self.kind != "days" else days)


def read_wanted(query: Form, today: date) -> Wanted:
    """The month of today unless something else is asked for; days win where both are named and no kind is."""
    kind = query.get("ky")
    if kind in KINDS:
        return Wanted(kind, period_of(kind, query.day("ngay") or today))
    first, last = query.day("tu"), query.day("den")
    if first is None and last is None:
        return Wanted("month", period_of("month", today))
    period = Period(first or last or today, last or today)
    if period.last - period.first > LONGEST:
        raise FormError("Khoảng ngày dài quá 3 năm")
    return Wanted("days", period)


@page("/bao-cao", needs=Right.READ)
def show(ask: Ask) -> Response:
    today = day_of(ask.now)
    wanted = read_wanted(ask.query, today)
    report = _report(ask, wanted, inside=True)
    places = _places(ask, wanted)
    names = province_names()
    codes = {name: code for code, name in names.items()}
    found = Counter(codes.get(place.rpartition(", ")[2], "") for place in places)
    return ask.page(
        "reports.html",
        wanted=wanted,
        report=report,
        kinds=KIND,
        charts={table.code: Markup(svg(bars)) for table in report.tables if (bars := bars_of(table))},  # noqa: S704 - ours, escaped there
        notes_of=notes_of,
        tiles=[] if ask.reader.confined else tiles(found, names),
        list_of=lambda code: list_address(wanted.period, code),
        tile=(WIDTH, HEIGHT),
        extent=extent(),
        communes=commune_tiles(Counter(places), communes_in(ask.reader.territory)) if ask.reader.territory else [],
        commune_at=lambda ref: search_address(wanted.period, ref),
        places=own_places(ask.reader),
        placed=sum(count for code, count in found.items() if code),
        unplaced=found[""],
        due=next_due(read_calendar(ask.house.settings.data_dir / "report_calendar.toml"), today),
        today=today,
        before=_step(wanted, -1),
        after=_step(wanted, 1),
    )


@page("/bao-cao/tinh", needs=Right.READ)
def show_province(ask: Ask) -> Response:
    """One province by commune: where its reviewed incidents of the period happened. A person with a territory of their
    own sees those of its communes that they work for."""
    code = ask.query.get("ma")
    name = province_names().get(code)
    own = set(communes_in(ask.reader.territory)) if ask.reader.confined else None
    communes = [ref for ref in communes_of(code) if own is None or ref in own] if name else []
    if name is None or not communes:
        raise NotThereError("Không có tỉnh, thành phố này")
    wanted = read_wanted(ask.query, day_of(ask.now))
    inside = [place for place in _places(ask, wanted) if place == name or place.endswith(f", {name}")]
    found = Counter(inside)
    made = commune_tiles(found, communes)
    named = {name, *(unit_name(tile.ref) for tile in made)}
    return ask.page(
        "report_province.html",
        wanted=wanted,
        name=name,
        listed=list_address(wanted.period, code),
        total=len(inside),
        unknown=found[name],
        unsure=[(p.removesuffix(f", {name}"), count) for p, count in found.most_common() if p not in named],
        communes=made,
        commune_at=lambda ref: search_address(wanted.period, ref),
    )


@page("/bao-cao/tep", needs=Right.EXPORT)
def download(ask: Ask) -> Response:
    """Small counts stay hidden unless the file is asked for as one that stays in the office; either is on record."""
    form, inside = ask.query.get("dang"), ask.query.get("noi_bo") == "1"
    if form not in FORMS:
        raise NotThereError("Không có dạng tệp này")
    today = day_of(ask.now)
    wanted, settings = read_wanted(ask.query, today), ask.house.settings
    report = _report(ask, wanted, inside=inside)
    content = render_report(report, read_letterhead(settings.data_dir / FILE), form, today)
    with ask.house.store.write() as session:
        audit.append(
            session,
            at=ask.now,
            action="report.download",
            user_id=ask.user.user_id,
            object=f"report/{wanted.period.first.isoformat()}/{wanted.period.last.isoformat()}",
            detail={"form": form, "inside": inside, "part": " ".join(_own(ask)) or None},
        )
    name = f"bao-cao-{wanted.period.first:%Y%m%d}-{wanted.period.last:%Y%m%d}{'-noi-bo' if inside else ''}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=FORMS[form], headers=headers)


def _own(ask: Ask) -> tuple[str, ...]:
    """The territory of a person who works for one alone."""
    return ask.reader.territory if ask.reader.confined else ()


def _report(ask: Ask, wanted: Wanted, *, inside: bool) -> Report:
    """Of the deployment; of their own territory alone for a person who works for that, which its first line says."""
    reader = ask.reader
    found = build_report(
        ask.house.store, wanted.period, territory=reader.territory, inside=inside, sight=sight_of(reader)
    )
    if not reader.confined:
        return found
    return replace(found, overview=(f"Chỉ tính địa bàn {own_places(reader)}.", *found.overview))


def _places(ask: Ask, wanted: Wanted) -> list[str]:
    """Where the confirmed incidents that this person may count happened."""
    with ask.house.store.read() as session:
        rows, _ = counted(session, wanted.period, (), sight_of(ask.reader))
    return [row.place for row in rows if row.sort == INCIDENT]


def _step(wanted: Wanted, by: int) -> Wanted:
    """The period of the same kind (or length) just before or after."""
    period = wanted.period
    if wanted.kind != "days":
        day = period.first - timedelta(days=1) if by < 0 else period.last + timedelta(days=1)
        return Wanted(wanted.kind, period_of(wanted.kind, day))
    length = timedelta(days=period.days)
    return Wanted("days", Period(period.first + by * length, period.last + by * length))
