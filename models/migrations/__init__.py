"""Alembic migrations: short, ordered, proven up and down on both databases."""

from functools import cache

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from models.session import StoreError


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "models:migrations")
    config.set_main_option("path_separator", "os")
    return config


def config_for(engine: Engine) -> Config:
    config = _config()
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    command.upgrade(config_for(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    command.downgrade(config_for(engine), revision)


def current(engine: Engine) -> str | None:
    """The revision that the database is at; None for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


@cache
def head() -> str:
    """The revision that this program works with: read from its files once."""
    found = ScriptDirectory.from_config(_config()).get_current_head()
    assert found is not None, "the program comes with its migrations"
    return found


def check_current(engine: Engine) -> None:
    """Refuse to work on a schema that is older or newer than the program."""
    found, wanted = current(engine), head()
    if found != wanted:
        message = f"cơ sở dữ liệu ở bản {found or 'trống'}, chương trình cần bản {wanted}: chạy `diembao upgrade`"
        raise StoreError(message)
