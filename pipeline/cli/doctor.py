"""`diembao doctor`: is the service doing its work, and what to do if not."""

import json
import sys
from dataclasses import asdict

import click

from models.clock import now
from pipeline.config import read_settings
from pipeline.open_store import open_store

SIGNS = {"ok": "✓", "warn": "!", "bad": "✗"}
EXIT = {"ok": 0, "warn": 0, "bad": 1}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="In một đối tượng JSON.")
@click.option("--tell", is_flag=True, help="Báo qua kênh DIEMBAO_WATCHDOG khi có điều hỏng (cho lịch chạy riêng).")
def doctor(*, as_json: bool, tell: bool) -> None:
    """Kiểm tra dịch vụ; mã thoát 1 khi có điều hỏng."""
    from pipeline.doctor import examine, worst  # noqa: PLC0415
    from pipeline.machine import names  # noqa: PLC0415
    from pipeline.watchdog import tell_when_bad  # noqa: PLC0415  -- loads the channels

    settings = read_settings()
    checks = [*examine(settings, open_store, now=now()), names()]
    if as_json:
        click.echo(json.dumps([asdict(check) for check in checks], ensure_ascii=False))
    else:
        for check in checks:
            click.echo(f"{SIGNS[check.state]} {check.name}: {check.seen}")
            if check.todo:
                click.echo(f"    → {check.todo}")
    if tell:
        tell_when_bad(settings, checks, now=now())
    sys.exit(EXIT[worst(checks)])
