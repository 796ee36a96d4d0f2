"""Learning jobs run in a process of their own: one at a time, telling how far they are, stopped when somebody asks."""

import contextlib
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from models.errors import DiembaoError
from models.session import Store
from models.store import learning_jobs as rows
from models.store.learning_jobs import DONE, FAILED, REJUDGE, STOPPED, TRAIN
from pipeline.config import PREFIX, Settings
from pipeline.learning.live import registry_of
from pipeline.learning.settings import read_learning

log = logging.getLogger(__name__)
BEAT_S = 1.0
STOPPED_WORDS = "Đã dừng theo yêu cầu; mô hình đang dùng vẫn nguyên như cũ."
STOPPED_CODE = 3
Tell = Callable[[float, str], None]


class StoppedError(DiembaoError):
    """Somebody asked the job to stop."""


def run_job(settings: Settings, store: Store, job_id: int, *, now: Callable[[], datetime], hard: bool = False) -> None:
    """Run a waiting job to its end; whatever happens stands in its row. Nothing is raised but what ends the process.

    `hard` lets a wish to stop end this process at once, in the middle of a long step; without it the wish is heard
    between steps.
    """
    with store.write() as session:
        rows.reap(session, now=now())
        if not rows.start(session, job_id, at=now()):
            return
        job = rows.get(session, job_id)
    stop = threading.Event()

    def tell(progress: float, message: str) -> None:
        if stop.is_set():
            raise StoppedError(STOPPED_WORDS)
        with store.write() as session:
            rows.tell(session, job_id, progress, message)

    with _beating(store, job_id, now, stop, hard=hard):
        try:
            shift = Shift(settings, store, now, tell, job.created_by)
            result = WORK[job.kind](shift, dict(job.params))
            state, message = DONE, "Xong."
        except StoppedError as error:
            state, message, result = STOPPED, str(error), {}
        except DiembaoError as error:
            state, message, result = FAILED, f"Không làm được: {error}", {}
        except Exception as error:
            log.exception("learning job failed: id=%s", job_id)
            state, message, result = FAILED, f"Máy gặp lỗi ({type(error).__name__}); mô hình đang dùng vẫn nguyên.", {}
    with store.write() as session:
        rows.finish(session, job_id, state, at=now(), message=message, result=result)


@contextmanager
def _beating(
    store: Store, job_id: int, now: Callable[[], datetime], stop: threading.Event, *, hard: bool
) -> Iterator[None]:
    """A thread that says the process lives, and hears whether it is to stop."""
    over = threading.Event()

    def beat() -> None:
        while not over.wait(BEAT_S):
            with contextlib.suppress(DiembaoError), store.write() as session:
                if rows.beat(session, job_id, at=now()):
                    stop.set()
            if stop.is_set() and hard and not over.is_set():
                with store.write() as session:
                    rows.finish(session, job_id, STOPPED, at=now(), message=STOPPED_WORDS)
                os._exit(STOPPED_CODE)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


@dataclass(frozen=True, slots=True)
class Shift:
    """What a job works with."""

    settings: Settings
    store: Store
    now: Callable[[], datetime]
    tell: Tell
    user_id: int | None


def run_train(shift: Shift, params: dict[str, Any]) -> dict[str, Any]:
    """`params`: until (day), and if wished recipe, seed, corpus."""
    from pipeline.learning.training import Order, train  # noqa: PLC0415 -- heavy, and only this job needs it

    learning = read_learning(shift.settings.data_dir)
    corpus = params.get("corpus")
    order = Order(
        until=date.fromisoformat(params["until"]),
        recipe=Path(params["recipe"]) if params.get("recipe") else learning.recipe_path,
        seed=params.get("seed"),
        corpus=Path(corpus) if corpus else learning.corpus_path,
    )
    registry = registry_of(shift.store, shift.settings)
    made = train(registry, order, learning, now=shift.now(), progress=shift.tell, user_id=shift.user_id)
    return {"model": made.name, "comparison": made.comparison, "suspects": made.suspects, "labels": made.labels}


def run_rejudge(shift: Shift, params: dict[str, Any]) -> dict[str, Any]:
    """`params`: if wished limit, so many articles at most."""
    from classifier.places import PlaceFinder  # noqa: PLC0415
    from pipeline.learning.rejudging import rejudge  # noqa: PLC0415

    judge = registry_of(shift.store, shift.settings).current()

    def progress(done: int, total: int) -> None:
        shift.tell(done / total if total else 1.0, f"Đã chấm lại {done}/{total} bài")

    count = rejudge(shift.store, judge, PlaceFinder.load(), now=shift.now, progress=progress, limit=params.get("limit"))
    return {"model": judge.id, "judged": count}


WORK: dict[str, Callable[[Shift, dict[str, Any]], dict[str, Any]]] = {TRAIN: run_train, REJUDGE: run_rejudge}


def work(settings: Settings, store: Store, *, now: Callable[[], datetime], hard: bool = False) -> int:
    """Run every waiting job, oldest first; how many."""
    count = 0
    while True:
        with store.read() as session:
            job_id = rows.next_queued(session)
        if job_id is None:
            return count
        run_job(settings, store, job_id, now=now, hard=hard)
        count += 1


def start_worker(settings: Settings) -> None:
    """Start a process that runs what waits, and go on: the web process never does the work itself."""
    settings.models_dir.mkdir(parents=True, exist_ok=True)
    own = {f"{PREFIX}DATA_DIR": str(settings.data_dir), f"{PREFIX}DATABASE_URL": settings.database_url}
    with (settings.models_dir / "work.log").open("ab") as out:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "pipeline", "model", "work"],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env={**os.environ, **own},
            start_new_session=True,
        )
    threading.Thread(target=process.wait, daemon=True).start()
