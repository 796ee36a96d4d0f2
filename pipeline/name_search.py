"""Searching by a person's name: only with the right to see names, and with a reason that is kept.

What is asked for is never written down: the audit trail holds the reason and a digest of the words, so that a permit
holds for these words alone and for a while.
"""

import hashlib
import re
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.fold import fold
from models.store import audit
from models.tables import AuditEntry

ACTION = "search.person"
HOLDS = timedelta(hours=1)
SHORTEST_REASON = 10
SURNAMES = frozenset(
    """
    nguyen tran le pham huynh hoang phan vu vo dang bui do ho ngo duong ly dinh doan trinh mai truong lam dao
    cao ha luong luu phung to quach thai chau ta ton vuong trieu khuc kieu nghiem quan thach kim giang la cu
    vi lo ma hua sam nong be vang a tong
    """.split()  # noqa: SIM905 - one block of words
)
MIDDLE = frozenset({"van", "thi"})
WORD = re.compile(r"[^\W\d_]+")


class ReasonError(DiembaoError):
    """No reason was given for looking for a person, or one that says nothing."""


def asks_for_person(words: str) -> bool:
    """Whether the words hold what a Vietnamese full name looks like: a surname and one to three names, capitalised, or
    with the middle names that only persons have. Places and offices that begin so may be asked about in vain."""
    found = WORD.findall(words)
    folded = [fold(word).strip() for word in found]
    for at, word in enumerate(folded[:-1]):
        if word not in SURNAMES:
            continue
        if folded[at + 1] in MIDDLE and len(folded) > at + 2:
            return True
        capitals = 1
        while at + capitals < len(found) and found[at + capitals][:1].isupper():
            capitals += 1
        if found[at][:1].isupper() and 2 < capitals <= 5:
            return True
    return False


def permit(session: Session, *, user_id: int, words: str, reason: str, now: datetime) -> None:
    """Keep the reason. Raises ReasonError for one that is too short to be one."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonError(f"Hãy ghi lý do tìm theo tên người (ít nhất {SHORTEST_REASON} ký tự)")
    detail: dict[str, str | int | bool | None] = {"reason": reason.strip(), "sha256": _digest(words)}
    audit.append(session, at=now, action=ACTION, user_id=user_id, object=_object(user_id), detail=detail)


def is_permitted(session: Session, *, user_id: int, words: str, now: datetime) -> bool:
    """Whether this person gave a reason for these words within the last hour."""
    query = (
        select(AuditEntry.detail)
        .where(AuditEntry.action == ACTION, AuditEntry.user_id == user_id, AuditEntry.at > now - HOLDS)
        .order_by(AuditEntry.id.desc())
        .limit(50)
    )
    wanted = _digest(words)
    return any(detail.get("sha256") == wanted for detail in session.scalars(query))


def _digest(words: str) -> str:
    return hashlib.sha256(" ".join(fold(words).split()).encode()).hexdigest()


def _object(user_id: int) -> str:
    return f"user/{user_id}"
