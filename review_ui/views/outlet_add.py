"""A paper that the team adds, tried out first; and pausing one."""

import json
import subprocess
import sys
from dataclasses import dataclass

from starlette.responses import Response

from models.rights import Right
from models.store import outlet_choices
from models.store.reading import NotThereError
from pipeline.papers import PaperError, added_papers, describe
from review_ui.outlet_rows import catalogue
from review_ui.pages import Ask, go, page
from spiders.source import Source
from spiders.source_text import source_text

LISTS = {"feeds": "Nguồn cấp tin (RSS)", "sitemaps": "Sơ đồ tin (sitemap)", "sections": "Trang chuyên mục"}
PATIENCE = 60
"""Seconds that trying a new paper's lists may take."""
MOST_TRIED = 5
HEALTH = {
    "ok": "đọc được",
    "empty": "đọc được nhưng trống",
    "broken": "không phải nguồn cấp tin đọc được",
    "blocked": "báo chặn, không cho máy đọc",
    "gone": "không có ở địa chỉ này",
    "refused": "địa chỉ không được phép đọc",
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What one feed answered."""

    address: str
    words: str
    entries: int
    newest: str


@page("/bao/them", needs=Right.HEALTH)
def show(ask: Ask) -> Response:
    return _form(ask)


@page("/bao/them", needs=Right.HEALTH, method="POST")
def add(ask: Ask) -> Response:
    """`viec` is thu (read the feeds once, keep nothing) or them."""
    with ask.house.store.read() as session:
        known = added_papers(session) | dict(_catalogue(ask))
    try:
        source = describe(
            ask.form.get("title"),
            ask.form.get("home"),
            {name: ask.form.get(name, longest=4000) for name in LISTS},
            known,
        )
    except PaperError as error:
        return _form(ask, message=f"{error}.", status=400)
    if ask.form.get("viec") != "them":
        return _form(ask, tried=try_feeds(source))
    with ask.house.store.write() as session:
        outlet_choices.declare(session, source.id, source_text(source), user_id=ask.user.user_id, now=ask.now)
    return go(f"/bao?bao={source.id}")


@page("/bao/tam-dung", needs=Right.HEALTH, method="POST")
def pause(ask: Ask) -> Response:
    outlet = ask.form.get("outlet")
    with ask.house.store.write() as session:
        if outlet not in added_papers(session) and outlet not in _catalogue(ask):
            raise NotThereError("Báo này không có trong danh mục nên máy không đọc")
        outlet_choices.pause(
            session,
            outlet,
            on=ask.form.get("on") == "1",
            note=ask.form.get("note"),
            user_id=ask.user.user_id,
            now=ask.now,
        )
    return go(f"/bao?bao={outlet}")


def _catalogue(ask: Ask) -> dict[str, Source]:
    return dict(catalogue(ask.request.app.state, ask.house.settings.sources_dir)[0])


def try_feeds(source: Source) -> list[Tried]:
    """Read the paper's feeds once, in a process of its own: the crawler's loop cannot live in this one."""
    if not source.feeds:
        return []
    command = [sys.executable, "-P", "-m", "pipeline", "feed", *source.feeds[:MOST_TRIED]]
    try:
        answer = subprocess.run(command, capture_output=True, timeout=PATIENCE, check=False)  # noqa: S603 -- our own program; addresses were checked
    except subprocess.TimeoutExpired:
        return [Tried(address, "chưa trả lời trong một phút", 0, "") for address in source.feeds[:MOST_TRIED]]
    found = []
    for line in answer.stdout.decode("utf-8", "replace").splitlines():
        row = json.loads(line)
        newest = max((entry["published"] or "" for entry in row["entries"]), default="")
        words = HEALTH.get(row["health"], "không trả lời")
        found.append(Tried(row["feed"], words, len(row["entries"]), newest))
    return found


def _form(ask: Ask, *, message: str = "", tried: list[Tried] | None = None, status: int = 200) -> Response:
    fields = ("title", "home", *LISTS)
    return ask.page(
        "outlet_add.html",
        status=status,
        message=message,
        tried=tried,
        typed={name: ask.form.get(name, longest=4000) for name in fields},
        LISTS=LISTS,
    )
