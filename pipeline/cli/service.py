"""`diembao service`: run as a service of the machine."""

from pathlib import Path

import click

from pipeline import service as job
from pipeline.config import read_settings


@click.group()
def service() -> None:
    """Chạy như một dịch vụ của máy chủ (systemd)."""


@service.command()
@click.option("--print", "show", is_flag=True, help="Chỉ in ra, không ghi.")
@click.option("--user", default="diembao", show_default=True, help="Người dùng của máy mà dịch vụ chạy dưới tên.")
@click.option("--env", default="/etc/diembao.env", show_default=True, type=click.Path(path_type=Path))
@click.option("--folder", default="/etc/systemd/system", show_default=True, type=click.Path(path_type=Path))
def install(*, show: bool, user: str, env: Path, folder: Path) -> None:
    """Ghi các tệp systemd (đọc báo, giao diện, kiểm tra, báo động, sao lưu) và ví dụ cho nginx."""
    files = job.units(read_settings(), user=user, env=env)
    if show:
        for name, text in files.items():
            click.echo(f"# --- {name}\n{text}")
        return
    for path in job.write(files, folder):
        click.echo(f"Đã ghi {path}")
    click.echo("Chạy tiếp: systemctl daemon-reload && systemctl enable --now diembao-watch diembao-web")
    for timed in job.TIMERS:
        click.echo(f"           systemctl enable --now diembao-{timed.name}.timer")
