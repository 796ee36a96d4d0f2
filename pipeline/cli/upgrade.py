"""`diembao upgrade`: one command from an older version's data to this one's."""

from functools import partial
from pathlib import Path

import click

from models.clock import now
from pipeline.config import read_settings


@click.command()
@click.option(
    "--previous",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Thư mục gói cài đặt của bản đang dùng trước khi nâng; hỏng thì cài lại từ đó.",
)
def upgrade(previous: Path | None) -> None:
    """Nâng cấp: dừng dịch vụ, sao lưu, nâng cơ sở dữ liệu, kiểm tra, chạy lại; hỏng thì đưa dữ liệu về như cũ."""
    from pipeline import upgrade as job  # noqa: PLC0415
    from pipeline.bundle import reinstall  # noqa: PLC0415
    from pipeline.cli.backup import password_of  # noqa: PLC0415

    settings = read_settings()
    password = password_of(settings)
    go_back = None if previous is None else partial(reinstall, previous)
    done = job.run(settings, job.Systemd.here(), password=password, now=now(), say=click.echo, go_back=go_back)
    if done.saved is None:
        click.echo(f"Cơ sở dữ liệu ở bản {done.after}, không có gì phải nâng.")
    else:
        click.echo(f"Đã nâng từ bản {done.before} lên {done.after}; bản sao lưu: {done.saved}")
