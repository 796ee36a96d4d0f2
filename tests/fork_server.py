"""Has loaded the service and forks for each process that a test asks for (tests/forks.py).

Each line of the standard input is a process: module, arguments, environment, folder, files for what it says. It is
answered by a line with its id at once, and by one with its exit status when it has ended. Ends with its input.
"""

import gc
import json
import os
import runpy
import select
import signal
import sys
from importlib import import_module
from typing import Any

from classifier import persons

LOADED = (
    "pipeline.cluster.work",
    "pipeline.scanning",
    "pipeline.watching",
    "scrapy.core.downloader.handlers.http11",
    "skops.io",
    "spiders.sample_press.server",
)
"""With the tagger of names; all else that a process opens, it opens itself."""


def begin(wanted: dict[str, Any]) -> None:
    """In the new process: as if it had been started alone."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(wanted["env"])
    os.chdir(wanted["folder"])
    for stream, path, how in (
        (0, os.devnull, os.O_RDONLY),
        (1, wanted["out"], os.O_WRONLY | os.O_CREAT | os.O_APPEND),
        (2, wanted["err"], os.O_WRONLY | os.O_CREAT | os.O_APPEND),
    ):
        opened = os.open(path, how, 0o600)
        os.dup2(opened, stream)
        os.close(opened)
    sys.argv = [wanted["module"], *wanted["words"]]
    runpy.run_module(wanted["module"], run_name="__main__", alter_sys=True)


def ended() -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return found
        if pid == 0:
            return found
        found.append((pid, os.waitstatus_to_exitcode(status)))


def tell(**said: int) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


def serve() -> dict[str, Any] | None:
    """Forks until the input ends; in a new process what it is to do, in this one None."""
    signalled, signalling = os.pipe()
    os.set_blocking(signalling, False)
    signal.set_wakeup_fd(signalling)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    waiting = b""
    while True:
        ready, _, _ = select.select([0, signalled], [], [])
        if signalled in ready:
            os.read(signalled, 4096)
            for pid, code in ended():
                tell(ended=pid, code=code)
        if 0 in ready:
            more = os.read(0, 1 << 16)
            if not more:
                return None
            *lines, waiting = (waiting + more).split(b"\n")
            for line in lines:
                pid = os.fork()
                if pid == 0:
                    os.close(signalled)
                    os.close(signalling)
                    wanted: dict[str, Any] = json.loads(line)
                    return wanted
                tell(began=pid)


def main() -> None:
    for name in LOADED:
        import_module(name)
    persons.load()
    gc.collect()
    gc.freeze()
    wanted = serve()
    if wanted is not None:
        begin(wanted)


if __name__ == "__main__":
    main()
