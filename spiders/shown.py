"""What the reader sees: the headline among the headings, and the date line beside it. For pages without a rule."""

import re
import unicodedata

from selectolax.lexbor import LexborHTMLParser, LexborNode

from spiders.dates import Stamp, read_stamp
from spiders.text import one_line, unescape

DATE_LINES = "time,[class*='date'],[class*='Date'],[class*='time'],[class*='Time'],[class*='publish'],[class*='posted']"
"""Where a date line is looked for when the page has no headline to look around."""
LONGEST_DATE_LINE = 90
MOST_OTHER_WORDS = 8
MOST_LEVELS = 5
MOST_TEXTS = 3_000
NOT_THE_ARTICLE = frozenset({"a", "li", "nav", "aside", "footer", "script", "style", "noscript", "option"})
NOT_THE_ARTICLE_CLASS = re.compile(r"relate|lien-?quan|comment-|binh-?luan|cung-?chuyen|footer|menu", re.IGNORECASE)
YEAR = re.compile(r"(?:19|20)\d\d")
SITE_NAME = re.compile(r"\s+(?:[-–—|:»]|\|\|)\s+")


def headline(page: LexborHTMLParser, said: str) -> LexborNode | None:
    """The heading with which the page's stated title begins (papers append names and keywords to it)."""
    said = _plain(said)
    best: tuple[int, LexborNode] | None = None
    for node in page.css("h1,h2,h3"):
        text = _plain(unescape(node.text(separator=" ")))
        if len(text.split()) >= 3 and said.startswith(text) and (best is None or len(text) > best[0]):
            best = len(text), node
    return best[1] if best else None


def without_site_name(title: str, site: str) -> str:
    """A title without the paper's name behind it; nothing is cut unless the name is known or the tail is short."""
    parts = SITE_NAME.split(title)
    if len(parts) > 1 and (_plain(parts[-1]) == _plain(site) or "|" in title):
        tail = re.search(r"\s+(?:\|\|?|[-–—:»])\s+" + re.escape(parts[-1]) + "$", title)
        if tail is not None and len(title[: tail.start()].split()) >= 3:
            return title[: tail.start()].strip()
    return title


def date_line(page: LexborHTMLParser, heading: LexborNode | None) -> tuple[Stamp, str] | None:
    """The line nearest to the headline that shows a full date with a clock and little else."""
    if heading is None:
        nodes = [node for node in page.css(DATE_LINES) if not _outside(node)]
        return next((hit for node in nodes if (hit := _stamp_of(node)) is not None), None)
    level, around = 0, heading.parent
    while around is not None and around.tag != "html" and level < MOST_LEVELS:
        if (hit := _date_within(around, beside=level == 0)) is not None:
            return hit
        level, around = level + 1, around.parent
    return None


def _date_within(around: LexborNode, *, beside: bool) -> tuple[Stamp, str] | None:
    """`beside` the headline the date may be a link (to the day's archive); further away that is another article's."""
    for number, node in enumerate(around.traverse(include_text=True)):
        if number > MOST_TEXTS:
            return None
        if node.tag != "-text" or not YEAR.search(node.text_content or ""):
            continue
        parent = node.parent
        if parent is None or (not beside and _outside(parent)):
            continue
        # a date and its clock may stand in two elements: then the line is what holds both
        for line, text in ((parent, node.text_content), (parent, None), (parent.parent, None)):
            if line is not None and (hit := _stamp_of(line, text)) is not None:
                return hit
    return None


def _stamp_of(node: LexborNode, text: str | None = None) -> tuple[Stamp, str] | None:
    text = one_line(node.text(separator=" ") if text is None else text)
    if not 8 <= len(text) <= LONGEST_DATE_LINE or not YEAR.search(text):
        return None
    stamp = read_stamp(text)
    if stamp is None or not stamp.has_clock or len(re.findall(r"[^\W\d_]{2,}", text)) > MOST_OTHER_WORDS:
        return None
    return stamp, f"shown:{node.tag}.{(node.attributes.get('class') or '').split(' ')[0]}".rstrip(".")


def _outside(node: LexborNode) -> bool:
    current: LexborNode | None = node
    while current is not None and current.tag not in {"body", "article", "main"}:
        attributes = current.attributes
        name = f"{attributes.get('class') or ''} {attributes.get('id') or ''}"
        if current.tag in NOT_THE_ARTICLE or NOT_THE_ARTICLE_CLASS.search(name):
            return True
        current = current.parent
    return False


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", text).lower()))
