"""Reading a page of unknown mark-up with trafilatura (Apache-2.0) and htmldate (Apache-2.0)."""

import re

from htmldate import find_date
from trafilatura import extract

LARGEST = 3_000_000
"""Characters of a page that the slow readers are given."""


def guess_body(html: str) -> list[str]:
    """Paragraphs that trafilatura takes for the article; empty when it finds none."""
    try:
        text = extract(html[:LARGEST], include_comments=False, include_tables=True, favor_precision=False)
    except Exception:  # noqa: BLE001 - whatever a hostile page makes the library raise, the page is not readable
        return []
    return [line for line in map(str.strip, (text or "").split("\n")) if line]


def guess_day(html: str) -> str | None:
    """Day of publication by htmldate, and only where the page shows that very day as text."""
    try:
        day = find_date(html[:LARGEST], original_date=True, extensive_search=False, outputformat="%Y-%m-%d")
    except Exception:  # noqa: BLE001 - as above
        return None
    if not day:
        return None
    year, month, date = day.split("-")
    shown = rf"{int(date)}\s*[/.-]\s*0?{int(month)}\s*[/.-]\s*{year}|{year}-{month}-{date}"
    return day if re.search(shown, html) else None
