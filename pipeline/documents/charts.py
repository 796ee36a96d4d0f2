"""Bar charts of ours: as SVG for pages, and as a native, editable chart in a .docx. Each bar carries its number."""

from dataclasses import dataclass
from html import escape
from itertools import count

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Mm

from pipeline.documents.frame import TEXT_WIDTH, Paper
from pipeline.documents.workbook import plain_workbook
from pipeline.reports import Table

COLOUR = "2F5D8A"
"""A blue that keeps 4.5:1 against white and that no kind of colour blindness confuses with its ground."""
ROW, LABELS, BARS, RIGHT = 22, 260, 400, 60
CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006"


@dataclass(frozen=True, slots=True)
class Bars:
    """Labelled values; None is a hidden number, which has no bar."""

    title: str
    values: tuple[tuple[str, int | None], ...]


def bars_of(table: Table) -> Bars | None:
    """The chart of a table without its totals; None for one that is not drawn or has nothing to show."""
    if table.chart is None:
        return None
    rows = [row for row in table.rows if not str(row[0]).startswith("Tổng")]
    values = tuple((str(row[0]), found if isinstance(found := row[table.chart], int) else None) for row in rows)
    return Bars(table.title, values) if any(value for _, value in values) else None


def svg(bars: Bars) -> str:
    """One bar a line, label before and number behind; said aloud by title and description."""
    top = max(value or 0 for _, value in bars.values) or 1
    width, height = LABELS + BARS + RIGHT, ROW * len(bars.values) + 8
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="inherit" font-size="14">',
        f"<title>{escape(bars.title)}</title>",
        f"<desc>{escape('; '.join(f'{label}: {_said(value)}' for label, value in bars.values))}</desc>",
    ]
    for place, (label, value) in enumerate(bars.values):
        y = place * ROW + 4
        length = round((value or 0) / top * BARS, 1)
        parts.append(f'<text x="{LABELS - 8}" y="{y + 15}" text-anchor="end">{escape(_short(label))}</text>')
        parts.append(f'<rect x="{LABELS}" y="{y + 2}" width="{length}" height="{ROW - 6}" fill="#{COLOUR}"/>')
        parts.append(f'<text x="{LABELS + length + 6}" y="{y + 15}">{escape(_said(value))}</text>')
    return "".join([*parts, "</svg>"])


def _said(value: int | None) -> str:
    return "ẩn" if value is None else str(value)


def _short(label: str, longest: int = 34) -> str:
    return label if len(label) <= longest else f"{label[: longest - 1].rstrip()}…"


def add_chart(paper: Paper, bars: Bars) -> None:
    """The chart as a paragraph of its own, with its numbers in a workbook inside the file. Hidden ones are left out."""
    bars = Bars(bars.title, tuple((label, value) for label, value in bars.values if value is not None))
    package = paper.document.part.package
    taken = {str(part.partname) for part in package.iter_parts()}
    number = next(n for n in count(1) if f"/word/charts/chart{n}.xml" not in taken)
    book = Part(
        PackURI(f"/word/embeddings/chart{number}.xlsx"),
        BOOK_TYPE,
        plain_workbook([("Nhóm", "Số tin"), *((label, value) for label, value in bars.values)]),
        package,
    )
    chart = Part(PackURI(f"/word/charts/chart{number}.xml"), CHART_TYPE, b"", package)
    book_id = chart.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
    chart._blob = _chart_xml(bars, book_id).encode()  # noqa: SLF001 - the part needs its relation's id first
    chart_id = paper.document.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    height = Mm(14 + 7 * len(bars.values))
    run = paper.document.add_paragraph().add_run()
    run._r.append(parse_xml(_frame_xml(bars, chart_id, number, height)))  # noqa: SLF001 - python-docx has no charts


def _frame_xml(bars: Bars, relation: str, number: int, height: int) -> str:
    return (
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        f'xmlns:wp="{DRAWING}/wordprocessingDrawing" xmlns:a="{DRAWING}/main" xmlns:c="{DRAWING}/chart" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{int(TEXT_WIDTH)}" cy="{int(min(height, Mm(220)))}"/>'
        f'<wp:docPr id="{1000 + number}" name="Biểu đồ {number}" descr="{escape(bars.title)}"/>'
        "<wp:cNvGraphicFramePr/>"
        f'<a:graphic><a:graphicData uri="{DRAWING}/chart"><c:chart r:id="{relation}"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )


def _chart_xml(bars: Bars, book: str) -> str:
    size = len(bars.values)
    names = "".join(f'<c:pt idx="{n}"><c:v>{escape(label)}</c:v></c:pt>' for n, (label, _) in enumerate(bars.values))
    numbers = "".join(
        f'<c:pt idx="{n}"><c:v>{value}</c:v></c:pt>' for n, (_, value) in enumerate(bars.values) if value is not None
    )
    fill = f'<c:spPr><a:solidFill><a:srgbClr val="{COLOUR}"/></a:solidFill></c:spPr>'
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace xmlns:c="{DRAWING}/chart" xmlns:a="{DRAWING}/main" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
        '<c:roundedCorners val="0"/><c:chart><c:autoTitleDeleted val="1"/><c:plotArea><c:layout/>'
        '<c:barChart><c:barDir val="bar"/><c:grouping val="clustered"/><c:varyColors val="0"/>'
        f'<c:ser><c:idx val="0"/><c:order val="0"/>{fill}<c:invertIfNegative val="0"/>'
        '<c:dLbls><c:showLegendKey val="0"/><c:showVal val="1"/><c:showCatName val="0"/><c:showSerName val="0"/>'
        '<c:showPercent val="0"/><c:showBubbleSize val="0"/></c:dLbls>'
        f'<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${size + 1}</c:f><c:strCache><c:ptCount val="{size}"/>{names}'
        "</c:strCache></c:strRef></c:cat>"
        f"<c:val><c:numRef><c:f>Sheet1!$B$2:$B${size + 1}</c:f><c:numCache><c:formatCode>General</c:formatCode>"
        f'<c:ptCount val="{size}"/>{numbers}</c:numCache></c:numRef></c:val></c:ser>'
        '<c:gapWidth val="40"/><c:axId val="1"/><c:axId val="2"/></c:barChart>'
        '<c:catAx><c:axId val="1"/><c:scaling><c:orientation val="maxMin"/></c:scaling><c:delete val="0"/>'
        '<c:axPos val="l"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        '<c:crossAx val="2"/></c:catAx>'
        '<c:valAx><c:axId val="2"/><c:scaling><c:orientation val="minMax"/><c:min val="0"/></c:scaling>'
        '<c:delete val="1"/><c:axPos val="t"/><c:numFmt formatCode="General" sourceLinked="1"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="none"/><c:crossAx val="1"/>'
        '</c:valAx></c:plotArea><c:plotVisOnly val="1"/></c:chart>'
        '<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr><a:defRPr sz="1100"><a:latin typeface="Times New Roman"/>'
        f'</a:defRPr></a:pPr><a:endParaRPr lang="vi-VN"/></a:p></c:txPr><c:externalData r:id="{book}">'
        '<c:autoUpdate val="0"/></c:externalData></c:chartSpace>'
    )
