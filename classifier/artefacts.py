"""Reading and writing model files. A file is opened only if its digest is the card's and it holds nothing but figures.

A model is a plain mapping of names to numpy arrays, numbers and texts in a deflated skops file; no class of ours or
of any library is named in it, so there is nothing to run and nothing that moves with a module.
"""

import hashlib
import json
import re
import sys
import zipfile
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from models.errors import DiembaoError

MODEL_FILE = "model.skops"
CARD_FILE = "card.json"
FORMAT = 3
MAX_BYTES = 32 * 1024 * 1024
TRUSTED: tuple[str, ...] = ()


class ArtefactError(DiembaoError):
    """A model file that we will not open; the message says why."""


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(folder: Path, model: Mapping[str, Any], card: Mapping[str, Any]) -> Path:
    """Write model and card into `folder`; the card gets the digest of the model file, the id its first figures."""
    from skops import io  # noqa: PLC0415  heavy, and only training writes

    folder.mkdir(parents=True, exist_ok=True)
    path = folder / MODEL_FILE
    io.dump(_interned(model), path)
    _steady(path)
    sha256 = digest(path)
    papers = {**card, "id": f"{card['id']}-{sha256[:8]}", "sha256": sha256}
    text = json.dumps(papers, ensure_ascii=False, indent=1, sort_keys=False)
    (folder / CARD_FILE).write_text(text + "\n", encoding="utf-8")
    return path


def _interned(value: Any) -> Any:
    """Equal texts as one object, for skops writes an object once: figures made by other processes give equal bytes."""
    if isinstance(value, Mapping):
        return {sys.intern(key): _interned(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_interned(one) for one in value]
    return sys.intern(value) if isinstance(value, str) else value


def _steady(path: Path) -> None:
    """Rename members, give them one date and pack them, so that the same figures make the same bytes.

    skops names members and objects after their address in memory; the names mean nothing.
    """
    with zipfile.ZipFile(path) as source:
        members = {info.filename: source.read(info) for info in source.infolist()}
    schema = members.pop("schema.json").decode()
    numbers = {found: str(n) for n, found in enumerate(dict.fromkeys(re.findall(r'"__id__": (\d+)', schema)), start=1)}
    schema = re.sub(r"\b\d+\b", lambda found: numbers.get(found[0], found[0]), schema)
    members = {re.sub(r"^\d+", lambda found: numbers.get(found[0], found[0]), name): members[name] for name in members}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as target:
        for name, content in sorted({**members, "schema.json": schema.encode()}.items()):
            info = zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content, zipfile.ZIP_DEFLATED, 9)


def read_card(folder: Path) -> dict[str, Any]:
    path = folder / CARD_FILE
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ArtefactError(f"{path}: no readable model card ({error})") from error
    if not isinstance(card, dict) or not isinstance(card.get("sha256"), str) or not isinstance(card.get("id"), str):
        raise ArtefactError(f"{path}: the card names no id or no digest")
    return card


def read(folder: Path, known: Collection[str] | None = None) -> tuple[dict[str, Any], dict[str, Any]]:
    """(model, card). Raises ArtefactError for a missing, foreign, changed or oversized file, and where `known` is given
    for one whose digest is not among these."""
    card = read_card(folder)
    if known is not None and card["sha256"] not in known:
        raise ArtefactError(
            f"{folder}: mô hình này chưa được đăng ký ở đây nên không mở (SHA-256 {card['sha256']}). Hãy nhập bằng "
            "`diembao model import`, hoặc thêm --trust với dấu SHA-256 mà bên giao mô hình cho biết"
        )
    path = folder / MODEL_FILE
    if not path.is_file():
        raise ArtefactError(f"{path}: there is no model file")
    if path.stat().st_size > MAX_BYTES:
        raise ArtefactError(f"{path}: larger than {MAX_BYTES} bytes")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != card["sha256"]:
        raise ArtefactError(f"{path}: its SHA-256 is not the one on the card; the file was changed or is another")
    model = _open(path, content)
    if not isinstance(model, dict) or model.get("format") != FORMAT:
        raise ArtefactError(f"{path}: not a model of this version of diembao")
    return model, card


def _open(path: Path, content: bytes) -> Any:
    from skops import io  # noqa: PLC0415  heavy, and not needed where only the card is read

    try:
        foreign = sorted(set(io.get_untrusted_types(data=content)) - set(TRUSTED))
        model = None if foreign else io.loads(content, trusted=list(TRUSTED))
    except Exception as error:
        raise ArtefactError(f"{path}: not a readable skops file ({error})") from error
    if foreign:
        raise ArtefactError(f"{path}: holds types that we do not trust: {', '.join(foreign)}")
    return model
