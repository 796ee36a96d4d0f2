"""`diembao demo`: the whole morning on the sample press, offline."""

import shutil
from dataclasses import replace
from datetime import date

import click

from models.clock import day_of, now
from models.errors import DiembaoError
from models.store import users
from models.words import TYPES
from pipeline.config import Settings, read_settings
from pipeline.open_store import open_store

HOST, PORT, PRESS_PORT = "127.0.0.1", 8000, 8765
DEMO_USER = "demo"


class PortTakenError(DiembaoError):
    """Another program listens where the sample papers should."""


def demo_settings(settings: Settings, today: date) -> Settings:
    """A data folder of the demo's own; yesterday's is cleared, for the sample papers are dated anew each day."""
    folder = settings.data_dir / "demo"
    stamp = folder / "day"
    if stamp.exists() and stamp.read_text("utf-8") != today.isoformat():
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    stamp.write_text(today.isoformat(), "utf-8")
    return replace(settings, data_dir=folder, database_url="")


@click.command()
@click.option("--serve/--no-serve", default=True, help="Mở giao diện sau khi quét (mặc định) hay dừng ở danh sách.")
@click.option("--port", default=PORT, show_default=True, help="Cổng của giao diện.")
@click.option("--press-port", default=PRESS_PORT, show_default=True, help="Cổng của các báo mẫu.")
def demo(port: int, press_port: int, *, serve: bool) -> None:
    """Quét thử các báo mẫu trên máy này, in danh sách và mở giao diện."""
    from pipeline.cli.show import Bars, listed, listed_table, report_lines, wide_console  # noqa: PLC0415  -- loads crawler and model
    from pipeline.scanning import sample_options, scan_once, web_options  # noqa: PLC0415
    from spiders.sample_press import SamplePress  # noqa: PLC0415

    today = day_of(now())
    settings = demo_settings(read_settings(), today)
    store = open_store(settings)
    try:
        sample_press = SamplePress(today, port=press_port)
    except OSError as error:
        message = f"cổng {press_port} đang có chương trình khác dùng; chọn cổng khác bằng --press-port"
        raise PortTakenError(message) from error
    with sample_press as press:
        options = sample_options(web_options(settings), f"{HOST}:{press_port}")
        with Bars() as bars:
            report = scan_once(
                store,
                press.sources,
                options,
                progress=bars,
                day=today,
                archive=settings.archive_dir,
                models=settings.models_dir,
            )
        for line in report_lines(report):
            click.echo(line)
        with store.read() as session:
            rows = listed(session, today)
        wide_console().print(listed_table(rows, day=today.strftime("%d/%m/%Y"), words=TYPES))
        if serve:
            _serve(settings, port)


def _serve(settings: Settings, port: int) -> None:
    """Print a sign-in that works once and serve until Ctrl-C."""
    from pipeline.cli.serve import run_server  # noqa: PLC0415

    store = open_store(settings)
    with store.write() as session:
        user = users.find_user(session, DEMO_USER) or users.add_user(
            session, name=DEMO_USER, display="Cán bộ dùng thử", role="officer", now=now()
        )
        token = users.new_sign_in_token(session, user.id, now())
    store.close()
    click.echo(f"\nĐăng nhập một lần (người dùng thử): http://{HOST}:{port}/dang-nhap/mot-lan?token={token}")
    click.echo("Dừng bằng Ctrl-C.")
    run_server(settings, host=HOST, port=port)
