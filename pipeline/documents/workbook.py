"""Workbooks whose cells are plain: a number is a number, a text is text whatever it begins with, and no clock is in."""

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter

from pipeline.documents.packing import repack
from pipeline.export import harmless

Value = int | float | str | None
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
CREATED = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\'", " "))
LONGEST_NAME = 31


class Workbook:
    """Sheets of heads and rows; `save` gives the bytes, the same for the same input."""

    def __init__(self, title: str) -> None:
        self._out = io.BytesIO()
        self._book: Any = xlsxwriter.Workbook(self._out, OPTIONS)
        self._book.set_properties({"title": title, "created": CREATED})
        self._bold = self._book.add_format({"bold": True, "text_wrap": True, "valign": "top", "border": 1})
        self._text = self._book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        self._note = self._book.add_format({"italic": True})

    def sheet(
        self,
        name: str,
        heads: Sequence[str],
        rows: Sequence[Sequence[Value]],
        *,
        above: Sequence[str] = (),
        below: Sequence[str] = (),
    ) -> None:
        sheet = self._book.add_worksheet(name.translate(FORBIDDEN).strip()[:LONGEST_NAME])
        line = 0
        for text in above:
            _put(sheet, line, 0, text, self._note)
            line += 1
        for column, head in enumerate(heads):
            _put(sheet, line, column, head, self._bold)
        sheet.freeze_panes(line + 1, 0)
        for row in rows:
            line += 1
            for column, value in enumerate(row):
                _put(sheet, line, column, value, self._text)
        for text in below:
            line += 1
            _put(sheet, line + 1, 0, text, self._note)
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, max(1, len(heads) - 1), 16)

    def save(self) -> bytes:
        self._book.close()
        return repack(self._out.getvalue())


def plain_workbook(rows: Sequence[Sequence[Value]]) -> bytes:
    """One unformatted sheet called Sheet1, for a chart's numbers."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, OPTIONS)
    book.set_properties({"created": CREATED})
    sheet = book.add_worksheet("Sheet1")
    for line, row in enumerate(rows):
        for column, value in enumerate(row):
            _put(sheet, line, column, value, None)
    book.close()
    return repack(out.getvalue())


def _put(sheet: Any, line: int, column: int, value: Value, style: Any) -> None:
    if value is None:
        sheet.write_blank(line, column, None, style)
    elif isinstance(value, str):
        sheet.write_string(line, column, harmless(value), style)
    else:
        sheet.write_number(line, column, value, style)
