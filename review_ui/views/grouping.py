"""Merging and splitting stories by hand."""

from starlette.responses import Response

from models.rights import Right
from models.store import grouping
from models.store.reading import NotThereError
from review_ui.forms import to_number
from review_ui.listing import read_filters
from review_ui.pages import Ask, go, page
from review_ui.territory import load_story


@page("/tin/{id}/gop", method="POST", needs=Right.DECIDE)
def merge(ask: Ask) -> Response:
    """`number` is the story that goes into this one, typed; else `other`, chosen from the list."""
    other = ask.form.number("number") or ask.form.needed_number("other")
    with ask.house.store.write() as session:
        load_story(session, other, ask.reader)
        stays = grouping.merge(session, ask.id(), other, user_id=ask.user.user_id, now=ask.now)
    return _back(ask, stays)


@page("/tin/{id}/tach", method="POST", needs=Right.DECIDE)
def split(ask: Ask) -> Response:
    articles = [number for number in map(to_number, ask.form.many("articles")) if number is not None]
    with ask.house.store.write() as session:
        grouping.split(session, ask.id(), articles, user_id=ask.user.user_id, now=ask.now)
    return _back(ask, ask.id())


@page("/tin/{id}/hoan-tac-gop", method="POST", needs=Right.DECIDE)
def take_back(ask: Ask) -> Response:
    change = ask.form.needed_number("change")
    with ask.house.store.write() as session:
        if change not in {known.id for known in grouping.changes_of(session, ask.id())}:
            raise NotThereError("Tin này không có thay đổi đó")
        story_id = grouping.take_back(session, change, user_id=ask.user.user_id, now=ask.now)
    return _back(ask, story_id)


def _back(ask: Ask, story_id: int) -> Response:
    return go(read_filters(ask.query, ask.now).at(f"/tin/{story_id}", "#gop-tach"))
