import asyncio
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from spiders.jobs import PageJob
from spiders.page import Read, read_page
from spiders.readers import DIED, Readers, readers_beside
from spiders.reply import Reply

LINE = "Người dân xã Mẫu kể lại buổi chiều mưa và con đường đất dẫn vào xóm trong những ngày cuối tháng mười một."


def job(number: int) -> PageJob:
    return PageJob("mau", f"https://bao-mau.example/bai-so-{100_000 + number}.html", number)


def reply(number: int) -> Reply:
    text = "".join(f"<p>{LINE} Đoạn {n} của bài {number}.</p>" for n in range(5))
    title = f"Bài số {number} của báo mẫu"
    body = f"<html><head><title>{title}</title></head><body><h1>{title}</h1><article>{text}</article></body></html>"
    return Reply(job(number).url, datetime(2026, 11, 21, tzinfo=UTC), 200, (), body.encode())


async def until_free(pool: Readers) -> None:
    async with asyncio.timeout(60):
        while not pool.free:  # noqa: ASYNC110 it has no event for this
            await asyncio.sleep(0.05)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_a_process_reads_pages_as_the_crawl_itself_does_and_its_death_fails_only_what_it_held() -> None:
    async def go(pool: Readers) -> tuple[list[Read], Read, bool]:
        await until_free(pool)
        read = await asyncio.gather(*(pool.read(job(n), reply(n), None) for n in range(3)))
        (process,) = pool.processes
        os.kill(process, signal.SIGKILL)
        lost = await pool.read(job(4), reply(4), None)
        return read, lost, pool.free

    with readers_beside(1, lambda: None) as pool:
        assert pool is not None
        read, lost, free = asyncio.run(go(pool))
    assert read == [read_page(job(n), reply(n), None) for n in range(3)]
    assert all(one.article is not None for one in read)
    assert lost == Read("failed", None, f"{job(4).url}: {DIED}")
    assert not free, "what follows is read by the crawl itself"


def test_on_a_single_core_the_crawl_reads_its_pages_itself() -> None:
    with readers_beside(0, lambda: None) as readers:
        assert readers is None


KILLED = """
import os
from spiders.readers import Readers
print(*Readers(1).processes, flush=True)
os.kill(os.getpid(), 9)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")
def test_a_crawl_that_is_killed_leaves_no_process_behind(tmp_path: Path) -> None:
    script = tmp_path / "killed.py"
    script.write_text(KILLED)
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == -9, done.stderr
    process = int(done.stdout)
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    pytest.fail("the reading process outlived the crawl")


def test_a_refusal_is_told_without_reading() -> None:
    refused = replace(reply(1), health="blocked", error="HTTP 403")
    assert read_page(job(1), refused, None) == Read("blocked", None, "HTTP 403")
