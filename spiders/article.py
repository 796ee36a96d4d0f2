"""A page's bytes become an article record: field by field, each with the rule that found it."""

import codecs
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from models.errors import DiembaoError
from models.records import Article
from spiders import density, fallback, metadata, rules, shown
from spiders.bylines import clean_byline, without_byline
from spiders.dates import Stamp, read_stamp, viet_nam_time
from spiders.identity import BadAddress, bare_host, clean_url
from spiders.markup import HostileMarkup, parse_markup
from spiders.section_page import looks_like_article
from spiders.source import ArticleRules, Source
from spiders.text import apart, as_utf8, one_line, unescape

LARGEST = 4_000_000
"""Bytes of a page that are read; an article is a tenth of that."""
SHORTEST_BODY = 200
"""Characters below which a stated article body is only a summary."""
WIDE = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
NOT_TEXT = ["script", "style", "noscript", "template", "iframe", "object", "svg", "textarea", "select"]

Claim = tuple[str, str]
"""A value and the rule that found it."""


class PageNotUnderstood(DiembaoError):  # noqa: N818 - named for what it says
    """The bytes hold no article that we can read; the message names the address."""


@dataclass(slots=True)
class _Reading:
    """A page on its way: what was claimed for each field, best first."""

    page: LexborHTMLParser
    html: bytes
    url: str
    source: Source | None
    rules: ArticleRules
    claims: dict[str, list[Claim]] = field(default_factory=dict)
    provenance: dict[str, str] = field(default_factory=dict)

    def claim(self, found: metadata.Found) -> None:
        for name, claim in found.items():
            self.claims.setdefault(name, []).append(claim)

    def best(self, name: str) -> str:
        value, rule = next(iter(self.claims.get(name, ())), ("", ""))
        if value:
            self.provenance[name] = rule
        return value


def parse_article(raw: bytes, *, url: str, source: Source | None = None, encoding: str | None = None) -> Article:
    """Site rule, then JSON-LD and meta elements, then what the page shows, then trafilatura.

    Any bytes give an article or PageNotUnderstood. A front page is not an article: papers redirect there when
    they take an article down.
    """
    reading = _open(raw, url, source, encoding)
    title = _title(reading)
    author = _author(reading)
    paragraphs, sapo = apart(
        without_byline(_body(reading), author),
        title=title,
        sapo=one_line(unescape(reading.best("sapo"), twice=reading.rules.double_escaped)),
        certain=reading.provenance.get("sapo", "").startswith("rule:"),
    )
    if not title or not (paragraphs or sapo) or not _is_article(reading):
        raise PageNotUnderstood(f"{url}: no article found on the page")
    published = _published(reading, title)
    if not sapo:
        reading.provenance.pop("sapo", None)
    return Article(
        url=url,
        title=title,
        body="\n".join(paragraphs),
        canonical_url=_canonical(reading),
        sapo=sapo,
        author=author,
        section=reading.best("section") or None,
        published=published,
        modified=_modified(reading, published),
        provenance=reading.provenance,
    )


def _open(raw: bytes, url: str, source: Source | None, encoding: str | None) -> _Reading:
    if b"\x00" in raw[:512] and not raw.startswith(WIDE):
        raise PageNotUnderstood(f"{url}: not a text")
    html = as_utf8(raw[:LARGEST], encoding)
    if b"<" not in html[:5_000]:
        raise PageNotUnderstood(f"{url}: not an HTML page")
    try:
        parts = urlsplit(clean_url(url))
        page = parse_markup(html)
    except BadAddress as exc:
        raise PageNotUnderstood(str(exc)) from exc
    except HostileMarkup as exc:
        raise PageNotUnderstood(f"{url}: {exc}") from exc
    if parts.path == "/" and not parts.query:
        raise PageNotUnderstood(f"{url}: a front page")
    outlet = source.article if source else ArticleRules()
    reading = _Reading(page, html, url, source, outlet)
    said = metadata.json_ld(page)
    page.strip_tags(NOT_TEXT, recursive=True)
    reading.claim(rules.fields(page, outlet))
    reading.claim(said)
    reading.claim(metadata.meta(page))
    return reading


