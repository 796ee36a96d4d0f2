"""The approved điểm báo goes to its recipients; who did not take it is tried again."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Protocol

from models.session import Store
from models.store import digest, sendings
from models.tables import Digest
from pipeline.channels import Attached, Letter
from pipeline.digest_drafts import kept_form
from pipeline.outbox import AT_ONCE, CHANNEL_S, Book, Posting, deliver

BOOK = Book("digest", sendings.sent, sendings.failed)
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Poster(Protocol):
    """Sends one letter; False or an exception means that the channel did not take it."""

    def __call__(self, channel: str, letter: Letter) -> bool: ...


def send_digests(
    store: Store, poster: Poster, *, now: Callable[[], datetime], patience_s: float = CHANNEL_S
) -> tuple[int, int]:
    """Send what is due, the kept text to the letter; returns (sent, failed for now). Safe to run beside itself."""
    with store.write() as session:
        due = sendings.claim(session, now=now(), limit=AT_ONCE)
    with store.read() as session:
        letters = {id_: _letter(digest.get(session, id_)) for id_ in {one.digest_id for one in due}}
    lines = [Posting(one.id, partial(poster, one.channel, letters[one.digest_id])) for one in due]
    return deliver(store, lines, BOOK, now=now, patience_s=patience_s)


def _letter(kept: Digest) -> Letter:
    """The digest as page and as text, and the approved document itself, to the byte; its SHA-256 stands under both, so
    that anybody can compare."""
    proof = f"Bản duyệt số {kept.revision}, SHA-256: {kept.sha256}"
    page = kept_form(kept, "html").decode()
    return Letter(
        title=f"Điểm báo ngày {kept.day:%d/%m/%Y}",
        text=f"{kept_form(kept, 'txt').decode()}\n\n{proof}",
        html=page.replace("</body>", f'<p class="note">{proof}</p>\n</body>'),
        files=(Attached(f"diem-bao-{kept.day:%Y%m%d}-{kept.revision}.docx", DOCX, kept.document),),
    )
