"""Bytes of an RSS or Atom feed become entries. Whatever the bytes are, there is one outcome and no exception."""

import io
import re
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urljoin

import feedparser

from models.records import FeedEntry
from spiders.dates import read_stamp, viet_nam_time
from spiders.identity import BadAddress, clean_url
from spiders.text import ELLIPSIS, decode, one_line, strip_markup, unescape

MOST_ENTRIES = 1_000
MOST_BYTES = 10_000_000
ITEM_END = re.compile(rb"</(?:\w+:)?(item|entry)\s*>", re.IGNORECASE)


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
    """Entries in the feed's own order. Broken XML still gives the entries that can be read, with an `error`."""
    if not raw.strip():
        return FeedPage("broken", error="no bytes")
    raw, cut = _capped(raw)
    headers = {"content-location": url} | ({"content-type": content_type} if content_type else {})
    try:
        feed = feedparser.parse(
            io.BytesIO(raw), response_headers=headers, sanitize_html=False, resolve_relative_uris=False
        )
    except Exception as exc:  # noqa: BLE001 - hostile bytes; one clear outcome whatever the library raises
        return FeedPage("broken", error=f"{type(exc).__name__}: {exc}"[:300])
    entries: dict[str, FeedEntry] = {}
    skipped = cut
    for item in feed.entries[:MOST_ENTRIES]:
        entry = _entry(item, url, local_clock=local_clock)
        if entry is None or entry.url in entries:
            skipped += 1
        else:
            entries[entry.url] = entry
    error = f"{feed.bozo_exception}"[:300] if feed.bozo else None
    if entries:
        return FeedPage("ok", tuple(entries.values()), error, skipped)
    if not feed.version:
        return FeedPage("broken", error=error or "not a feed", skipped=skipped)
    return FeedPage("broken" if feed.bozo else "empty", error=error, skipped=skipped)


def _capped(raw: bytes) -> tuple[bytes, int]:
    """At most MOST_ENTRIES items, so that a feed of a hundred thousand costs no more than one of a thousand."""
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        raw = decode(raw).encode()
    ends = [match.end() for match in ITEM_END.finditer(raw)]
    if len(ends) > MOST_ENTRIES:
        return raw[: ends[MOST_ENTRIES - 1]], len(ends) - MOST_ENTRIES
    return raw[:MOST_BYTES], 0


def _entry(item: Any, base: str, *, local_clock: bool) -> FeedEntry | None:
    try:
        link = clean_url(urljoin(base, (item.get("link") or "").strip()))
    except (BadAddress, ValueError):
        return None
    title = one_line(unescape(strip_markup(item.get("title") or "")))
    if not title or not item.get("link"):
        return None
    summary = item.get("summary") or ""
    stamp = read_stamp(item.get("published") or item.get("updated"))
    return FeedEntry(
        url=link,
        title=title,
        sapo=ELLIPSIS.sub("", strip_markup(unescape(summary))),
        published=viet_nam_time(stamp, local_clock=local_clock) if stamp else None,
        guid=item.get("id") or None,
    )
