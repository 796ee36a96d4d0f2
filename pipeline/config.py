"""Settings, read once at the door into a frozen record. An unknown or mistyped setting is an error by name.

They stand in one file, `diembao.toml` in the data folder or the file that DIEMBAO_CONFIG names; an environment
variable DIEMBAO_<NAME> wins over the file, so that a secret need not stand in it.
"""

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Literal

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from models.errors import DiembaoError

PREFIX = "DIEMBAO_"
CONFIG = "config"
FILE = "diembao.toml"
PUBLIC_URL = "http://127.0.0.1:8000"
DATA_DIR = "var"
LOOPBACK = "loopback"
SHORTEST_TOKEN = 16


class SettingsError(DiembaoError):
    """A setting that is unknown or cannot be read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides; `WORDS` says what each field means."""

    data_dir: Path = Path(DATA_DIR)
    database_url: str = ""
    territory: tuple[str, ...] = ()
    sources_dir: Path | None = None
    contact: str = ""
    public_url: str = PUBLIC_URL
    watchdog: str = ""
    backup_to: Path | None = None
    backup_key_file: Path | None = None
    archive_key_file: Path | None = None
    identity_key_file: Path | None = None
    metrics: str = ""
    proxy: str = ""
    ca_file: Path | None = None
    oidc_issuer: str = ""
    oidc_client: str = ""
    oidc_secret_file: Path | None = None
    oidc_claim: str = "preferred_username"

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'diembao.db'}"

    @property
    def archive_dir(self) -> Path:
        return self.data_dir / "archive"

    @property
    def models_dir(self) -> Path:
        return self.data_dir / "models"

    @property
    def backup_dir(self) -> Path:
        return self.backup_to or self.data_dir / "backups"


WORDS = {
    "data_dir": "thư mục của cơ sở dữ liệu, kho lưu bằng chứng và mô hình",
    "database_url": "địa chỉ PostgreSQL (postgresql+psycopg://…) cho nhiều máy; để trống: tệp SQLite trong data_dir",
    "territory": "mã các đơn vị hành chính mà nơi này phụ trách, cách nhau bằng dấu phẩy; để trống: cả nước",
    "sources_dir": "thư mục khai báo báo riêng của đơn vị; tệp trùng tên thay cho tệp đi kèm",
    "contact": "địa chỉ để toà soạn liên hệ, ghi trong tên chương trình khi đọc báo (chữ không dấu)",
    "public_url": "địa chỉ mà cán bộ mở giao diện; báo động và điểm báo dẫn liên kết về đây",
    "watchdog": "kênh (địa chỉ Apprise) của người được báo khi dịch vụ không làm việc",
    "backup_to": "thư mục bản sao lưu, nên ở đĩa khác; để trống: thư mục backups trong data_dir",
    "backup_key_file": "tệp chứa mật khẩu sao lưu, để ngoài data_dir và thư mục sao lưu",
    "archive_key_file": "tệp khoá mã hoá kho lưu bằng chứng (`diembao archive-key make`); để trống: không mã hoá",
    "identity_key_file": "tệp khoá của hồ sơ hạn chế (`diembao identity-key make`), để ngoài data_dir; sao lưu riêng",
    "metrics": f"ai đọc được /metrics: để trống: không ai; «{LOOPBACK}»: chính máy này; chuỗi khác: ai gửi mã này",
    "proxy": "máy trung gian (proxy) để ra mạng, ví dụ http://proxy.coquan.example:3128",
    "ca_file": "tệp PEM chứng thực gốc riêng của cơ quan, thêm vào các chứng thực của máy",
    "oidc_issuer": "địa chỉ nơi đăng nhập chung của cơ quan (OpenID Connect); để trống: không dùng",
    "oidc_client": "mã của hệ thống này ở nơi đăng nhập chung",
    "oidc_secret_file": "tệp chứa khoá của hệ thống này ở nơi đăng nhập chung",
    "oidc_claim": "mục cho biết tên đăng nhập trong lời xác nhận của nơi đăng nhập chung",
}
"""Every setting, as staff read it."""
PATHS = frozenset(
    {
        "data_dir",
        "sources_dir",
        "backup_to",
        "backup_key_file",
        "archive_key_file",
        "identity_key_file",
        "ca_file",
        "oidc_secret_file",
    }
)
SECRET = frozenset({"watchdog", "metrics"})
Origin = Literal["mặc định", "tệp cấu hình", "biến môi trường"]


