"""Decisions: confirm, reject, not sure, undo. A late one is shown with what happened meanwhile, never lost."""

from dataclasses import dataclass, replace

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.records import TYPES
from models.rights import Right
from models.store import cases, reading, review
from models.store.reading import Judged
from models.store.review import Choice, InCaseError, OvertakenError
from review_ui.forms import Form
from review_ui.listing import chosen, next_left, read_filters
from review_ui.pages import Ask, go, page
from review_ui.rows import load_rows
from review_ui.sections import Reader

NOTE = 2000


@dataclass(frozen=True, slots=True)
class Done:
    """The decision just made, offered for undo on the next page."""

    decision: Judged
    story: reading.StoryView


def load_done(session: Session, decision_id: int, reader: Reader) -> Done | None:
    """None when the decision is not (or no longer) in force, or not for this person's eyes: nothing to take back."""
    story_id = review.story_where_in_force(session, decision_id)
    if story_id is None:
        return None
    story = reading.story(session, story_id)
    return None if story.decision is None or not reader.may_see(story) else Done(story.decision, story)


def read_choice(form: Form) -> Choice:
    """Types come as one field each or split by commas; none at all means that the form did not offer them."""
    action = form.get("action")
    offered = form.many("types")
    types = tuple(code for value in offered for code in value.split(",") if code in TYPES)
    return Choice(
        action=action,
        article_id=form.needed_number("article"),
        version_id=form.needed_number("version"),
        verdict_id=form.number("verdict"),
        seen_id=form.number("seen"),
        reason=form.get("reason") or None if action == "reject" else None,
        note=form.get("note", longest=NOTE) or None,
        types=types if action == "confirm" and offered else None,
    )


@page("/tin/{id}/quyet-dinh", method="POST", needs=Right.DECIDE)
def decide(ask: Ask) -> Response:
    story_id, choice = ask.id(), read_choice(ask.fields)
    try:
        with ask.house.store.write() as session:
            decision_id = review.decide(session, story_id, choice, user_id=ask.user.user_id, now=ask.now)
            if ask.form.get("then") == "case":
                return go(f"/vu-viec/{cases.open_case(session, story_id, user_id=ask.user.user_id, now=ask.now)}")
    except OvertakenError as error:
        return _overtaken(ask, story_id, error, choice)
    except InCaseError as error:
        return ask.page("in_case.html", status=409, error=error, story_id=story_id)
    return _onward(ask, story_id, decision_id)


@page("/tin/{id}/hoan-tac", method="POST", needs=Right.DECIDE)
def undo(ask: Ask) -> Response:
    story_id = ask.id()
    return _undo(ask, story_id, ask.fields.needed_number("seen"))


@page("/hoan-tac", method="POST", needs=Right.DECIDE)
def undo_last(ask: Ask) -> Response:
    """Take back one's own newest decision; again and again, as far back as wanted."""
    with ask.house.store.read() as session:
        last = review.last_of(session, ask.user.user_id)
    if last is None:
        return go(read_filters(ask.query, ask.now).at("/"))
    return _undo(ask, *last)


def _undo(ask: Ask, story_id: int, seen: int) -> Response:
    try:
        with ask.house.store.write() as session:
            review.undo(session, story_id, seen_id=seen, user_id=ask.user.user_id, now=ask.now)
    except OvertakenError as error:
        return _overtaken(ask, story_id, error, None)
    except InCaseError as error:
        return ask.page("in_case.html", status=409, error=error, story_id=story_id)
    filters = read_filters(ask.query, ask.now)
    if ask.form.get("from") == "list":
        return go(filters.at("/", f"#tin-{story_id}", chon=story_id))
    return go(filters.at(f"/tin/{story_id}"))


def _overtaken(ask: Ask, story_id: int, error: OvertakenError, choice: Choice | None) -> Response:
    with ask.house.store.read() as session:
        story = reading.story(session, story_id)
    return ask.page(
        "overtaken.html",
        status=409,
        current=error.current,
        choice=choice,
        story=story,
        filters=read_filters(ask.query, ask.now),
        origin=ask.form.get("from"),
    )


def _onward(ask: Ask, story_id: int, decision_id: int) -> Response:
    """To the next story that is left: on its own page, or selected on the list, wherever the decision was made."""
    filters = read_filters(ask.query, ask.now)
    with ask.house.store.glance() as session:
        every = load_rows(session, filters, ask.reader)
    rows = chosen(every, replace(filters, only_left=False))
    following = next_left(rows, story_id)
    if ask.form.get("from") == "list" or following is None:
        if following is None:
            return go(filters.at("/", da=decision_id))
        return go(filters.at("/", f"#tin-{following}", da=decision_id, chon=following))
    return go(filters.at(f"/tin/{following}", da=decision_id))
