"""`diembao watch` collects continuously; `diembao health` says how each outlet is doing."""

import json
from dataclasses import asdict

import click
from rich.table import Table

from models.clock import VIET_NAM, now
from pipeline.config import read_settings
from pipeline.open_store import open_store


@click.command()
@click.option("--source", "ids", multiple=True, help="Chỉ theo dõi báo này; có thể ghi nhiều lần.")
@click.option("--sample-press", metavar="HOST:PORT", help="Theo dõi các báo mẫu đang chạy ở địa chỉ này của máy.")
@click.option("--json", "as_json", is_flag=True, help="In mỗi báo cáo giờ thành một dòng JSON.")
def watch(ids: tuple[str, ...], sample_press: str | None, *, as_json: bool) -> None:
    """Theo dõi các báo liên tục, mỗi giờ báo cáo một lần; dừng bằng Ctrl-C hoặc SIGTERM."""
    from classifier.places import PlaceFinder  # noqa: PLC0415  -- heavy imports only when called
    from pipeline.catching_up import mark_days  # noqa: PLC0415
    from pipeline.cli.show import report_lines  # noqa: PLC0415
    from pipeline.evidence import RunArchive  # noqa: PLC0415
    from pipeline.learning.live import live_judge  # noqa: PLC0415
    from pipeline.learning.nightly import nightly as learn  # noqa: PLC0415
    from pipeline.papers import PapersNow  # noqa: PLC0415
    from pipeline.retention import prune_old  # noqa: PLC0415
    from pipeline.run_report import ScanReport  # noqa: PLC0415
    from pipeline.scanning import choose_sources, sample_options, web_options  # noqa: PLC0415
    from pipeline.telling import tell  # noqa: PLC0415
    from pipeline.watching import watch_until_stopped  # noqa: PLC0415

    settings = read_settings()
    options = web_options(settings)
    if sample_press:
        options = sample_options(options, sample_press)
    store = open_store(settings)
    sources = PapersNow(store, choose_sources(settings, sample_press=sample_press), ids)

    def report(done: ScanReport) -> None:
        if as_json:
            click.echo(json.dumps(asdict(done), ensure_ascii=False))
            return
        click.echo(f"— {now().astimezone(VIET_NAM):%d/%m %H:%M}")
        for line in report_lines(done):
            click.echo(line)

    store = open_store(settings)

    def marking(done: ScanReport) -> None:
        mark_days(store, now=now())
        report(done)

    def night() -> None:
        prune_old(store, settings.archive_dir, now=now())
        learn(store, settings, now=now())

    click.echo(f"Theo dõi {len(sources)} báo. Dừng bằng Ctrl-C.", err=True)
    watch_until_stopped(
        store,
        sources,
        options,
        judge=live_judge(store, settings),
        places=PlaceFinder.load(),
        report=marking,
        evidence=RunArchive(settings.archive_dir),
        tell=lambda: tell(store, settings, now=now),
        nightly=night,
    )


@click.command()
@click.option("--source", "ids", multiple=True, help="Chỉ xem báo này; có thể ghi nhiều lần.")
@click.option("--all", "everything", is_flag=True, help="Kể cả các báo đang đọc tốt.")
@click.option("--sample-press", metavar="HOST:PORT", help="Xem các báo mẫu đang chạy ở địa chỉ này của máy.")
def health(ids: tuple[str, ...], sample_press: str | None, *, everything: bool) -> None:
    """Tình trạng từng báo: lỗi gì, từ bao giờ, nên làm gì."""
    from pipeline.cli.show import wide_console  # noqa: PLC0415
    from pipeline.coverage import outlet_views  # noqa: PLC0415  -- heavy imports only when called
    from pipeline.scanning import choose_sources  # noqa: PLC0415

    settings = read_settings()
    sources = choose_sources(settings, ids, sample_press=sample_press)
    with open_store(settings).read() as session:
        views = outlet_views(session, sources, now=now())
    table = Table(title=f"Tình trạng {len(views)} báo", title_justify="left", expand=True)
    for heading in ("Báo", "Tình trạng", "Nên làm", "Đọc tốt lúc", "Hôm nay", "Mỗi ngày"):
        table.add_column(heading, overflow="fold")
    for view in views:
        if everything or ids or not view.diagnosis.well:
            good = "" if view.last_good is None else view.last_good.astimezone(VIET_NAM).strftime("%d/%m %H:%M")
            usual = "" if view.band is None else f"{view.band[0]}–{view.band[1]}"
            cells = (view.title, view.diagnosis.words, view.diagnosis.todo, good, str(view.days[-1]), usual)
            table.add_row(*(cell.replace("[", r"\[") for cell in cells))
    well = sum(view.diagnosis.well for view in views)
    wide_console().print(table)
    click.echo(f"{well}/{len(views)} báo không có gì phải lo.")
