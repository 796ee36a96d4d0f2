"""What each kind of recipient may see of a lead: read from data, refused by name where it is wrong."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from pathlib import Path
from typing import Any

from models.errors import DiembaoError

FILE = "recipients.toml"
ARTICLES = ("full", "masked", "outlets", "none")
COLUMNS = {
    "case": "Mã vụ việc",
    "received": "Nhận tin lúc",
    "confirmed": "Xác nhận lúc",
    "month": "Tháng",
    "types": "Loại",
    "setting": "Môi trường",
    "stage": "Giai đoạn",
    "age": "Tuổi",
    "sex": "Giới tính",
    "victims": "Số trẻ",
    "relation": "Quan hệ của người bị nghi với trẻ",
    "danger": "Trẻ có thể đang gặp nguy hiểm",
    "place": "Nơi xảy ra",
    "place_old": "Nơi xảy ra (tên cũ)",
    "province": "Tỉnh, thành phố",
    "summary": "Tóm tắt",
}
"""Every field that a profile may name, with its heading."""


class ProfileError(DiembaoError):
    """A profile that cannot be read; names the file and the profile."""


@dataclass(frozen=True, slots=True)
class Profile:
    code: str
    name: str
    mark: str
    fields: tuple[str, ...]
    articles: str
    evidence: bool
    answers: bool
    small_cells: str


def read_profiles(data_dir: Path | None = None) -> dict[str, Profile]:
    """Those that ship, with the deployment's own over them."""
    found = _parse(FILE, files("pipeline").joinpath(FILE).read_text("utf-8"))
    own = None if data_dir is None else data_dir / FILE
    if own is not None and own.exists():
        found |= _parse(str(own.name), own.read_text("utf-8"))
    return found


def _parse(name: str, text: str) -> dict[str, Profile]:
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{name}: {error}") from error
    if set(raw) - {"profile"}:
        raise ProfileError(f"{name}: chỉ có các mục [[profile]]")
    return {profile.code: profile for profile in (_profile(name, row) for row in raw.get("profile", []))}


def _profile(name: str, row: Mapping[str, Any]) -> Profile:
    where = f"{name}, nơi nhận «{row.get('code', '?')}»"
    if set(row) != {field.name for field in fields(Profile)}:
        raise ProfileError(f"{where}: cần đúng các mục {', '.join(field.name for field in fields(Profile))}")
    if unknown := [field for field in row["fields"] if field not in COLUMNS]:
        raise ProfileError(f"{where}: không có cột {', '.join(map(str, unknown))}")
    if row["articles"] not in ARTICLES:
        raise ProfileError(f"{where}: articles là một trong {', '.join(ARTICLES)}")
    if row["small_cells"] not in ("show", "hide"):
        raise ProfileError(f"{where}: small_cells là show hoặc hide")
    if row["evidence"] and row["articles"] != "full":
        raise ProfileError(f"{where}: bản lưu bài chỉ gửi cho nơi được thấy địa chỉ bài")
    return Profile(**{**row, "fields": tuple(row["fields"])})
