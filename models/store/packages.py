"""Packages of leads: kept once under the sender's key, with the leads that they carry, the export and the case's step.

All of it is one transaction: a package without its leads, or leads without their package, cannot be.
"""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from models import states
from models.errors import DiembaoError
from models.store import cases, exports
from models.store.insert import insert_new
from models.store.reading import NotThereError
from models.tables import Case, CaseMove, Lead, LeadSending, Package, Recipient, User

FORWARDED = "da_chuyen"


class SentBeforeError(DiembaoError):
    """The same key was sent meanwhile; nothing was kept a second time."""


@dataclass(frozen=True, slots=True)
class Part:
    """One lead of a package: its case, its code, its row as sent, and what was new in it."""

    case_id: int
    code: str
    row: dict[str, Any]
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """A package as built: `content` is the plain ZIP."""

    recipient_id: int
    key: str
    number: str
    ground: str
    parts: tuple[Part, ...]
    content: bytes


def by_key(session: Session, key: str) -> int | None:
    return session.scalar(select(Package.id).where(Package.key == key))


def keep(session: Session, draft: Draft, *, user_id: int, now: datetime) -> int:
    """The package's id. Raises SentBeforeError where the key is there: roll back and show that package."""
    held = {case_id: cases.locked(session, case_id) for case_id in sorted(part.case_id for part in draft.parts)}
    if by_key(session, draft.key) is not None:
        raise SentBeforeError("Gói này đã được gửi")
    recipient = session.get_one(Recipient, draft.recipient_id)
    moved = [case for case in held.values() if FORWARDED in states.MOVES[case.state] and not _in_work(case)]
    for case in moved:
        session.add(
            CaseMove(
                case_id=case.id,
                user_id=user_id,
                at=now,
                before=case.state,
                after=FORWARDED,
                reason=f"gói {draft.number}",
            )
        )
        case.state = FORWARDED
    leads = [_lead(session, part, draft.recipient_id, now) for part in draft.parts]
    export = exports.record(
        session,
        kind="package",
        content=draft.content,
        rows=len(draft.parts),
        scope={"package": draft.number, "leads": ",".join(part.code for part in draft.parts)},
        ground=draft.ground,
        recipient=recipient.name,
        user_id=user_id,
        now=now,
    )
    new = insert_new(
        session,
        Package,
        recipient_id=draft.recipient_id,
        key=draft.key,
        number=draft.number,
        at=now,
        user_id=user_id,
        ground=draft.ground,
        rows=[{"lead": part.code, "case": part.case_id, "row": part.row} for part in draft.parts],
        content=draft.content,
        sha256=hashlib.sha256(draft.content).hexdigest(),
        export_id=export.id,
    )
    if not new:
        raise SentBeforeError("Gói này đã được gửi")
    package_id = session.scalars(select(Package.id).where(Package.key == draft.key)).one()
    for lead, part in zip(leads, draft.parts, strict=True):
        revision = 1 + session.scalars(select(func.count()).where(LeadSending.lead_id == lead.id)).one()
        session.add(LeadSending(lead_id=lead.id, package_id=package_id, revision=revision, changed=list(part.changed)))
    session.flush()
    return package_id


def _in_work(case: Case) -> bool:
    """A case that somebody works on stays where it is when it is told to one more desk."""
    return case.state not in (states.FIRST, "dang_xac_minh")


def _lead(session: Session, part: Part, recipient_id: int, now: datetime) -> Lead:
    found = session.scalar(select(Lead).where(Lead.case_id == part.case_id, Lead.recipient_id == recipient_id))
    if found is None:
        found = Lead(
            case_id=part.case_id,
            recipient_id=recipient_id,
            code=part.code,
            state="sent",
            first_sent_at=now,
            sent_at=now,
        )
        session.add(found)
    found.sent_at = now
    session.flush()
    return found


def last_rows(session: Session, recipient_id: int, case_ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """Case -> the row that this recipient was given last."""
    found: dict[int, dict[str, Any]] = {}
    rows = session.execute(
        select(Lead.case_id, Lead.code, Package.rows)
        .join(LeadSending, LeadSending.lead_id == Lead.id)
        .join(Package, Package.id == LeadSending.package_id)
        .where(Lead.recipient_id == recipient_id, Lead.case_id.in_(case_ids))
        .order_by(Package.id)
    )
    for case_id, code, sent in rows:
        found[case_id] = next(line["row"] for line in sent if line["lead"] == code)
    return found


def get(session: Session, package_id: int) -> tuple[Package, Recipient, str]:
    """The package, its recipient, and who made it."""
    row = session.execute(
        select(Package, Recipient, User.display)
        .join(Recipient, Recipient.id == Package.recipient_id)
        .join(User, User.id == Package.user_id)
        .where(Package.id == package_id)
    ).one_or_none()
    if row is None:
        raise NotThereError("Không có gói nguồn tin này")
    return row[0], row[1], row[2]


def latest(session: Session, *, limit: int = 50) -> Sequence[tuple[Package, str, str]]:
    """Newest first, without their files: the package, its recipient's name, who made it."""
    rows = session.execute(
        select(Package, Recipient.name, User.display)
        .options(defer(Package.content), defer(Package.sealed))
        .join(Recipient, Recipient.id == Package.recipient_id)
        .join(User, User.id == Package.user_id)
        .order_by(Package.id.desc())
        .limit(limit)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def seal(session: Session, package_id: int, content: bytes, *, now: datetime) -> None:
    """Keep the encrypted ZIP that was made last; its password is not here."""
    package = get(session, package_id)[0]
    package.sealed, package.sealed_sha256, package.sealed_at = content, hashlib.sha256(content).hexdigest(), now


def cases_of(package: Package) -> list[int]:
    return [line["case"] for line in package.rows]
