"""New outlets written into a deployment's own folder."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from models.errors import DiembaoError
from spiders.source import Source, parse_source
from spiders.source_text import source_text


def add_sources(sources: Iterable[Source], folder: Path) -> Iterator[Path]:
    """Write one file for each; a file that exists is never overwritten. Yields what was written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for source in sources:
            text = source_text(source)
            parse_source(source.id, text)  # what we could not read again is not written
            path = folder / f"{source.id}.toml"
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
            yield path
    except OSError as error:
        raise DiembaoError(f"{error.filename or folder}: không ghi được ({error.strerror})") from error
