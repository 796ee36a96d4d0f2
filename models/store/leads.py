"""Leads as the case and the desks see them."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store.clocks import POLICE
from models.tables import Lead, Recipient


def police_of(session: Session, case_ids: Collection[int]) -> dict[int, str]:
    """Case -> name of the first police desk that was told."""
    rows = session.execute(
        select(Lead.case_id, Recipient.name)
        .join(Recipient, Recipient.id == Lead.recipient_id)
        .where(Lead.case_id.in_(case_ids), Recipient.profile == POLICE)
        .order_by(Lead.id.desc())
    )
    return {row[0]: row[1] for row in rows}
