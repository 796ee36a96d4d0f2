"""Retention of case data by class, as data: what is due to go, and letting it go."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

from models.errors import DiembaoError
from models.session import Store
from models.store import case_retention as kept

FILE = "case_retention.toml"


class RetentionError(DiembaoError):
    """A file of classes that cannot be read; names the class."""


@dataclass(frozen=True, slots=True)
class DataClass:
    """`days` is how long it is kept; 0 for ever."""

    code: str
    name: str
    days: int


@dataclass(frozen=True, slots=True)
class Gone:
    """Of one class: how much is due, or went."""

    of: DataClass
    rows: int


def read_classes(data_dir: Path | None = None) -> list[DataClass]:
    """Those that ship, with the deployment's own over them."""
    found = _parse(FILE, files("pipeline").joinpath(FILE).read_text("utf-8"))
    own = None if data_dir is None else data_dir / FILE
    if own is not None and own.exists():
        found |= _parse(own.name, own.read_text("utf-8"))
    return list(found.values())


def _parse(name: str, text: str) -> dict[str, DataClass]:
    try:
        rows = tomllib.loads(text).get("class", [])
    except tomllib.TOMLDecodeError as error:
        raise RetentionError(f"{name}: {error}") from error
    return {one.code: one for one in (_class(name, row) for row in rows)}


def _class(name: str, row: dict[str, Any]) -> DataClass:
    where = f"{name}, loại «{row.get('code', '?')}»"
    try:
        found = DataClass(**row)
    except TypeError as error:
        raise RetentionError(f"{where}: cần đúng code, name, days") from error
    if found.code not in kept.CLASSES or not isinstance(found.days, int) or found.days < 0:
        raise RetentionError(f"{where}: mã lạ, hoặc days không phải số ngày (có: {', '.join(kept.CLASSES)})")
    return found


def run(store: Store, classes: list[DataClass], *, now: datetime, dry_run: bool) -> list[Gone]:
    """One transaction a class, so that a long one holds up nobody and a failure keeps what was done before."""
    found = []
    for one in classes:
        if one.days == 0:
            found.append(Gone(one, 0))
            continue
        before = now - timedelta(days=one.days)
        if dry_run:
            with store.read() as session:
                rows = kept.count(session, one.code, before)
        else:
            with store.write() as session:
                rows = kept.erase(session, one.code, before, now=now)
        found.append(Gone(one, rows))
    return found
