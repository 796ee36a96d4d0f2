"""Independent pieces of a training on several processes: the answers are those of one process, in the same order.

joblib (BSD) starts the processes and lays large arrays into files that all of them map, so that a matrix is in memory
once. Each piece has its own seed and one thread (threadpoolctl, BSD, holds the algebra to it: sums taken apart differ
in their last figure), so that it does not matter who does it, or beside what.
"""

import os
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from threadpoolctl import threadpool_limits

Run = Callable[[Callable[..., Any], Iterable[tuple[Any, ...]]], list[Any]]
"""Calls a function of a module with each of the argument lists; the answers in that order."""
MAPPED = "1M"
LOOK_S = 1.0


def alone(call: Callable[..., Any], tasks: Iterable[tuple[Any, ...]]) -> list[Any]:
    """In this process, one after the other."""
    with one_thread():
        return [call(*task) for task in tasks]


def one_thread() -> threadpool_limits:
    """A block in which sums are taken in one order on every machine, and no thread waits for another's turn."""
    return threadpool_limits(1)


@contextmanager
def crew(workers: int) -> Iterator[Run]:
    """A `Run` on so many processes, which end with the block, and by themselves if this process is killed."""
    if workers < 2:
        yield alone
        return
    from joblib import Parallel, delayed, parallel_config  # noqa: PLC0415 -- only a large training needs it
    from joblib.externals.loky import get_reusable_executor  # noqa: PLC0415

    here = os.getpid()
    with (
        parallel_config("loky", n_jobs=workers, inner_max_num_threads=1),
        Parallel(max_nbytes=MAPPED, mmap_mode="r", batch_size=1, pre_dispatch="all") as pool,
    ):
        try:
            yield lambda call, tasks: list(pool(delayed(_beside)(here, call, task) for task in tasks))
        finally:
            get_reusable_executor().shutdown(wait=True, kill_workers=True)


def _beside(parent: int, call: Callable[..., Any], task: tuple[Any, ...]) -> Any:
    if _watching.acquire(blocking=False):
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    return call(*task)


_watching = threading.Lock()
"""Held once this process watches its parent."""


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os._exit(1)
