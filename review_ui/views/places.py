"""Where a story happened, corrected by hand: type-ahead, the correction itself, and taking it back."""

from starlette.responses import JSONResponse, Response

from models.rights import Right
from models.store import places
from models.store.reading import NotThereError
from pipeline.place_choice import Answer, place_of, place_search, resolve
from review_ui.forms import FormError
from review_ui.listing import read_filters
from review_ui.pages import Ask, go, page
from review_ui.territory import load_story

OFFERED = 8
SHORTEST = 2


@page("/dia-danh", needs=Right.READ)
def suggest(ask: Ask) -> Response:
    """What a few letters, with or without diacritics, may mean."""
    typed = ask.query.get("q")
    found = place_search().search(typed, OFFERED) if len(typed) >= SHORTEST else []
    return JSONResponse([{"ref": one.ref, "label": one.label} for one in found])


@page("/tin/{id}/noi", method="POST", needs=Right.DECIDE)
def correct(ask: Ask) -> Response:
    """By reference where one was picked, else by the words typed; what means several units is asked back."""
    story_id, article_id = ask.id(), ask.form.needed_number("article")
    ref, typed = ask.form.get("ref"), ask.form.get("q")
    if ask.form.get("action") == "unknown":
        return _keep(ask, story_id, article_id, Answer(None, None, ()))
    if ref:
        return _keep(ask, story_id, article_id, Answer(ref, place_of(ref), ()))
    if not typed:
        message = "Hãy ghi nơi xảy ra, hoặc bấm «Không rõ nơi»"
        raise FormError(message)
    answer = resolve(typed)
    if answer.place is not None:
        return _keep(ask, story_id, article_id, answer)
    with ask.house.store.read() as session:
        story = load_story(session, story_id, ask.reader)
    return ask.page(
        "places.html",
        status=200 if answer.offered else 404,
        story=story,
        article_id=article_id,
        typed=typed,
        offered=answer.offered,
        filters=read_filters(ask.query, ask.now),
    )


@page("/tin/{id}/noi/hoan-tac", method="POST", needs=Right.DECIDE)
def undo(ask: Ask) -> Response:
    story_id, seen = ask.id(), ask.form.needed_number("seen")
    with ask.house.store.write() as session:
        places.undo(session, story_id, seen, user_id=ask.user.user_id, now=ask.now)
    return _back(ask, story_id)


def _keep(ask: Ask, story_id: int, article_id: int, answer: Answer) -> Response:
    with ask.house.store.write() as session:
        places.correct(
            session,
            story_id,
            article_id=article_id,
            ref=answer.ref,
            place=answer.place,
            user_id=ask.user.user_id,
            now=ask.now,
        )
    return _back(ask, story_id)


def _back(ask: Ask, story_id: int) -> Response:
    """To the story, or to the list where it now lies outside the person's own territory."""
    filters = read_filters(ask.query, ask.now)
    try:
        with ask.house.store.read() as session:
            load_story(session, story_id, ask.reader)
    except NotThereError:
        return go(filters.at("/"))
    return go(filters.at(f"/tin/{story_id}", "#noi-xay-ra"))
