"""Judging the archive again with the model in force: newest first, a batch a transaction, stopped and resumed freely.

What was done is in the database (each article names the model that judged it last), so nothing has to be remembered.
"""

from collections.abc import Callable
from datetime import datetime

from models.session import Store
from models.store import verdicts
from pipeline.judging import Judges, Places, judge_batch

BATCH = 100


def rejudge(
    store: Store,
    judge: Judges,
    places: Places,
    *,
    now: Callable[[], datetime],
    progress: Callable[[int, int], None],
    limit: int | None = None,
) -> int:
    """How many versions were judged. `progress` is told (done, total) after each batch and may raise to stop."""
    with store.read() as session:
        total = verdicts.count_outdated(session, model=judge.id)
    total = total if limit is None else min(total, limit)
    done = 0
    progress(0, total)
    while limit is None or done < limit:
        size = BATCH if limit is None else min(BATCH, limit - done)
        with store.read() as session:
            batch = verdicts.outdated(session, model=judge.id, limit=size)
        if not batch:
            return done
        judge_batch(store, judge, places, batch, at=now())
        done += len(batch)
        progress(done, max(total, done))
    return done
