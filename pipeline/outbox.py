"""Sending what waits in a queue: channels beside each other, none waits for a slow one, nothing twice, nothing lost.

Whoever claims a line has `CLAIM` to say what became of it; a sender that dies leaves it due again. A channel that says
nothing for `CHANNEL_S` counts as failed for now, but its line is not tried again before the claim has run out, for it
may yet take it.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Protocol

from sqlalchemy.orm import Session

from models.session import Store

logger = logging.getLogger(__name__)
AT_ONCE = 50
WORKERS = 8
CHANNEL_S = 20.0


class Sender(Protocol):
    """Sends one alert; False or an exception means that the channel did not take it."""

    def __call__(self, channel: str, title: str, body: str) -> bool: ...


class Sent(Protocol):
    def __call__(self, session: Session, line_id: int, *, at: datetime) -> None: ...


class Failed(Protocol):
    """`at` None: nothing is known yet, the claim stands."""

    def __call__(self, session: Session, line_id: int, *, error: str, at: datetime | None) -> None: ...


@dataclass(frozen=True, slots=True)
class Posting:
    """One claimed line and how to send it."""

    id: int
    send: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class Book:
    """Where it is written down what became of a line; `name` stands in the log."""

    name: str
    sent: Sent
    failed: Failed


def deliver(
    store: Store, lines: Sequence[Posting], book: Book, *, now: Callable[[], datetime], patience_s: float = CHANNEL_S
) -> tuple[int, int]:
    """Send claimed lines; returns how many were sent and how many failed for now."""
    if not lines:
        return 0, 0
    pool = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix=book.name)
    futures = {pool.submit(line.send): line.id for line in lines}
    wait(futures, timeout=patience_s)
    pool.shutdown(wait=False, cancel_futures=True)
    taken = sum(_settle(store, line_id, future, book, now) for future, line_id in futures.items())
    return taken, len(lines) - taken


def _settle(store: Store, line_id: int, future: Future[bool], book: Book, now: Callable[[], datetime]) -> bool:
    silent = not future.done()
    if silent:
        future.add_done_callback(partial(_taken_late, store, line_id, book, now))
    error = _error(future)
    with store.write() as session:
        if error is None:
            book.sent(session, line_id, at=now())
            return True
        book.failed(session, line_id, error=error, at=None if silent else now())
    logger.warning("%s not taken", book.name, extra={"line": line_id, "error": error})
    return False


def _error(future: Future[bool]) -> str | None:
    """Never with the channel's address: it may hold a password."""
    if not future.done() or future.cancelled():
        return f"kênh không trả lời trong {CHANNEL_S:.0f} giây"
    problem = future.exception()
    if problem is not None:
        return type(problem).__name__
    return None if future.result() else "kênh từ chối hoặc không nối được"


def _taken_late(store: Store, line_id: int, book: Book, now: Callable[[], datetime], future: Future[bool]) -> None:
    """A slow channel took it after all: do not send it a second time."""
    if not future.cancelled() and future.exception() is None and future.result():
        with store.write() as session:
            book.sent(session, line_id, at=now())
