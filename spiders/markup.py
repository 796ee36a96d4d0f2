"""Parsing hostile HTML in bounded time and memory.

A browser's parsing rules let a hundred kilobytes become gigabytes: every paragraph repeats all formatting
elements that are still open, and each tag walks the stack of open elements. Lexbor (which selectolax wraps)
follows those rules, so pages built for that are refused before they are parsed. Measured here on 119 kB of
5,000 open <font> and 5,000 paragraphs: 61 seconds and 13 GB without this check.
"""

import re
from collections import Counter

from selectolax.lexbor import LexborHTMLParser

from models.errors import DiembaoError

FORMATTING = re.compile(r"<(/?)(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE)
TAG = re.compile(r"<(/?)([a-z][a-z0-9-]*)", re.IGNORECASE)
SCRIPT = re.compile(r"<(script|style)\b(?![^>]{0,200}ld\+json).*?</\1", re.IGNORECASE | re.DOTALL)
VOID = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"})
NO_DEPTH = VOID | {"p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead"}
"""Elements that hold nothing, or whose end tag may be left out and whose nesting others bound."""
QUIET_TAGS = 15_000
DEEPEST = 1_500
MOST_REPEATED = 300_000
NEVER_CLOSED = 3
"""Formatting elements that an honest page forgets to close; saved pages have two at most."""
LONG_TAG = 20_000
MOST_ATTRIBUTES = 5_000
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


class HostileMarkup(DiembaoError):  # noqa: N818 - named for what it says
    """Markup that would cost far more than its size to parse."""


def parse_markup(html: str) -> LexborHTMLParser:
    """The parsed page; pages that are built to exhaust the parser are refused."""
    tags = html.count("<")
    if tags > QUIET_TAGS or _has_long_tag(html):
        html = SCRIPT.sub(r"<\1></\1", html)
        tags = html.count("<")
        refuse_bombs(html, deepest=DEEPEST if tags > QUIET_TAGS else None)
    if (_open_formatting(html) - NEVER_CLOSED) * tags > MOST_REPEATED:
        raise HostileMarkup("formatting elements that are never closed")
    return LexborHTMLParser(html)


def refuse_bombs(text: str, *, deepest: int | None) -> None:
    """Raise on tags with thousands of attributes and on elements nested thousands deep, in HTML or XML."""
    if any(_attributes(tag) > MOST_ATTRIBUTES for tag in text.split(">") if len(tag) > LONG_TAG):
        raise HostileMarkup(f"a tag with more than {MOST_ATTRIBUTES} attributes")
    if deepest is not None and _depth(text) > deepest:
        raise HostileMarkup(f"elements nested more than {deepest} deep")


def _has_long_tag(html: str) -> bool:
    """Whether more than LONG_TAG characters follow each other without `>`; looks only where that can be."""
    position = 0
    while len(html) - position > LONG_TAG:
        last = html.rfind(">", position, position + LONG_TAG + 1)
        if last < 0:
            return True
        position = last + 1
    return False


def _attributes(tag: str) -> int:
    """At least as many as a run without `>` can hold as attributes of one tag."""
    start = TAG.search(tag)
    bare = QUOTED.sub(" ", tag[start.start() :]) if start else ""
    return bare.count("=") + bare.count("/") + len(bare.split())


def _open_formatting(html: str) -> int:
    """The most formatting elements that are open at once; end tags close only their own name."""
    still_open: Counter[str] = Counter()
    most = total = 0
    for closing, name in FORMATTING.findall(html):
        name = name.lower()  # noqa: PLW2901
        if not closing:
            still_open[name] += 1
            total += 1
            most = max(most, total)
        elif still_open[name]:
            still_open[name] -= 1
            total -= 1
    return most


def _depth(html: str) -> int:
    still_open: Counter[str] = Counter()
    deepest = total = 0
    for closing, name in TAG.findall(html):
        name = name.lower()  # noqa: PLW2901
        if name in NO_DEPTH:
            continue
        if not closing:
            still_open[name] += 1
            total += 1
            deepest = max(deepest, total)
        elif still_open[name]:
            still_open[name] -= 1
            total -= 1
    return deepest
