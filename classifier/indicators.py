"""Finds the phrases of the reviewed word list in a text: who, what was done, by whom, in which matter."""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

from classifier.lexicon import lexicon

_GROUP = re.compile(r"\(([^()]*)\)")
END = ""


class Hit(NamedTuple):
    """A phrase found: its group and the syllables first..end (end exclusive)."""

    group: int
    first: int
    end: int


def expand(phrase: str) -> list[str]:
    """`(a|b) c` -> a c, b c."""
    found = _GROUP.search(phrase)
    if found is None:
        return [phrase]
    return [
        rest
        for choice in found.group(1).split("|")
        for rest in expand(phrase[: found.start()] + choice + phrase[found.end() :])
    ]


@cache
def groups(name: str = "indicators") -> tuple[str, ...]:
    return tuple(lexicon(name))


@cache
def tree(name: str = "indicators") -> dict[str, Any]:
    """Syllable -> next syllables; END -> set of group numbers."""
    root: dict[str, Any] = {}
    for number, group in enumerate(groups(name)):
        for raw in re.split(r"[,\n]", lexicon(name)[group]["phrases"]):
            for phrase in expand(raw.strip()):
                node = root
                for syllable in phrase.split():
                    node = node.setdefault(syllable, {})
                if node is not root:
                    node.setdefault(END, [])
                    if number not in node[END]:
                        node[END].append(number)
    return root


@cache
def phrases(name: str, chosen: tuple[str, ...]) -> frozenset[str]:
    """Every phrase of the chosen groups, spelled out."""
    return frozenset(
        phrase
        for group in chosen
        for raw in re.split(r"[,\n]", lexicon(name)[group]["phrases"])
        for phrase in expand(raw.strip())
        if phrase
    )


@cache
def openers() -> dict[str, frozenset[str]]:
    """First syllable of a phrase of two and more -> the syllables that may follow it, over all phrases."""
    found: dict[str, set[str]] = {}
    for name in ("indicators", "facts"):
        for phrase in phrases(name, groups(name)):
            first, *rest = phrase.split()
            if rest:
                found.setdefault(first, set()).add(rest[0])
    return {first: frozenset(following) for first, following in found.items()}


def find(tokens: Sequence[str], name: str = "indicators") -> list[Hit]:
    """Longest phrases from left to right; a phrase of several groups is a hit of each."""
    root = tree(name)
    hits: list[Hit] = []
    done, count = 0, len(tokens)
    for at in [number for number, token in enumerate(tokens) if token in root]:
        if at < done:
            continue
        node, depth, said = root[tokens[at]], at + 1, None
        while True:
            here = node.get(END)
            if here is not None:
                done, said = depth, here
            node = node.get(tokens[depth]) if depth < count else None
            if node is None:
                break
            depth += 1
        if said is not None:
            hits += [Hit(group, at, done) for group in said]
    return hits
