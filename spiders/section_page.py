"""A section or home page becomes entries: the article links that it shows, for papers without a feed."""

import re
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from models.records import FeedEntry
from spiders.feedxml import FeedPage
from spiders.identity import BadAddress, article_identity, article_number, clean_url
from spiders.source import Source
from spiders.text import ELLIPSIS, decode, one_line

MOST_ENTRIES = 500
FEWEST_WORDS = 4
"""A headline has more; "Xem thêm" and the names of sections have fewer."""


def parse_listing(raw: bytes, *, url: str, source: Source | None = None) -> FeedPage:
    """Entries in the page's order, each once; only the outlet's own hosts and addresses that look like articles."""
    page = LexborHTMLParser(decode(raw[:8_000_000]))
    entries: dict[str, FeedEntry] = {}
    skipped = 0
    for node in page.css("a[href]"):
        entry = _entry(node, url, source)
        if entry is None:
            skipped += 1
            continue
        key = article_identity(entry.url)
        known = entries.get(key)
        if known is None or len(entry.title) > len(known.title):
            entries[key] = entry
    kept = tuple(entries.values())[:MOST_ENTRIES]
    if kept:
        return FeedPage("ok", kept, skipped=skipped + len(entries) - len(kept))
    return FeedPage("broken", error=f"{url}: no article links on the page", skipped=skipped)


def _entry(node: LexborNode, base: str, source: Source | None) -> FeedEntry | None:
    title = one_line(node.attributes.get("title") or node.text(separator=" "))
    if len(title.split()) < FEWEST_WORDS:
        return None
    try:
        link = clean_url(urljoin(base, (node.attributes.get("href") or "").strip()))
    except (BadAddress, ValueError):
        return None
    own = source.owns(link) if source else urlsplit(link).netloc == urlsplit(base).netloc
    if not own or not looks_like_article(link):
        return None
    return FeedEntry(url=link, title=ELLIPSIS.sub("", title))


def looks_like_article(url: str) -> bool:
    """An id of the outlet's, or a last path segment of at least five words."""
    if article_number(url) is not None:
        return True
    return len(re.split(r"[-_]", urlsplit(url).path.rstrip("/").rpartition("/")[2])) > 5
