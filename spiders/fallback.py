"""Reading a page of unknown mark-up with trafilatura (Apache-2.0) and htmldate (Apache-2.0).

They are loaded when they are first asked, which is seldom and takes a third of a second.
"""

LARGEST = 2_000_000
MOST_TAGS = 30_000
"""Pages beyond these are not given to the slow readers: a page of 800,000 tags costs them 10 s and 600 MB."""


def guess_body(html: bytes) -> list[str]:
    """Paragraphs that trafilatura takes for the article; empty when it finds none.

    Without its own fallbacks (`fast`): the same text on every saved page, in a twelfth of the time.
    """
    from trafilatura import extract  # noqa: PLC0415 see above

    if _too_large(html):
        return []
    try:
        text = extract(html.decode("utf-8", "replace"), include_comments=False, include_tables=True, fast=True)
    except Exception:  # noqa: BLE001 - whatever a hostile page makes the library raise, the page is not readable
        return []
    return [line for line in map(str.strip, (text or "").split("\n")) if line]


def guess_day(head: str, url: str) -> str | None:
    """Day of publication that htmldate finds in the page's head or address.

    The rest is kept from it: there it takes the day from a footer, a comment or the middle of the text.
    """
    from htmldate import find_date  # noqa: PLC0415 see above

    try:
        day = find_date(
            f"<html>{head[:LARGEST]}<body></body></html>",
            url=url,
            original_date=True,
            extensive_search=False,
            outputformat="%Y-%m-%d",
        )
    except Exception:  # noqa: BLE001 - as above
        return None
    return day if isinstance(day, str) else None


def _too_large(html: bytes) -> bool:
    return len(html) > LARGEST or html.count(b"<") > MOST_TAGS
