"""Users, their sign-in links and their signed-in browsers. Secrets are kept only as SHA-256."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, and_, bindparam, delete, select, update
from sqlalchemy.orm import Session, aliased

from models.errors import DiembaoError
from models.rights import ROLES
from models.tables import Deputy, SignInToken, User, UserSession

LINK_LIFE = timedelta(hours=24)
STEP_LIFE = timedelta(minutes=5)
LINK, STEP = "", "buoc-hai:"
"""Kept with the secret under its hash, so that a token of one purpose is worth nothing for the other."""
IDLE = timedelta(hours=1)
LIFE = timedelta(hours=12)
TOUCH_EVERY = timedelta(minutes=2)
"""A page view moves the idle limit at most this often, so that reading pages does not write all the time."""
FREE_FAILURES = 4
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=30)
NAME = 64


class UserError(DiembaoError):
    """A user that is not there, is there already, or is given an unknown role."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """Who is behind a cookie, and the word that their forms must carry."""

    user_id: int
    name: str
    display: str
    role: str
    csrf: str
    must_change: bool
    territory: tuple[str, ...]


def _sha(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def add_user(
    session: Session, *, name: str, display: str, role: str, now: datetime, password_hash: str | None = None
) -> User:
    name = name.strip().lower()
    if not name or len(name) > NAME or not all(c.isalnum() or c in "._-" for c in name):
        message = "Tên đăng nhập chỉ gồm chữ, số và các dấu . _ -"
        raise UserError(message)
    if role not in ROLES:
        message = f"Không có vai trò «{role}» (có: {', '.join(ROLES)})"
        raise UserError(message)
    if find_user(session, name) is not None:
        message = f"Đã có người dùng «{name}»"
        raise UserError(message)
    user = User(name=name, display=display.strip() or name, role=role, password_hash=password_hash, created_at=now)
    session.add(user)
    session.flush()
    return user


def find_user(session: Session, name: str) -> User | None:
    return session.scalar(select(User).where(User.name == name.strip().lower()[:NAME]))


def get_user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        message = f"Không có người dùng số {user_id}"
        raise UserError(message)
    return user


def all_users(session: Session) -> Sequence[User]:
    return session.scalars(select(User).order_by(User.name)).all()


def set_password(session: Session, user: User, password_hash: str, *, must_change: bool = False) -> None:
    """Also ends the user's sessions and links, and any lock."""
    user.password_hash, user.must_change = password_hash, must_change
    note_success(user)
    sign_out_everywhere(session, user.id)


def set_role(session: Session, user: User, role: str) -> None:
    if role not in ROLES:
        message = f"Không có vai trò «{role}»"
        raise UserError(message)
    user.role = role
    sign_out_everywhere(session, user.id)


def set_territory(session: Session, user: User, codes: Sequence[str]) -> None:
    """Codes of administrative units of today; none means the whole deployment."""
    user.territory = list(codes)
    sign_out_everywhere(session, user.id)


def set_active(session: Session, user: User, *, active: bool) -> None:
    user.active = active
    note_success(user)
    sign_out_everywhere(session, user.id)


def note_failure(user: User, now: datetime) -> None:
    """After a few free ones, each failure doubles the time for which the account takes no sign-in."""
    user.failures += 1
    if user.failures > FREE_FAILURES:
        delay = FIRST_DELAY * 2 ** min(user.failures - FREE_FAILURES - 1, 10)
        user.locked_until = now + min(delay, LONGEST_DELAY)


def note_success(user: User) -> None:
    user.failures, user.locked_until = 0, None


def is_locked(user: User, now: datetime) -> bool:
    return user.locked_until is not None and user.locked_until > now


def new_sign_in_token(session: Session, user_id: int, now: datetime) -> str:
    """A secret that signs this user in once, for /dang-nhap/mot-lan?token=…"""
    return _new_token(session, user_id, LINK, now + LINK_LIFE)


def new_step_token(session: Session, user_id: int, now: datetime) -> str:
    """A secret that says: this user's password was right, the code is still to come. It signs nobody in by itself."""
    return _new_token(session, user_id, STEP, now + STEP_LIFE)


