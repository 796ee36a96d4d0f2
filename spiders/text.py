"""Text as newspapers write it, made comparable: decoded, composed (NFC), unescaped, without markup."""

import codecs
import html
import re
import unicodedata
import warnings

DECLARED = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE
)
BYTE_ORDER_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\x00-\x08\x0e-\x1f\x7f]")
ELLIPSIS = re.compile(r"[\s.…]*(?:\[(?:…|\.{2,3})\]|…|\.{3})$")
"""The mark of a cut-off text; a full stop alone is not one."""

LONGEST_FRAGMENT = 20_000
FEWEST_SAPO_WORDS, MOST_SAPO_WORDS = 8, 90


def decode(raw: bytes, encoding: str | None = None) -> str:
    """Page or feed as text. Valid UTF-8 is UTF-8 whatever the header claims; no bytes make this fail."""
    if raw.startswith(BYTE_ORDER_MARKS):
        return raw.decode("utf-8-sig" if raw.startswith(codecs.BOM_UTF8) else "utf-16", "replace")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        pass
    declared = DECLARED.search(raw[:4096])
    for charset in (encoding, declared[1].decode("ascii", "replace") if declared else None):
        if charset and _is_text_codec(charset):
            try:
                return raw.decode(charset, "replace")
            except UnicodeError:  # some codecs know no replacement
                continue
    return raw.decode("utf-8", "replace")


def as_utf8(raw: bytes, encoding: str | None = None) -> bytes:
    """The same text in UTF-8, with the same guarantees as `decode`; valid UTF-8 is handed back as it is."""
    if not raw.startswith(BYTE_ORDER_MARKS):
        try:
            raw.decode("utf-8")
        except UnicodeDecodeError:
            pass
        else:
            return raw
    return decode(raw, encoding).encode("utf-8", "replace")


def unescape(text: str, *, twice: bool = False) -> str:
    """Entities decoded; a second time where the outlet is known to escape twice or entities are still there."""
    once = html.unescape(text)
    return html.unescape(once) if twice or ENTITY.search(once) else once


def one_line(text: str) -> str:
    """NFC, without invisible characters, white space squeezed to single blanks."""
    text = unicodedata.normalize("NFC", text)
    return " ".join((text if text.isprintable() else INVISIBLE.sub("", text)).split())


def strip_markup(fragment: str) -> str:
    """What a reader sees of an HTML fragment (a feed's description): no tags, images, links without words."""
    fragment = fragment[:LONGEST_FRAGMENT]
    if "<" in fragment:
        from bs4 import BeautifulSoup, MarkupResemblesLocatorWarning  # noqa: PLC0415 a tenth of a second, seldom needed

        with warnings.catch_warnings():
            warnings.simplefilter("ignore", MarkupResemblesLocatorWarning)
            soup = BeautifulSoup(fragment, "html.parser")
        for node in soup(["script", "style", "img", "figure", "iframe"]):
            node.decompose()
        fragment = str(soup.get_text(" "))
    return one_line(fragment)


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())


def apart(paragraphs: list[str], *, title: str, sapo: str, certain: bool) -> tuple[list[str], str]:
    """Body without headline and standfirst, and the standfirst whole.

    `certain`: the standfirst was found by a rule. Otherwise it is a description for machines, which often is
    the first paragraph, cut off: then that paragraph is the standfirst.
    """
    lines = list(paragraphs)
    while lines and words(lines[0]) == words(title):
        lines.pop(0)
    if words(sapo) == words(title):
        sapo = ""
    if not sapo or not lines:
        return lines, ELLIPSIS.sub("", sapo) if not certain else sapo
    said, head = words(sapo), words(lines[0])
    if said == head:
        return lines[1:], sapo
    if certain:
        return lines, sapo
    said = words(ELLIPSIS.sub("", sapo))
    said = said[:-1] if len(said) > FEWEST_SAPO_WORDS else said  # the last word may be cut
    if len(said) >= FEWEST_SAPO_WORDS and head[: len(said)] == said and len(head) <= MOST_SAPO_WORDS and lines[1:]:
        return lines[1:], lines[0]
    return lines, ELLIPSIS.sub("", sapo)


def _is_text_codec(name: str) -> bool:
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return False
    return bool(getattr(info, "_is_text_encoding", True))
