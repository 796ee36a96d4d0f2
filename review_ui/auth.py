"""Cookies of the signed-in and of those who are about to sign in, and the check of name and password."""

import secrets
from datetime import datetime
from enum import Enum
from urllib.parse import quote

from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response

from models import totp
from models.passwords import matches
from models.session import Store
from models.store import audit, users
from models.tables import User

PLAIN, SECURE = "diembao", "__Host-diembao"
LOOSE = "diembao-form"
"""Holds the word for forms before anyone is signed in."""
SIGN_IN = "/dang-nhap"


def new_word() -> str:
    return secrets.token_urlsafe(32)


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"


def _cookie(request: Request) -> str:
    """Over https the name itself makes browsers insist on a secure cookie of this host alone."""
    return SECURE if _is_https(request) else PLAIN


def secret_of(request: Request) -> str:
    return request.cookies.get(_cookie(request), "")


def set_session(response: Response, request: Request, secret: str) -> None:
    response.set_cookie(
        _cookie(request),
        secret,
        max_age=int(users.LIFE.total_seconds()),
        path="/",
        secure=_is_https(request),
        httponly=True,
        samesite="strict",
    )


def clear_session(response: Response, request: Request) -> None:
    response.delete_cookie(_cookie(request), path="/", secure=_is_https(request), httponly=True, samesite="strict")


def set_loose(response: Response, request: Request, word: str) -> None:
    response.set_cookie(LOOSE, word, path="/", secure=_is_https(request), httponly=True, samesite="strict")


def address_of(request: Request) -> str:
    return "" if request.client is None else request.client.host


def sign_in_address(request: Request) -> str:
    """The sign-in page, which leads back to where a page was asked for; a lost form leads to the list."""
    if request.method != "GET" or request.url.path == "/":
        return SIGN_IN
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return f"{SIGN_IN}?tiep={quote(target, safe='/')}"


def local_address(target: str) -> str:
    """The path to go on to, or the list's: never an address of somebody else's."""
    if not target.startswith("/") or target.startswith(("//", "/\\")) or any(ord(c) < ord("!") for c in target):
        return "/"
    return target


def check_password(store: Store, name: str, password: str, *, now: datetime, address: str) -> int | None:
    """The user's id, or None for every kind of failure alike; failures are counted, delayed and put on record.

    The slow comparison runs between two short transactions, so that guessing does not keep others from writing.
    """
    with store.read() as session:
        user = users.find_user(session, name)
        locked = user is not None and (users.is_locked(user, now) or not user.active)
    fits = matches(None if user is None or locked else user.password_hash, password)
    if user is not None and fits:
        return user.id
    with store.write() as session:
        known = None if user is None else users.get_user(session, user.id)
        if known is not None and not locked:
            users.note_failure(known, now)
        _record(session, "signin.refused" if locked else "signin.failed", known, now=now, address=address)
    return None


class Code(Enum):
    """RIGHT, WRONG (another try is open), or OVER: the first step is stale or the account is locked."""

    RIGHT = "right"
    WRONG = "wrong"
    OVER = "over"


def check_code(store: Store, token: str, code: str, *, now: datetime, address: str) -> Code:
    """Wrong codes count like wrong passwords, so that six digits cannot be guessed."""
    with store.write() as session:
        user = users.user_of_step_token(session, token, now)
        if user is None or user.totp_secret is None or users.is_locked(user, now):
            return Code.OVER
        step = totp.matching_step(user.totp_secret, code, now)
        if step is not None and users.take_totp_step(session, user.id, step):
            return Code.RIGHT
        users.note_failure(user, now)
        _record(session, "signin.failed", user, now=now, address=address, how="code")
        return Code.OVER if users.is_locked(user, now) else Code.WRONG


def record_sign_in(session: Session, user: User, *, how: str, now: datetime, address: str) -> None:
    users.note_success(user)
    _record(session, "signin.ok", user, now=now, address=address, how=how)


def _record(
    session: Session, action: str, user: User | None, *, now: datetime, address: str, how: str = "password"
) -> None:
    audit.append(
        session,
        at=now,
        action=action,
        user_id=None if user is None else user.id,
        object=None if user is None else f"user/{user.id}",
        detail={"from": address, "how": how},
    )
