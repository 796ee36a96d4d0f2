"""`diembao db`: the schema of the database."""

import click

from models.migrations import check_current, downgrade, upgrade
from models.session import Store
from pipeline.config import read_settings


@click.group()
def db() -> None:
    """Cơ sở dữ liệu: nâng cấp, kiểm tra."""


@db.command(name="upgrade")
def upgrade_command() -> None:
    """Đưa cơ sở dữ liệu lên bản mà chương trình cần."""
    store = Store(read_settings().store_url)
    with store.in_words():
        upgrade(store.engine)
    click.echo("Cơ sở dữ liệu đã ở bản mới nhất.")


@db.command(name="downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Đưa cơ sở dữ liệu về một bản cũ hơn (mất dữ liệu của các bảng mới)."""
    store = Store(read_settings().store_url)
    with store.in_words():
        downgrade(store.engine, revision)
    click.echo(f"Cơ sở dữ liệu đã về bản {revision}.")


@db.command(name="check")
def check_command() -> None:
    """Báo lỗi khi cơ sở dữ liệu không cùng bản với chương trình."""
    store = Store(read_settings().store_url)
    with store.in_words():
        check_current(store.engine)
    click.echo("Cơ sở dữ liệu cùng bản với chương trình.")
