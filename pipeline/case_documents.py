"""Documents of a case from draft to approval: drawn from its facts, edited by a person in their own program, kept."""

import io
import zipfile
from datetime import date, datetime

import docx
from sqlalchemy.orm import Session

from models.store import documents as kept
from models.store.documents import EDITED
from models.tables import CaseDocument
from pipeline.case_file import case_file
from pipeline.documents.fields import DocumentError, Drawn
from pipeline.documents.forms import draw
from pipeline.documents.letterhead import Letterhead

LARGEST = 5 * 1024 * 1024
UNPACKED = 50 * 1024 * 1024
"""Bytes of an edited document and of what it unpacks to."""
NOT_ALLOWED = ("vbaProject", "activeX", "oleObject")
"""Parts that can run something."""


def draw_document(
    session: Session, case_id: int, kind: str, head: Letterhead, *, day: date, user_id: int, now: datetime
) -> CaseDocument:
    """Draw the form from what is known now and keep it as a draft."""
    drawn = draw(kind, case_file(session, case_id), head, day)
    return kept.keep(
        session,
        case_id,
        kind=kind,
        filename=drawn.filename,
        content=drawn.content,
        sources=sources_of(drawn),
        user_id=user_id,
        now=now,
    )


def put_back(session: Session, case_id: int, kind: str, content: bytes, *, user_id: int, now: datetime) -> CaseDocument:
    """Keep what a person edited as a new draft. Only a form that was drawn can be edited, and only a plain .docx."""
    drawn = kept.newest(session, case_id, kind)
    if drawn is None:
        raise DocumentError("Chưa có bản thảo nào của văn bản này để sửa")
    check_docx(content)
    return kept.keep(
        session, case_id, kind=kind, filename=drawn.filename, content=content, user_id=user_id, now=now, origin=EDITED
    )


def check_docx(content: bytes) -> None:
    """Raises DocumentError for what is no .docx, is too large, or holds macros or embedded programs."""
    if len(content) > LARGEST:
        raise DocumentError(f"Tệp quá lớn (tối đa {LARGEST // 1024 // 1024} MB)")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            entries = file.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked <= UNPACKED:
            docx.Document(io.BytesIO(content))
    except Exception as error:  # a hostile file fails in many ways, and each means the same
        raise DocumentError("Tệp không phải văn bản .docx đọc được") from error
    if unpacked > UNPACKED:
        raise DocumentError("Tệp bung ra quá lớn")
    if any(word in entry.filename for entry in entries for word in NOT_ALLOWED):
        raise DocumentError("Tệp có macro hoặc đối tượng nhúng, không nhận")


def sources_of(drawn: Drawn) -> list[tuple[str, str, str, str]]:
    """(label, value, source, quote) of every place of the form; empty where nothing is known."""
    return [
        (
            traced.label,
            traced.field.value or "",
            "" if traced.field.source is None else traced.field.source.says,
            "" if traced.field.source is None else traced.field.source.quote,
        )
        for traced in drawn.fields
    ]
