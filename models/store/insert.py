"""INSERT … ON CONFLICT DO NOTHING on both databases: what makes a step safe to run twice."""

from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session


def insert_new(session: Session, table: type[DeclarativeBase], **values: Any) -> bool:
    """Add a row unless one with the same key is there; True when it was added."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    target = table.__table__
    if not isinstance(target, Table):
        message = f"{table.__name__} is not a plain table"
        raise TypeError(message)
    result = session.execute(
        insert(target).values(**values).on_conflict_do_nothing().returning(*target.primary_key.columns)
    )
    return result.first() is not None
