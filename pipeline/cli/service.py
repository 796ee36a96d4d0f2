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
    click.echo("           (nhiều máy với PostgreSQL: diembao-work trên mỗi máy, thay cho diembao-watch)")
    for timed in job.TIMERS:
        click.echo(f"           systemctl enable --now diembao-{timed.name}.timer")


@service.command()
def digest() -> None:
    """Lập bản thảo điểm báo hôm nay (lịch 7 giờ 30); chạy lại thì chỉ có bản mới khi nội dung đổi."""
    from models.clock import day_of, now  # noqa: PLC0415  -- heavy imports only when called
    from pipeline.digest import read_rules  # noqa: PLC0415
    from pipeline.digest_drafts import make_draft  # noqa: PLC0415
    from pipeline.documents.letterhead import FILE, read_letterhead  # noqa: PLC0415
    from pipeline.open_store import open_store  # noqa: PLC0415

    settings = read_settings()
    rules, head = read_rules(settings.data_dir, settings.territory), read_letterhead(settings.data_dir / FILE)
    made = make_draft(open_store(settings), day_of(now()), rules, head, now=now())
    click.echo(f"Điểm báo ngày {made.day:%d/%m/%Y}: bản số {made.revision}.")


@service.command()
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="Thư mục đích.")
@click.option(
    "--source", type=click.Path(path_type=Path, exists=True, file_okay=False), default=Path(), show_default=True
)
def bundle(folder: Path, source: Path) -> None:
    """Gói mọi tệp cần để cài trên máy không có mạng (chạy ở máy có mạng, trong thư mục mã nguồn)."""
    from pipeline.bundle import make  # noqa: PLC0415

    made = make(source, folder)
    click.echo(f"{folder}: {made} tệp. Trên máy đích: python3 {folder.name}/install.py /opt/diembao")
