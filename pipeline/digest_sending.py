"""The approved điểm báo goes to its recipients; who did not take it is tried again."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from datetime import datetime
from functools import partial

from models.session import Store
from models.store import digest, sendings
from models.store.sendings import Outgoing
from models.tables import Digest
from pipeline.alerts import CHANNEL_S, WORKERS, Sender
from pipeline.digest_drafts import kept_form

logger = logging.getLogger(__name__)
AT_ONCE = 50


def send_digests(
    store: Store, sender: Sender, *, now: Callable[[], datetime], patience_s: float = CHANNEL_S
) -> tuple[int, int]:
    """Send what is due, the kept text to the letter; returns (sent, failed for now). Safe to run beside itself."""
    with store.write() as session:
        due = sendings.claim(session, now=now(), limit=AT_ONCE)
    if not due:
        return 0, 0
    with store.read() as session:
        texts = {id_: _letter(digest.get(session, id_)) for id_ in {one.digest_id for one in due}}
    pool = ThreadPoolExecutor(max_workers=WORKERS, thread_name_prefix="digest")
    futures = {pool.submit(sender, one.channel, *texts[one.digest_id]): one for one in due}
    wait(futures, timeout=patience_s)
    pool.shutdown(wait=False, cancel_futures=True)
    taken = sum(_settle(store, one, future, now) for future, one in futures.items())
    return taken, len(due) - taken


def _letter(kept: Digest) -> tuple[str, str]:
    """Title and text; the digest of the approved document stands under it, so that anybody can compare."""
    body = kept_form(kept, "txt").decode()
    return f"Điểm báo ngày {kept.day:%d/%m/%Y}", f"{body}\n\nBản duyệt số {kept.revision}, SHA-256: {kept.sha256}"


def _settle(store: Store, one: Outgoing, future: Future[bool], now: Callable[[], datetime]) -> bool:
    if not future.done():
        future.add_done_callback(partial(_taken_late, store, one.id, now))
    error = _error(future)
    with store.write() as session:
        if error is None:
            sendings.sent(session, one.id, at=now())
        else:
            sendings.failed(session, one.id, error=error, at=now())
            logger.warning("digest not taken", extra={"sending": one.id, "error": error})
    return error is None


def _error(future: Future[bool]) -> str | None:
    """Never with the channel's address: it may hold a password."""
    if not future.done() or future.cancelled():
        return "kênh không trả lời kịp"
    problem = future.exception()
    if problem is not None:
        return type(problem).__name__
    return None if future.result() else "kênh từ chối hoặc không nối được"


def _taken_late(store: Store, sending_id: int, now: Callable[[], datetime], future: Future[bool]) -> None:
    """A slow channel took it after all: do not send it a second time."""
    if not future.cancelled() and future.exception() is None and future.result():
        with store.write() as session:
            sendings.sent(session, sending_id, at=now())
