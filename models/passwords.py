"""Passwords: argon2id with the parameters of RFC 9106 that argon2-cffi ships, and what we refuse as too weak."""

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import DiembaoError

SHORTEST = 12
LONGEST = 128
FEWEST_DIFFERENT = 6

_hasher = PasswordHasher()
_nobody = _hasher.hash("no one has this password")


class WeakPasswordError(DiembaoError):
    """A new password that is too short, too long, too plain or contains the user's name."""


def check_strength(password: str, name: str) -> None:
    if len(password) < SHORTEST:
        message = f"Mật khẩu cần ít nhất {SHORTEST} ký tự."
    elif len(password) > LONGEST:
        message = f"Mật khẩu dài tối đa {LONGEST} ký tự."
    elif len(set(password.casefold())) < FEWEST_DIFFERENT:
        message = f"Mật khẩu cần ít nhất {FEWEST_DIFFERENT} ký tự khác nhau."
    elif name.casefold() in password.casefold():
        message = "Mật khẩu không được chứa tên đăng nhập."
    else:
        return
    raise WeakPasswordError(message)


def _composed(password: str) -> str:
    """Keyboards send Vietnamese letters whole or in parts; both are the same password."""
    return unicodedata.normalize("NFC", password)


def hash_password(password: str) -> str:
    return _hasher.hash(_composed(password))


def matches(password_hash: str | None, password: str) -> bool:
    """Takes as long for a user without a password, or for no user at all, so that time tells nothing."""
    try:
        _hasher.verify(password_hash or _nobody, _composed(password))
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None
