"""Reading labelled and unlabelled articles for training and scoring."""

import gzip
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from models.errors import DiembaoError
from models.records import Reading

FILES = ("labels_feed.jsonl", "labels_full.jsonl", "labels_older.jsonl", "facts.jsonl", "stream.jsonl.gz")


class CorpusError(DiembaoError):
    """A corpus file is missing or a line of it cannot be read."""


@dataclass(frozen=True, slots=True)
class Label:
    """What readers said of one article. `flag` 2 is undecidable; `origin` is feed, full or older."""

    reading: Reading
    flag: int
    kind: str
    types: tuple[str, ...]
    origin: str
    setting: str | None = None
    age: str | None = None
    sex: str | None = None
    story: str | None = None
    province: str | None = None

    @property
    def month(self) -> str:
        return self.reading.published.strftime("%Y-%m") if self.reading.published else ""


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """JSON objects of a .jsonl or .jsonl.gz file."""
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    try:
                        yield json.loads(line)
                    except ValueError as error:
                        raise CorpusError(f"{path}: line {number} is not JSON ({error})") from error
    except OSError as error:
        raise CorpusError(f"{path}: cannot be read ({error})") from error


def as_text(value: Any) -> str:
    """Text of a field that may be missing, null or something else."""
    return value if isinstance(value, str) else "" if value is None else str(value)


def as_time(value: Any) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def reading(row: dict[str, Any]) -> Reading:
    return Reading(
        id=as_text(row["id"]),
        title=as_text(row.get("title")),
        sapo=as_text(row.get("sapo")),
        text=as_text(row.get("text")),
        url=as_text(row.get("url")),
        source=as_text(row.get("source")),
        published=as_time(row.get("published")),
    )


def labels(corpus: Path, origin: str) -> list[Label]:
    """Labels of one file: origin feed, full or older."""
    return [
        Label(
            reading=reading(row),
            flag=row["flag"],
            kind=row["kind"],
            types=tuple(row["types"]),
            origin=origin,
            setting=row.get("setting"),
            age=row.get("age"),
            sex=row.get("sex"),
            story=row.get("story"),
            province=row.get("province"),
        )
        for row in rows(corpus / f"labels_{origin}.jsonl")
    ]


def stream(corpus: Path) -> list[Reading]:
    return [reading(row) for row in rows(corpus / "stream.jsonl.gz")]


def data_digest(corpus: Path) -> str:
    """One digest over the files that training reads."""
    total = hashlib.sha256()
    for name in FILES:
        try:
            total.update(hashlib.sha256((corpus / name).read_bytes()).digest())
        except OSError as error:
            raise CorpusError(f"{corpus / name}: cannot be read ({error})") from error
    return total.hexdigest()
