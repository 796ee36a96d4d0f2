"""The command line: a thin list of verbs. Each parses, calls one function and maps its outcome to an exit code.

Commands are imported when they are called, so that `diembao judge` does not load the crawler.
"""

import importlib
import sys

import click

from models import faults
from models.errors import DiembaoError
from pipeline import log

COMMANDS = {
    "alerts": "pipeline.cli.alerts:alerts",
    "audit": "pipeline.cli.audit:audit",
    "backup": "pipeline.cli.backup:backup",
    "demo": "pipeline.cli.demo:demo",
    "doctor": "pipeline.cli.doctor:doctor",
    "scan": "pipeline.cli.scan:scan",
    "list": "pipeline.cli.scan:show_list",
    "watch": "pipeline.cli.watch:watch",
    "health": "pipeline.cli.watch:health",
    "archive": "pipeline.cli.archive:archive",
    "archive-key": "pipeline.cli.archive_key:archive_key",
    "recall": "pipeline.cli.recall:recall",
    "report": "pipeline.cli.report:report",
    "retention": "pipeline.cli.case_retention:retention",
    "setup": "pipeline.cli.setup:setup",
    "settings": "pipeline.cli.settings:settings",
    "service": "pipeline.cli.service:service",
    "serve": "pipeline.cli.serve:serve",
    "db": "pipeline.cli.db:db",
    "digest": "pipeline.cli.digest:digest",
    "user": "pipeline.cli.user:user",
    "identity-key": "pipeline.cli.identities:identity_key",
    "judge": "pipeline.cli.judge:judge",
    "extract": "pipeline.cli.extract:extract",
    "feed": "pipeline.cli.feed:feed",
    "sources": "pipeline.cli.sources:sources",
    "labels": "pipeline.cli.labels:labels",
    "simulate": "pipeline.cli.simulate:simulate",
    "model": "pipeline.cli.model:model",
    "places": "pipeline.cli.places:places",
    "stories": "pipeline.cli.stories:stories",
    "train": "pipeline.cli.train:train",
    "queue": "pipeline.cli.work:queue",
    "upgrade": "pipeline.cli.upgrade:upgrade",
    "work": "pipeline.cli.work:work",
}
"""Verb -> module:object. A later verb is one more line."""


class LazyGroup(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        target = COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, name = target.partition(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
def cli() -> None:
    """Điểm báo: quét báo hằng ngày, phát hiện tin bạo lực, xâm hại trẻ em."""


def main() -> None:
    """Entry point of the console script: the one place where errors become words and an exit code."""
    log.set_up()
    try:
        cli(standalone_mode=True)
    except DiembaoError as error:
        click.echo(f"diembao: {error}", err=True)
        sys.exit(2)
    except (OSError, MemoryError) as error:
        what = faults.advice(error) or log.report(error)
        click.echo(f"diembao: {error}\n{what}", err=True)
        sys.exit(2)
    except Exception as error:  # noqa: BLE001 - a crash report without what was in hand
        click.echo(f"diembao: lỗi chưa lường trước\n{log.report(error)}", err=True)
        sys.exit(2)
