"""What changed between two texts, paragraph by paragraph and within them word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

WORD = re.compile(r"\s+|\w+|[^\w\s]")
TOO_LONG = 3000
"""Words beyond which two paragraphs are shown as replaced, not compared: the work grows with their product."""


@dataclass(frozen=True, slots=True)
class Part:
    """`kind` is same, gone or new."""

    kind: str
    text: str


def compare(old: str, new: str) -> list[list[Part]]:
    """Lines of parts; `same` and `gone` joined are the old text, `same` and `new` the new one."""
    a, b = old.split("\n"), new.split("\n")
    found: list[list[Part]] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [[Part("same", line)] for line in a[a1:a2]]
        else:
            found += _lines(a[a1:a2], b[b1:b2])
    return found


def _lines(old: Sequence[str], new: Sequence[str]) -> Iterator[list[Part]]:
    paired = min(len(old), len(new))
    for before, after in zip(old[:paired], new[:paired], strict=True):
        yield _words(before, after)
    for line in old[paired:]:
        yield [Part("gone", line)]
    for line in new[paired:]:
        yield [Part("new", line)]


def _words(old: str, new: str) -> list[Part]:
    a, b = WORD.findall(old), WORD.findall(new)
    if len(a) + len(b) > TOO_LONG:
        return [Part("gone", old), Part("new", new)]
    found: list[Part] = []
    for kind, a1, a2, b1, b2 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind == "equal":
            found.append(Part("same", "".join(a[a1:a2])))
            continue
        found += [Part(name, text) for name, text in (("gone", "".join(a[a1:a2])), ("new", "".join(b[b1:b2]))) if text]
    return found
