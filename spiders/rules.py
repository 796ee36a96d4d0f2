"""An outlet's own CSS rules applied to a parsed page."""

from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from spiders.source import ArticleRules
from spiders.text import one_line

BOXES = (
    "figcaption,form,button,[class*='relate'],[class*='lienquan'],[class*='lien-quan'],[type^='Related'],"
    ".readmore-body-box,.tindnd,.wrap_video,.media-caption,table.tplCaption,[class*='social'],[class*='banner'],[class*='advert']"
)
"""Cut out of every body: captions, boxes of other articles, buttons."""
BLOCKS = (
    "p,div,section,article,header,footer,aside,h1,h2,h3,h4,h5,h6,ul,ol,li,dl,dt,dd,table,tr,td,th,"
    "figure,figcaption,blockquote,pre,br,hr"
)
CMS_BODIES = (
    ".detail-content.afcbc-body",  # VCCorp: some twenty papers
    ".article__body.cms-body",  # ZCE (ePi)
    ".__MASTERCMS_CONTENT",  # MasterCMS
    "[itemprop='articleBody']",
    "article .entry-content",  # WordPress
    ".td-post-content",
)
"""Where content systems that many Vietnamese papers share keep the text; for outlets without a rule."""
SHORTEST_CMS_BODY = 400
BREAK = "\x1e"
"""Stands between blocks while the text is taken; one_line would remove it, so it is split away first."""


def first(page: LexborHTMLParser | LexborNode, selectors: Iterable[str]) -> tuple[LexborNode, str] | None:
    """The first element of the first selector that matches something with words or a value."""
    for selector in selectors:
        try:
            node = page.css_first(selector)
        except (SelectolaxError, ValueError):
            continue
        if node is not None and not value_of(node):
            node = next(filter(value_of, select(page, selector)), None)
        if node is not None:
            return node, selector
    return None


def select(page: LexborHTMLParser | LexborNode, selector: str) -> list[LexborNode]:
    try:
        return page.css(selector)
    except (SelectolaxError, ValueError):
        return []


def value_of(node: LexborNode) -> str:
    """What an element says: its machine-readable value, else its words."""
    attributes = node.attributes
    return one_line(attributes.get("content") or attributes.get("datetime") or node.text(separator=" "))


def fields(page: LexborHTMLParser, rules: ArticleRules) -> dict[str, tuple[str, str]]:
    """Field -> (value, `rule:selector`) for the single-line fields whose rule matched; all authors are joined."""
    found: dict[str, tuple[str, str]] = {}
    for name in ("title", "sapo", "author", "section", "published", "modified"):
        hit = first(page, getattr(rules, name))
        if hit is None:
            continue
        node, selector = hit
        value = value_of(node)
        if name == "author":
            value = ", ".join(dict.fromkeys(filter(None, map(value_of, select(page, selector)))))
        found[name] = (value, f"rule:{selector}")
    return found


def body(page: LexborHTMLParser, rules: ArticleRules) -> tuple[list[str], str] | None:
    """Paragraphs below the first body rule that yields any; this cuts the dropped parts out of the page."""
    for selector in rules.body:
        nodes = outermost(select(page, selector))
        if paragraphs := [line for node in nodes for line in paragraphs_of(node, rules.drop)]:
            return paragraphs, f"rule:{selector}"
    return None


def cms_body(page: LexborHTMLParser) -> tuple[list[str], str] | None:
    """Paragraphs where a known content system keeps them, unless that is too little to be the article."""
    for selector in CMS_BODIES:
        paragraphs = [line for node in outermost(select(page, selector))[:1] for line in paragraphs_of(node)]
        if sum(map(len, paragraphs)) >= SHORTEST_CMS_BODY:
            return paragraphs, f"cms:{selector}"
    return None


def paragraphs_of(node: LexborNode, drop: Iterable[str] = ()) -> list[str]:
    """Text of an element, one entry for each block; the element is changed on the way."""
    for selector in (BOXES, *drop):
        for unwanted in select(node, selector):
            if unwanted.mem_id != node.mem_id:
                unwanted.decompose()
    for block in node.css(BLOCKS):
        block.insert_before(BREAK)
        block.insert_after(BREAK)
    lines = (one_line(line) for line in node.text().split(BREAK) if line and not line.isspace())
    return [line for line in lines if line]


def outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Without those that lie inside another of them."""
    ids = {node.mem_id for node in nodes}
    kept = []
    for node in nodes:
        parent = node.parent
        while parent is not None and parent.mem_id not in ids:
            parent = parent.parent
        if parent is None:
            kept.append(node)
    return kept
