"""Bytes of an RSS or Atom feed become entries. Whatever the bytes are, there is one outcome and no exception.

feedparser (BSD) reads them, because it still finds the entries of feeds that XML parsers refuse. What would
make its forgiving parser run for minutes (measured: one tag with 100,000 attributes, 250 s) is refused first.
"""

import io
import re
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urljoin

import feedparser

from models.records import FeedEntry
from spiders.dates import read_stamp, viet_nam_time
from spiders.identity import BadAddress, clean_url
from spiders.markup import HostileMarkup, refuse_bombs
from spiders.text import ELLIPSIS, decode, one_line, strip_markup, unescape

MOST_ENTRIES = 1_000
MOST_BYTES = 5_000_000
MOST_MARKS = 150_000
"""Characters `<` or `&` in the entries that are read."""
DEEPEST = 3_000
"""Descriptions that were cut off inside an element leave it open; a thousand of them are no attack."""
LONGEST_TITLE, LONGEST_SAPO, LONGEST_ERROR = 500, 2_000, 300
ITEM_END = re.compile(rb"</(?:\w+:)?(?:item|entry)\s*>", re.IGNORECASE)
ENTITY_BOMB = re.compile(rb"<!ENTITY", re.IGNORECASE)
ROOT = re.compile(rb"<(?:rss|feed|rdf:rdf|\w+:feed)\b", re.IGNORECASE)
HTML_PAGE = re.compile(rb"\s*(?:<!doctype html|<html)\b", re.IGNORECASE)
HARMLESS = (feedparser.NonXMLContentType, feedparser.CharacterEncodingOverride)
"""Complaints about headers, not about the feed."""


@dataclass(frozen=True, slots=True)
class FeedPage:
    """What a list of articles said. `skipped` counts entries without a usable link or beyond the cap; `nested`
    holds the addresses of further lists (sitemap index files). `error` may stand beside entries."""

    health: Literal["ok", "empty", "broken"]
    entries: tuple[FeedEntry, ...] = ()
    error: str | None = None
    skipped: int = 0
    nested: tuple[str, ...] = ()


def parse_feed(raw: bytes, *, url: str, content_type: str | None = None, local_clock: bool = False) -> FeedPage:
    """Entries in the feed's own order, each address once; a title may be empty.

    Broken XML still gives the entries that can be read, with an `error`. `url` resolves relative links; without
    one (a file) the site that the feed names does.
    """
    if not raw.strip():
        return FeedPage("broken", error="no bytes")
    raw, cut = _capped(raw)
    try:
        _refuse_bombs(raw)
        feed = feedparser.parse(
            io.BytesIO(raw),
            response_headers={"content-location": url, "content-type": content_type or "application/xml"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except HostileMarkup as exc:
        return FeedPage("broken", error=str(exc), skipped=cut)
    except Exception as exc:  # noqa: BLE001 - hostile bytes; one clear outcome whatever the library raises
        return FeedPage("broken", error=f"{type(exc).__name__}: {exc}"[:LONGEST_ERROR], skipped=cut)
    page = _page(feed, url, cut, local_clock=local_clock)
    if page.health == "broken" and HTML_PAGE.match(raw):
        return replace(page, error="an HTML page instead of a feed")
    return page


def _page(feed: Any, url: str, cut: int, *, local_clock: bool) -> FeedPage:
    entries: dict[str, FeedEntry] = {}
    if not url.startswith("http"):  # a file: relative links are relative to the site that it names
        url = feed.feed.get("link") or ""
    for item in feed.entries[:MOST_ENTRIES]:
        entry = _entry(item, url, local_clock=local_clock)
        if entry is not None:
            entries.setdefault(entry.url, entry)
    skipped = cut + len(feed.entries) - len(entries)
    complaint = feed.get("bozo_exception") if feed.bozo else None
    error = None if complaint is None or isinstance(complaint, HARMLESS) else f"{complaint}"[:LONGEST_ERROR]
    if entries:
        return FeedPage("ok", tuple(entries.values()), error, skipped)
    if not feed.version or error or skipped:
        reason = error or ("no entry has a usable link" if skipped else "not a feed")
        return FeedPage("broken", error=reason, skipped=skipped)
    return FeedPage("empty")


def _capped(raw: bytes) -> tuple[bytes, int]:
    """At most MOST_ENTRIES items, so that a feed of a hundred thousand costs no more than one of a thousand."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raw = re.sub(r"^\s*<\?xml[^>]*\?>", "", decode(raw)).encode()
    ends = [match.end() for match in ITEM_END.finditer(raw)]
    kept = [end for end in ends[:MOST_ENTRIES] if end <= MOST_BYTES]
    if len(kept) == len(ends):
        return raw[:MOST_BYTES], 0
    root = ROOT.search(raw)
    tail = b"</feed>" if root is not None and b"feed" in root[0].lower() else b"</channel></rss>"
    return raw[: kept[-1] if kept else MOST_BYTES] + tail, len(ends) - len(kept)


def _refuse_bombs(raw: bytes) -> None:
    root = ROOT.search(raw)
    if ENTITY_BOMB.search(raw, 0, root.start() if root else len(raw)):
        raise HostileMarkup("a feed that declares entities of its own")
    if max(raw.count(b"<"), raw.count(b"&")) > MOST_MARKS:
        raise HostileMarkup(f"more than {MOST_MARKS} tags or entities")
    refuse_bombs(raw, deepest=DEEPEST)


def _entry(item: Any, base: str, *, local_clock: bool) -> FeedEntry | None:
    given = item.get("link") or ""
    try:
        link = clean_url(urljoin(base, given.strip()))
    except (BadAddress, ValueError):
        return None
    if not given.strip():
        return None
    stamp = read_stamp(dict.get(item, "published") or dict.get(item, "updated"))  # without feedparser's own guesses
    return FeedEntry(
        url=link,
        title=_text(item.get("title"))[:LONGEST_TITLE],
        sapo=ELLIPSIS.sub("", _text(item.get("summary"))[:LONGEST_SAPO]),
        published=viet_nam_time(stamp, local_clock=local_clock) if stamp else None,
        guid=one_line(item.get("id") or "") or None,
    )


def _text(value: str | None) -> str:
    return one_line(unescape(strip_markup(unescape(value or ""))))
