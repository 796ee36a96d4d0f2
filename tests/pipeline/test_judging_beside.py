import asyncio
import os
import signal
from collections.abc import Sequence
from dataclasses import replace

import pytest
from sqlalchemy import select

from models.records import Reading, Verdict
from models.session import Store
from models.tables import Place
from models.tables import Verdict as VerdictRow
from pipeline.judging import Judges
from pipeline.judging_beside import WORTH, helpers, judged_beside
from tests.loops import run_apart
from tests.pipeline.test_judging import AT, OnePlace, WordJudge, fill, judge_all

TITLES = [f"Tin số {n} về {'một trẻ' if n % 5 == 0 else 'giá vàng'}" for n in range(WORTH)]


class Signing(WordJudge):
    """Says in which process it judged."""

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        return [replace(verdict, reason=f"{os.getpid()}") for verdict in super().judge(readings)]


class Dying(WordJudge):
    """Takes its process with it, but for the one in which it was made."""

    def __init__(self) -> None:
        super().__init__()
        self.home = os.getpid()

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        if os.getpid() != self.home:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().judge(readings)


def judge_beside(store: Store, judge: Judges) -> tuple[int, int]:
    """How many were judged beside, and in which process that should have been."""
    counts: list[int] = []
    with helpers(store, judge, OnePlace(), processes=1) as readers:
        if readers is None:
            pytest.skip("no processes are forked on this system")

        async def go() -> None:
            async with (
                asyncio.timeout(60),
                judged_beside(store, readers, model=judge.id, now=lambda: AT, judged=counts.append) as told,
            ):
                told(len(TITLES))
                while not counts and readers.free:  # noqa: ASYNC110 it has no event for this
                    await asyncio.sleep(0.02)

        (process,) = readers.processes
        run_apart(go())
    return sum(counts), process


def test_what_is_kept_is_judged_in_another_process_and_nothing_is_left_for_later(store: Store) -> None:
    fill(store, TITLES)
    judged, process = judge_beside(store, Signing())
    assert (judged, judge_all(store, WordJudge())) == (len(TITLES), 0)
    with store.read() as session:
        rows = session.scalars(select(VerdictRow)).all()
        assert {row.reason for row in rows} == {str(process)}
        assert sum(row.flag for row in rows) == len(session.scalars(select(Place)).all()) == len(TITLES) // 5


def test_where_the_process_dies_all_is_judged_afterwards(store: Store) -> None:
    fill(store, TITLES)
    judge = Dying()
    assert judge_beside(store, judge)[0] == 0
    assert judge_all(store, judge) == len(TITLES)
