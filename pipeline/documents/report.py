"""A report as .docx, HTML or .xlsx; the warning that the figures come from the press stands under every table."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from markupsafe import Markup

from models import words
from pipeline.counting import Counted
from pipeline.documents import parts
from pipeline.documents.charts import add_chart, bars_of, svg
from pipeline.documents.digest_html import environment
from pipeline.documents.frame import Paper
from pipeline.documents.letterhead import DOTS, Letterhead, or_dots
from pipeline.documents.workbook import Value, Workbook
from pipeline.reports import UNVERIFIED, Report, Table
from pipeline.suppression import HIDDEN

HIDDEN_NOTE = f"{HIDDEN}: số dưới 3, hoặc ẩn để không suy ra được số dưới 3."


def about(report: Report) -> str:
    return f"Tổng hợp tin báo chí về bạo lực, xâm hại trẻ em, {report.period}"


def notes_of(report: Report, table: Table) -> tuple[str, ...]:
    """What stands under a table."""
    hidden = any(HIDDEN in row for row in table.rows)
    return tuple(note for note in (table.note, HIDDEN_NOTE if hidden and not report.inside else "", UNVERIFIED) if note)


def report_docx(report: Report, head: Letterhead, day: date) -> bytes:
    """`day` is the date of the paper."""
    paper = Paper(head, symbol="BC", day=day, marked=report.inside)
    paper.title("Báo cáo", about(report))
    for line in report.overview:
        paper.text(line)
    for table in report.tables:
        paper.heading(f"Bảng {table.code}. {table.title}")
        widths = (max(3, 12 - len(table.heads)), *([2] * (len(table.heads) - 1)))
        paper.table(table.heads, [[_printed(cell) for cell in row] for row in table.rows], widths, size=10)
        for note in notes_of(report, table):
            paper.text(note, italic=True, indent=False)
        if bars := bars_of(table):
            add_chart(paper, bars)
    paper.heading("Khó khăn, đề xuất")
    paper.labelled("Khó khăn", DOTS)
    paper.labelled("Đề xuất", DOTS)
    paper.heading("Ghi chú nguồn")
    for note in report.notes:
        paper.text(note)
    paper.text(parts.secrecy(head), italic=True)
    paper.close()
    return paper.save(title=about(report), day=day)


def report_html(report: Report, head: Letterhead) -> str:
    head = head if report.inside else replace(head, mark="")
    charts = {table.code: Markup(svg(bars)) for table in report.tables if (bars := bars_of(table))}  # noqa: S704 - ours
    return (
        environment()
        .get_template("report.html")
        .render(
            report=report,
            head=head,
            about=about(report),
            charts=charts,
            notes_of=notes_of,
            printed=_printed,
            secrecy=parts.secrecy(head),
        )
    )


def report_xlsx(report: Report, head: Letterhead) -> bytes:
    """A sheet a table; in the office also one line a story, without anything of a person."""
    book = Workbook(about(report))
    above = (or_dots(head.agency), about(report), *report.overview)
    for table in report.tables:
        rows: list[tuple[Value, ...]] = list(table.rows)
        title = f"Bảng {table.code}. {table.title}"
        book.sheet(f"Bảng {table.code}", table.heads, rows, above=(*above, title), below=notes_of(report, table))
    if report.rows:
        book.sheet("Dữ liệu", STORY_HEADS, [_story(row) for row in report.rows], below=(UNVERIFIED,))
    book.sheet("Ghi chú", ("Ghi chú",), [(note,) for note in (*report.notes, UNVERIFIED)])
    return book.save()


_FORMS: Mapping[str, Callable[[Report, Letterhead, date], bytes]] = {
    "docx": report_docx,
    "html": lambda report, head, _: report_html(report, head).encode(),
    "xlsx": lambda report, head, _: report_xlsx(report, head),
}


def render_report(report: Report, head: Letterhead, form: str, day: date) -> bytes:
    """`form` is docx, html or xlsx; `day` the date printed on the .docx."""
    return _FORMS[form](report, head, day)


def _printed(cell: int | str) -> str:
    return f"{cell:,}".replace(",", ".") if isinstance(cell, int) else cell


STORY_HEADS = (
    "Số tin",
    "Ngày",
    "Số bài",
    "Hình thức",
    "Nhóm tuổi",
    "Giới tính",
    "Số trẻ",
    "Môi trường",
    "Quan hệ",
    "Giai đoạn",
    "Nơi xảy ra",
)


def _story(row: Counted) -> tuple[Value, ...]:
    facts = row.facts
    return (
        row.story,
        f"{row.day:%d/%m/%Y}",
        row.articles,
        "; ".join(words.word(words.TYPES, code) for code in facts.types),
        words.word(words.AGE, facts.age),
        words.word(words.SEX, facts.sex),
        facts.victims,
        words.word(words.SETTING, facts.setting),
        words.word(words.RELATION, facts.relation),
        words.word(words.STAGE, facts.stage),
        row.place,
    )