@dataclass(frozen=True, slots=True)
class Shown:
    """One setting as `diembao settings` prints it: what holds, without passwords, and where it comes from."""

    name: str
    value: str
    origin: Origin
    words: str


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment (`os.environ` unless given) and the file."""
    given, _, _ = _gather(os.environ if environ is None else environ)
    return _settings(given)


def show_settings(environ: Mapping[str, str] | None = None) -> tuple[Path | None, list[Shown]]:
    """The file that was read, if there is one, and every setting."""
    given, origins, path = _gather(os.environ if environ is None else environ)
    settings = _settings(given)
    shown = [
        Shown(name, _shown(name, getattr(settings, name)), origins.get(name, "mặc định"), WORDS[name]) for name in WORDS
    ]
    return path, shown


def _gather(environ: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Origin], Path | None]:
    """What was set, where, and in which file."""
    outside = {
        name.removeprefix(PREFIX).lower(): value.strip() for name, value in environ.items() if name.startswith(PREFIX)
    }
    named = outside.pop(CONFIG, "")
    for name in outside:
        _check_known(name, f"{PREFIX}{name.upper()}")
    path = Path(named) if named else Path(outside.get("data_dir") or DATA_DIR) / FILE
    inside = _read_file(path, must_exist=bool(named))
    if "data_dir" in inside and not named:
        raise SettingsError(f"{path}: data_dir chỉ đặt được trong tệp mà {PREFIX}CONFIG chỉ tới")
    origins: dict[str, Origin] = dict.fromkeys(inside, "tệp cấu hình")
    origins.update(dict.fromkeys((name for name, value in outside.items() if value), "biến môi trường"))
    given = inside | {name: value for name, value in outside.items() if value or name not in inside}
    return given, origins, path if inside or named else None


def _read_file(path: Path, *, must_exist: bool) -> dict[str, str]:
    """Relative paths in the file are meant from its own folder."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        if must_exist:
            raise SettingsError(f"không có tệp cấu hình {path}") from error
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingsError(f"không đọc được tệp cấu hình {path}: {error}") from error
    found = {}
    for name, value in raw.items():
        _check_known(name, f"{path.name}: {name}")
        found[name] = _text(value, f"{path.name}: {name}")
        if name in PATHS and found[name]:
            found[name] = str(path.parent / found[name])
    return found


def _check_known(name: str, where: str) -> None:
    if name not in WORDS:
        raise SettingsError(f"{where}: không có cấu hình này (có: {', '.join(sorted(WORDS))})")


def _text(value: Any, where: str) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ",".join(value)
    raise SettingsError(f"{where}: phải là chuỗi trong ngoặc kép, hoặc danh sách chuỗi")


def _settings(given: Mapping[str, str]) -> Settings:
    metrics = given.get("metrics", "")
    if metrics not in {"", LOOPBACK} and len(metrics) < SHORTEST_TOKEN:
        raise SettingsError(f"metrics: mã phải dài ít nhất {SHORTEST_TOKEN} ký tự, hoặc là «{LOOPBACK}»")
    proxy = given.get("proxy", "")
    if proxy and not proxy.startswith(("http://", "https://")):
        raise SettingsError("proxy: phải bắt đầu bằng http:// hoặc https://")
    paths = {name: Path(given[name]) for name in PATHS if given.get(name)}
    texts = {f.name: given[f.name] for f in fields(Settings) if given.get(f.name) and f.name not in PATHS}
    territory = tuple(code.strip() for code in texts.pop("territory", "").split(",") if code.strip())
    made: dict[str, Any] = {**texts, **paths, "territory": territory}
    return Settings(**made)


def _shown(name: str, value: Any) -> str:
    if not value:
        return ""
    if name in SECRET and value != LOOPBACK:
        return "(có đặt, không in ra)"
    if name in {"database_url", "proxy"}:
        return _without_password(value)
    return ",".join(value) if isinstance(value, tuple) else str(value)


def _without_password(address: str) -> str:
    try:
        return make_url(address).render_as_string()
    except ArgumentError:
        return "(không đọc được)"
