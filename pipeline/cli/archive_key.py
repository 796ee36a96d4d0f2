"""`diembao archive-key`: the key under which the evidence archive is encrypted at rest."""

from pathlib import Path

import click

from pipeline.config import read_settings


@click.group(name="archive-key")
def archive_key() -> None:
    """Khoá mã hoá kho lưu bằng chứng."""


@archive_key.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def make(file: Path) -> None:
    """Tạo tệp khoá FILE, ngoài thư mục dữ liệu; giữ một bản ở nơi an toàn: mất khoá là mất kho lưu."""
    from pipeline.sealing import make_key  # noqa: PLC0415

    make_key(file, read_settings())
    click.echo(f"Đã tạo {file}. Đặt archive_key_file trong cấu hình và cất một bản sao ở nơi an toàn.")


@archive_key.command()
def seal() -> None:
    """Mã hoá các tệp đã lưu từ trước khi có khoá (dừng `diembao watch` trước khi chạy)."""
    from pipeline.open_store import open_store  # noqa: PLC0415
    from pipeline.sealing import KeyFileError, seal_old  # noqa: PLC0415

    settings = read_settings()
    if settings.archive_key_file is None:
        message = "chưa đặt archive_key_file"
        raise KeyFileError(message)
    done = seal_old(open_store(settings), settings.archive_dir)
    click.echo(f"Đã mã hoá {done.files} tệp, {done.records} bản lưu.")
