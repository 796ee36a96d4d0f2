"""How fast a scan is: `python -m tests.bench.bench_scan [--pages 2000] [--only NAME …] [--memory 20000]`.

The same distinct loopback pages (mark-up and size of the saved pages, other words in each) are crawled by each
contender in a process of its own, one after the other:

scrapy              bare Scrapy, its defaults, a callback that does nothing
scrapy+trafilatura  the same with trafilatura in the callback
fetch               our crawl without reading: guard, robots.txt, lanes, outcomes
pages               our crawl and the reading of each page
pages+archive       and every response kept in a WARC file
scan                the whole pass of `diembao scan`: lists, judge, pages, archive, places, stories, store, index;
                    where there is a second core, with the process beside it that reads and judges
news-please         where `--news-please PYTHON` names an interpreter that has it: the same pages, one by one

On a machine that does other work too, compare CPU time: `cpu ms` is that of the crawling process for each page.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.bench.scan_pages import SAVED, urls

NAMES = ("scrapy", "scrapy+trafilatura", "fetch", "pages", "pages+archive", "scan")
SLOW = {"scrapy+trafilatura": 4, "news-please": 20}
"""Contenders that get only a part of the pages, for their speed does not depend on the number."""
Result = dict[str, Any]


def contend(name: str, base: str, count: int, python: str = "") -> Result | None:
    """The contender's own figures, or None when it failed; what it said is shown."""
    share = max(1, count // SLOW.get(name, 1))
    command = [sys.executable, "-m", "tests.bench.scan_contenders", name, base, str(share)]
    if python:
        command = [python, str(Path(__file__).with_name("read_with_news_please.py"))]
    addresses = "\n".join(url for _, url in urls(base, share)) if python else ""
    done = subprocess.run(command, capture_output=True, text=True, check=False, input=addresses)
    if done.returncode:
        say(f"{name}: failed\n{done.stderr[-2_000:]}")
        return None
    result: Result = json.loads(done.stdout.splitlines()[-1])
    result["rate"] = result["pages"] / result["seconds"]
    result["cpu_ms"] = 1_000 * result["cpu_s"] / max(1, result["pages"])
    return result


def table(results: list[Result]) -> None:
    by_name = {result["name"]: result for result in results}
    say(f"{'':20}{'pages':>7}{'seconds':>9}{'pages/s':>9}{'cpu ms':>8}{'MB':>6}{'x scrapy':>10}{'x traf.':>9}   (cpu)")
    for result in results:
        row = f"{result['name']:20}{result['pages']:7}{result['seconds']:9.1f}{result['rate']:9.1f}"
        row += f"{result['cpu_ms']:8.2f}{result['memory_mb']:6}"
        cpu = []
        for peer, width in (("scrapy", 10), ("scrapy+trafilatura", 9)):
            other = by_name.get(peer)
            row += f"{result['rate'] / other['rate']:{width}.2f}" if other else " " * width
            cpu.append(f"{other['cpu_ms'] / result['cpu_ms']:.2f}" if other else "-")
        say(f"{row}   ({' / '.join(cpu)})")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=2_000)
    parser.add_argument("--only", nargs="*", choices=NAMES, default=NAMES)
    parser.add_argument("--memory", type=int, default=0, help="crawl so many pages too, to compare the memory")
    parser.add_argument("--news-please", default="", help="a Python interpreter that has news-please")
    args = parser.parse_args()
    if not SAVED.is_dir():
        sys.exit(f"bench_scan needs the saved pages in {SAVED}")
    server = subprocess.Popen([sys.executable, "-m", "tests.bench.scan_pages"], stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        base = server.stdout.readline().strip()
        started = time.monotonic()
        results = [contend(name, base, args.pages) for name in args.only]
        if args.news_please:
            results.append(contend("news-please", base, args.pages, args.news_please))
        table([result for result in results if result])
        for name in [name for name in ("pages+archive", "scan") if args.memory and name in args.only]:
            if (big := contend(name, base, args.memory)) is not None:
                small = next(result["memory_mb"] for result in results if result and result["name"] == name)
                say(f"memory of {name}: {small} MB for {args.pages} pages, {big['memory_mb']} MB for {big['pages']}")
        say(f"{time.monotonic() - started:.0f} s in all")
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    main()
