"""Further pages of a section, for days that nobody read: where the next page is, and walking there.

A section shows its newest articles first. It is walked back page by page until a page shows enough of what lies before
the time that was missed, until there is no further page, or until as many were read as the options allow. What the
pages say is hostile: a next page lies on the same host, is asked for once, and has to show something that none of the
pages before it showed. So a section whose pages go in circles ends there.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.feed import list_outcome
from spiders.fetch import Ask
from spiders.identity import BadAddress, article_identity, bare_host, clean_url
from spiders.jobs import ListOutcome
from spiders.markup import HostileMarkup, parse_markup
from spiders.options import CrawlOptions
from spiders.reply import Reply
from spiders.section_page import LARGEST
from spiders.source import Source
from spiders.text import as_utf8, one_line

Further = Callable[[ListOutcome], bool]
"""Told each page of a section (the first is kept later, with what the walk came to); whether to go on behind it."""

MOST_LINKS = 5_000
NUMBER = re.compile(r"\d+")
ZONE = re.compile(r"newsinzone:zone(\d{1,12})\b")
ARROW = re.compile(r"[›»❯>→]{1,2}|(?:trang )?(?:sau|tiếp|kế|next|kế tiếp|tiếp theo)\W{0,3}", re.IGNORECASE)
PAGES = re.compile(r"pag(?:ing|ina|ation|er|e-)|phan-?trang|trang", re.IGNORECASE)
STAMPED = re.compile(r"[-/_.](?:1\d\d)?(?:20)?(\d\d)(\d\d)(\d\d)(?:[01]\d|2[0-3])[0-5]\d\d{3,9}(?=\.|/|$)")
"""The day and the hour in an id, as the papers of VCCorp and some others number their articles."""
FOLDERS = re.compile(r"/20(\d\d)[/-]?(\d\d)[/-]?(\d\d)/")


async def walk(
    first: ListOutcome, reply: Reply, ask: Ask, further: Further, *, source: Source | None, options: CrawlOptions
) -> ListOutcome:
    """Behind the first page of a section, which came as `reply`; returns its outcome with what that came to."""
    section, here, number = first.job.url, reply, 1
    asked, shown = {_plain(section), _plain(reply.url)}, {article_identity(entry.url) for entry in first.entries}
    joined = not further(first)
    while not joined and number < options.section_pages:
        url = next_page(here.body, url=here.url, number=number, section=section, source=source)
        if url is None or url in asked:
            break
        number += 1
        here = await ask(url)
        asked |= {url, _plain(here.url)}
        if _host(here.url) != _host(section):
            break
        job = replace(first.job, url=url, page=number, etag=None, last_modified=None, body_sha256=None)
        page = list_outcome(job, here, source, max_bytes=options.max_bytes)
        fresh = tuple(entry for entry in page.entries if article_identity(entry.url) not in shown)
        if not fresh:
            break
        shown.update(article_identity(entry.url) for entry in fresh)
        joined = not further(replace(page, entries=fresh))
    return replace(first, joined=joined)


def next_page(raw: bytes, *, url: str, number: int, section: str, source: Source | None = None) -> str | None:
    """The address of the page after page `number` of a section, None where the page names none that can be it.

    First what the outlet's file says, then what the page says of itself (rel=next, the next number, an arrow), then the
    address that a common content system loads behind "Xem thêm".
    """
    pattern = source.paging.get(section) if source else None
    if pattern is not None:
        return _plain(pattern.replace("{n}", str(number + 1)))
    try:
        page = parse_markup(as_utf8(raw[:LARGEST]))
    except HostileMarkup:
        return None
    links = [node for node in page.css("link[rel][href],a[href]")[:MOST_LINKS] if _rel_next(node)]
    links += _numbered(page, number)
    found = (_address(node.attributes.get("href") or "", url) for node in links)
    return next((one for one in found if one is not None and one != _plain(url)), _by_zone(page, section, number))


def day_in_address(url: str) -> date | None:
    """The day that an article's address states, for sections that show no dates; None where it states none."""
    path = urlsplit(url).path
    found = STAMPED.search(path) or FOLDERS.search(path)
    if found is None:
        return None
    try:
        return date(2000 + int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _rel_next(node: LexborNode) -> bool:
    return "next" in (node.attributes.get("rel") or "").lower().split()


def _numbered(page: LexborHTMLParser, number: int) -> list[LexborNode]:
    """Links called by the next number, whose address holds it (or ends in one less, where papers count from 0), then
    arrows among links to pages."""
    numbered, arrows = [], []
    for node in page.css("a[href]")[:MOST_LINKS]:
        text = one_line(node.text(separator=" "))
        numbers = NUMBER.findall(node.attributes.get("href") or "")
        if str(number + 1) not in numbers and (not numbers or numbers[-1] != str(number)):
            continue
        if text == str(number + 1):
            numbered.append(node)
        elif (not text or ARROW.fullmatch(text)) and PAGES.search(_names(node)):
            arrows.append(node)
    return [*numbered, *arrows]


def _names(node: LexborNode) -> str:
    """Classes of the link and of the boxes around it."""
    names, box = [], node
    for _ in range(3):
        names.append(f"{box.attributes.get('class') or ''} {box.attributes.get('id') or ''}")
        if box.parent is None:
            break
        box = box.parent
    return " ".join(names)


def _by_zone(page: LexborHTMLParser, section: str, number: int) -> str | None:
    """VCCorp's papers load the rest of a section by the number of its zone."""
    dot, ending = section.rpartition(".")[1:]
    if not dot or ending not in {"htm", "chn", "html"}:
        return None
    node = page.css_first("input#hdZoneId[value]")
    zone = (node.attributes.get("value") or "") if node is not None else ""
    if not zone:
        keys = (one.attributes.get("data-cd-key") or "" for one in page.css("[data-cd-key]")[:MOST_LINKS])
        zone = next((found[1] for key in keys if (found := ZONE.search(key))), "")
    if not re.fullmatch(r"[1-9]\d{0,11}", zone):
        return None
    return _plain(urljoin(section, f"/timelinelist/{zone}/{number + 1}.{ending}"))


def _address(href: str, base: str) -> str | None:
    """On the page's own host, else None."""
    try:
        found = _plain(urljoin(base, href.strip()))
    except (BadAddress, ValueError):
        return None
    return found if _host(found) == _host(base) else None


def _plain(url: str) -> str:
    return clean_url(url)


def _host(url: str) -> str:
    return bare_host(urlsplit(url).netloc)
