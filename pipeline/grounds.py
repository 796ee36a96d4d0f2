"""Grounds of the law for processing a case's data, as data."""

import tomllib
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from models.errors import DiembaoError

FILE = "grounds.toml"


class GroundError(DiembaoError):
    """A file of grounds that cannot be read."""


@dataclass(frozen=True, slots=True)
class Ground:
    code: str
    name: str
    basis: str
    confidence: str


def read_grounds(data_dir: Path | None = None) -> dict[str, Ground]:
    """Those that ship, with the deployment's own over them."""
    texts = [(FILE, files("pipeline").joinpath(FILE).read_text("utf-8"))]
    own = None if data_dir is None else data_dir / FILE
    if own is not None and own.exists():
        texts.append((own.name, own.read_text("utf-8")))
    found: dict[str, Ground] = {}
    for name, text in texts:
        try:
            rows = [Ground(**row) for row in tomllib.loads(text).get("ground", [])]
        except (tomllib.TOMLDecodeError, TypeError) as error:
            raise GroundError(f"{name}: {error}") from error
        found |= {row.code: row for row in rows}
    return found
