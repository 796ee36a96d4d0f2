"""The order of jobs: best first in each lane, no lane in the way of another, every job once."""

import asyncio
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from spiders.lanes import MAX_WORKERS, Lanes
from tests.loops import run_apart

Job = tuple[str, int, int]


def lanes(jobs: list[Job], *, width: int = 1, lookahead: int = 1_000) -> Lanes[Job]:
    return Lanes(jobs, lane=lambda job: job[0], priority=lambda job: job[1], width=width, lookahead=lookahead)


@given(
    st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 9)), max_size=60),
    st.integers(1, 4),
    st.integers(1, 50),
)
def test_every_job_is_done_once_and_no_lane_is_wider_than_allowed(
    pairs: list[tuple[str, int]], width: int, lookahead: int
) -> None:
    jobs = [(lane, priority, number) for number, (lane, priority) in enumerate(pairs)]
    done: list[Job] = []
    busy: Counter[str] = Counter()

    async def do(job: Job) -> None:
        busy[job[0]] += 1
        assert busy[job[0]] <= width
        for _ in range(job[2] % 4):
            await asyncio.sleep(0)
        busy[job[0]] -= 1
        done.append(job)

    run_apart(lanes(jobs, width=width, lookahead=lookahead).run(do))
    assert sorted(done, key=lambda job: job[2]) == jobs


@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), max_size=40))
def test_within_a_lane_priority_decides_and_then_arrival(pairs: list[tuple[str, int]]) -> None:
    jobs = [(lane, priority, number) for number, (lane, priority) in enumerate(pairs)]
    done: list[Job] = []

    async def do(job: Job) -> None:
        await asyncio.sleep(0)
        done.append(job)

    run_apart(lanes(jobs).run(do))
    for lane in "ab":
        in_lane = [job for job in done if job[0] == lane]
        assert in_lane == sorted(in_lane, key=lambda job: (-job[1], job[2]))


def test_a_lane_that_waits_holds_up_no_other() -> None:
    done: list[str] = []

    async def main() -> None:
        gate = asyncio.Event()

        async def do(job: Job) -> None:
            if job[0] == "slow":
                await gate.wait()
            done.append(job[0])
            if done.count("quick") == 50:
                gate.set()

        jobs = [("slow", 9, 0), ("slow", 9, 1), *(("quick", 0, number) for number in range(50))]
        await asyncio.wait_for(lanes(jobs).run(do), 5)

    run_apart(main())
    assert done == ["quick"] * 50 + ["slow"] * 2


def test_more_hosts_than_workers_are_all_served_the_best_ones_first() -> None:
    jobs = [(f"host{number}", number, number) for number in range(2 * MAX_WORKERS)]
    done: list[int] = []

    async def do(job: Job) -> None:
        await asyncio.sleep(0)
        done.append(job[1])

    run_apart(lanes(jobs).run(do))
    assert len(done) == 2 * MAX_WORKERS
    assert min(done[:MAX_WORKERS]) >= MAX_WORKERS


def test_an_error_of_the_work_is_raised_as_it_is() -> None:
    async def do(job: Job) -> None:
        await asyncio.sleep(0)
        raise LookupError(job[0])

    with pytest.raises(LookupError, match="a"):
        run_apart(lanes([("a", 0, 0)]).run(do))
