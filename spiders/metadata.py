"""What a page says of itself for machines: JSON-LD, Open Graph and other meta elements."""

import json
import re
from collections.abc import Iterator
from typing import Any

from selectolax.lexbor import LexborHTMLParser

from spiders.text import one_line, unescape

ARTICLE_TYPES = frozenset({"Article", "NewsArticle", "ReportageNewsArticle", "BlogPosting", "AnalysisNewsArticle"})
LARGEST_JSON = 500_000
DEEPEST = 6
META = {
    "title": ("og:title", "headline", "twitter:title"),
    "sapo": ("og:description", "description", "twitter:description"),
    "author": ("article:author", "author"),
    "section": ("article:section", "articlesection"),
    "published": (
        "article:published_time",
        "datepublished",
        "pubdate",
        "publishdate",
        "article:published",
        "dc.date.issued",
    ),
    "modified": ("article:modified_time", "datemodified", "lastmod", "og:updated_time"),
}
WANTED = frozenset(name for names in META.values() for name in names) | {"og:url"}

Found = dict[str, tuple[str, str]]
"""Field -> (value, rule that found it)."""


def json_ld(page: LexborHTMLParser) -> Found:
    """Fields of the page's news article; broken JSON is passed over, as browsers do."""
    found: Found = {}
    for node in page.css('script[type="application/ld+json"]'):
        text = node.text()
        if len(text) > LARGEST_JSON:
            continue
        for item in _items(_load(text)):
            for field, value in _article(item):
                if value:
                    found.setdefault(field, (value, f"json-ld:{field}"))
    return found


def meta(page: LexborHTMLParser) -> Found:
    """Fields of the meta elements and the canonical link."""
    values: dict[str, str] = {}
    for node in page.css("meta[content]"):
        attributes = node.attributes
        for key in ("property", "name", "itemprop"):
            name = (attributes.get(key) or "").lower()
            if name in WANTED and name not in values and (content := one_line(unescape(attributes["content"] or ""))):
                values[name] = content
    found: Found = {}
    for field, names in META.items():
        for name in names:
            if name in values:
                found.setdefault(field, (values[name], f"meta:{name}"))
    link = page.css_first('link[rel="canonical"]')
    if link is not None and (href := (link.attributes.get("href") or "").strip()):
        found["canonical_url"] = (href, "link:canonical")
    elif "og:url" in values:
        found["canonical_url"] = (values["og:url"], "meta:og:url")
    return found


def _load(text: str) -> Any:
    text = text.strip().removeprefix("<![CDATA[").removesuffix("]]>").strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        pass
    try:  # trailing commas are the commonest fault
        return json.loads(re.sub(r",\s*([}\]])", r"\1", text), strict=False)
    except (ValueError, RecursionError):
        return None


def _items(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Objects of a type that is an article, wherever they hang."""
    if depth > DEEPEST:
        return
    if isinstance(value, list):
        for entry in value[:200]:
            yield from _items(entry, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if ARTICLE_TYPES.intersection(kinds if isinstance(kinds, list) else [kinds]):
            yield value
        else:
            for key in ("@graph", "mainEntity", "mainEntityOfPage"):
                yield from _items(value.get(key), depth + 1)


def _article(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    yield "title", _line(item.get("headline") or item.get("name"))
    yield "sapo", _line(item.get("description"))
    yield "author", _people(item.get("author"))
    yield "section", _line(item.get("articleSection"))
    yield "published", _line(item.get("datePublished"))
    yield "modified", _line(item.get("dateModified"))
    body = item.get("articleBody")
    if isinstance(body, str):
        yield "body", unescape(body, twice=True)


def _line(value: Any) -> str:
    if isinstance(value, list):
        value = ", ".join(entry for entry in value if isinstance(entry, str))
    return one_line(unescape(value, twice=True)) if isinstance(value, str) else ""


def _people(value: Any) -> str:
    people = value if isinstance(value, list) else [value]
    names = (_line(person.get("name") if isinstance(person, dict) else person) for person in people[:10])
    return ", ".join(dict.fromkeys(name for name in names if name))
