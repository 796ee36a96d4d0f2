"""Reports over any days: tables beside the same days a year before, charts, the provinces as tiles, files to take."""

from collections import Counter
from dataclasses import dataclass
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
from pipeline.reports import build_report
from review_ui.forms import Form, FormError
from review_ui.pages import Ask, page
from review_ui.territory import need_whole
from review_ui.tiles import HEIGHT, STEPS, WIDTH, extent, tiles

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
    _whole(ask)
    today = day_of(ask.now)
    wanted = read_wanted(ask.query, today)
    settings = ask.house.settings
    report = build_report(ask.house.store, wanted.period, territory=settings.territory, inside=True)
    with ask.house.store.read() as session:
        rows, _ = counted(session, wanted.period, ())
    names = province_names()
    codes = {name: code for code, name in names.items()}
    found = Counter(codes.get(row.place.rpartition(", ")[2], "") for row in rows if row.sort == INCIDENT)
    width, height = extent()
    return ask.page(
        "reports.html",
        wanted=wanted,
        report=report,
        kinds=KIND,
        charts={table.code: Markup(svg(bars)) for table in report.tables if (bars := bars_of(table))},  # noqa: S704 - ours, escaped there
        notes_of=notes_of,
        tiles=tiles(found, names),
        tile=(WIDTH, HEIGHT),
        extent=(width, height),
        placed=sum(count for code, count in found.items() if code),
        unplaced=found[""],
        due=next_due(read_calendar(settings.data_dir / "report_calendar.toml"), today),
        today=today,
        before=_step(wanted, -1),
        after=_step(wanted, 1),
    )


@page("/bao-cao/tinh", needs=Right.READ)
def show_province(ask: Ask) -> Response:
    """One province by commune: where its reviewed incidents of the period happened."""
    _whole(ask)
    code = ask.query.get("ma")
    name = province_names().get(code)
    if name is None:
        raise NotThereError("Không có tỉnh, thành phố này")
    wanted = read_wanted(ask.query, day_of(ask.now))
    with ask.house.store.read() as session:
        rows, _ = counted(session, wanted.period, ())
    inside = [
        row.place for row in rows if row.sort == INCIDENT and (row.place == name or row.place.endswith(f", {name}"))
    ]
    found = Counter(place.removesuffix(f", {name}") if place != name else "" for place in inside)
    communes = [(unit_name(unit.removeprefix("new:")).split(", ")[0], unit) for unit in communes_of(code)]
    named = {commune for commune, _ in communes}
    most = max(found.values(), default=0)
    return ask.page(
        "report_province.html",
        wanted=wanted,
        name=name,
        total=len(inside),
        unknown=found[""],
        unsure=[(place, count) for place, count in found.most_common() if place and place not in named],
        communes=[
            (commune, found[commune], -(-found[commune] * STEPS // most) if most else 0) for commune, _ in communes
        ],
    )


@page("/bao-cao/tep", needs=Right.EXPORT)
def download(ask: Ask) -> Response:
    """Small counts stay hidden unless the file is asked for as one that stays in the office; either is on record."""
    _whole(ask)
    form, inside = ask.query.get("dang"), ask.query.get("noi_bo") == "1"
    if form not in FORMS:
        raise NotThereError("Không có dạng tệp này")
    today = day_of(ask.now)
    wanted, settings = read_wanted(ask.query, today), ask.house.settings
    report = build_report(ask.house.store, wanted.period, territory=settings.territory, inside=inside)
    content = render_report(report, read_letterhead(settings.data_dir / FILE), form, today)
    with ask.house.store.write() as session:
        audit.append(
            session,
            at=ask.now,
            action="report.download",
            user_id=ask.user.user_id,
            object=f"report/{wanted.period.first.isoformat()}/{wanted.period.last.isoformat()}",
            detail={"form": form, "inside": inside},
        )
    name = f"bao-cao-{wanted.period.first:%Y%m%d}-{wanted.period.last:%Y%m%d}{'-noi-bo' if inside else ''}.{form}"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=FORMS[form], headers=headers)


def _whole(ask: Ask) -> None:
    """Reports count the deployment's whole territory: a person with one of their own does not read them."""
    need_whole(ask.reader, "Báo cáo chung")


def _step(wanted: Wanted, by: int) -> Wanted:
    """The period of the same kind (or length) just before or after."""
    period = wanted.period
    if wanted.kind != "days":
        day = period.first - timedelta(days=1) if by < 0 else period.last + timedelta(days=1)
        return Wanted(wanted.kind, period_of(wanted.kind, day))
    length = timedelta(days=period.days)
    return Wanted("days", Period(period.first + by * length, period.last + by * length))
