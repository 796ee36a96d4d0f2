"""A package of leads from the preview to the encrypted ZIP: what one recipient may see, kept as it was sent.

The ZIP is AES-256 (pyzipper, MIT): the password is made here, shown once and kept nowhere.
"""

import hashlib
import io
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyzipper
from sqlalchemy.orm import Session

from models.clock import VIET_NAM, day_of
from models.errors import DiembaoError
from models.session import Store
from models.store import archive, cases, packages, reading, recipients
from models.store.cases import CaseView
from models.store.packages import Draft, Part, SentBeforeError
from models.tables import Recipient
from pipeline.case_facts import place_of_case
from pipeline.documents.letterhead import Letterhead
from pipeline.documents.pdf import to_pdf
from pipeline.lead_files import SCHEMA, Cover, Sheet, bundle, schema_text, to_csv, to_json, to_sheet, to_workbook
from pipeline.lead_rows import Row, changes, hide_small, lead_code, lead_row
from pipeline.place_words import covers
from pipeline.recipients import Profile, ProfileError
from spiders.archive import ArchiveError, packed, read
from spiders.jobs import Answer

MOST = 200
"""Leads in one package: whoever needs more makes another, with its own ground."""
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
GROUPS, LETTERS = 4, 5
LEVEL = 9


class PackageError(DiembaoError):
    """A package without ground, without leads, or with a lead that the recipient is not responsible for."""


@dataclass(frozen=True, slots=True)
class Preview:
    """One case as the recipient will see it. `sent` tells whether it was sent there before, `changed` what is new."""

    case: CaseView
    code: str
    row: Row
    sent: bool
    changed: tuple[str, ...]
    outside: bool


def preview(session: Session, recipient: Recipient, profile: Profile, case_ids: Collection[int]) -> list[Preview]:
    """In the order of the cases' numbers; cases that were merged away are left out."""
    before = packages.last_rows(session, recipient.id, case_ids)
    found = []
    views = [case for case in cases.cases_by_id(session, case_ids) if case.merged_into is None]
    rows = [lead_row(session, case, profile) for case in views]
    if profile.small_cells == "hide":
        rows = hide_small(rows)
    for case, row in zip(views, rows, strict=True):
        last = before.get(case.id)
        outside = covers(recipient.territory, place_of_case(case)) is False
        changed = tuple(changes(last, row))
        found.append(Preview(case, lead_code(case, recipient.id), row, last is not None, changed, outside))
    return found


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be sent: to whom, which cases, on what ground. `key` makes the same order count once."""

    recipient_id: int
    case_ids: tuple[int, ...]
    ground: str
    key: str
    pdf: bool = False


@dataclass(frozen=True, slots=True)
class Desk:
    """What the sender's house brings: its letterhead, the profiles, and where the stored copies are."""

    head: Letterhead
    profiles: dict[str, Profile]
    archive_dir: Path


def make(store: Store, order: Order, desk: Desk, *, user_id: int, now: datetime) -> int:
    """Id of the package; of the one that is there already where the key was sent before.

    The files are built before the writing begins, so that nobody waits for them; a kill on the way leaves nothing.
    """
    if not order.ground.strip():
        raise PackageError("Hãy ghi căn cứ gửi nguồn tin")
    if not order.key or not 0 < len(set(order.case_ids)) <= MOST:
        raise PackageError(f"Hãy chọn từ 1 đến {MOST} vụ việc")
    with store.read() as session:
        known = packages.by_key(session, order.key)
        if known is not None:
            return known
        draft = build(session, order, desk, now=now)
    try:
        with store.write() as session:
            return packages.keep(session, draft, user_id=user_id, now=now)
    except SentBeforeError:
        with store.read() as session:
            known = packages.by_key(session, order.key)
        if known is None:
            raise
        return known


