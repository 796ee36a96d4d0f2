"""Records of the evidence archive encrypted at rest: AES-256-GCM (cryptography, Apache-2.0/BSD), one seal a record.

A record is sealed by itself, so that it is read at its offset as before and a torn end costs one record. Its key is
derived (HKDF-SHA-256) from the team's key and a salt that each process draws anew, so that no two processes can ever
use one nonce twice. The sealed form is MAGIC, key's name (4 bytes), salt (16), nonce (12), length (4), ciphertext.
"""

import base64
import binascii
import hashlib
import os
import secrets
import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.errors import DiembaoError

MAGIC = b"\x93DBS"
KEY = 32
_HEAD = struct.Struct(">4s4s16s12sI")
_INFO = b"diembao archive record"


class SealError(DiembaoError):
    """There is no key for what is sealed, or the key file cannot be used."""


class _Ring:
    """The keys of this process, set once at its door: the first seals, all of them open."""

    def __init__(self) -> None:
        self.keys: dict[bytes, bytes] = {}
        self.sealing: bytes | None = None
        self.salt = b""


_ring = _Ring()


def use(keys: Sequence[bytes]) -> None:
    """From now on records are sealed with the first key; none: they are kept as they are."""
    _ring.keys = {_name(key): key for key in keys}
    _ring.sealing = _name(keys[0]) if keys else None
    _ring.salt = os.urandom(16)
    _cipher.cache_clear()


def read_keys(text: str) -> tuple[bytes, ...]:
    """A key a line in base 64; the first is the one in use, the others open what older ones sealed."""
    keys = []
    for number, line in enumerate(filter(None, map(str.strip, text.splitlines())), 1):
        try:
            key = base64.b64decode(line, validate=True)
        except binascii.Error as error:
            raise SealError(f"tệp khoá kho lưu: dòng {number} không phải base64") from error
        if len(key) != KEY:
            raise SealError(f"tệp khoá kho lưu: dòng {number} không phải khoá {KEY} byte")
        keys.append(key)
    if not keys:
        raise SealError("tệp khoá kho lưu trống")
    return tuple(keys)


def new_key() -> str:
    return base64.b64encode(secrets.token_bytes(KEY)).decode()


def _name(key: bytes) -> bytes:
    return hashlib.sha256(b"name" + key).digest()[:4]


@lru_cache(maxsize=256)
def _cipher(name: bytes, salt: bytes) -> AESGCM:
    if name not in _ring.keys:
        raise SealError("kho lưu được mã hoá mà chưa có khoá của nó: đặt archive_key_file")
    return AESGCM(HKDF(SHA256(), KEY, salt, _INFO).derive(_ring.keys[name]))


def seal(record: bytes) -> bytes:
    """The record sealed, or as it is where no key is in use."""
    if _ring.sealing is None:
        return record
    nonce = os.urandom(12)
    head = _HEAD.pack(MAGIC, _ring.sealing, _ring.salt, nonce, len(record) + 16)
    return head + _cipher(_ring.sealing, _ring.salt).encrypt(nonce, record, head)


def is_sealed(start: bytes) -> bool:
    return start.startswith(MAGIC)


def unseal(stream: BinaryIO, offset: int, *, largest: int) -> tuple[int, bytes]:
    """Length of the sealed record at `offset`, and what was sealed. EOFError: it is cut off; ValueError: it was
    altered. Raises SealError without the key."""
    stream.seek(offset)
    head = stream.read(_HEAD.size)
    if len(head) < _HEAD.size:
        raise EOFError("the record is cut off")
    magic, name, salt, nonce, length = _HEAD.unpack(head)
    if magic != MAGIC or length > largest:
        raise ValueError("no sealed record")
    body = stream.read(length)
    if len(body) < length:
        raise EOFError("the record is cut off")
    try:
        return _HEAD.size + length, _cipher(name, salt).decrypt(nonce, body, head)
    except InvalidTag as error:
        raise ValueError("the sealed record was altered") from error
