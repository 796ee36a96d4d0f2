"""A section or home page becomes entries: the article links that it shows, for papers without a feed."""

import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from models.records import FeedEntry
from spiders.dates import read_stamp, viet_nam_time
from spiders.feedxml import FeedPage
from spiders.identity import BadAddress, article_identity, article_number, bare_host, clean_url
from spiders.markup import HostileMarkup, parse_markup
from spiders.rules import select
from spiders.source import Source
from spiders.text import ELLIPSIS, as_utf8, one_line, strip_markup, unescape, words

LARGEST = 4_000_000
MOST_LINKS = 5_000
MOST_ENTRIES = 500
FEWEST_WORDS = 4
"""A headline has more; "Xem thêm" and the names of sections have fewer."""
FEWEST_SLUG_WORDS = 6
FEWEST_SAPO_WORDS = 8
SAPO_LENGTH = 1.5
NUMBERED_SHARE = 0.7
HEADINGS = ("h1", "h2", "h3", "h4", "h5")
LEADING = re.compile(r"^[\s>»•–-]+")
HIGHEST_CARD = 4
"""Levels above a link in which its standfirst and time are looked for."""
SAPO = "[class*='sapo'],[class*='desc'],[class*='summary'],[class*='lead'],[class*='intro'],p"
TIME = "time,[class*='time'],[class*='date']"
AMERICAN = re.compile(r"\d [AP]M$", re.IGNORECASE)
NO_ARTICLE = re.compile(
    r"(?:^|/)(?:tags?|tu-khoa|chu-de|su-kien|dong-su-kien|topics?|events?|tac-gia|authors?|search|tim-kiem|rss"
    r"|video-clip|lien-he|quang-cao|dang-nhap|login|raovat|rao-vat)(?=/|$|\.)",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Found:
    title: str
    url: str
    link: LexborNode
    rank: int  # of its title: 0 a heading, 1 the link's own title, 2 its words
    sapo: str = ""
    published: datetime | None = None

    def join(self, other: "_Found") -> None:
        """Another link to the same article: the better title stays, a much longer text is its standfirst."""
        longer = max(self.title, other.title, key=len)
        if other.rank < self.rank:
            self.title, self.rank, self.link = other.title, other.rank, other.link
        if not self.sapo and len(words(longer)) >= FEWEST_SAPO_WORDS and len(longer) > SAPO_LENGTH * len(self.title):
            self.sapo = longer


def parse_listing(raw: bytes, *, url: str, source: Source | None = None) -> FeedPage:
    """Entries in the page's order, each once; only the outlet's own hosts and addresses that look like articles."""
    try:
        page = parse_markup(as_utf8(raw[:LARGEST]))
    except HostileMarkup as exc:
        return FeedPage("broken", error=f"{url}: {exc}")
    page.strip_tags(["script", "style", "noscript", "template"], recursive=True)
    found: dict[str, _Found] = {}
    skipped = 0
    for node in _links(page, source)[:MOST_LINKS]:
        one = _read(node, url, source)
        if one is None:
            skipped += 1
            continue
        found.setdefault(article_identity(one.url), one).join(one)
    numbered = [key for key, one in found.items() if article_number(one.url) is not None]
    if len(numbered) >= NUMBERED_SHARE * len(found):  # then an address without a number is a topic page
        skipped += len(found) - len(numbered)
        found = {key: found[key] for key in numbered}
    if not found:
        return FeedPage("broken", error=f"{url}: no article links on the page", skipped=skipped)
    kept = list(found.items())[:MOST_ENTRIES]
    for key, one in kept:
        _read_card(one, key, url)
    entries = tuple(FeedEntry(one.url, one.title, one.sapo, one.published) for _, one in kept)
    return FeedPage("ok", entries, skipped=skipped + len(found) - len(kept))


def looks_like_article(url: str) -> bool:
    """An id of the outlet's, or a last path segment of many words; not a topic, tag or author page."""
    path = urlsplit(url).path
    if NO_ARTICLE.search(path):
        return False
    return article_number(url) is not None or len(re.split(r"[-_]", path.rstrip("/").rpartition("/")[2])) >= (
        FEWEST_SLUG_WORDS
    )


def _links(page: LexborHTMLParser, source: Source | None) -> list[LexborNode]:
    chosen = [node for selector in (source.article.listing if source else ()) for node in select(page, selector)]
    return [node for node in chosen if "href" in node.attributes] or page.css("a[href]")


def _read(node: LexborNode, base: str, source: Source | None) -> _Found | None:
    attributes = node.attributes
    text, tip = one_line(node.text(separator=" ")), strip_markup(unescape(attributes.get("title") or ""))
    in_heading = (node.parent is not None and node.parent.tag in HEADINGS) or node.css_first(",".join(HEADINGS))
    cut = ELLIPSIS.search(text) or len(words(text)) < FEWEST_WORDS
    if cut or (not in_heading and len(words(tip)) >= FEWEST_WORDS):
        text, rank = tip, 1
    else:
        rank = 0 if in_heading else 2
    title = ELLIPSIS.sub("", LEADING.sub("", text))
    if len(words(title)) < FEWEST_WORDS or title.startswith("#"):
        return None
    try:
        link = clean_url(urljoin(base, (attributes.get("href") or "").strip()))
    except (BadAddress, ValueError):
        return None
    own = source.owns(link) if source else bare_host(urlsplit(link).netloc) == bare_host(urlsplit(base).netloc)
    if not own or not looks_like_article(link):
        return None
    return _Found(title, link, node, rank)


def _read_card(one: _Found, key: str, base: str) -> None:
    """Standfirst and time from the smallest box around the link that shows only this article."""
    box = one.link.parent
    for _ in range(HIGHEST_CARD):
        if box is None or box.tag in {"body", "html"} or not _only(box, key, base):
            return
        for node in box.css(SAPO):
            text = one_line(node.text(separator=" "))
            if not one.sapo and len(words(text)) >= FEWEST_SAPO_WORDS and words(text) != words(one.title):
                one.sapo = ELLIPSIS.sub("", text)
        for node in box.css(TIME):
            tip = node.attributes.get("title") or ""
            if AMERICAN.search(tip):  # then the tip says month/day where the words say day/month
                tip = ""
            shown = one_line(node.attributes.get("datetime") or tip or node.text(separator=" "))
            stamp = read_stamp(shown) if one.published is None else None
            if stamp is not None and stamp.has_clock:
                one.published = viet_nam_time(stamp)
        box = box.parent


def _only(box: LexborNode, key: str, base: str) -> bool:
    for node in box.css("a[href]"):
        try:
            link = clean_url(urljoin(base, (node.attributes.get("href") or "").strip()))
        except (BadAddress, ValueError):
            continue
        if looks_like_article(link) and article_identity(link) != key:
            return False
    return True
