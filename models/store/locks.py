"""One writer at a time where order matters. SQLite's BEGIN IMMEDIATE sees to that by itself; PostgreSQL is asked."""

from enum import IntEnum

from sqlalchemy import func, select
from sqlalchemy.orm import Session


class Lock(IntEnum):
    AUDIT = 71_001
    CASE_CODE = 71_002
    STORY = 71_003
    MODEL = 71_010
    RUN = 71_020
    RESCUE = 71_030


def hold(session: Session, lock: Lock) -> None:
    """Wait for the lock and keep it until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(int(lock))))


def try_hold(session: Session, lock: Lock) -> bool:
    """Keep the lock until the transaction ends, unless somebody else has it."""
    if session.get_bind().dialect.name != "postgresql":
        return True
    return bool(session.scalar(select(func.pg_try_advisory_xact_lock(int(lock)))))
