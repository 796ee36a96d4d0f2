"""Keys of programs: made once, kept as SHA-256, ended by a date or by a person."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit
from models.store.reading import NotThereError
from models.tables import ApiToken, Recipient

SCOPES = ("read", "answer")
PREFIX = "dbt_"
NOTED_EVERY = timedelta(minutes=5)
"""The last use is noted no more often, so that reading does not write all the time."""


class TokenError(DiembaoError):
    """A token without a holder or without anything that it may do."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a program may do: `scopes` for one recipient, in `territory` (empty: all of the recipient's)."""

    token_id: int
    recipient_id: int
    recipient: str
    profile: str
    holder: str
    scopes: frozenset[str]
    territory: tuple[str, ...]
    used_at: datetime | None


def _sha(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make(
    session: Session,
    recipient_id: int,
    *,
    holder: str,
    scopes: Sequence[str],
    territory: Sequence[str],
    expires_at: datetime,
    user_id: int,
    now: datetime,
) -> str:
    """The token itself, which is shown once and not kept."""
    if not holder.strip():
        raise TokenError("Hãy ghi ai giữ khoá API")
    if not scopes:
        raise TokenError("Hãy chọn khoá API được làm gì")
    secret = PREFIX + secrets.token_urlsafe(32)
    row = ApiToken(
        recipient_id=recipient_id,
        holder=holder.strip(),
        sha256=_sha(secret),
        scopes=list(scopes),
        territory=list(territory),
        created_at=now,
        created_by=user_id,
        expires_at=expires_at,
    )
    session.add(row)
    session.flush()
    detail: dict[str, str | int | bool | None] = {"recipient": recipient_id, "scopes": ",".join(scopes)}
    audit.append(session, at=now, action="token.make", user_id=user_id, object=f"token/{row.id}", detail=detail)
    return secret


def revoke(session: Session, token_id: int, *, user_id: int, now: datetime) -> None:
    row = session.get(ApiToken, token_id)
    if row is None:
        raise NotThereError("Không có khoá API này")
    if row.revoked_at is None:
        row.revoked_at = now
        session.flush()
        audit.append(session, at=now, action="token.revoke", user_id=user_id, object=f"token/{row.id}")


def in_use(session: Session, *, now: datetime) -> dict[int, list[ApiToken]]:
    """Recipient -> its tokens that still open something."""
    found: dict[int, list[ApiToken]] = {}
    query = select(ApiToken).where(ApiToken.revoked_at.is_(None), ApiToken.expires_at > now).order_by(ApiToken.id)
    for row in session.scalars(query):
        found.setdefault(row.recipient_id, []).append(row)
    return found


def find(session: Session, secret: str, *, now: datetime) -> Bearer | None:
    """None for a token that is unknown, ended or taken back, and for one whose recipient is gone."""
    row = session.execute(
        select(ApiToken, Recipient)
        .join(Recipient, Recipient.id == ApiToken.recipient_id)
        .where(
            ApiToken.sha256 == _sha(secret),
            ApiToken.revoked_at.is_(None),
            ApiToken.expires_at > now,
            Recipient.active,
        )
    ).one_or_none()
    if row is None:
        return None
    token, recipient = row
    return Bearer(
        token.id,
        recipient.id,
        recipient.name,
        recipient.profile,
        token.holder,
        frozenset(token.scopes),
        tuple(token.territory),
        token.used_at,
    )


def note_use(session: Session, token_id: int, *, now: datetime) -> None:
    session.execute(update(ApiToken).where(ApiToken.id == token_id).values(used_at=now))
