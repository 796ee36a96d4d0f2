"""Leads as the case and the desks see them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from models.store.clocks import POLICE
from models.store.reading import NotThereError
from models.tables import Case, Lead, LeadSending, Package, Recipient


@dataclass(frozen=True, slots=True)
class LeadLine:
    """A lead with the row that its recipient was given last; `changed` is what was new in it."""

    id: int
    case_id: int
    case_code: str
    recipient_id: int
    recipient: str
    profile: str
    code: str
    state: str
    known: bool | None
    first_sent_at: datetime
    sent_at: datetime
    revision: int
    package_id: int
    number: str
    row: dict[str, Any]
    changed: tuple[str, ...]


def police_of(session: Session, case_ids: Collection[int]) -> dict[int, str]:
    """Case -> name of the first police desk that was told."""
    rows = session.execute(
        select(Lead.case_id, Recipient.name)
        .join(Recipient, Recipient.id == Lead.recipient_id)
        .where(Lead.case_id.in_(case_ids), Recipient.profile == POLICE)
        .order_by(Lead.id.desc())
    )
    return {row[0]: row[1] for row in rows}


def of_case(session: Session, case_ids: Collection[int]) -> list[LeadLine]:
    return _lines(session, Lead.case_id.in_(case_ids))


def of_recipients(
    session: Session, recipient_ids: Collection[int] | None, *, since: datetime | None = None, limit: int = 500
) -> list[LeadLine]:
    """Newest sending first; None means every recipient's."""
    conditions: list[ColumnElement[bool]] = []
    if recipient_ids is not None:
        conditions.append(Lead.recipient_id.in_(recipient_ids))
    if since is not None:
        conditions.append(Lead.sent_at >= since)
    return _lines(session, *conditions, limit=limit)


def one(session: Session, lead_id: int) -> LeadLine:
    found = _lines(session, Lead.id == lead_id)
    if not found:
        raise NotThereError("Không có nguồn tin này")
    return found[0]


def ids_of_codes(session: Session, codes: Collection[str]) -> dict[str, tuple[int, int]]:
    """Code -> (lead, recipient)."""
    rows = session.execute(select(Lead.code, Lead.id, Lead.recipient_id).where(Lead.code.in_(codes)))
    return {row[0]: (row[1], row[2]) for row in rows}


def _lines(session: Session, *conditions: ColumnElement[bool], limit: int = 500) -> list[LeadLine]:
    any_ = aliased(LeadSending)
    newest = select(func.max(any_.package_id)).where(any_.lead_id == Lead.id).correlate(Lead).scalar_subquery()
    query: Select[Any] = (
        select(Lead, Case.code, Recipient, LeadSending, Package.number, Package.rows)
        .join(Case, Case.id == Lead.case_id)
        .join(Recipient, Recipient.id == Lead.recipient_id)
        .join(LeadSending, LeadSending.lead_id == Lead.id)
        .join(Package, Package.id == LeadSending.package_id)
        .where(LeadSending.package_id == newest, *conditions)
        .order_by(Lead.sent_at.desc(), Lead.id.desc())
        .limit(limit)
    )
    return [_line(row) for row in session.execute(query)]


def _line(row: Any) -> LeadLine:
    lead, case_code, recipient, sending, number, rows = row
    sent: Sequence[dict[str, Any]] = rows
    return LeadLine(
        lead.id,
        lead.case_id,
        case_code,
        recipient.id,
        recipient.name,
        recipient.profile,
        lead.code,
        lead.state,
        lead.known,
        lead.first_sent_at,
        lead.sent_at,
        sending.revision,
        sending.package_id,
        number,
        next(line["row"] for line in sent if line["lead"] == lead.code),
        tuple(sending.changed),
    )
