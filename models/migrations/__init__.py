"""Alembic migrations: short, ordered, proven up and down on both databases."""

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from models.session import StoreError


def config_for(engine: Engine) -> Config:
    config = Config()
    config.set_main_option("script_location", "models:migrations")
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    return config


def upgrade(engine: Engine, revision: str = "head") -> None:
    command.upgrade(config_for(engine), revision)


def downgrade(engine: Engine, revision: str) -> None:
    command.downgrade(config_for(engine), revision)


def check_current(engine: Engine) -> None:
    """Refuse to work on a schema that is older or newer than the program."""
    head = ScriptDirectory.from_config(config_for(engine)).get_current_head()
    with engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    if found != head:
        message = f"cơ sở dữ liệu ở bản {found or 'trống'}, chương trình cần bản {head}: chạy `diembao db upgrade`"
        raise StoreError(message)
