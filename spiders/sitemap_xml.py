"""Bytes of a sitemap become entries: news sitemaps with titles, plain ones without, index files as `nested`."""

from lxml import etree

from models.records import FeedEntry
from spiders.dates import read_stamp, viet_nam_time
from spiders.feedxml import FeedPage
from spiders.identity import BadAddress, clean_url
from spiders.text import one_line, unescape

MOST_ENTRIES = 5_000
MOST_NESTED = 500


def parse_sitemap(raw: bytes, *, url: str) -> FeedPage:
    """Entries in the file's order; `title` is empty where the file gives none. Never raises."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        return FeedPage("broken", error=f"{url}: {exc}"[:300])
    if root is None or _name(root) not in {"urlset", "sitemapindex"}:
        return FeedPage("broken", error=f"{url}: not a sitemap")
    entries: dict[str, FeedEntry] = {}
    nested: list[str] = []
    skipped = 0
    for item in root:
        entry = _entry(item)
        if entry is None or entry.url in entries or len(entries) >= MOST_ENTRIES or len(nested) >= MOST_NESTED:
            skipped += 1
        elif _name(item) == "sitemap":
            nested.append(entry.url)
        else:
            entries[entry.url] = entry
    error = str(parser.error_log[0].message) if len(parser.error_log) else None
    return FeedPage("ok" if entries or nested else "empty", tuple(entries.values()), error, skipped, tuple(nested))


def _entry(item: etree._Element) -> FeedEntry | None:
    values: dict[str, str] = {}
    for child in item:
        # what belongs to a picture or a video has titles and addresses of its own
        for node in child if _name(child) == "news" else (child,):
            if node.text and _name(node):
                values.setdefault(_name(node), node.text.strip())
    try:
        link = clean_url(values.get("loc", ""))
    except BadAddress:
        return None
    stamp = read_stamp(values.get("publication_date") or values.get("lastmod"))
    return FeedEntry(
        url=link,
        title=one_line(unescape(values.get("title", ""))),
        published=viet_nam_time(stamp) if stamp else None,
    )


def _name(node: etree._Element) -> str:
    """Local name; empty for comments. (lxml's own QName refuses names that its forgiving parser let pass.)"""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
