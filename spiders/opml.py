"""The list of outlets as OPML 2.0, which every feed reader writes and reads."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree

from models.errors import DiembaoError
from spiders.bylines import fold
from spiders.identity import BadAddress, bare_host, clean_url, site_of
from spiders.source import Source
from spiders.text import one_line

LARGEST = 5_000_000
MOST_FEEDS = 5_000


class OpmlError(DiembaoError):
    """A file that is no OPML list of feeds."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One feed of a feed reader's list."""

    title: str
    feed: str
    home: str | None = None


def write_opml(sources: Iterable[Source]) -> bytes:
    """One outline per outlet, its feeds below it; outlets without feeds are listed with their home page."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = "Điểm báo: danh mục báo"
    body = etree.SubElement(root, "body")
    for source in sources:
        place = f"/{source.province}" if source.province else ""
        group = etree.SubElement(body, "outline", text=source.title, category=f"/{source.level}{place}")
        if not source.feeds:
            group.attrib.update({"type": "link", "url": source.home})
        for feed in source.feeds:
            name = f"{source.title}: {urlsplit(feed).path.strip('/').rpartition('/')[2] or 'rss'}"
            etree.SubElement(group, "outline", type="rss", text=name, title=name, xmlUrl=feed, htmlUrl=source.home)
    return bytes(etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True))


def read_opml(raw: bytes) -> tuple[list[Subscription], int]:
    """(subscriptions, outlines skipped because their address is of no use); folders may nest."""
    if len(raw) > LARGEST:
        raise OpmlError(f"larger than {LARGEST} bytes")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as exc:
        raise OpmlError(f"not XML: {exc}") from exc
    if root is None or str(root.tag).rpartition("}")[2].lower() != "opml":
        raise OpmlError("not an OPML file")
    found: dict[str, Subscription] = {}
    skipped = 0
    for node in root.iter("outline"):
        attributes = {str(name).lower(): str(value) for name, value in node.attrib.items()}
        if "xmlurl" not in attributes:
            continue
        feed = _address(attributes["xmlurl"])
        if feed is None or feed in found or len(found) >= MOST_FEEDS:
            skipped += 1
            continue
        title = one_line(attributes.get("title") or attributes.get("text") or "") or urlsplit(feed).netloc
        found[feed] = Subscription(title, feed, _address(attributes.get("htmlurl", "")))
    return list(found.values()), skipped


def new_sources(subscriptions: Iterable[Subscription], known: Iterable[Source]) -> tuple[list[Source], int]:
    """(outlets to add, one for each host; feeds that are in the catalogue already).

    A feed of an outlet that is known is not added to it: what reads a paper is decided in its own file.
    """
    known = list(known)
    taken = {source.id for source in known}
    groups: dict[str, list[Subscription]] = {}
    present = 0
    for one in subscriptions:
        home = one.home or one.feed
        if any(source.owns(one.feed) or source.owns(home) for source in known):
            present += 1
        else:
            groups.setdefault(bare_host(urlsplit(home).netloc), []).append(one)
    return [_source(host, feeds, taken) for host, feeds in groups.items()], present


def _source(host: str, feeds: list[Subscription], taken: set[str]) -> Source:
    first = feeds[0]
    name = unique = _id(host)
    number = 2
    while unique in taken:
        unique, number = f"{name}_{number}", number + 1
    taken.add(unique)
    parts = urlsplit(first.home or first.feed)
    hosts = dict.fromkeys([host, *(bare_host(urlsplit(one.feed).netloc) for one in feeds)])
    return Source(
        id=unique,
        title=first.title.partition(": ")[0] if len(feeds) > 1 else first.title,
        home=first.home or f"{parts.scheme}://{parts.netloc}/",
        level="unknown",
        hosts=tuple(hosts),
        feeds=tuple(one.feed for one in feeds),
        proof={"feeds": "unproven"},
    )


def _id(host: str) -> str:
    labels = host.partition(":")[0].removesuffix(site_of(host)).strip(".").split(".")
    site = site_of(host).split(".")[0]
    words = [*re.split(r"[.-]", ".".join(labels)), *site.split("-")]
    return "_".join(folded for word in words if (folded := fold(word))) or "bao"


def _address(url: str) -> str | None:
    try:
        return clean_url(url) if url.strip() else None
    except BadAddress:
        return None
