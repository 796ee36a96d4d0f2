"""Reports over any days as a record of tables: what the stored data can answer of a yearly report, and what it cannot.

Counts are of stories that persons reviewed, on our territory or of unknown place, in the period in which they first
stood on a list. Outside the office small cells are hidden (pipeline.suppression).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from models import words
from models.clock import VIET_NAM
from models.records import AGES, RELATIONS, SETTINGS, SEXES, TYPES
from models.session import Store
from models.store import recall, reports
from models.store.cases import opened_between
from models.store.reports import CaseSteps
from pipeline.counting import ACCIDENT, INCIDENT, Counted, Sight, Sums, counted, sums, tally
from pipeline.neutral import NOT_CHILD
from pipeline.periods import Period, year_before
from pipeline.recall import certificate_words, certify
from pipeline.suppression import HIDDEN, Shown, is_small, suppress

UNVERIFIED = "Số liệu tổng hợp từ báo chí, chưa xác minh, không thay thế số liệu thống kê chính thức."
NO_DATA = "không có dữ liệu"
MISSING = (
    "Chưa trả lời được từ dữ liệu đang có: số đối tượng đã xác định; thụ lý, khởi tố, xử phạt hành chính, không khởi "
    "tố, tạm đình chỉ; số trẻ được đánh giá, lập kế hoạch, can thiệp, cách ly; các chỉ tiêu chỉ cơ quan tố tụng có."
)


@dataclass(frozen=True, slots=True)
class Dimension:
    """A fact to count by: its field, its codes (the last one is "unknown") and their words."""

    name: str
    codes: tuple[str, ...]
    words: Mapping[str, str]

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(self.words[code] for code in self.codes)

    def read(self, row: Counted) -> str | None:
        found: str | None = getattr(row.facts, self.name)
        return found


SEX = Dimension("sex", SEXES, words.SEX)
AGE = Dimension("age", AGES, words.AGE)
SETTING = Dimension("setting", SETTINGS, words.SETTING)
RELATION = Dimension("relation", RELATIONS, words.RELATION)


@dataclass(frozen=True, slots=True)
class Table:
    """`note` is printed under it. `chart` names the column to draw, if any."""

    code: str
    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Shown, ...], ...]
    note: str = ""
    chart: int | None = None


@dataclass(frozen=True, slots=True)
class Report:
    period: Period
    before: Period
    inside: bool
    overview: tuple[str, ...]
    tables: tuple[Table, ...]
    notes: tuple[str, ...]
    rows: tuple[Counted, ...]
    """The stories behind it; empty in a report that leaves the office."""


def build_report(
    store: Store, period: Period, *, territory: Sequence[str], inside: bool, sight: Sight | None = None
) -> Report:
    """`inside` shows every count; without it small ones are hidden and no single story is in the record.

    `sight` makes it the report of what one person may read; the certificate, counted over all, is then left out.
    """
    before, sight = year_before(period), sight or Sight()
    with store.read() as session:
        rows, unreviewed = counted(session, period, territory, sight)
        earlier, _ = counted(session, before, territory, sight)
        known = reports.first_day(session)
        cases = _cases(session, period, sight)
        certificate = certify(recall.judged(session, period.first, period.last), period.first, period.last)
        passes = {found.day for found in reports.passes(session, period.first, period.last) if found.finished_at}
        papers = len(reports.articles_by_outlet(session, period.first, period.last))
    ours = [row for row in rows if row.sort == INCIDENT and row.ours]
    accidents = [row for row in rows if row.sort == ACCIDENT and row.ours]
    then = None if known is None or known > before.first else sums(r for r in earlier if r.sort == INCIDENT and r.ours)
    draft = _Draft(inside)
    tables = (
        draft.compared(sums(ours), then),
        draft.over_time(ours, period),
        draft.crossed("2a", "Số tin theo hình thức và giới tính", ours, SEX),
        draft.crossed("2b", "Số tin theo hình thức và nhóm tuổi (trẻ nhỏ tuổi nhất)", ours, AGE),
        draft.listed("3", "Số tin theo môi trường", ours, SETTING),
        draft.placed(ours),
        draft.listed("5", "Số tin theo quan hệ của người bị nghi với trẻ", ours, RELATION),
        draft.handled(cases),
        draft.timely(ours, cases),
        draft.listed("10", "Tai nạn, thương tích: số tin theo nhóm tuổi", accidents, AGE),
    )
    elsewhere = sum(row.sort == INCIDENT and not row.ours for row in rows)
    overview = (
        f"Kỳ báo cáo {period} ({period.days} ngày); cùng kỳ năm trước {before}.",
        f"Số ngày có quét báo: {len(passes)}/{period.days}; số báo có bài: {papers}. {_until(passes, period)}".strip(),
        f"Không tính vào bảng: {words.number(unreviewed)} tin chưa xem, {words.number(elsewhere)} tin ngoài địa bàn.",
    )
    return Report(
        period,
        before,
        inside,
        overview,
        tables,
        (certificate_words(certificate), MISSING) if sight.whole else (MISSING,),
        tuple(ours if inside else ()),
    )


def _cases(session: Session, period: Period, sight: Sight) -> list[CaseSteps]:
    start, end = _start(period), _end(period)
    found = reports.case_steps(session, start, end)
    if sight.whole:
        return found
    seen = {case.id for case in opened_between(session, start, end) if sight.case(case)}
    return [case for case in found if case.id in seen]


def _until(passes: set[date], period: Period) -> str:
    """A period that is not over, or whose last days were not scanned, says so."""
    last = max(passes, default=None)
    return "" if last is None or last >= period.last else f"Dữ liệu tới ngày {last:%d/%m/%Y}, chưa hết kỳ."


def _start(period: Period) -> datetime:
    return datetime.combine(period.first, time(), VIET_NAM)


def _end(period: Period) -> datetime:
    return datetime.combine(period.last + timedelta(days=1), time(), VIET_NAM)


@dataclass(frozen=True, slots=True)
class _Draft:
    """Makes the tables; outside the office each passes the rule for small cells."""

    inside: bool

    def compared(self, now: Sums, then: Sums | None) -> Table:
        lines = (
            ("Bài báo", "articles"),
            ("Tin (sự việc)", "stories"),
            ("Trẻ em là người bị hại (ít nhất)", "children"),
            ("Người 16–17 tuổi là người bị hại (ít nhất)", "nearly_adult"),
            ("Người bị nghi (ít nhất)", "suspects"),
        )
        rows = tuple(
            (label, *self._change(getattr(now, name), None if then is None else getattr(then, name)))
            for label, name in lines
        )
        note = (
            f"Bài, tin, trẻ em và người bị nghi là bốn số đếm khác nhau. {now.uncounted} tin không nêu số trẻ, mỗi tin "
            "tính một. Người bị nghi: tin có nêu quan hệ với trẻ tính một người."
        )
        if not self.inside and is_small(now.uncounted):
            note = note.replace(f"{now.uncounted} tin", "Một số tin")
        heads = ("Số đếm", "Kỳ này", "Cùng kỳ năm trước", "Tăng, giảm", "%")
        return Table("1", "Số bài, số tin, số trẻ em, số người bị nghi", heads, rows, note)

    def _change(self, value: int, before: int | None) -> tuple[Shown, Shown, Shown, Shown]:
        hidden = not self.inside and (is_small(value) or (before is not None and is_small(before)))
        shown = self._cell(value)
        if before is None:
            return shown, NO_DATA, "", ""
        if hidden:
            return shown, self._cell(before), "", ""
        change = f"{value - before:+d}".replace("-", "−") if value != before else "0"
        share = f"{(value - before) / before * 100:+.1f}".replace(".", ",").replace("-", "−") if before else ""
        return shown, before, change, share

    def _cell(self, value: int) -> Shown:
        return HIDDEN if not self.inside and is_small(value) else value

    def _line(self, counts: Sequence[int], total: int | None) -> tuple[list[Shown], Shown | None]:
        return (list(counts), total) if self.inside else suppress(counts, total)

    def over_time(self, rows: Sequence[Counted], period: Period) -> Table:
        """By day up to a month, by week up to half a year, by month beyond."""
        labels: dict[str, int] = {}
        for number in range(period.days):
            labels.setdefault(_bin(period, number), 0)
        for row in rows:
            labels[_bin(period, (row.day - period.first).days)] += 1
        counts, total = self._line(list(labels.values()), len(rows))
        body = tuple(zip(labels, counts, strict=True))
        return Table("1b", "Số tin theo thời gian", ("Thời gian", "Số tin"), (*body, ("Tổng", total or 0)), chart=1)

    def crossed(self, code: str, title: str, rows: Sequence[Counted], by: Dimension) -> Table:
        lines: list[tuple[Shown, ...]] = []
        groups = [(words.TYPES[kind], [row for row in rows if kind in row.facts.types]) for kind in TYPES]
        groups += [("Chưa rõ hình thức", [row for row in rows if not row.facts.types]), ("Tổng số tin", list(rows))]
        for label, group in groups:
            counts, total = self._line(tally(group, by.codes, by.read), len(group))
            lines.append((label, *counts, total or 0))
        heads = ("Hình thức", *by.labels, "Tổng")
        note = "Một tin có thể có nhiều hình thức, nên cộng các hình thức có thể lớn hơn tổng số tin."
        if NOT_CHILD in by.codes:
            note += " Nhóm 16–17 tuổi không phải trẻ em theo Luật Trẻ em, ghi để chuyển cơ quan chức năng."
        return Table(code, title, heads, tuple(lines), note, chart=len(heads) - 1 if code == "2a" else None)

    def listed(self, code: str, title: str, rows: Sequence[Counted], by: Dimension) -> Table:
        counts, total = self._line(tally(rows, by.codes, by.read), len(rows))
        body = zip(by.labels, counts, strict=True)
        return Table(code, title, ("Nhóm", "Số tin"), (*body, ("Tổng", total or 0)), chart=1)

    def placed(self, rows: Sequence[Counted]) -> Table:
        """The places with most stories first; outside the office those with few are one line."""
        found = sorted(Counter(row.place for row in rows).items(), key=lambda pair: (-pair[1], pair[0]))
        few = [] if self.inside else [pair for pair in found if is_small(pair[1])]
        body = [pair for pair in found if pair not in few]
        if few:
            body.append((f"Nơi khác ({len(few)} nơi, mỗi nơi dưới 3 tin)", sum(count for _, count in few)))
        counts, total = self._line([count for _, count in body], len(rows))
        lines = tuple((label, count) for (label, _), count in zip(body, counts, strict=True))
        note = "Tên đơn vị hành chính hiện nay; nơi xảy ra theo báo."
        return Table("4", "Số tin theo nơi xảy ra", ("Nơi xảy ra", "Số tin"), (*lines, ("Tổng", total or 0)), note)

    def handled(self, cases: Sequence[CaseSteps]) -> Table:
        lines: list[tuple[Shown, ...]] = [("Vụ việc đã mở", self._cell(len(cases)))]
        for state in ("dang_xac_minh", "da_chuyen", "dang_can_thiep", "theo_doi", "dong", "khong_phai"):
            count = sum(state in case.reached for case in cases)
            lines.append((f"đã tới bước: {words.CASE_STATE[state]}", self._cell(count)))
        note = "Vụ việc mở trong kỳ. Thụ lý, khởi tố, xử phạt: chưa có dữ liệu."
        return Table("6", "Xử lý", ("Bước", "Số vụ việc"), tuple(lines), note)

    def timely(self, rows: Sequence[Counted], cases: Sequence[CaseSteps]) -> Table:
        """From the fetch of the first article; shares of all, so that what is still open counts as late."""
        to_open = [case.opened_at - case.first_seen_at for case in cases if case.first_seen_at is not None]
        to_pass = [
            case.reached["da_chuyen"] - case.first_seen_at
            for case in cases
            if case.first_seen_at is not None and "da_chuyen" in case.reached
        ]
        measures = (
            ("Xác nhận tin", [row.to_decision for row in rows], len(rows)),
            ("Mở vụ việc", to_open, len(cases)),
            ("Chuyển tin", to_pass, len(cases)),
        )
        limits = (timedelta(hours=2), timedelta(hours=12), timedelta(hours=24), timedelta(days=3))
        lines = [
            (label, *(self._share(sum(length <= limit for length in lengths), of) for limit in limits), self._cell(of))
            for label, lengths, of in measures
        ]
        heads = ("Tính từ lúc tải bài đầu tiên", "≤ 2 giờ", "≤ 12 giờ", "≤ 24 giờ", "≤ 3 ngày", "Trong tổng số")
        return Table("8", "Kịp thời", heads, tuple(lines), "Bước chưa làm tính là chưa kịp.")

    def _share(self, count: int, of: int) -> Shown:
        if not of or (not self.inside and (is_small(of) or is_small(count) or is_small(of - count))):
            return HIDDEN if of else ""
        return f"{count / of * 100:.0f} %"


def _bin(period: Period, number: int) -> str:
    day = period.first + timedelta(days=number)
    if period.days <= 31:
        return f"{day:%d/%m}"
    if period.days <= 190:
        start = max(period.first, day - timedelta(days=day.weekday()))
        return f"tuần từ {start:%d/%m}"
    return f"{day:%m/%Y}"
