"""`diembao serve`: the review pages."""

import os

import click

from pipeline.config import PREFIX, Settings, read_settings
from pipeline.open_store import open_store

APP = "review_ui.app:create_app"
"""Handed to the server as words, for the command line must not import what stands above it."""


def run_server(settings: Settings, *, host: str, port: int, workers: int = 1) -> None:
    """Serve until interrupted. No access log: it would keep sign-in links and who looked at which case when.

    Each worker counts failed sign-ins of an address by itself; accounts are locked in the database, for all of them.
    """
    import uvicorn  # noqa: PLC0415  -- only this verb needs it

    os.environ[f"{PREFIX}DATA_DIR"] = str(settings.data_dir)
    os.environ[f"{PREFIX}DATABASE_URL"] = settings.database_url
    os.environ[f"{PREFIX}TERRITORY"] = ",".join(settings.territory)
    uvicorn.run(
        APP,
        factory=True,
        host=host,
        port=port,
        workers=workers,
        access_log=False,
        server_header=False,
        log_level="warning",
    )


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Địa chỉ lắng nghe.")
@click.option("--port", default=8000, show_default=True, help="Cổng.")
@click.option("--workers", default=min(2, os.cpu_count() or 1), show_default=True, help="Số tiến trình phục vụ.")
def serve(host: str, port: int, workers: int) -> None:
    """Mở giao diện duyệt tin."""
    settings = read_settings()
    open_store(settings).close()
    click.echo(f"Giao diện: http://{host}:{port}/  (dừng bằng Ctrl-C)")
    run_server(settings, host=host, port=port, workers=workers)