def _new_token(session: Session, user_id: int, purpose: str, expires_at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    session.add(SignInToken(token_sha256=_sha(purpose + token), user_id=user_id, expires_at=expires_at))
    session.flush()
    return token


def user_of_step_token(session: Session, token: str, now: datetime) -> User | None:
    """Whose second step it is; the token stays good."""
    query = (
        select(User)
        .join(SignInToken, SignInToken.user_id == User.id)
        .where(
            SignInToken.token_sha256 == _sha(STEP + token),
            SignInToken.used_at.is_(None),
            SignInToken.expires_at > now,
            User.active,
        )
    )
    return session.scalar(query)


def use_step_token(session: Session, token: str, now: datetime) -> User | None:
    return _use_token(session, STEP + token, now)


def use_sign_in_token(session: Session, token: str, now: datetime) -> User | None:
    """The user, if the token is fresh and theirs to use; of two uses at one time only one succeeds."""
    return _use_token(session, LINK + token, now)


def _use_token(session: Session, token: str, now: datetime) -> User | None:
    query = (
        update(SignInToken)
        .where(SignInToken.token_sha256 == _sha(token), SignInToken.used_at.is_(None), SignInToken.expires_at > now)
        .values(used_at=now)
        .returning(SignInToken.user_id)
    )
    user_id = session.scalar(query)
    user = None if user_id is None else session.get(User, user_id)
    return user if user is not None and user.active else None


def open_session(session: Session, user: User, now: datetime, *, replacing: str | None = None) -> str:
    """A new secret for the cookie. The browser's former session ends, so that none can be planted beforehand."""
    if replacing:
        close_session(session, replacing)
    session.execute(delete(UserSession).where(UserSession.expires_at < now))
    secret = secrets.token_urlsafe(32)
    session.add(
        UserSession(
            token_sha256=_sha(secret),
            user_id=user.id,
            csrf=secrets.token_urlsafe(32),
            created_at=now,
            seen_at=now,
            expires_at=now + LIFE,
        )
    )
    session.flush()
    return secret


_AWAY = aliased(User)
_SESSION = (
    select(
        UserSession.expires_at,
        UserSession.seen_at,
        User.active,
        User.id,
        User.name,
        User.display,
        User.role,
        UserSession.csrf,
        User.must_change,
        User.territory,
        Deputy.id,
        _AWAY.territory,
    )
    .join(User, User.id == UserSession.user_id)
    .outerjoin(
        Deputy,
        and_(
            Deputy.deputy_id == User.id,
            Deputy.ended_at.is_(None),
            Deputy.since <= bindparam("now"),
            Deputy.until > bindparam("now"),
        ),
    )
    .outerjoin(_AWAY, _AWAY.id == Deputy.user_id)
    .where(UserSession.token_sha256 == bindparam("token"))
)
"""Built once: every page asks it."""


def find_session(session: Session, secret: str, now: datetime) -> tuple[SignedIn, bool] | None:
    """Who is signed in, and whether `touch_session` is due; None for unknown, expired, idle or inactive."""
    found = session.execute(_SESSION, {"token": _sha(secret), "now": now}).all()
    if not found:
        return None
    expires_at, seen_at, active, *rest = found[0]
    told: list[Any] = rest[:7]
    if expires_at <= now or seen_at + IDLE <= now or not active:
        return None
    return replace(SignedIn(*told), territory=_territory(rest[6], found)), seen_at + TOUCH_EVERY <= now


def _territory(own: Sequence[str], found: Sequence[Any]) -> tuple[str, ...]:
    """A person's own and those of whom they stand in for; nothing means the whole deployment."""
    held = [own, *(territory for *_, deputy, territory in found if deputy is not None)]
    return () if not all(held) else tuple(dict.fromkeys(code for codes in held for code in codes))


def touch_session(session: Session, secret: str, now: datetime) -> None:
    session.execute(update(UserSession).where(UserSession.token_sha256 == _sha(secret)).values(seen_at=now))


def close_session(session: Session, secret: str) -> None:
    session.execute(delete(UserSession).where(UserSession.token_sha256 == _sha(secret)))


def sign_out_everywhere(session: Session, user_id: int) -> None:
    """End every session and every unused link of a user."""
    session.execute(delete(UserSession).where(UserSession.user_id == user_id))
    session.execute(delete(SignInToken).where(SignInToken.user_id == user_id, SignInToken.used_at.is_(None)))


def set_totp(session: Session, user: User, secret: str | None) -> None:
    """Turn the second step on with this secret, or off."""
    user.totp_secret, user.totp_step = secret, None
    session.flush()


def take_totp_step(session: Session, user_id: int, step: int) -> bool:
    """Mark a time step's code as used; False when it, or a later one, was taken before."""
    result = cast(
        "CursorResult[object]",
        session.execute(
            update(User)
            .where(User.id == user_id, (User.totp_step.is_(None)) | (User.totp_step < step))
            .values(totp_step=step)
        ),
    )
    return result.rowcount == 1


def demo_user(session: Session, *, at: datetime) -> int:
    """The officer of the demo, who signs in by link alone."""
    user = find_user(session, "thu") or add_user(session, name="thu", display="Người dùng thử", role="officer", now=at)
    return user.id
