"""`diembao audit`: whether the audit trail still holds."""

import sys

import click

from models.store import audit as trail
from pipeline.config import read_settings
from pipeline.open_store import open_store


@click.group()
def audit() -> None:
    """Nhật ký kiểm tra."""


@audit.command()
@click.option("--head", default="", help="Dấu của dòng mới nhất đã ghi lại lần trước; phải còn trong chuỗi.")
def verify(head: str) -> None:
    """Kiểm tra chuỗi nhật ký. Thoát với mã 1 nếu chuỗi bị sửa, thiếu hoặc bị cắt ngắn."""
    with open_store(read_settings()).read() as session:
        bad = trail.verify(session)
        newest = trail.head(session)
        cut = bool(head) and not trail.holds(session, head)
    if bad is not None:
        click.echo(f"Chuỗi nhật ký bị sửa hoặc thiếu từ dòng {bad}.", err=True)
    elif cut:
        click.echo("Chuỗi nhật ký đã bị cắt ngắn: dấu ghi lần trước không còn.", err=True)
    else:
        click.echo(f"Chuỗi nhật ký nguyên vẹn. Dấu của dòng mới nhất: {newest}")
    sys.exit(1 if bad is not None or cut else 0)
