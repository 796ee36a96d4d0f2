"""Saved pages and feeds read without a store: the records as rows for JSON lines."""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from models.errors import DiembaoError
from models.records import Article, FeedEntry
from spiders.article import PageNotUnderstood, parse_article
from spiders.source import Source, source_of

Row = dict[str, Any]
ARTICLE_FIELDS = ("canonical_url", "title", "sapo", "body", "author", "section", "published", "modified")


def table_pages(table: Path) -> Iterator[tuple[str, Path, str]]:
    """(file as the table names it, path, address) of a table's rows of kind `article`."""
    try:
        with table.open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines, delimiter="\t"))
    except (OSError, UnicodeDecodeError, csv.Error) as exc:
        raise DiembaoError(f"{table}: không đọc được bảng ({exc})") from exc
    if rows and not {"file", "url", "kind"} <= rows[0].keys():
        raise DiembaoError(f"{table}: bảng phải có các cột file, url, kind, cách nhau bằng tab")
    for row in rows:
        if row["kind"] == "article":
            yield row["file"], table.parent / row["file"], row["url"]


def read_page(name: str, path: Path, url: str, sources: Mapping[str, Source]) -> Row:
    """One page as a row; whatever is wrong with it is said in `error`."""
    row: Row = {"file": name, "url": url} | dict.fromkeys(ARTICLE_FIELDS) | {"provenance": {}, "error": None}
    try:
        article = parse_article(path.read_bytes(), url=url, source=source_of(url, sources))
    except (OSError, PageNotUnderstood) as exc:
        return row | {"error": f"{name}: {exc}"}
    return row | _article(article)


def entry_row(entry: FeedEntry) -> Row:
    return {
        "title": entry.title,
        "url": entry.url,
        "sapo": entry.sapo,
        "published": _time(entry.published),
        "guid": entry.guid,
    }


def _article(article: Article) -> Row:
    row: Row = {name: getattr(article, name) for name in ARTICLE_FIELDS}
    return row | {
        "published": _time(article.published),
        "modified": _time(article.modified),
        "provenance": dict(article.provenance),
    }


def _time(when: datetime | None) -> str | None:
    return when.isoformat() if when else None
