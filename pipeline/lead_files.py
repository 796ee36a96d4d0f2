"""The files of a package: summary sheet, workbook to be answered in, CSV, JSON by its schema, list of digests.

Every file carries the handling mark and the recipient. File names hold the package's number and nothing of a person.
"""

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

from pipeline.documents.frame import Paper
from pipeline.documents.letterhead import Letterhead
from pipeline.documents.packing import EPOCH
from pipeline.documents.workbook import Value, Workbook
from pipeline.export import harmless
from pipeline.lead_rows import Row, change_words
from pipeline.recipients import COLUMNS, Profile

SCHEMA = "lead.schema.json"
SHEET = "Nguồn tin"
LEAD = "Mã nguồn tin"
ANSWER_HEADS = ("Trả lời", "Lúc", "Đã biết trước?", "Số văn bản", "Kết quả", "Lý do, nội dung")
"""Columns that the recipient fills in."""
CHANGED = "Thay đổi từ lần gửi trước"


@dataclass(frozen=True, slots=True)
class Cover:
    """What stands on each file."""

    number: str
    recipient: str
    ground: str
    made_at: str
    day: date


@dataclass(frozen=True, slots=True)
class Sheet:
    """One lead in the package: its code, its row, what changed since it was sent last."""

    code: str
    row: Row
    changed: tuple[str, ...]


def columns_of(profile: Profile) -> list[str]:
    return [COLUMNS[name] for name in profile.fields] + ([] if profile.articles == "none" else ["Các bài báo"])


def _cells(profile: Profile, sheet: Sheet) -> list[Value]:
    cells: list[Value] = [sheet.row[name] for name in profile.fields]
    if profile.articles != "none":
        cells.append("\n".join(_article_line(article) for article in sheet.row["articles"]))
    return cells


def _article_line(article: Mapping[str, Any]) -> str:
    parts = (article.get(name) for name in ("outlet", "published", "headline", "url", "sha256"))
    return " · ".join(str(part) for part in parts if part)


def head_lines(cover: Cover, profile: Profile) -> tuple[str, ...]:
    return (
        profile.mark,
        f"Gói {cover.number}, lập lúc {cover.made_at}. Nơi nhận: {cover.recipient}. Căn cứ: {cover.ground}.",
        "Nguồn: báo chí hoặc tin tiếp nhận, chưa kiểm chứng.",
    )


def to_workbook(cover: Cover, profile: Profile, sheets: Sequence[Sheet]) -> bytes:
    book = Workbook(f"Nguồn tin {cover.number}")
    heads = [LEAD, *columns_of(profile), CHANGED, *(ANSWER_HEADS if profile.answers else ())]
    rows = [[sheet.code, *_cells(profile, sheet), change_words(list(sheet.changed), COLUMNS)] for sheet in sheets]
    blank: list[Value] = [None] * (len(ANSWER_HEADS) if profile.answers else 0)
    book.sheet(SHEET, heads, [[*row, *blank] for row in rows], above=head_lines(cover, profile))
    return book.save()


def to_csv(cover: Cover, profile: Profile, sheets: Sequence[Sheet]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow([LEAD, *columns_of(profile), CHANGED, "Nơi nhận", "Chỉ dẫn lưu hành"])
    for sheet in sheets:
        cells = ["" if cell is None else str(cell).replace("\n", " | ") for cell in _cells(profile, sheet)]
        changed = change_words(list(sheet.changed), COLUMNS)
        writer.writerow([harmless(cell) for cell in (sheet.code, *cells, changed, cover.recipient, profile.mark)])
    return out.getvalue().encode("utf-8-sig", errors="replace")


def to_json(cover: Cover, profile: Profile, sheets: Sequence[Sheet]) -> bytes:
    return json.dumps(json_package(cover, profile, sheets), ensure_ascii=False, indent=1).encode()


def json_package(cover: Cover, profile: Profile, sheets: Sequence[Sheet]) -> dict[str, Any]:
    """By the published schema (lead.schema.json)."""
    return {
        "schema": "diembao/lead/1",
        "package": cover.number,
        "made_at": cover.made_at,
        "recipient": cover.recipient,
        "handling": profile.mark,
        "ground": cover.ground,
        "leads": [{"lead": sheet.code, **sheet.row, "changed": list(sheet.changed)} for sheet in sheets],
    }


def schema_text() -> str:
    return files("pipeline").joinpath(SCHEMA).read_text("utf-8")


def to_sheet(cover: Cover, profile: Profile, sheets: Sequence[Sheet], head: Letterhead) -> bytes:
    """The summary sheet (.docx) in the form of NĐ 30/2020; number, signature and stamp stay empty."""
    paper = Paper(head, day=cover.day, subject=f"cung cấp nguồn tin, gói {cover.number}", marked=True)
    paper.addressees([cover.recipient])
    for line in head_lines(cover, profile):
        paper.text(line, italic=True)
    for number, sheet in enumerate(sheets, 1):
        paper.heading(f"{number}. {sheet.code}")
        for name in profile.fields:
            value = sheet.row[name]
            paper.labelled(COLUMNS[name], "" if value is None else str(value))
        if sheet.changed:
            paper.labelled(CHANGED, change_words(list(sheet.changed), COLUMNS))
        for article in sheet.row.get("articles", ()):
            paper.text(f"- {_article_line(article)}")
    paper.close(recipients=("Như trên", *head.recipients))
    return paper.save(title=f"Nguồn tin {cover.number}", day=cover.day)


def bundle(parts: Mapping[str, bytes]) -> bytes:
    """A plain ZIP with a list of digests; the same parts give the same bytes."""
    sums = "".join(f"{hashlib.sha256(content).hexdigest()}  {name}\n" for name, content in parts.items())
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in {**parts, "SHA256SUMS.txt": sums.encode()}.items():
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type, info.external_attr, info.create_system = zipfile.ZIP_DEFLATED, 0o600 << 16, 3
            file.writestr(info, content)
    return out.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    """The files of a bundle, in their order."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name) for name in file.namelist()}
