"""The frame of NĐ 30/2020/NĐ-CP (Đ8 and annex I): A4 with its margins, national title, agency, number, place and date,
title or subject, body, signature block, recipients; page numbers in the top margin from page 2 on.

Sizes: national title 12, motto 13, agency 12 and 13, number and date 13, title 14, body 13, recipients 12 and 11.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

import docx
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Mm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from pipeline.documents.letterhead import DOTS, Letterhead, or_dots
from pipeline.documents.packing import pack

FONT = "Times New Roman"
BODY = 13
LEFT, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
CENTRE, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
TEXT_WIDTH = Mm(210 - 30 - 15)
BLACK = RGBColor(0, 0, 0)


def date_words(day: date | None) -> str:
    """Days below 10 and the months January and February take a leading nought (NĐ 30/2020, annex I)."""
    if day is None:
        return "ngày …… tháng …… năm ……"
    month = f"{day.month:02d}" if day.month <= 2 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


class Paper:
    """One paper under the pen: begin with the letterhead, add what it says, close it, take its bytes."""

    def __init__(
        self, head: Letterhead, *, day: date | None, symbol: str = "", subject: str = "", marked: bool = True
    ) -> None:
        """`symbol` is the type's in the number (BC); a letter (công văn) has none, but a `subject` instead of a title
        and the drafting unit's symbol after the agency's, which is left open."""
        self.head = head
        self.document = docx.Document()
        self._page()
        self._styles()
        self._heading_block(symbol, day, subject)
        if marked and head.mark:
            self._mark(head.mark)

    # -- the parts that are the same on every paper

    def _page(self) -> None:
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin = section.bottom_margin = Mm(20)
        section.left_margin, section.right_margin = Mm(30), Mm(15)
        section.header_distance = Mm(10)
        section.different_first_page_header_footer = True
        number = section.header.paragraphs[0]
        number.alignment = CENTRE
        _field(number, "PAGE", size=BODY)

    def _styles(self) -> None:
        style = self.document.styles["Normal"]
        style.font.name, style.font.size, style.font.color.rgb = FONT, Pt(BODY), BLACK
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), FONT)
        language = OxmlElement("w:lang")
        language.set(qn("w:val"), "vi-VN")
        style.element.get_or_add_rPr().append(language)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.space_before = Pt(0)

    def _heading_block(self, symbol: str, day: date | None, subject: str) -> None:
        table = self._plain_table((Mm(66), TEXT_WIDTH - Mm(66)))
        left, right = table.rows[0].cells
        write(left.paragraphs[0], or_dots(self.head.parent).upper(), size=12, align=CENTRE)
        write(left.add_paragraph(), or_dots(self.head.agency).upper(), size=13, bold=True, align=CENTRE)
        _rule(left.add_paragraph(), indent=Mm(20))
        write(right.paragraphs[0], "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", size=12, bold=True, align=CENTRE)
        write(right.add_paragraph(), "Độc lập - Tự do - Hạnh phúc", size=13, bold=True, align=CENTRE)
        _rule(right.add_paragraph(), indent=Mm(18))
        left, right = next_row(table)
        own = self.head.symbol or "………"
        number = f"Số: ………/{symbol}-{own}" if symbol else f"Số: ………/{own}-………"
        write(left.paragraphs[0], number, align=CENTRE)
        if subject:
            write(left.add_paragraph(), f"V/v {subject}", size=12, align=CENTRE)
        where = f"{or_dots(self.head.place)}, {date_words(day)}"
        write(right.paragraphs[0], where, italic=True, align=CENTRE)

    def _mark(self, text: str) -> None:
        """The distribution mark in its frame, under the agency (NĐ 30/2020 Đ8.3; NĐ 56/2017 Đ24.3)."""
        self.space(4)
        table: Table = self.document.add_table(rows=1, cols=1)
        table.style = "Table Grid"
        _widths(table, (Mm(58),))
        write(table.rows[0].cells[0].paragraphs[0], text, bold=True, align=CENTRE)

    # -- what a paper says

    def title(self, kind: str, about: str) -> None:
        self.space(10)
        write(self.document.add_paragraph(), kind.upper(), size=14, bold=True, align=CENTRE)
        write(self.document.add_paragraph(), about, size=14, bold=True, align=CENTRE)
        _rule(self.document.add_paragraph(), indent=Mm(60))

    def addressees(self, names: Sequence[str]) -> None:
        """ "Kính gửi", one addressee on its line or several in a list."""
        self.space(8)
        names = [name or DOTS for name in names] or [DOTS]
        if len(names) == 1:
            write(self.document.add_paragraph(), f"Kính gửi: {names[0]}", size=14, align=CENTRE)
            return
        write(self.document.add_paragraph(), "Kính gửi:", size=14, align=CENTRE)
        for place, name in enumerate(names):
            end = "." if place == len(names) - 1 else ";"
            write(self.document.add_paragraph(), f"- {name}{end}", size=14, align=CENTRE)

    def heading(self, text: str) -> Paragraph:
        paragraph = write(self.document.add_paragraph(), text, bold=True)
        paragraph.paragraph_format.space_before = Pt(8)
        paragraph.paragraph_format.keep_with_next = True
        return paragraph

    def text(self, text: str = "", *, bold: bool = False, italic: bool = False, indent: bool = True) -> Paragraph:
        paragraph = write(self.document.add_paragraph(), text, bold=bold, italic=italic, align=JUSTIFY)
        paragraph.paragraph_format.space_before = Pt(4)
        if indent:
            paragraph.paragraph_format.first_line_indent = Cm(1)
        return paragraph

    def labelled(self, label: str, value: str) -> Paragraph:
        """`label: value` with the label in bold type; dots for nothing."""
        paragraph = self.text(indent=False)
        add_run(paragraph, f"{label}: ", bold=True)
        add_run(paragraph, value.strip() or DOTS)
        return paragraph

    def table(
        self, heads: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int], *, size: int = 11
    ) -> Table:
        """A ruled table; `widths` are shares of the text's width; the head repeats on every page. Cells that hold only
        figures are set to the right."""
        table: Table = self.document.add_table(rows=1, cols=len(heads))
        table.style = "Table Grid"
        unit = TEXT_WIDTH / sum(widths)
        _widths(table, [int(width * unit) for width in widths])
        for cell, head in zip(table.rows[0].cells, heads, strict=True):
            write(cell.paragraphs[0], head, size=size, bold=True, align=CENTRE)
        _of_row(table, "w:tblHeader")  # the head repeats
        for row in rows:
            for cell, text in zip(next_row(table), row, strict=True):
                figures = bool(text) and all(c.isdigit() or c in ".,%+-−•– " for c in text)
                write(cell.paragraphs[0], text, size=size, align=RIGHT if figures else LEFT)
        return table

    def space(self, points: float) -> None:
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.line_spacing = Pt(max(1, points))

    def link(self, paragraph: Paragraph, text: str, url: str) -> None:
        """Words that open an address; the address itself is not printed."""
        relation = paragraph.part.relate_to(url, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
        element = OxmlElement("w:hyperlink")
        element.set(qn("r:id"), relation)
        run = add_run(paragraph, text)
        run.underline = True
        element.append(run._r)  # noqa: SLF001 - python-docx has no way to add a link
        paragraph._p.append(element)  # noqa: SLF001

    def close(self, *, signer: str = "", recipients: Sequence[str] | None = None) -> None:
        """Recipients to the left, who signs to the right; the space for signature, stamp and name stays empty. It
        stands on one page, with the last lines of the text."""
        self.space(10)
        for paragraph in self.document.paragraphs[-2:]:
            paragraph.paragraph_format.keep_with_next = True
        table = self._plain_table((Mm(82), TEXT_WIDTH - Mm(82)))
        _of_row(table, "w:cantSplit")
        left, right = table.rows[0].cells
        write(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
        names = list(self.head.recipients if recipients is None else recipients) or [DOTS]
        for name in names:
            write(left.add_paragraph(), f"- {name.rstrip(';.')};", size=11)
        write(left.add_paragraph(), f"- {self.head.archive.rstrip('.')}.", size=11)
        write(right.paragraphs[0], or_dots(signer or self.head.signer).upper(), bold=True, align=CENTRE)
        write(right.add_paragraph(), "(Ký, ghi rõ họ tên, đóng dấu)", size=12, italic=True, align=CENTRE)
        for _ in range(3):
            right.add_paragraph()
        write(right.add_paragraph(), DOTS, bold=True, align=CENTRE)

    def annex(self, title: str) -> None:
        self.document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        write(self.document.add_paragraph(), title, size=14, bold=True, align=CENTRE)

    def save(self, *, title: str, day: date) -> bytes:
        return pack(self.document, title=title, day=day)

    def _plain_table(self, widths: Sequence[int]) -> Table:
        table: Table = self.document.add_table(rows=1, cols=len(widths))
        _widths(table, widths)
        return table


def write(
    paragraph: Paragraph,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
    align: WD_ALIGN_PARAGRAPH | None = None,
) -> Paragraph:
    add_run(paragraph, text, size=size, bold=bold, italic=italic)
    if align is not None:
        paragraph.alignment = align
    return paragraph


def add_run(
    paragraph: Paragraph, text: str, *, size: float | None = None, bold: bool = False, italic: bool = False
) -> Run:
    """Text of ours or the press's as plain characters; what XML cannot hold is dropped."""
    run = paragraph.add_run("".join(c for c in text if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff")))
    run.bold, run.italic = bold or None, italic or None
    if size is not None:
        run.font.size = Pt(size)
    return run


def _field(paragraph: Paragraph, name: str, *, size: float) -> None:
    run = add_run(paragraph, "", size=size)
    for kind in ("begin", None, "end"):
        element = OxmlElement("w:instrText" if kind is None else "w:fldChar")
        if kind is None:
            element.text = name
        else:
            element.set(qn("w:fldCharType"), kind)
        run._r.append(element)  # noqa: SLF001 - python-docx has no way to add a field


def _rule(paragraph: Paragraph, *, indent: int) -> None:
    """A line as a border above an empty, low paragraph."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = indent
    paragraph.paragraph_format.line_spacing = Pt(4)
    border = OxmlElement("w:pBdr")
    top = OxmlElement("w:top")
    for key, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        top.set(qn(f"w:{key}"), value)
    border.append(top)
    properties = paragraph._p.get_or_add_pPr()  # noqa: SLF001 - python-docx has no borders
    properties.insert_element_before(border, *_AFTER_BORDERS)


_AFTER_BORDERS = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def _widths(table: Table, widths: Sequence[int]) -> None:
    table.autofit = False
    table.alignment = WD_TABLE_ALIGNMENT.LEFT
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width


def _of_row(table: Table, name: str) -> None:
    """Switches on a property of the first row that python-docx does not know."""
    mark: Any = OxmlElement(name)
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)  # noqa: SLF001 - see above


def next_row(table: Table) -> tuple[_Cell, ...]:
    """The cells of a new last row."""
    untyped: Any = table
    row: tuple[_Cell, ...] = untyped.add_row().cells
    return row


def cell_lines(cell: _Cell, lines: Sequence[str], *, size: float = 11) -> None:
    """Several paragraphs in one cell."""
    write(cell.paragraphs[0], lines[0] if lines else "", size=size)
    for line in lines[1:]:
        write(cell.add_paragraph(), line, size=size)
