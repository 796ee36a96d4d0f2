"""`column IN (…)` for many values or a subquery, so that the statement's text never changes and indexes are used.

A list with one parameter a value is another statement for every length: it is parsed, and on PostgreSQL planned, anew
each time. And PostgreSQL takes a subquery's ids for a table to join, which it then reads whole; an array of them it
looks up one by one.
"""

import json
from collections.abc import Iterable
from typing import Any, Self

from sqlalchemy import Boolean, CompoundSelect, Integer, Select, String, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


class Many(TypeDecorator[Iterable[Any]]):
    """An array on PostgreSQL, JSON in text on SQLite."""

    impl = String
    cache_ok = True
    of: TypeEngine[Any] = Integer()

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(ARRAY(self.of) if dialect.name == "postgresql" else String())

    def process_bind_param(self, value: Iterable[Any] | None, dialect: Dialect) -> list[Any] | str:
        values = list(value or ())
        return values if dialect.name == "postgresql" else json.dumps(values)


class Ids(Many):
    cache_ok = True


class Words(Many):
    cache_ok = True
    of = String()


class _Among(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True

    def self_group(self, against: object = None) -> Self:  # noqa: ARG002
        """As it stands: SQLAlchemy would write `(… IN …) = 1` for SQLite, which then uses no index."""
        return self


class _AmongIds(_Among):
    inherit_cache = True
    name = "among_ids"


class _AmongRows(_Among):
    inherit_cache = True
    name = "among_rows"


def among(column: InstrumentedAttribute[int] | InstrumentedAttribute[int | None], name: str) -> FunctionElement[bool]:
    """Whether the column is one of the ids given as the parameter `name`, an iterable."""
    return _AmongIds(column, bindparam(name, type_=Ids))


def among_words(column: InstrumentedAttribute[str], name: str) -> FunctionElement[bool]:
    """Whether the column is one of the words given as the parameter `name`, an iterable."""
    return _AmongIds(column, bindparam(name, type_=Words))


def among_rows(column: InstrumentedAttribute[int], rows: Select[int] | CompoundSelect[int]) -> FunctionElement[bool]:
    """Whether the column is one of the ids that a query of few rows gives."""
    return _AmongRows(column, rows.scalar_subquery())


@compiles(_AmongIds)
def _ids(element: _AmongIds, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN (SELECT value FROM json_each({ids}))"  # noqa: S608 - the compiler's own words


@compiles(_AmongIds, "postgresql")
def _ids_postgresql(element: _AmongIds, compiler: SQLCompiler, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY ({ids})"


@compiles(_AmongRows)
def _rows(element: _AmongRows, compiler: SQLCompiler, **options: Any) -> str:
    column, rows = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} IN {rows}"


@compiles(_AmongRows, "postgresql")
def _rows_postgresql(element: _AmongRows, compiler: SQLCompiler, **options: Any) -> str:
    column, rows = (compiler.process(clause, **options) for clause in element.clauses)
    return f"{column} = ANY (ARRAY{rows})"
