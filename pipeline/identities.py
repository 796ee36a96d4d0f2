"""Who the people of a case are: sealed with AES-256-GCM under a key that lies in a file, never in the database.

The key file holds one key a line (32 bytes in base64): the first seals, every one opens, so that a new key can be put
in front and the old writings sealed again. Case, kind and letter are bound into the seal: a row copied to another
case does not open. cryptography (Apache-2.0 or BSD) does the sealing.
"""

import base64
import binascii
import hashlib
import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from models.errors import DiembaoError

FIELDS = {
    "name": "Họ và tên",
    "born": "Ngày sinh",
    "address": "Nơi ở",
    "school": "Trường, lớp",
    "family": "Cha, mẹ, người chăm sóc",
    "phone": "Điện thoại",
    "note": "Ghi thêm",
}
LONGEST = 1000
KEY_BYTES, NONCE = 32, 12


class IdentityError(DiembaoError):
    """No key, a key that does not fit, or a sealed text that was changed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a sealed text belongs; it opens nowhere else."""

    case_id: int
    kind: str
    letter: str

    @property
    def bound(self) -> bytes:
        return f"{self.case_id}|{self.kind}|{self.letter}".encode()


@dataclass(frozen=True, slots=True)
class Ring:
    """Keys by their id, the sealing one first."""

    keys: Mapping[str, bytes]

    @property
    def current(self) -> str:
        return next(iter(self.keys))

    def seal(self, said: Mapping[str, str], place: Place) -> bytes:
        plain = json.dumps({name: said[name] for name in FIELDS if said.get(name)}, ensure_ascii=False).encode()
        nonce = secrets.token_bytes(NONCE)
        return nonce + AESGCM(self.keys[self.current]).encrypt(nonce, plain, place.bound)

    def open(self, sealed: bytes, key_id: str, place: Place) -> dict[str, str]:
        key = self.keys.get(key_id)
        if key is None:
            raise IdentityError(f"Tệp khoá không có khoá «{key_id}» của hồ sơ này")
        try:
            plain = AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], place.bound)
        except InvalidTag as error:
            raise IdentityError(
                "Hồ sơ hạn chế đã bị thay đổi hoặc không thuộc vụ việc này: hãy báo quản trị"
            ) from error
        found: dict[str, str] = json.loads(plain)
        return found


def key_id(key: bytes) -> str:
    return hashlib.sha256(b"diembao identity key" + key).hexdigest()[:12]


def read_ring(path: Path | None) -> Ring:
    """Raises IdentityError for a missing file, one that others can read, or a line that is no key."""
    if path is None:
        raise IdentityError("Chưa đặt tệp khoá của hồ sơ hạn chế (identity_key_file): quản trị cần tạo khoá trước")
    try:
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise IdentityError(f"Tệp khoá {path.name} để người khác đọc được: hãy đổi quyền thành 600")
        lines = path.read_text("ascii").split()
        keys = [base64.b64decode(line, validate=True) for line in lines]
    except OSError as error:
        raise IdentityError(f"Không đọc được tệp khoá {path.name}: {error.strerror}") from error
    except (binascii.Error, UnicodeDecodeError) as error:
        raise IdentityError(f"Tệp khoá {path.name} không đúng dạng") from error
    if not keys or any(len(key) != KEY_BYTES for key in keys):
        raise IdentityError(f"Tệp khoá {path.name} không đúng dạng")
    return Ring({key_id(key): key for key in keys})


def make_key(path: Path) -> str:
    """Put a new key in front of those in the file (or into a new file, readable by its owner alone); its id."""
    old = path.read_text("ascii") if path.exists() else ""
    key = secrets.token_bytes(KEY_BYTES)
    partial = path.with_name(path.name + ".new")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(base64.b64encode(key).decode() + "\n" + old)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    return key_id(key)