def _is_article(reading: _Reading) -> bool:
    """Whether anything says so: a site rule, a stated time of publication, or the look of the address.

    (og:type is of no use: several papers call their section pages articles, too.)
    """
    rules_hit = any(reading.provenance.get(name, "").startswith(("rule:", "json-ld:")) for name in ("title", "body"))
    return rules_hit or "published" in reading.claims or looks_like_article(reading.url)


def _title(reading: _Reading) -> str:
    rule = next((rule for _, rule in reading.claims.get("title", ())), "")
    title = one_line(unescape(reading.best("title"), twice=reading.rules.double_escaped))
    if rule.startswith("rule:"):
        return title
    tag = reading.page.css_first("title")
    whole = one_line(unescape(tag.text())) if tag is not None else ""
    heading = shown.headline(reading.page, title or whole) or shown.headline(reading.page, whole)
    if heading is not None:
        reading.provenance["title"] = f"heading:{heading.tag}"
        return one_line(unescape(heading.text(separator=" ")))
    if not title and whole:
        reading.provenance["title"] = "title"
    name = reading.source.title if reading.source else _host(reading.url)
    return shown.without_site_name(title or whole, name)


def _author(reading: _Reading) -> str | None:
    outlet = reading.source.title if reading.source else ""
    for value, rule in reading.claims.get("author", ()):
        if name := clean_byline(value, outlet=outlet, host=_host(reading.url)):
            reading.provenance["author"] = rule
            return name
    return None


def _published(reading: _Reading, title: str) -> datetime | None:
    """The stated time, checked against the clock that the reader sees; without either, the day by htmldate."""
    host, local = _host(reading.url), reading.rules.local_clock
    stamp = _stated(reading, "published")
    if stamp is not None and (local or not stamp.foreign):
        return viet_nam_time(stamp, host=host, local_clock=local)
    line = shown.date_line(reading.page, shown.headline(reading.page, title))
    if stamp is not None:
        return viet_nam_time(stamp, seen=line[0] if line else None, host=host)
    if line is not None:
        reading.provenance["published"] = line[1]
        return viet_nam_time(line[0], host=host)
    head = reading.page.head
    day = read_stamp(fallback.guess_day((head.html if head is not None else None) or "", reading.url))
    if day is not None:
        reading.provenance["published"] = "htmldate"
    return day.when if day else None


def _modified(reading: _Reading, published: datetime | None) -> datetime | None:
    """Last change as stated. Where the zone of the publication time was found wrong, this one's is wrong too."""
    stamp = _stated(reading, "modified")
    if stamp is None:
        return None
    first = _stated(reading, "published")
    corrected = first is not None and first.foreign and first.local().when == published
    local = reading.rules.local_clock or corrected
    return viet_nam_time(stamp, host=_host(reading.url), local_clock=local)


def _stated(reading: _Reading, name: str) -> Stamp | None:
    for value, rule in reading.claims.get(name, ()):
        stamp = read_stamp(value)
        if stamp is not None:
            reading.provenance[name] = rule
            return stamp
    return None


def _body(reading: _Reading) -> list[str]:
    said, rule = next(iter(reading.claims.get("body", ())), ("", ""))
    hit = rules.body(reading.page, reading.rules)
    if hit is None and len(said) >= SHORTEST_BODY:
        hit = said.split("\n"), rule
    hit = hit or rules.cms_body(reading.page)
    if hit is None and (dense := density.densest(reading.html)):
        hit = dense, "density"
    if hit is None:
        hit = fallback.guess_body(reading.html), "trafilatura"
    paragraphs = [line for line in map(one_line, hit[0]) if line]
    if paragraphs:
        reading.provenance["body"] = hit[1]
    return paragraphs


def _canonical(reading: _Reading) -> str | None:
    said = reading.best("canonical_url")
    try:
        return clean_url(urljoin(reading.url, said)) if said else None
    except (BadAddress, ValueError):
        del reading.provenance["canonical_url"]
        return None


def _host(url: str) -> str:
    return bare_host(urlsplit(url).netloc)
