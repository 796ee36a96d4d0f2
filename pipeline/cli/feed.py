"""`diembao feed`: feeds from files or addresses, one JSON object a line, whatever is wrong with them."""

import json
import sys
from pathlib import Path
from typing import Any

import click


@click.command()
@click.argument("feeds", metavar="FILE|URL...", nargs=-1, required=True)
def feed(feeds: tuple[str, ...]) -> None:
    """Đọc các nguồn tin RSS/Atom (tệp hoặc địa chỉ) và in kết quả, mỗi nguồn một dòng."""
    from pipeline.reading_file import entry_row  # noqa: PLC0415  heavy imports only when called

    urls = tuple(dict.fromkeys(name for name in feeds if name.startswith(("http://", "https://"))))
    fetched = _fetch(urls) if urls else {}
    opened = 0
    for name in feeds:
        page, was_opened = fetched[name] if name in fetched else _read_file(name)
        opened += was_opened
        entries = [entry_row(entry) for entry in page.entries]
        answer: dict[str, Any] = {
            "feed": _printable(name),
            "health": page.health,
            "error": page.error,
            "entries": entries,
        }
        click.echo(json.dumps(answer, ensure_ascii=False))
    sys.exit(0 if opened else 1)


def _printable(name: str) -> str:
    """An argument may hold bytes that are not text in any encoding."""
    return name.encode("utf-8", "replace").decode()


def _read_file(name: str) -> tuple[Any, bool]:
    from spiders.feedxml import FeedPage, parse_feed  # noqa: PLC0415

    try:
        raw = Path(name).read_bytes()
    except (OSError, ValueError) as exc:
        return FeedPage("broken", error=f"{_printable(name)}: {_printable(str(exc))}"), False
    return parse_feed(raw, url=""), True


def _fetch(urls: tuple[str, ...]) -> dict[str, tuple[Any, bool]]:
    """Outcomes by address; an answer of any kind counts as opened."""
    from pipeline.config import read_settings  # noqa: PLC0415
    from spiders.crawl import CrawlOptions, read_lists, run, user_agent  # noqa: PLC0415
    from spiders.jobs import ListJob, ListOutcome  # noqa: PLC0415

    contact = read_settings().contact
    options = CrawlOptions(user_agent=user_agent(contact)) if contact else CrawlOptions()
    outcomes: list[ListOutcome] = []
    jobs = [ListJob(outlet=url, url=url) for url in urls]
    run(lambda: read_lists(jobs, {}, outcomes.append, options))
    return {outcome.job.url: (outcome, outcome.status is not None) for outcome in outcomes}
