"""A .docx as PDF, where LibreOffice is installed."""

import io
from datetime import date
from pathlib import Path

import docx
import pytest

from pipeline.documents import pdf
from pipeline.documents.frame import Paper
from pipeline.documents.letterhead import DOTS, Letterhead, read_letterhead


def paper() -> bytes:
    made = Paper(Letterhead(), symbol="BC", day=date(2026, 1, 2))
    made.title("Báo cáo", "Thử")
    made.close()
    return made.save(title="Thử", day=date(2026, 1, 2))


@pytest.mark.skipif(not pdf.can_pdf(), reason="LibreOffice is not installed")
def test_a_paper_becomes_a_pdf() -> None:
    made = pdf.to_pdf(paper())
    assert made is not None
    assert made.startswith(b"%PDF-")


@pytest.mark.skipif(not pdf.can_pdf(), reason="LibreOffice is not installed")
def test_what_is_no_document_is_an_error_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 60)
    with pytest.raises(pdf.PdfError, match="PDF"):
        pdf.to_pdf(b"PK\x03\x04 broken")


def test_who_signs_stands_on_one_page_with_the_last_lines_of_the_text() -> None:
    made = Paper(Letterhead(), symbol="BC", day=date(2026, 1, 2))
    made.text("Dòng cuối")
    made.close()
    document = docx.Document(io.BytesIO(made.save(title="Thử", day=date(2026, 1, 2))))
    assert document.tables[-1].rows[0]._tr.xpath("./w:trPr/w:cantSplit")
    last, space = document.paragraphs[-2:]
    assert (last.text, space.text) == ("Dòng cuối", "")
    assert last.paragraph_format.keep_with_next
    assert space.paragraph_format.keep_with_next


def test_without_libreoffice_there_is_no_pdf_and_no_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert not pdf.can_pdf()
    assert pdf.to_pdf(b"") is None


def test_the_example_of_a_letterhead_can_be_read() -> None:
    example = read_letterhead(Path(pdf.__file__).with_name("letterhead.example.toml"))
    assert example.mark == "LƯU HÀNH NỘI BỘ"
    assert len(example.recipients) == 2
    assert DOTS not in example.agency
