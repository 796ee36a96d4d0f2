"""Many phrases as one regular expression that shares their beginnings: twice as fast as one phrase after the other."""

import re
from collections.abc import Iterable
from typing import Any

_END = ""
_SPACE_LETTER = r"\s."


def any_of(phrases: Iterable[str]) -> str:
    """One of the phrases, the longest that fits; upper and lower case differ."""
    root: dict[str, Any] = {}
    for phrase in phrases:
        node = root
        for letter in phrase:
            node = node.setdefault(letter, {})
        node[_END] = {}
    return f"(?:{_branches(root)})"


def any_case(phrases: Iterable[str]) -> str:
    """The same in any case. The first letters stand outside of the part without case, which is faster to try."""
    rests: dict[str, list[str]] = {}
    for phrase in phrases:
        rests.setdefault(phrase[0], []).append(phrase[1:])
    return "|".join(
        f"{first}(?i:{any_of(rest)})" for each, rest in rests.items() for first in sorted({each, each.upper()})
    )


def behind(words: Iterable[str]) -> str:
    """For the end of a pattern of one letter: the letter stands right behind one of the words and a space."""
    return f"(?:{'|'.join(f'(?<={word}{_SPACE_LETTER})' for word in words)})"


def _branches(node: dict[str, Any]) -> str:
    made = "|".join(re.escape(letter) + _rest(after) for letter, after in node.items() if letter != _END)
    return f"(?:{made})?" if _END in node and made else made


def _rest(node: dict[str, Any]) -> str:
    made = _branches(node)
    return made if _END in node or len(node) == 1 else f"(?:{made})"