def build(session: Session, order: Order, desk: Desk, *, now: datetime) -> Draft:
    recipient = recipients.get(session, order.recipient_id)
    profile = profile_of(recipient, desk.profiles)
    found = preview(session, recipient, profile, set(order.case_ids))
    if outside := [one.case.code for one in found if one.outside]:
        raise PackageError(f"Ngoài địa bàn của {recipient.name}: {', '.join(outside)}")
    if not found:
        raise PackageError("Không có vụ việc nào để gửi")
    number = f"GT-{day_of(now):%Y%m%d}-{hashlib.sha256(order.key.encode()).hexdigest()[:8]}"
    made_at = f"{now.astimezone(VIET_NAM):%d/%m/%Y %H:%M}"
    cover = Cover(number, recipient.name, order.ground.strip(), made_at, day_of(now))
    sheets = [Sheet(one.code, one.row, one.changed) for one in found]
    parts = files_of(cover, profile, sheets, desk.head, pdf=order.pdf)
    if profile.evidence:
        parts |= _evidence(session, desk.archive_dir, [one.case for one in found])
    rows = tuple(Part(one.case.id, one.code, one.row, one.changed) for one in found)
    return Draft(recipient.id, order.key, number, order.ground.strip(), rows, bundle(parts))


def profile_of(recipient: Recipient, profiles: dict[str, Profile]) -> Profile:
    found = profiles.get(recipient.profile)
    if found is None:
        raise ProfileError(f"Nơi nhận {recipient.name} thuộc loại «{recipient.profile}» không còn trong cấu hình")
    return found


def files_of(
    cover: Cover, profile: Profile, sheets: Sequence[Sheet], head: Letterhead, *, pdf: bool
) -> dict[str, bytes]:
    paper = to_sheet(cover, profile, sheets, head)
    parts = {
        f"{cover.number}.docx": paper,
        f"{cover.number}.xlsx": to_workbook(cover, profile, sheets),
        f"{cover.number}.csv": to_csv(cover, profile, sheets),
        f"{cover.number}.json": to_json(cover, profile, sheets),
        SCHEMA: schema_text().encode(),
    }
    printed = to_pdf(paper) if pdf else None
    return parts if printed is None else parts | {f"{cover.number}.pdf": printed}


def _evidence(session: Session, folder: Path, views: Sequence[CaseView]) -> dict[str, bytes]:
    """The stored response behind each article's newest version, one record a file; one that does not fit its digest
    is named, not sent."""
    items = [item for case in views for story in case.stories for item in story.items]
    lines = reading.version_lines(session, [item.id for item in items])
    places = archive.of_versions(session, [line.id for line in lines])
    newest = {line.article_id: places[line.id] for line in lines if line.id in places}
    parts, notes = {}, []
    for number, item in enumerate(items, 1):
        place = newest.get(item.id)
        if place is None:
            notes.append(f"{number:03d}: không có bản lưu")
            continue
        record = _record(folder, place)
        if record is not None:
            parts[f"ban-luu-{number:03d}.warc.gz"] = record
            notes.append(f"{number:03d}: SHA-256 của phần thân {place.sha256}")
        else:
            notes.append(f"{number:03d}: bản lưu không khớp, không gửi")
    return {**parts, "ban-luu.txt": ("\n".join(notes) + "\n").encode()}


def _record(folder: Path, place: archive.Place) -> bytes | None:
    """The response as a WARC record of its own, whatever way the archive keeps it; None where it is not the one that
    was read."""
    try:
        stored = read(folder, place.file, place.offset)
    except ArchiveError:
        return None
    if stored.kept.sha256 != place.sha256:
        return None
    answer = Answer(stored.url, stored.asked, stored.fetched_at, stored.status, stored.headers, stored.body)
    return packed(answer, LEVEL).member


def new_password() -> str:
    """Four groups of five from 32 letters that are told over the telephone without mistakes: 100 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(GROUPS))


def encrypt(content: bytes, name: str, password: str) -> bytes:
    """The plain bundle as one entry of an AES-256 ZIP, so that not even the names inside can be read."""
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=pyzipper.ZIP_STORED, encryption=pyzipper.WZ_AES) as file:
        file.setpassword(password.encode())
        file.writestr(name, content)
    return out.getvalue()
