"""Saved pages answer under their own addresses, so that the whole scan runs on them without a network."""

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from scrapy import Request
from scrapy.core.downloader.handlers.base import BaseDownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response

from models.errors import DiembaoError
from spiders.jobs import PageJob
from spiders.source import Source, source_of

if TYPE_CHECKING:
    from spiders.fetch import PressSpider

TABLE = "pages.tsv"
COLUMNS = frozenset({"file", "url", "domain", "kind"})


class ReplayError(DiembaoError):
    """A folder of saved pages that cannot be used; the message names the table's line or the file."""


class SavedPages:
    """Address -> file, from the `article` rows of `pages.tsv`; `domains` keeps the table's order."""

    def __init__(self, folder: Path) -> None:
        self.files: dict[str, Path] = {}
        self.domains: dict[str, str] = {}
        root = folder.resolve()
        for number, row in enumerate(_rows(folder / TABLE), start=2):
            if row["kind"] != "article":
                continue
            where = f"{folder / TABLE}, line {number}"
            file = (root / row["file"]).resolve()
            if not file.is_relative_to(root):
                raise ReplayError(f"{where}: {row['file']} lies outside the folder")
            if not file.is_file():
                raise ReplayError(f"{where}: {row['file']} is missing")
            if row["url"] in self.files:
                raise ReplayError(f"{where}: {row['url']} is there twice")
            self.files[row["url"]] = file
            self.domains[row["url"]] = row["domain"]
        if not self.files:
            raise ReplayError(f"{folder / TABLE}: no row of kind article")


def replay_jobs(folder: Path, sources: Mapping[str, Source] | None = None) -> tuple[PageJob, ...]:
    """A job for each saved article; the outlet is the source that owns the address, else the table's domain."""
    saved = SavedPages(folder)
    jobs = []
    for key, (url, domain) in enumerate(saved.domains.items()):
        owner = source_of(url, sources or {})
        jobs.append(PageJob(outlet=owner.id if owner else domain, url=url, key=key))
    return tuple(jobs)


class ReplayHandler(BaseDownloadHandler):
    """Takes the place of Scrapy's HTTP handlers: what is not in the table does not exist."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        saved = cast("PressSpider", crawler.spider).saved
        self.files = {} if saved is None else {Request(url).url: file for url, file in saved.files.items()}

    async def download_request(self, request: Request) -> Response:
        file = self.files.get(request.url)
        if file is None:
            return Response(request.url, status=404)
        return HtmlResponse(request.url, body=file.read_bytes())


def _rows(table: Path) -> list[dict[str, str]]:
    try:
        with table.open(encoding="utf-8", newline="") as lines:
            rows = csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            missing = COLUMNS - set(rows.fieldnames or ())
            if missing:
                raise ReplayError(f"{table}: no column {', '.join(sorted(missing))}")
            return [{name: row.get(name) or "" for name in COLUMNS} for row in rows]
    except (OSError, UnicodeDecodeError) as exc:
        raise ReplayError(f"{table}: {exc}") from exc
