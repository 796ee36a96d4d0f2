"""`diembao report`: tables over any days as a file."""

from datetime import datetime
from pathlib import Path

import click

FORMATS = ("docx", "html", "xlsx")
DAY = click.DateTime(["%Y-%m-%d", "%d/%m/%Y"])
PERIODS = ("week", "month", "quarter", "half", "year")


@click.command()
@click.option("--from", "first", metavar="D", type=DAY, help="Ngày đầu.")
@click.option("--to", "last", metavar="D", type=DAY, help="Ngày cuối (tính cả ngày này).")
@click.option(
    "--period", type=click.Choice(PERIODS), help="Tuần, tháng, quý, nửa năm, năm chứa ngày --to (hoặc hôm nay)."
)
@click.option("--format", "form", type=click.Choice(FORMATS), default="docx", show_default=True, help="Dạng tệp.")
@click.option("-o", "--out", metavar="FILE", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option(
    "--inside", is_flag=True, help="Dùng trong cơ quan: hiện cả số dưới 3 và từng tin. Mặc định ẩn để gửi đi."
)
@click.option(
    "--letterhead",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Tệp tiêu đề cơ quan (mặc định: letterhead.toml trong thư mục dữ liệu).",
)
def report(
    first: datetime | None,
    last: datetime | None,
    period: str | None,
    form: str,
    *,
    out: Path,
    letterhead: Path | None,
    inside: bool,
) -> None:
    """Lập báo cáo tổng hợp cho một kỳ, so với cùng kỳ năm trước."""
    from models.clock import day_of, now  # noqa: PLC0415 -- loaded when called, like all that is heavy
    from pipeline.cli.files import write_file  # noqa: PLC0415
    from pipeline.config import read_settings  # noqa: PLC0415
    from pipeline.documents.letterhead import FILE, read_letterhead  # noqa: PLC0415
    from pipeline.documents.report import render_report  # noqa: PLC0415
    from pipeline.open_store import open_store  # noqa: PLC0415
    from pipeline.periods import Period, period_of  # noqa: PLC0415
    from pipeline.reports import build_report  # noqa: PLC0415

    today = day_of(now())
    until = today if last is None else last.date()
    if period is None and first is None:
        raise click.UsageError("Cần --from và --to, hoặc --period")
    wanted = period_of(period, until) if period else Period(first.date() if first else until, until)
    settings = read_settings()
    store = open_store(settings)
    made = build_report(store, wanted, territory=settings.territory, inside=inside)
    head = read_letterhead(letterhead or settings.data_dir / FILE)
    write_file(out, render_report(made, head, form, today))
    click.echo(f"{out}: báo cáo {wanted}, {'dùng trong cơ quan' if inside else 'đã ẩn số dưới 3'}.")
