"""`python -m spiders.sample_press [--port N] [--edition 0..3]`: the sample papers, until Ctrl-C."""

import threading
from contextlib import suppress
from datetime import datetime

import click

from models.clock import VIET_NAM
from spiders.sample_press.server import SamplePress


@click.command()
@click.option("--port", default=8765, show_default=True)
@click.option("--edition", default=2, show_default=True, type=click.IntRange(0, 3))
def main(port: int, edition: int) -> None:
    """Serve the invented papers on this machine."""
    with (
        SamplePress(datetime.now(VIET_NAM).date(), port=port, edition=edition) as press,
        suppress(KeyboardInterrupt),
    ):
        for source in press.sources.values():
            click.echo(f"{source.title}: {source.home}")
        threading.Event().wait()


if __name__ == "__main__":
    main()
