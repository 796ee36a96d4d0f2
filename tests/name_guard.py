"""Looks through everything that is logged during a test run, and fails the test during which a person was named.

Every run has it (`tests/conftest.py`); each process of a parallel run looks by itself and the sum stands at the end.
Looked at: each log record of the process, put into words as the service does it (`pipeline.log`); what child processes
wrote to the standard error, where logs and crash reports of the service go; what else came out there.

Persons are those whom the sample papers name and their authors, and whatever a test had sealed as the identity of a
child: names, telephones, addresses. What is found is told by its place, never by its words.
"""

import json
import logging
import re
import subprocess
import unicodedata
from collections.abc import Generator, Iterable
from typing import Any
from urllib.parse import quote, quote_plus

import pytest

from pipeline.identities import Place, Ring
from pipeline.log import Discreet
from spiders.sample_press import load_articles

NAME = re.compile(r"\b(?:Nguyễn|Trần|Lê|Phạm|Hoàng|Vũ|Đặng|Bùi|Đỗ|Hồ|Ngô|Dương|Lý)(?: [A-ZĐ][\wÀ-ỹ]+){1,3}")
SHORTEST = 6
"""Characters of a sealed value that is looked for; "Bé A" alone says nothing of anybody."""


def persons() -> set[str]:
    """Invented persons of the sample papers: those that the texts name, and the authors."""
    found = {article.author for article in load_articles().values() if article.author and " " in article.author}
    for article in load_articles().values():
        found |= set(NAME.findall(" ".join((article.text.title, article.text.sapo, *article.text.body))))
    return found


class Guard:
    """Keeps where a name was written, not the words. `lines` counts what was looked through."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.lines = self.found = 0
        self._words = Discreet("%(message)s")
        self._needles: set[str] = set()
        self._pattern: re.Pattern[str] | None = None
        self.learn(persons())

    def learn(self, said: Iterable[str]) -> None:
        """These are looked for from now on, also as they stand in addresses and in JSON."""
        for one in said:
            text = unicodedata.normalize("NFC", one.strip())
            if len(text) >= SHORTEST and not text.isalpha():
                self._needles |= {text, quote(text), quote_plus(text), json.dumps(text)[1:-1]}
        self._pattern = None

    def look(self, text: str, where: str) -> None:
        if self._pattern is None:
            self._pattern = re.compile("|".join(sorted(map(re.escape, self._needles))))
        self.lines += text.count("\n") + 1
        if self._pattern.search(unicodedata.normalize("NFC", text)):
            self.seen.append(where)

    def look_at(self, record: logging.LogRecord) -> None:
        try:
            text = self._words.format(record)
        except (TypeError, ValueError):  # words and values that do not fit: logging tells of it itself
            return
        self.look(text, f"{record.name} {record.pathname}:{record.lineno}")


GUARD = Guard()


def _watch(patch: pytest.MonkeyPatch) -> None:
    """Records whatever handlers a test sets up; identities as they are sealed; the standard error of children."""
    call, seal, communicate = logging.Logger.callHandlers, Ring.seal, subprocess.Popen.communicate

    def calling(self: logging.Logger, record: logging.LogRecord) -> None:
        GUARD.look_at(record)
        call(self, record)

    def sealing(self: Ring, said: dict[str, str], place: Place) -> bytes:
        GUARD.learn(said.values())
        return seal(self, said, place)

    def communicating(self: subprocess.Popen[Any], *args: Any, **kwargs: Any) -> Any:
        answer = communicate(self, *args, **kwargs)
        error = answer[1] or ""
        GUARD.look(error.decode(errors="replace") if isinstance(error, bytes) else error, "a child's standard error")
        return answer

    patch.setattr(logging.Logger, "callHandlers", calling)
    patch.setattr(Ring, "seal", sealing)
    patch.setattr(subprocess.Popen, "communicate", communicating)


PATCH = pytest.MonkeyPatch()


def pytest_configure(config: pytest.Config) -> None:
    _watch(PATCH)


def pytest_unconfigure(config: pytest.Config) -> None:
    PATCH.undo()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """The last report of a test fails where something was found. (Captured logs are pytest's own words, not ours.)"""
    report = yield
    if report.when == "teardown":
        for title, text in report.sections:
            if title.startswith("Captured stderr"):
                GUARD.look(text, title)
        if GUARD.seen:
            report.outcome, report.longrepr = "failed", f"a log names a person: {'; '.join(GUARD.seen)}"
            GUARD.found += len(GUARD.seen)
            GUARD.seen.clear()
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A process of a parallel run hands its count on."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["name_guard"] = (GUARD.lines, GUARD.found)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    lines, found = getattr(node, "workeroutput", {}).get("name_guard", (0, 0))
    GUARD.lines, GUARD.found = GUARD.lines + lines, GUARD.found + found


def pytest_terminal_summary(terminalreporter: Any) -> None:
    terminalreporter.write_line(f"names in logs: {GUARD.found} in {GUARD.lines} lines looked through")
