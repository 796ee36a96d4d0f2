"""Passwords and one-time codes."""

import unicodedata
from datetime import UTC, datetime

import pytest

from models import totp
from models.passwords import WeakPasswordError, check_strength, hash_password, matches


def test_a_hash_is_argon2id_and_fits_its_password_alone() -> None:
    hashed = hash_password("chín con chim sẻ")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert matches(hashed, "chín con chim sẻ")
    assert not matches(hashed, "chín con chim se")
    assert not matches(None, "chín con chim sẻ")
    assert not matches("not a hash", "x")


def test_vietnamese_letters_are_the_same_password_whole_or_in_parts() -> None:
    whole, parts = (unicodedata.normalize(form, "chín con chim sẻ") for form in ("NFC", "NFD"))
    assert whole != parts
    assert matches(hash_password(parts), whole)


@pytest.mark.parametrize("password", ["ngắn quá", "aaaaaaaaaaaaaa", "mật khẩu của LAN đây", "x" * 129, ""])
def test_weak_passwords_are_refused(password: str) -> None:
    with pytest.raises(WeakPasswordError):
        check_strength(password, "lan")


def test_a_sentence_is_a_good_password() -> None:
    check_strength("chín con chim sẻ trên mái", "lan")


@pytest.mark.parametrize(
    ("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]
)
def test_codes_are_those_of_the_standard_s_own_table(seconds: int, code: str) -> None:
    """RFC 6238, appendix B (the last six of its eight digits)."""
    assert totp.code_at("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", seconds // 30) == code


def test_a_code_is_good_for_its_step_and_one_to_either_side() -> None:
    secret, now = totp.new_secret(), datetime(2026, 11, 21, tzinfo=UTC)
    step = int(now.timestamp()) // 30
    for off, found in ((-2, None), (-1, step - 1), (0, step), (1, step + 1), (2, None)):
        assert totp.matching_step(secret, totp.code_at(secret, step + off), now) == found
    assert totp.matching_step(secret, "không số", now) is None
