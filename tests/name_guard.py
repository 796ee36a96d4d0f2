"""Looks through everything that is logged during a test run: `pytest -p tests.name_guard`.

Each record is put into words as the service does it (`pipeline.log`); a test during which a log names an invented
person of the sample papers fails. Works in each process of a parallel run by itself.
"""

import logging
import re
from collections.abc import Iterator

import pytest

from pipeline.log import Discreet
from spiders.sample_press import load_articles

NAME = re.compile(r"\b(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Vũ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý)(?: [A-ZĐ][\wÀ-ỹ]+){1,3}")


def persons() -> set[str]:
    """Invented persons of the sample papers: those that the texts name, and the authors."""
    found = {article.author for article in load_articles().values() if article.author and " " in article.author}
    for article in load_articles().values():
        found |= set(NAME.findall(" ".join((article.text.title, article.text.sapo, *article.text.body))))
    return found


class Guard(logging.Handler):
    """Keeps where a name was logged, not the words."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(Discreet("%(message)s"))
        self.names = re.compile("|".join(sorted(map(re.escape, persons()))))
        self.seen: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if self.names.search(self.format(record)):
            self.seen.append(f"{record.name} {record.pathname}:{record.lineno}")


@pytest.fixture(scope="session")
def _guard() -> Iterator[Guard]:
    guard = Guard()
    logging.getLogger().addHandler(guard)
    yield guard
    logging.getLogger().removeHandler(guard)


@pytest.fixture(autouse=True)
def _no_name_in_logs(_guard: Guard) -> Iterator[None]:
    _guard.seen.clear()
    yield
    assert not _guard.seen, f"a log names a person: {_guard.seen}"
