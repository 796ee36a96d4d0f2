"""The same paper, the same bytes: no clock, no author and no thumbnail of the library gets into the file."""

import io
import zipfile
from datetime import UTC, date, datetime

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE

EPOCH = (1980, 1, 1, 0, 0, 0)
"""The earliest date that a zip entry can carry."""


def pack(document: Document, *, title: str, day: date) -> bytes:
    """The .docx with the title and the paper's own day as its only properties."""
    properties = document.core_properties
    properties.title = title
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.revision = 1
    properties.created = properties.modified = datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)
    properties.language = "vi-VN"
    relations = document.part.package.rels
    for key in [key for key, rel in relations.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]
    raw = io.BytesIO()
    document.save(raw)
    return repack(raw.getvalue())


def repack(content: bytes) -> bytes:
    """A zip with its entries in their order but without their times."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.infolist():
            plain = zipfile.ZipInfo(entry.filename, EPOCH)
            plain.compress_type, plain.external_attr, plain.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            target.writestr(plain, source.read(entry.filename), compresslevel=6)
    return out.getvalue()
