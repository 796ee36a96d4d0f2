"""`diembao digest`: the draft of a day's điểm báo as a file."""

from datetime import date, datetime
from pathlib import Path

import click

FORMATS = ("docx", "html", "txt")


@click.command()
@click.option("--day", metavar="D", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]), help="Ngày (mặc định: hôm nay).")
@click.option("--format", "form", type=click.Choice(FORMATS), default="docx", show_default=True, help="Dạng tệp.")
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option(
    "--letterhead",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Tệp tiêu đề cơ quan (mặc định: letterhead.toml trong thư mục dữ liệu).",
)
def digest(day: datetime | None, form: str, out: Path, letterhead: Path | None) -> None:
    """Lập bản thảo điểm báo của một ngày. Duyệt và gửi làm trong giao diện."""
    from models.clock import day_of, now  # noqa: PLC0415 -- loaded when called, like all that is heavy
    from pipeline.cli.files import write_file  # noqa: PLC0415
    from pipeline.config import read_settings  # noqa: PLC0415
    from pipeline.digest import build_digest, read_rules  # noqa: PLC0415
    from pipeline.documents.digest import render  # noqa: PLC0415
    from pipeline.documents.letterhead import FILE, read_letterhead  # noqa: PLC0415
    from pipeline.open_store import open_store  # noqa: PLC0415

    settings = read_settings()
    wanted: date = day_of(now()) if day is None else day.date()
    store = open_store(settings)
    content = build_digest(store, wanted, read_rules(settings.data_dir, settings.territory))
    head = read_letterhead(letterhead or settings.data_dir / FILE)
    write_file(out, render(content, head, form))
    click.echo(f"{out}: điểm báo ngày {wanted:%d/%m/%Y}, {content.entries} tin, chưa xem {content.counts.unreviewed}.")
    if not content.coverage.passes:
        click.echo("Chưa có lượt quét nào hoàn thành trong ngày này.", err=True)
