"""Write a file that a command made; a folder that is not there is an error in words."""

from pathlib import Path

from models.errors import DiembaoError


class OutputError(DiembaoError):
    """The file asked for cannot be written."""


def write_file(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        message = f"không ghi được tệp {path}: {error.strerror}"
        raise OutputError(message) from error
