"""Parsing hostile HTML in bounded time and memory.

A browser's parsing rules let a hundred kilobytes become gigabytes: every paragraph repeats all formatting
elements that are still open, and each tag walks the stack of open elements. Lexbor (which selectolax wraps)
follows those rules, so pages built for that are refused before they are parsed. Measured here on 119 kB of
5,000 open <font> and 5,000 paragraphs: 61 seconds and 13 GB without this check. All of it works on UTF-8
bytes, because searching them is several times as fast as searching text with Vietnamese letters.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from selectolax.lexbor import LexborHTMLParser

from models.errors import DiembaoError

FORMATTING = re.compile(rb"<(/?)(b|big|code|em|font|i|nobr|s|small|strike|strong|tt|u)(?=[\s/>])", re.IGNORECASE)
TAG = re.compile(rb"<(/?)([a-z][a-z0-9-]*)", re.IGNORECASE)
CAPITALS = re.compile(rb"<(/?)(script|style)\b", re.IGNORECASE)
VOID = frozenset(b"area base br col embed hr img input link meta source track wbr".split())
NO_DEPTH = VOID | frozenset(b"p li td th tr dt dd option tbody thead".split())
"""Elements that hold nothing, or whose end tag may be left out and whose nesting others bound."""
FEW_TAGS, QUIET_TAGS = 2_500, 15_000
"""Below the one, formatting elements cannot repeat too often (at most 0.3 s and 180 MB, measured); below the
other, nesting cannot cost seconds."""
DEEPEST = 1_500
MOST_REPEATED = 300_000
NEVER_CLOSED = 3
"""Formatting elements that an honest page forgets to close; saved pages have two at most."""
LONG_TAG = 20_000
MOST_ATTRIBUTES = 5_000
QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")


class HostileMarkup(DiembaoError):  # noqa: N818 - named for what it says
    """Markup that would cost far more than its size to parse."""


def parse_markup(html: bytes) -> LexborHTMLParser:
    """The parsed page (`html` in UTF-8); pages built to exhaust the parser are refused."""
    tags = html.count(b"<")
    try:
        refuse_bombs(html, deepest=DEEPEST if tags > QUIET_TAGS else None)
    except HostileMarkup:  # what is only written in a script is no tag
        html = without_scripts(html)
        tags = html.count(b"<")
        refuse_bombs(html, deepest=DEEPEST)
    if tags > FEW_TAGS and (_open_formatting(html) - NEVER_CLOSED) * tags > MOST_REPEATED:
        raise HostileMarkup("formatting elements that are never closed")
    return LexborHTMLParser(html)


def without_scripts(html: bytes) -> bytes:
    """The page without scripts and styles, other than JSON-LD: their text would be taken for a long tag."""
    if b"<S" in html:
        html = CAPITALS.sub(lambda found: found[0].lower(), html)
    for name in (b"script", b"style"):
        html = _without(html, b"<" + name, b"</" + name)
    return html


def refuse_bombs(text: bytes, *, deepest: int | None) -> None:
    """Raise on tags with thousands of attributes and on elements nested thousands deep, in HTML or XML."""
    if any(_attributes(run) > MOST_ATTRIBUTES for run in _long_runs(text)):
        raise HostileMarkup(f"a tag with more than {MOST_ATTRIBUTES} attributes")
    if deepest is not None and _depth(text) > deepest:
        raise HostileMarkup(f"elements nested more than {deepest} deep")


def _without(html: bytes, opening: bytes, closing: bytes) -> bytes:
    kept = []
    position = 0
    while (start := html.find(opening, position)) >= 0:
        tag_end = html.find(b">", start)
        end = html.find(closing, tag_end) if tag_end >= 0 else -1
        if end < 0:
            break
        wanted = b"ld+json" in html[start:tag_end]
        kept.append(html[position : end if wanted else tag_end + 1])
        position = end
    return b"".join([*kept, html[position:]])


def _long_runs(text: bytes) -> Iterator[bytes]:
    """Runs of more than LONG_TAG bytes without `>`: what one tag could be. Looks only where that can be."""
    position = 0
    while len(text) - position > LONG_TAG:
        last = text.rfind(b">", position, position + LONG_TAG + 1)
        if last < 0:
            end = text.find(b">", position)
            last = len(text) if end < 0 else end
            yield text[position:last]
        position = last + 1


def _attributes(tag: bytes) -> int:
    """At least as many as a run without `>` can hold as attributes of one tag."""
    start = TAG.search(tag)
    bare = QUOTED.sub(b" ", tag[start.start() :]) if start else b""
    return bare.count(b"=") + bare.count(b"/") + len(bare.split())


def _open_formatting(html: bytes) -> int:
    """The most formatting elements that are open at once; end tags close only their own name."""
    return _most_open(FORMATTING.findall(html))


def _depth(html: bytes) -> int:
    return _most_open((closing, name) for closing, name in TAG.findall(html) if name.lower() not in NO_DEPTH)


def _most_open(tags: Iterable[tuple[bytes, bytes]]) -> int:
    still_open: Counter[bytes] = Counter()
    most = total = 0
    for closing, spelled in tags:
        name = spelled.lower()
        if not closing:
            still_open[name] += 1
            total += 1
            most = max(most, total)
        elif still_open[name]:
            still_open[name] -= 1
            total -= 1
    return most
