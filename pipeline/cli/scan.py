"""`diembao scan` reads the press once; `diembao list` shows what it found."""

import json
import sys
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path

import click

from models.clock import day_of, now
from models.words import TYPES
from pipeline.config import read_settings
from pipeline.open_store import open_store

DAY = click.DateTime(["%Y-%m-%d"])


@click.command()
@click.option("--day", type=DAY, help="Ngày của danh sách (YYYY-MM-DD); mặc định hôm nay, giờ Việt Nam.")
@click.option("--source", "ids", multiple=True, help="Chỉ đọc báo này; có thể ghi nhiều lần.")
@click.option("--since", type=DAY, help="Đọc bù từ ngày này: mọi danh sách còn hiện tin (YYYY-MM-DD).")
@click.option(
    "--replay",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Đọc các trang đã lưu trong thư mục có pages.tsv thay vì đọc trên mạng.",
)
@click.option("--sample-press", metavar="HOST:PORT", help="Đọc các báo mẫu đang chạy ở địa chỉ này của máy.")
@click.option("--json", "as_json", is_flag=True, help="Dòng cuối của đầu ra là một đối tượng JSON.")
def scan(
    day: datetime | None,
    ids: tuple[str, ...],
    since: datetime | None,
    replay: Path | None,
    sample_press: str | None,
    *,
    as_json: bool,
) -> None:
    """Đọc các báo một lượt: mã thoát 0 xong, 1 xong nhưng có báo lỗi, 2 không đọc được gì."""
    from pipeline.cli.show import Bars, report_lines  # noqa: PLC0415  -- loads the crawler and the model
    from pipeline.scanning import choose_sources, sample_options, scan_once, web_options  # noqa: PLC0415
    from pipeline.telling import tell  # noqa: PLC0415

    settings = read_settings()
    store = open_store(settings)
    options = replace(web_options(settings, replay=replay), since=since.date() if since else None)
    if sample_press:
        options = sample_options(options, sample_press)
    sources = choose_sources(settings, ids, sample_press=sample_press, store=store)
    with Bars() as bars:
        chosen = day.date() if day else None
        report = scan_once(
            store, sources, options, progress=bars, day=chosen, archive=settings.archive_dir, models=settings.models_dir
        )
    for line in report_lines(report):
        click.echo(line)
    if replay is None:
        taken, failed = tell(store, settings, now=now)
        if taken or failed:
            click.echo(f"Báo động: đã gửi {taken}, chưa gửi được {failed} (sẽ thử lại).")
    if as_json:
        click.echo(json.dumps(asdict(report), ensure_ascii=False))
    if report.outlets_ok == 0:
        sys.exit(2)
    sys.exit(1 if report.outlets_failed else 0)


@click.command(name="list")
@click.option("--day", type=DAY, help="Ngày của danh sách (YYYY-MM-DD); mặc định hôm nay.")
def show_list(day: datetime | None) -> None:
    """In các bài cần xem của một ngày."""
    from pipeline.cli.show import listed, listed_table, wide_console  # noqa: PLC0415

    store = open_store(read_settings())
    chosen: date = day.date() if day else day_of(now())
    with store.read() as session:
        rows = listed(session, chosen)
    wide_console().print(listed_table(rows, day=chosen.strftime("%d/%m/%Y"), words=TYPES))
