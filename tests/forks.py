"""Processes of their own for tests, forked from one that has loaded the service: none spends seconds on its imports.

For tests of what a process does; those of how a command starts start it. Forked processes share their hashes' seed:
where two runs are compared, one of them is started alone.
"""

import json
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from signal import SIGKILL, SIGTERM

from tests.name_guard import GUARD

ROOT = Path(__file__).resolve().parents[1]


@dataclass
class Forked:
    """As much of `subprocess.Popen` as the tests need; what it says goes into files."""

    server: "ForkServer"
    pid: int
    out: Path
    err: Path

    @property
    def returncode(self) -> int | None:
        return self.server.codes.get(self.pid)

    def poll(self) -> int | None:
        self.server.listen(0)
        return self.returncode

    def wait(self, timeout: float = 60) -> int:
        end = time.monotonic() + timeout
        while (code := self.poll()) is None:
            left = end - time.monotonic()
            if left <= 0:
                raise subprocess.TimeoutExpired(self.out.name, timeout)
            self.server.listen(left)
        return code

    def communicate(self, timeout: float = 60) -> tuple[str, str]:
        self.wait(timeout)
        error = self.err.read_text("utf-8", errors="replace")
        GUARD.look(error, "a child's standard error")
        return self.out.read_text("utf-8"), error

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(SIGTERM)

    def kill(self) -> None:
        self.send_signal(SIGKILL)


@dataclass
class ForkServer:
    process: "subprocess.Popen[bytes]"
    codes: dict[int, int] = field(default_factory=dict)
    begun: list[int] = field(default_factory=list)
    waiting: bytes = b""

    def start(self, module: str, *words: str, folder: Path) -> Forked:
        """`python -m module words` at the root of the repository; what it says is kept in the folder."""
        out, err = (folder / f"{module}-{time.monotonic_ns()}.{what}" for what in ("out", "err"))
        wanted = {"module": module, "words": words, "env": dict(os.environ), "folder": str(ROOT)}
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps({**wanted, "out": str(out), "err": str(err)}).encode() + b"\n")
        self.process.stdin.flush()
        while not self.begun:
            self.listen(60)
        return Forked(self, self.begun.pop(), out, err)

    def listen(self, seconds: float) -> None:
        """Take in what it says within that time."""
        assert self.process.stdout is not None
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        if not ready:
            return
        more = os.read(self.process.stdout.fileno(), 1 << 16)
        assert more, "the server of forks has ended"
        *lines, self.waiting = (self.waiting + more).split(b"\n")
        for line in lines:
            said = json.loads(line)
            if "began" in said:
                self.codes.pop(said["began"], None)
                self.begun.append(said["began"])
            else:
                self.codes[said["ended"]] = said["code"]


@contextmanager
def fork_server() -> Iterator[ForkServer]:
    command = [sys.executable, "-m", "tests.fork_server"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as process:
        yield ForkServer(process)
        assert process.stdin is not None
        process.stdin.close()
        process.wait(60)
