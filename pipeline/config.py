"""Settings, read once at the door into a frozen record. An unknown or mistyped setting is an error by name."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from models.errors import DiembaoError

PREFIX = "DIEMBAO_"
PUBLIC_URL = "http://127.0.0.1:8000"


class SettingsError(DiembaoError):
    """A setting that is unknown or cannot be read."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides. Each field is the environment variable DIEMBAO_<FIELD>.

    data_dir: folder for the database, the evidence archive and trained models.
    database_url: SQLAlchemy address; empty means a SQLite file in `data_dir`.
    territory: codes of administrative units, comma-separated: the places whose desks work with this list.
    sources_dir: folder of a team's own outlet declarations, read besides the ones that ship; the same name replaces.
    public_url: where staff reach the review pages; alerts and digests link to it.
    backup_to: folder for backups, best on another disk; empty means `backups` in `data_dir`.
    backup_key_file: file that holds the password of backups; keep it apart from both folders.
    watchdog: channel (Apprise address) of the person who is told when the service did not do its work.
    contact: an address that newspapers can write to; it goes into the user agent.
    """

    data_dir: Path = Path("var")
    database_url: str = ""
    territory: tuple[str, ...] = ()
    sources_dir: Path | None = None
    contact: str = ""
    public_url: str = PUBLIC_URL
    watchdog: str = ""
    backup_to: Path | None = None
    backup_key_file: Path | None = None

    @property
    def store_url(self) -> str:
        return self.database_url or f"sqlite:///{self.data_dir / 'diembao.db'}"

    @property
    def archive_dir(self) -> Path:
        return self.data_dir / "archive"

    @property
    def backup_dir(self) -> Path:
        return self.backup_to or self.data_dir / "backups"


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment (`os.environ` unless given)."""
    given = {
        name.removeprefix(PREFIX).lower(): value.strip()
        for name, value in (os.environ if environ is None else environ).items()
        if name.startswith(PREFIX)
    }
    known = {field.name for field in fields(Settings)}
    for name in given:
        if name not in known:
            message = f"unknown setting {PREFIX}{name.upper()} (known: {', '.join(sorted(known)).upper()})"
            raise SettingsError(message)
    return Settings(
        data_dir=Path(given.get("data_dir") or "var"),
        database_url=given.get("database_url", ""),
        territory=tuple(code.strip() for code in given.get("territory", "").split(",") if code.strip()),
        sources_dir=_path(given.get("sources_dir")),
        contact=given.get("contact", ""),
        public_url=given.get("public_url") or PUBLIC_URL,
        watchdog=given.get("watchdog", ""),
        backup_to=_path(given.get("backup_to")),
        backup_key_file=_path(given.get("backup_key_file")),
    )


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
