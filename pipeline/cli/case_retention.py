"""`diembao retention`: how long data of cases is kept, by class."""

import click

from models.clock import now
from pipeline.config import read_settings


@click.group()
def retention() -> None:
    """Lưu giữ và xoá dữ liệu vụ việc theo loại (case_retention.toml)."""


@retention.command(name="run")
@click.option("--dry-run", is_flag=True, help="Chỉ in sẽ xoá gì, không xoá.")
def run_command(*, dry_run: bool) -> None:
    """Xoá những gì đã hết thời hạn lưu giữ; việc xoá được ghi vào nhật ký."""
    from pipeline.case_retention import read_classes, run  # noqa: PLC0415  -- opens the database
    from pipeline.open_store import open_store  # noqa: PLC0415

    settings = read_settings()
    for gone in run(open_store(settings), read_classes(settings.data_dir), now=now(), dry_run=dry_run):
        term = f"giữ {gone.of.days} ngày" if gone.of.days else "giữ mãi"
        click.echo(f"{gone.of.name} ({term}): {'sẽ xoá' if dry_run else 'đã xoá'} {gone.rows}")
