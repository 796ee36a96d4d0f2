"""Every job gets exactly one outcome, as soon as it is known; what the callback raises ends the crawl."""

import asyncio
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spiders.crawl import NOT_REACHED, CrawlError, CrawlOptions, read_lists, read_pages, run, user_agent
from spiders.jobs import ListJob, PageJob, PageOutcome
from spiders.sample_press import SamplePress
from tests.spiders.conftest import Crawler, quick
from tests.spiders.test_faults import PAGE_FAULTS

QUICK_FAULTS = [fault for fault, *_ in PAGE_FAULTS if not fault.startswith(("treo", "nho-giot", "bom", "ban"))]


def page_url(press: SamplePress, number: int) -> str:
    return f"{press.base}/loi/trang/{number}/bai-mau-{400_100 + number}.html"


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    faults=st.lists(st.sampled_from([*QUICK_FAULTS, "khong-co/x"]), max_size=25),
    strange=st.lists(st.sampled_from(["", "khong-phai-dia-chi", "http://", "ftp://bao.example/x", "http://[::1"])),
)
def test_whatever_happens_every_job_gets_exactly_one_outcome(
    crawler: Crawler, press: SamplePress, options: CrawlOptions, faults: list[str], strange: list[str]
) -> None:
    urls = [f"{press.base}/loi/{fault}/bai-mau-400123.html" for fault in faults] + strange
    jobs = [PageJob("mau", url, key) for key, url in enumerate(urls)]
    options = replace(options, max_bytes=500_000, per_host=4)
    outcomes = crawler.pages(jobs, options)
    assert Counter(outcome.job for outcome in outcomes) == Counter(jobs)
    lists = [ListJob("mau", url, "feed") for url in urls]
    assert Counter(outcome.job for outcome in crawler.lists(lists, options)) == Counter(lists)


def test_no_jobs_is_no_error(crawler: Crawler, options: CrawlOptions) -> None:
    assert crawler.pages([], options) == []


