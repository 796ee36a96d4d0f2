"""A page's bytes become an article record: field by field, each with the rule that found it."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from urllib.parse import urljoin, urlsplit

from selectolax.lexbor import LexborHTMLParser

from models.errors import DiembaoError
from models.records import Article
from spiders import fallback, metadata, rules
from spiders.dates import read_stamp, viet_nam_time
from spiders.identity import BadAddress, clean_url
from spiders.source import ArticleRules, Source
from spiders.text import decode, one_line, unescape, words

LARGEST = 8_000_000
"""Bytes of a page that are read; an article is a tenth of that."""
SITE_NAME = r"\s+[-|–]\s+[^-|–]{2,40}$"


class PageNotUnderstood(DiembaoError):  # noqa: N818 - named for what it says
    """The bytes hold no article that we can read; the message names the address."""


def parse_article(raw: bytes, *, url: str, source: Source | None = None, encoding: str | None = None) -> Article:
    """Site rule, then JSON-LD and meta elements, then trafilatura; any bytes give an article or PageNotUnderstood."""
    html = decode(raw[:LARGEST], encoding)
    if b"\x00" in raw[:512] or "<" not in html[:5000]:
        raise PageNotUnderstood(f"{url}: not an HTML page")
    page = LexborHTMLParser(html)
    outlet = source.article if source else ArticleRules()
    found = dict(metadata.meta(page)) | metadata.json_ld(page)
    body_said = found.pop("body", None)
    for field, (value, selector) in rules.fields(page, outlet).items():
        found[field] = (unescape(value, twice=outlet.double_escaped), f"rule:{selector}")
    title, sapo = (found.get(name, ("", ""))[0] for name in ("title", "sapo"))
    paragraphs, how = _body(page, html, outlet, body_said)
    if paragraphs and sapo and words(paragraphs[0]) == words(sapo):
        paragraphs = paragraphs[1:]
    if not title or not (paragraphs or sapo):
        raise PageNotUnderstood(f"{url}: no article found on the page")
    provenance = {field: rule for field, (_, rule) in found.items()} | ({"body": how} if paragraphs else {})
    return Article(
        url=url,
        title=title,
        body="\n".join(paragraphs),
        canonical_url=_canonical(found, url),
        sapo=sapo,
        author=found["author"][0] if "author" in found else None,
        section=found["section"][0] if "section" in found else None,
        published=_time(found, "published", url),
        modified=_time(found, "modified", url),
        provenance=MappingProxyType(provenance),
    )


def _body(
    page: LexborHTMLParser, html: str, outlet: ArticleRules, said: tuple[str, str] | None
) -> tuple[list[str], str]:
    if (hit := rules.body(page, outlet)) is not None:
        return hit[0], f"rule:{hit[1]}"
    if said is not None:
        lines = [line for line in map(one_line, said[0].split("\n")) if line]
        return lines, said[1]
    return [one_line(line) for line in fallback.guess_body(html)], "trafilatura"


def _canonical(found: Mapping[str, tuple[str, str]], url: str) -> str | None:
    if "canonical_url" not in found:
        return None
    try:
        return clean_url(urljoin(url, found["canonical_url"][0]))
    except (BadAddress, ValueError):
        return None


def _time(found: Mapping[str, tuple[str, str]], field: str, url: str) -> datetime | None:
    stamp = read_stamp(found[field][0]) if field in found else None
    return viet_nam_time(stamp, host=urlsplit(url).hostname or "") if stamp else None
