"""INSERT … ON CONFLICT on both databases: what makes a step safe to run twice."""

from functools import cache
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Session

_INSERT: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def _plain(table: type[DeclarativeBase]) -> Table:
    target = table.__table__
    if not isinstance(target, Table):
        message = f"{table.__name__} is not a plain table"
        raise TypeError(message)
    return target


def _insert(session: Session, table: type[DeclarativeBase]) -> Any:
    return _INSERT[session.get_bind().dialect.name](_plain(table))


def insert_all(session: Session, table: type[DeclarativeBase], rows: list[dict[str, Any]]) -> None:
    """Add rows unless their keys are there, in one round trip."""
    if rows:
        session.execute(_insert(session, table).on_conflict_do_nothing(), rows)


def insert_returning(session: Session, table: type[DeclarativeBase], rows: list[dict[str, Any]]) -> list[int]:
    """Add rows with the same keys in one round trip; their ids, in the order of the rows."""
    if not rows:
        return []
    statement = insert(table).returning(table.__table__.c.id, sort_by_parameter_order=True)
    return list(session.scalars(statement, rows))


def insert_new(session: Session, table: type[DeclarativeBase], **values: Any) -> bool:
    """Add a row unless one with the same key is there; True when it was added."""
    statement = (
        _insert(session, table).values(**values).on_conflict_do_nothing().returning(*table.__table__.primary_key)
    )
    return session.execute(statement).first() is not None


def put(session: Session, table: type[DeclarativeBase], *, hurried: bool = False, **values: Any) -> None:
    """Add a row, or give the one with its key these values. `hurried`: the end of the transaction does not wait until
    the disk has it.
    """
    session.execute(_putting(session.get_bind().dialect.name, table, tuple(values), hurried=hurried), values)


@cache
def _putting(dialect: str, table: type[DeclarativeBase], names: tuple[str, ...], *, hurried: bool) -> Any:
    """SQLite syncs each commit whatever the statement; PostgreSQL takes the setting along."""
    target = _plain(table)
    new = _INSERT[dialect](target)
    row = {name: bindparam(name, type_=target.columns[name].type) for name in names}
    if hurried and dialect == "postgresql":
        setting = select(func.set_config("synchronous_commit", "off", True)).subquery()
        new = new.from_select(list(row), select(*row.values()).select_from(setting))
    else:
        new = new.values(**row)
    keys = [column.name for column in target.primary_key]
    taken = {name: new.excluded[name] for name in names if name not in keys}
    return new.on_conflict_do_update(index_elements=keys, set_=taken)
