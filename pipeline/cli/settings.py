"""`diembao settings`: what is set, where it was set, and what each setting means."""

import click

from pipeline.config import FILE, PREFIX, show_settings


@click.command()
def settings() -> None:
    """In mọi cấu hình: giá trị đang dùng, lấy từ đâu, nghĩa là gì."""
    path, shown = show_settings()
    click.echo(f"Tệp cấu hình: {path or f'chưa có ({FILE} trong thư mục dữ liệu, hoặc {PREFIX}CONFIG chỉ tới)'}")
    for one in shown:
        click.echo(f"{one.name} = {one.value or '(trống)'}  [{one.origin}]")
        click.echo(f"    {one.words}. Biến môi trường: {PREFIX}{one.name.upper()}")
