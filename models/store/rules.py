"""Lists and rules that the team changed, by name; what has no row is as it ships."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.states import REJECT_REASONS
from models.store import audit
from models.store.insert import insert_new
from models.tables import HouseRule

REASONS, RETENTION, URGENCY = "reject_reasons", "retention", "urgency"


def chosen_reasons(session: Session) -> tuple[str, ...]:
    """Which of the reasons that ship a team chose before it had a list of its own (models.store.reasons)."""
    row = session.get(HouseRule, REASONS)
    chosen = () if row is None else tuple(code for code in row.value.get("codes", []) if code in REJECT_REASONS)
    return chosen or REJECT_REASONS


def keep_days(session: Session, usual: int) -> int:
    """For how many days the archive keeps pages of articles that nobody needed."""
    row = session.get(HouseRule, RETENTION)
    return usual if row is None else int(row.value["days"])


def set_keep_days(session: Session, days: int, *, user_id: int, now: datetime) -> None:
    _set(session, RETENTION, {"days": days}, str(days), user_id=user_id, now=now)


def urgency(session: Session) -> tuple[str, datetime] | None:
    """The team's urgency table as it was last saved in the pages, and when; None where it never was."""
    row = session.get(HouseRule, URGENCY)
    return None if row is None else (str(row.value["text"]), row.changed_at)


def keep_urgency(session: Session, text: str, *, user_id: int, now: datetime) -> None:
    """For the other machines; what changed stands in the audit trail already."""
    insert_new(session, HouseRule, name=URGENCY, value={}, changed_at=now)
    row = session.get_one(HouseRule, URGENCY)
    row.value, row.changed_at, row.changed_by = {"text": text}, now, user_id


def _set(session: Session, name: str, value: dict[str, Any], said: str, *, user_id: int, now: datetime) -> None:
    insert_new(session, HouseRule, name=name, value={}, changed_at=now)
    row = session.get_one(HouseRule, name)
    row.value, row.changed_at, row.changed_by = value, now, user_id
    audit.append(session, at=now, action="rule.change", user_id=user_id, object=f"rule/{name}", detail={"value": said})
