"""Jobs that always fail, locks, shares and hours: what several machines must agree on."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import psycopg
import pytest
from procrastinate import App, RetryStrategy
from procrastinate.testing import InMemoryConnector
from sqlalchemy import select, text

from models.session import Store
from models.store import cluster
from models.store.locks import Lock, try_hold
from models.tables import Run
from pipeline.cluster import jobs as cluster_jobs
from pipeline.cluster.jobs import AGAIN, MIND, READ, SOON, TELL, Jobs, host_locks
from pipeline.cluster.queue import (
    ClusterError,
    QueueState,
    caller_app,
    install,
    let_go_of_the_lost,
    queue_state,
    set_aside_lately,
    try_again,
    worker_app,
)
from pipeline.cluster.work import Pace, _worker
from pipeline.config import Settings
from pipeline.doctor import examine
from pipeline.lock import ScanRunningError, scan_lock
from spiders.source import parse_source
from tests.loops import run_apart
from tests.pipeline.making import DAY, moment


@pytest.fixture
def queued(postgres_store: Store) -> Iterator[Store]:
    install(postgres_store)
    yield postgres_store
    with postgres_store.write() as session:
        session.execute(text("DROP SCHEMA procrastinate CASCADE"))


class Stuck:
    """A house whose judge fails as long as `broken`; once, somebody asks for the same work while it is at it."""

    broken = True

    def __init__(self, ask_again: Callable[[], object]) -> None:
        self.ask_again: Callable[[], object] | None = ask_again

    def now(self) -> Any:
        return moment(DAY)

    def judge_some(self, share: int, of: int) -> int:
        if self.ask_again is not None:
            self.ask_again()
            self.ask_again = None
        if self.broken:
            raise RuntimeError("mô hình hỏng")
        return 0


def work_off(store: Store, house: Any, queue: str = MIND, *, once: bool = False) -> None:
    """Do what waits in the queue, or the first of it, then stop."""

    async def run() -> None:
        app = worker_app(store)
        Jobs(app, house, dict, dict, dict).register()
        app.periodic_registry.periodic_tasks.clear()
        async with app.open_async():
            worker = app.run_worker_async(
                queues=[queue], wait=False, install_signal_handlers=False, listen_notify=False
            )
            if not once:
                await worker
                return
            task = asyncio.create_task(worker)
            await asyncio.to_thread(house.stopping.wait, 60)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    run_apart(run())


def test_a_job_that_always_fails_is_set_aside_shown_and_tried_again_when_asked(
    queued: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(cluster_jobs, "RETRY", RetryStrategy(max_attempts=2, wait=-1))

    def ask() -> None:
        with caller_app(queued).open() as app:
            app.configure_task("judge", queue=MIND, lock="judge:0", queueing_lock="judge:0").defer(share=0)

    ask()
    house = Stuck(ask_again=ask)
    work_off(queued, house)
    work_off(queued, house)
    state = queue_state(queued)
    assert state is not None
    assert (state.todo, state.doing, [one.task for one in state.aside]) == (0, 0, ["judge"])
    assert set_aside_lately(queued) == {"judge:0"}, "the clock does not ask for it again at once"
    checks = {check.code: check for check in examine(Settings(data_dir=tmp_path), lambda _: queued, now=moment(DAY))}
    assert checks["queue"].state == "bad", "nobody takes jobs"

    with pytest.raises(ClusterError, match="số 999"):
        try_again(queued, 999, now=moment(DAY))
    try_again(queued, state.aside[0].id, now=moment(DAY))
    house.broken = False
    work_off(queued, house)
    after = queue_state(queued)
    assert after is not None
    assert (after.todo, after.aside) == (0, ())


class Busy:
    """A house with more to judge anew than one batch, told to stop during the first."""

    def __init__(self) -> None:
        self.stopping = threading.Event()
        self.asked: list[tuple[int, int]] = []

    def judge_again(self, first: int, last: int) -> int:
        self.asked.append((first, last))
        self.stopping.set()
        return 200


def test_a_worker_told_to_stop_ends_at_its_batch_and_leaves_the_rest_to_others(queued: Store) -> None:
    with caller_app(queued).open() as app:
        given = {"first": 1, "last": 1000}
        app.configure_task("rejudge", queue=AGAIN, lock="r", queueing_lock="rejudge:1-1000").defer(**given)
    first = Busy()
    work_off(queued, first, AGAIN, once=True)
    state = queue_state(queued)
    assert state is not None
    assert set(first.asked) == {(1, 1000)}
    assert (state.todo, state.doing, state.aside) == (1, 0, ())


def test_the_queue_is_set_up_once_and_sqlite_has_none(queued: Store, sqlite_store: Store) -> None:
    assert install(queued) is False
    assert queue_state(sqlite_store) is None
    with pytest.raises(ClusterError, match="diembao watch"):
        install(sqlite_store)


def test_workers_share_the_lock_that_keeps_a_single_machine_s_scan_away(queued: Store) -> None:
    together = (scan_lock(queued, shared=True), scan_lock(queued, shared=True))
    with together[0], together[1], pytest.raises(ScanRunningError), scan_lock(queued):
        pass
    with scan_lock(queued), pytest.raises(ScanRunningError), scan_lock(queued, shared=True):
        pass


def test_outlets_that_share_a_host_share_a_lock() -> None:
    def source(name: str, *hosts: str) -> Any:
        feeds = ", ".join(f'"https://{host}/rss"' for host in hosts)
        head = f'title = "Báo"\nhome = "https://{hosts[0]}/"\nlevel = "unknown"\nfeeds = [{feeds}]\n'
        return parse_source(name, head)

    sources = [source("a", "a.example", "chung.example"), source("b", "b.example"), source("c", "chung.example")]
    locks = host_locks({one.id: one for one in sources})
    assert locks["a"] == locks["c"]
    assert locks["a"] != locks["b"]


def test_the_hour_s_run_is_shared_and_what_jobs_did_adds_up(store: Store) -> None:
    at = moment(DAY)
    with store.write() as session:
        first, over = cluster.run_of_hour(session, day=DAY, at=at)
        assert cluster.run_of_hour(session, day=DAY, at=at + timedelta(minutes=30)) == (first, [])
        assert over == []
    for name in ("an", "binh"):
        with store.write() as session:
            cluster.add_up(session, first, {"articles_new": 2}, {"good": {name}})
    with store.write() as session:
        second, over = cluster.run_of_hour(session, day=DAY, at=at + timedelta(hours=2))
        assert (second != first, over) == (True, [first])
        known = cluster.tally_of(session, first)
        assert known is not None
        assert (known[1]["articles_new"], known[1]["good"]) == (4, ["an", "binh"])
    with store.read() as session:
        assert len(session.scalars(select(Run)).all()) == 2


def test_what_was_remembered_holds_only_for_who_did_the_last_turn(store: Store) -> None:
    def turn(mine: str | None, after: str) -> bool:
        with store.write() as session:
            return cluster.take_baton(session, "group", mine=mine, next_holder=after)

    assert [turn(None, "a1"), turn("a1", "a2"), turn(None, "b1"), turn("a2", "a3")] == [False, True, False, False]


def test_what_a_lost_machine_held_is_free_again_in_two_minutes_at_most(
    queued: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[dict[str, Any]] = []
    connect = psycopg.connect
    monkeypatch.setattr(psycopg, "connect", lambda *args, **kwargs: given.append(kwargs) or connect(*args, **kwargs))
    store = Store(queued.url)
    let_go_of_the_lost(store)
    with store.read() as session:
        assert session.scalar(text("SHOW idle_in_transaction_session_timeout")) == "2min", "one that stands still"
    store.close()
    words = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 3}
    assert given[0].items() >= words.items(), "a worker whose database is gone"
    assert "-c tcp_keepalives_idle=30 -c tcp_keepalives_interval=10 -c tcp_keepalives_count=3" in given[0]["options"]
    assert 2 * 4 * Pace().heartbeat_s <= 120, "jobs, their locks, and with them the outlet's host"


def test_signs_of_life_and_alerts_do_not_wait_behind_visits() -> None:
    """Each queue is taken from by itself: with one set of places for reading and telling, 300 outlets came first."""
    asked: list[list[str]] = []

    class Recorder:
        async def run_worker_async(self, *, queues: list[str], **_: Any) -> None:
            asked.append(queues)

    for queue in (READ, TELL):
        run_apart(_worker(cast("Any", Recorder()), queue, 1, Pace()))
    assert asked == [[READ], [TELL]]
    app = App(connector=InMemoryConnector())
    Jobs(app, cast("Any", None), dict, dict, dict).register()
    assert app.tasks["rescue"].queue == app.tasks["send"].queue == TELL
    assert app.tasks["dispatch"].priority == SOON > 2, "a visit has 2 at the most"


def test_two_rescuers_do_not_take_a_job_from_each_other_s_hands(queued: Store) -> None:
    async def run() -> list[QueueState | None]:
        app = worker_app(queued)
        house = SimpleNamespace(store=queued, now=lambda: moment(DAY))
        jobs = Jobs(app, cast("Any", house), dict, dict, dict)
        jobs.register()
        async with app.open_async():
            job = await app.configure_task("read_outlet", queue=READ, lock="host:a").defer_async(outlet="a")
            worker = await app.job_manager.register_worker()
            assert (await app.job_manager.fetch_job([READ], worker)).id == job
            await app.job_manager.prune_stalled_workers(-1)  # it is taken for lost
            with queued.write() as session:
                assert try_hold(session, Lock.RESCUE)
                await jobs.rescue(0)
                first = queue_state(queued)
            await jobs.rescue(0)
            return [first, queue_state(queued)]

    found = run_apart(run())
    assert [(one.todo, one.doing) for one in found if one] == [(0, 1), (1, 0)], (
        "left to the other; done when that is over"
    )