def test_outcomes_are_reported_while_the_crawl_goes_on(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    jobs = [PageJob("mau", page_url(press, number), number) for number in range(20)]
    asked_before: list[int] = []
    crawler.call(lambda: read_pages(jobs, {}, lambda _: asked_before.append(len(press.asked)), options))
    assert asked_before[0] <= 4
    assert asked_before == sorted(asked_before)


def test_pages_of_higher_priority_are_read_first(crawler: Crawler, press: SamplePress, options: CrawlOptions) -> None:
    jobs = [PageJob("mau", page_url(press, number), number, priority=number) for number in range(30)]
    random.Random(7).shuffle(jobs)  # noqa: S311 the order of a test
    outcomes = crawler.pages(jobs, replace(options, per_host=1))
    assert [outcome.job.key for outcome in outcomes] == list(range(29, -1, -1))


def test_jobs_are_taken_from_their_source_only_a_little_ahead(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    taken = 0
    ahead: list[int] = []

    def jobs() -> Iterator[PageJob]:
        nonlocal taken
        for number in range(60):
            taken += 1
            yield PageJob("mau", page_url(press, number), number)

    def seen(_: PageOutcome) -> None:
        ahead.append(taken - len(ahead))

    crawler.call(lambda: read_pages(jobs(), {}, seen, replace(options, lookahead=10)))
    assert len(ahead) == 60
    assert max(ahead) <= 10 + options.per_host


def test_what_the_callback_raises_stops_the_crawl_and_reaches_the_caller(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    seen: list[int] = []

    def keep(outcome: PageOutcome) -> None:
        seen.append(outcome.job.key)
        if len(seen) == 3:
            raise ZeroDivisionError("the store is full")

    jobs = [PageJob("mau", page_url(press, number), number) for number in range(200)]
    with pytest.raises(ZeroDivisionError, match="the store is full"):
        crawler.call(lambda: read_pages(jobs, {}, keep, options))
    assert len(seen) < 10
    assert len(press.asked) < 20
    assert crawler.page(page_url(press, 1), options).health == "ok"


def test_a_source_of_jobs_that_fails_stops_the_crawl_and_reaches_the_caller(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    def jobs() -> Iterator[PageJob]:
        yield PageJob("mau", page_url(press, 1), 1)
        raise KeyError("the store is closed")

    with pytest.raises(KeyError, match="the store is closed"):
        crawler.call(lambda: read_pages(jobs(), {}, lambda _: None, replace(options, lookahead=1)))


def test_a_slow_paper_does_not_hold_up_a_quick_one(crawler: Crawler, press: SamplePress, names: dict[str, str]) -> None:
    names["cham.example"] = names["nhanh.example"] = "127.0.0.1"
    port = press.base.rpartition(":")[2]
    slow = [
        PageJob("cham", f"http://cham.example:{port}/loi/treo/x/bai-{key}.html", key, priority=9)
        for key in range(400_100, 400_102)
    ]
    fast = [
        PageJob("nhanh", f"http://nhanh.example:{port}/loi/trang/1/bai-{key}.html", key)
        for key in range(400_200, 400_240)
    ]
    done: list[tuple[str, float]] = []
    started = time.monotonic()
    options = quick(frozenset({f"cham.example:{port}", f"nhanh.example:{port}"}), timeout_s=4, retries=0, lookahead=100)

    def keep(outcome: PageOutcome) -> None:
        done.append((outcome.job.outlet, time.monotonic() - started))

    crawler.call(lambda: read_pages([*slow, *fast], {}, keep, options))
    assert [name for name, _ in done[:40]] == ["nhanh"] * 40
    assert max(at for name, at in done if name == "nhanh") < 3.9
    assert len(done) == 42


def test_after_the_deadline_nothing_more_is_asked_and_every_job_is_answered(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    jobs = [PageJob("mau", page_url(press, number), number) for number in range(30)]
    outcomes = crawler.pages(jobs, replace(options, delay_s=0.1, deadline_s=0.7))
    late = [outcome for outcome in outcomes if outcome.error == NOT_REACHED]
    assert len(outcomes) == 30
    assert 0 < len(late) < 30
    assert len(press.asked) == 30 - len(late) + 1


def test_cancelling_a_crawl_stops_it_and_leaves_the_loop_usable(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    jobs = [PageJob("mau", f"{press.base}/loi/treo/x/bai-{key}.html", key) for key in range(400_100, 400_110)]
    seen: list[PageOutcome] = []
    took: list[float] = []

    async def hurry() -> None:
        crawl = asyncio.ensure_future(read_pages(jobs, {}, seen.append, replace(options, timeout_s=60)))
        await asyncio.sleep(0.5)
        crawl.cancel()
        cancelled = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await crawl
        took.append(time.monotonic() - cancelled)

    crawler.page(page_url(press, 1), options)  # the first crawl of a process loads libraries, under load for seconds
    crawler.call(hurry)
    assert took[0] < 30, "the pages that hang were not waited for"
    assert seen == []
    assert crawler.page(page_url(press, 1), options).health == "ok"


@pytest.mark.parametrize("after", [0.0, 0.001, 0.01, 0.05])
def test_a_crawl_can_be_cancelled_while_it_starts(
    crawler: Crawler, press: SamplePress, options: CrawlOptions, after: float
) -> None:
    async def hurry() -> None:
        jobs = [PageJob("mau", page_url(press, number), number) for number in range(50)]
        crawl = asyncio.ensure_future(read_pages(jobs, {}, lambda _: None, options))
        await asyncio.sleep(after)
        crawl.cancel()
        with pytest.raises(asyncio.CancelledError):
            await crawl

    crawler.call(hurry)  # may be the first crawl of the process, which loads libraries: under load for many seconds
    after_it = crawler.page(page_url(press, 1), options)
    assert after_it.health == "ok", after_it.error


def test_two_crawls_at_once_keep_their_exceptions_apart(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    inside: list[PageOutcome] = []
    outside: list[PageOutcome] = []
    job = PageJob("mau", page_url(press, 1), 1)

    async def both() -> None:
        await asyncio.gather(
            read_pages([job], {}, inside.append, options),
            read_pages([job], {}, outside.append, quick(frozenset())),
        )

    crawler.call(both)
    assert [inside[0].health, outside[0].health] == ["ok", "refused"]


def test_outside_run_nothing_can_be_fetched_and_run_is_for_once(crawler: Crawler) -> None:
    async def nothing() -> None:
        """Never reached."""

    with pytest.raises(CrawlError, match="once in a process"):
        run(nothing)


def test_our_name_says_who_we_are_and_how_to_reach_us(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    agent = user_agent("https://diem-bao.example/lien-he")
    crawler.page(page_url(press, 1), replace(options, user_agent=agent))
    assert {asked.headers["user-agent"] for asked in press.asked} == {agent}
    assert "diembao" in agent
    assert "diem-bao.example" in agent


@pytest.mark.parametrize(
    "changes", [{"timeout_s": 0.0}, {"retries": -1}, {"user_agent": "báo"}, {"user_agent": "x\r\ny"}]
)
def test_options_that_make_no_sense_are_refused(changes: dict[str, object]) -> None:
    with pytest.raises(CrawlError):
        replace(CrawlOptions(), **changes)  # type: ignore[arg-type]


INTERRUPTED = """
import sys
from spiders.crawl import *
from spiders.jobs import PageJob
base = sys.argv[1]
jobs = [PageJob("mau", f"{base}/loi/treo/x/bai-{n}.html", n) for n in range(400100, 400110)]
options = CrawlOptions(allowed_private=frozenset({base.removeprefix("http://")}), delay_s=0)
async def main():
    try:
        await read_pages(jobs, {}, lambda outcome: print("outcome"), options)
    finally:
        print("cleaned up", flush=True)
try:
    run(main)
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


def test_ctrl_c_stops_cleanly_and_at_once(press: SamplePress) -> None:
    process = subprocess.Popen(
        [sys.executable, "-W", "error", "-c", INTERRUPTED, press.base],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 20
    while not any(path.startswith("/loi/treo") for path in press.paths()) and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert (out.split("\n")[:2], process.returncode) == (["cleaned up", "interrupted"], 0), err
    assert err == ""


def test_run_returns_the_result_and_raises_the_exception() -> None:
    code = "from spiders.crawl import run\nasync def main():\n    {}\nprint(run(main))"
    good = subprocess.run(
        [sys.executable, "-W", "error", "-c", code.format("return 41 + 1")],
        capture_output=True,
        text=True,
        check=False,
    )
    bad = subprocess.run(
        [sys.executable, "-W", "error", "-c", code.format("raise LookupError('no such paper')")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (good.stdout, good.stderr) == ("42\n", "")
    assert "LookupError: no such paper" in bad.stderr


def test_lists_need_the_loop_of_run() -> None:
    code = "import asyncio\nfrom spiders.crawl import *\nasyncio.run(read_lists([], {}, print, CrawlOptions()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "pages are read inside spiders.crawl.run" in done.stderr
    assert read_lists
