"""Rows of every table as lines of JSON and back, whatever version of the schema they are of.

The tables are read off the database itself, so a program can save a database that it has yet to migrate, and restore
one that an older program saved.
"""

import base64
import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, BinaryIO, cast

from sqlalchemy import (
    Connection,
    Date,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    Table,
    bindparam,
    func,
    insert,
    inspect,
    select,
    update,
)

from models.migrations import search_index

CHUNK = 500
NOT_ROWS = frozenset({"alembic_version"})


def tables_of(engine: Engine) -> list[Table]:
    """Every table with rows of ours, those that others point to first."""
    names = [name for name in inspect(engine).get_table_names() if name not in NOT_ROWS]
    metadata = MetaData()
    metadata.reflect(engine, only=[name for name in names if not search_index.is_ours(name)])
    return list(metadata.sorted_tables)


def lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """One row a line in the order of the primary key; the same rows give the same bytes on both databases."""
    columns = [column for column in table.columns if not search_index.is_ours(column.name)]
    query = select(*columns).order_by(*table.primary_key.columns)
    for row in connection.execution_options(yield_per=CHUNK).execute(query).mappings():
        values = {name: _plain(value) for name, value in row.items()}
        yield (json.dumps(values, ensure_ascii=False, sort_keys=True) + "\n").encode()


def summary(connection: Connection, table: Table) -> tuple[int, str]:
    """Number of rows, and SHA-256 of their lines."""
    digest, count = hashlib.sha256(), 0
    for line in lines(connection, table):
        digest.update(line)
        count += 1
    return count, digest.hexdigest()


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return (value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def _typed(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    typed: dict[str, Any] = {}
    for name, value in values.items():
        kind = table.columns[name].type
        if value is None:
            typed[name] = None
        elif isinstance(kind, LargeBinary):
            typed[name] = base64.b64decode(value)
        elif isinstance(kind, DateTime):
            typed[name] = datetime.fromisoformat(value)
        else:
            typed[name] = date.fromisoformat(value) if isinstance(kind, Date) else value
    return typed


def read_table(connection: Connection, table: Table, file: BinaryIO) -> None:
    """Rows that name rows of their own table get those names last, when all are there."""
    own = [c.name for c in table.columns if any(key.column.table is table for key in c.foreign_keys)]
    linked: list[dict[str, Any]] = []
    rows: list[dict[str, Any]] = []
    for line in file:
        row = _typed(table, json.loads(line))
        if any(row[name] is not None for name in own):
            linked.append({"key": row["id"], **{name: row[name] for name in own}})
        rows.append(row | dict.fromkeys(own))
        if len(rows) == CHUNK:
            connection.execute(insert(table), rows)
            rows = []
    if rows:
        connection.execute(insert(table), rows)
    if linked:
        values: dict[str, Any] = {name: bindparam(name) for name in own}
        connection.execute(update(table).where(table.c.id == bindparam("key")).values(values), linked)
    _continue_numbers(connection, table)


def _continue_numbers(connection: Connection, table: Table) -> None:
    """PostgreSQL's counters do not see rows that bring their own numbers."""
    key = table.primary_key.columns.values()
    if connection.dialect.name == "postgresql" and len(key) == 1 and key[0].autoincrement is True:
        newest = select(func.coalesce(func.max(key[0]), 0) + 1).scalar_subquery()
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', key[0].name)
        connection.execute(select(func.setval(sequence, newest, False)))


def filled(engine: Engine) -> list[str]:
    """Names of the tables that hold rows."""
    with engine.connect() as connection:
        return [t.name for t in tables_of(engine) if connection.scalar(select(func.count()).select_from(t))]


def opened(file: Any) -> BinaryIO:
    return cast("BinaryIO", file)
