"""Runs one scan of the sample papers in a process of its own, and can kill itself (-9) at a named call.

`python -m tests.pipeline.scan_driver STORE_URL HOST:PORT DAY [module:function:N | one-core | log]`: the N-th call of
that function is never made; on one core there is no process beside the crawl; with `log` all of the service's own log
goes to the standard error. Prints the report as JSON.
"""

import importlib
import json
import logging
import os
import signal
import sys
from dataclasses import asdict
from datetime import date
from typing import Any

from models.session import Store
from pipeline import log
from pipeline.config import Settings
from pipeline.scanning import choose_sources, sample_options, scan_once, web_options


class Silent:
    def stage(self, name: str, total: int | None) -> None: ...
    def step(self, count: int = 1) -> None: ...


def kill_at(point: str) -> None:
    module_name, name, nth = point.split(":")
    module = importlib.import_module(module_name)
    real, calls = getattr(module, name), 0

    def counting(*args: Any, **kwargs: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == int(nth):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)

    setattr(module, name, counting)


def main() -> None:
    url, address, day = sys.argv[1:4]
    for point in sys.argv[4:]:
        if point == "log":
            log.set_up()
            logging.getLogger().setLevel(logging.INFO)
        elif point != "one-core":
            kill_at(point)
        elif hasattr(os, "sched_setaffinity"):
            os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    settings = Settings()
    report = scan_once(
        Store(url),
        choose_sources(settings, sample_press=address),
        sample_options(web_options(settings), address),
        progress=Silent(),
        day=date.fromisoformat(day),
    )
    sys.stdout.write(json.dumps(asdict(report)))


if __name__ == "__main__":
    main()
