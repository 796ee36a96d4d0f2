import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from models.migrations import check_current, downgrade, search_index, upgrade
from models.session import Store, StoreError
from models.tables import Base


def test_migrations_build_exactly_our_tables(store: Store) -> None:
    def described(item: object, name: str | None, kind: str, *_: object) -> bool:
        """Full-text indexes have no table type; SQLite shows them as tables of their own."""
        return not (kind in {"table", "index", "column"} and search_index.is_ours(name))

    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_object": described})
        assert compare_metadata(context, Base.metadata) == []


def test_every_migration_goes_down_and_up_again(store: Store) -> None:
    downgrade(store.engine, "base")
    left = set(inspect(store.engine).get_table_names())
    assert left <= {"alembic_version"}
    upgrade(store.engine)
    assert set(Base.metadata.tables) <= set(inspect(store.engine).get_table_names())


def test_a_schema_of_another_version_is_refused_with_what_to_do(store: Store) -> None:
    downgrade(store.engine, "base")
    with pytest.raises(StoreError, match="diembao upgrade"):
        check_current(store.engine)
    upgrade(store.engine)
    check_current(store.engine)
