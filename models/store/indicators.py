"""Counts behind the indicators of the plans, and the figures that only people can know."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit
from models.store.clocks import POLICE
from models.tables import IndicatorValue, Lead, LeadAnswer, Recipient, User


class FigureError(DiembaoError):
    """A figure that cannot be: more than the whole, below nought, without saying where it comes from."""


@dataclass(frozen=True, slots=True)
class Told:
    """One lead to the police with everything that was answered: (kind, outcome), oldest first."""

    lead_id: int
    known: bool | None
    answers: tuple[tuple[str, str | None], ...]

    def has(self, *kinds: str) -> bool:
        return any(kind in kinds for kind, _ in self.answers)

    def outcome(self, *codes: str) -> bool:
        return any(outcome in codes for _, outcome in self.answers)


def police_leads(session: Session, start: datetime, end: datetime) -> list[Told]:
    """Leads that were first sent to a police desk from `start` to before `end`, with answers up to now."""
    leads = session.execute(
        select(Lead.id, Lead.known)
        .join(Recipient, Recipient.id == Lead.recipient_id)
        .where(Recipient.profile == POLICE, Lead.first_sent_at >= start, Lead.first_sent_at < end)
        .order_by(Lead.id)
    ).all()
    said: dict[int, list[tuple[str, str | None]]] = {row[0]: [] for row in leads}
    rows = session.execute(
        select(LeadAnswer.lead_id, LeadAnswer.kind, LeadAnswer.outcome)
        .where(LeadAnswer.lead_id.in_(said))
        .order_by(LeadAnswer.id)
    )
    for lead_id, kind, outcome in rows:
        said[lead_id].append((kind, outcome))
    return [Told(lead_id, known, tuple(said[lead_id])) for lead_id, known in leads]


@dataclass(frozen=True, slots=True)
class Figure:
    """What a person typed in for one indicator and period."""

    code: str
    part: int
    whole: int
    source: str
    by: str
    at: datetime


def figures(session: Session, first: date, last: date) -> dict[str, Figure]:
    """The newest figure of each indicator for exactly this period."""
    rows = session.execute(
        select(IndicatorValue, User.display)
        .join(User, User.id == IndicatorValue.user_id)
        .where(IndicatorValue.first == first, IndicatorValue.last == last)
        .order_by(IndicatorValue.id)
    )
    return {row.code: Figure(row.code, row.part, row.whole, row.source, by, row.at) for row, by in rows}


def note(
    session: Session,
    code: str,
    period: tuple[date, date],
    counts: Sequence[int],
    *,
    source: str,
    user_id: int,
    now: datetime,
) -> None:
    """Keep (part, whole) as typed in; the newest counts, the older ones stay."""
    part, whole = counts
    if not 0 <= part <= whole:
        raise FigureError("Số đạt phải từ 0 đến tổng số")
    if not source.strip():
        raise FigureError("Hãy ghi số liệu này lấy từ đâu")
    row = IndicatorValue(
        code=code,
        first=period[0],
        last=period[1],
        part=part,
        whole=whole,
        source=source.strip(),
        user_id=user_id,
        at=now,
    )
    session.add(row)
    session.flush()
    audit.append(session, at=now, action="indicator.note", user_id=user_id, object=f"indicator/{code}")
