"""Who issues a paper and to whom it goes, from the deployment's letterhead.toml; what is not set is printed as dots."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path

from models.errors import DiembaoError

DOTS = "……………………"
FILE = "letterhead.toml"
"""Its name in the data folder."""


class LetterheadError(DiembaoError):
    """A letterhead file that cannot be read; names the key."""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """parent and agency: the issuing agency and the one above it. symbol: its part of the number ("SYT").
    place: before the date. signer: the post of who signs. author: the post of who draws up.
    mark: the distribution mark in its frame. secrecy and scope: what NĐ 56/2017 Đ24.3 asks to be stated.
    recipients: "Nơi nhận" but for the file copy. superior: where reports go. commune, police, procuracy: where leads go
    unless a desk says otherwise.
    """

    parent: str = ""
    agency: str = ""
    symbol: str = ""
    place: str = ""
    signer: str = ""
    author: str = ""
    mark: str = "LƯU HÀNH NỘI BỘ"
    secrecy: str = "Không công bố; chứa thông tin liên quan đến trẻ em"
    scope: str = ""
    recipients: tuple[str, ...] = ()
    superior: str = ""
    commune: str = ""
    police: str = ""
    procuracy: str = ""
    contact: str = ""
    archive: str = "Lưu: VT"


def read_letterhead(path: Path | None) -> Letterhead:
    """The letterhead of the file; one of dots where there is none."""
    if path is None or not path.exists():
        return Letterhead()
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LetterheadError(f"{path.name}: {error}") from error
    return _letterhead(path.name, raw)


def _letterhead(name: str, raw: Mapping[str, object]) -> Letterhead:
    known = {field.name for field in fields(Letterhead)}
    values: dict[str, object] = {}
    for key, value in raw.items():
        if key not in known:
            raise LetterheadError(f"{name}: không hiểu «{key}» (có: {', '.join(sorted(known))})")
        if key == "recipients":
            if not isinstance(value, list) or not all(isinstance(line, str) for line in value):
                raise LetterheadError(f"{name}: «recipients» phải là danh sách chữ")
            values[key] = tuple(value)
        elif isinstance(value, str):
            values[key] = value.strip()
        else:
            raise LetterheadError(f"{name}: «{key}» phải là chữ")
    return Letterhead(**values)  # type: ignore[arg-type]  # checked field by field above


def or_dots(value: str) -> str:
    return value.strip() or DOTS
