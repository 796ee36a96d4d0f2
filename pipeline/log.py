"""Logs and crash reports without personal data.

What an exception says may quote a row or a page (PostgreSQL's "failing row contains …"), so only its kind and the
places it came through are written; messages of our own errors are made of fixed words and are kept.
"""

import logging
import sys
import traceback
from types import TracebackType

from models.errors import DiembaoError

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
Caught = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Discreet(logging.Formatter):
    """Exceptions by kind and place."""

    def format(self, record: logging.LogRecord) -> str:
        """Another formatter may have left its own text of the exception with the record."""
        kept, record.exc_text = record.exc_text, None
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatException(self, ei: Caught) -> str:  # noqa: N802 - the library's name
        return "" if ei[1] is None else report(ei[1])


def report(error: BaseException) -> str:
    """Frames and kinds of an exception and of what caused it, the cause first."""
    parts = []
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        parts.append(report(before))
    parts.append("".join(traceback.format_tb(error.__traceback__)).rstrip())
    words = f": {error}" if isinstance(error, DiembaoError) else ""
    parts.append(f"{type(error).__module__}.{type(error).__name__}{words}")
    return "\n".join(filter(None, parts))


def set_up() -> None:
    """Warnings and worse to the standard error, where systemd's journal takes them. SQLAlchemy and the crawler say
    nothing else."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Discreet(FORMAT))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
