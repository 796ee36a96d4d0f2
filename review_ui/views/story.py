"""One story: facts, the article with the sentences that counted, the other papers, what people decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session
from starlette.responses import RedirectResponse, Response

from classifier.calling import places_of
from models.rights import Right
from models.store import archive, audit, cases, grouping, reading, review
from models.store.reading import Item, StoryView
from models.store.traces import traces
from models.tables import ArticleVersion
from pipeline.fact_quotes import quotes_of
from pipeline.masking import exposing_words, hide, reproached, texts_of
from pipeline.story_names import names_of_stories
from review_ui.beside import beside, emergencies
from review_ui.forms import FormError
from review_ui.listing import Filters, chosen, neighbours, read_filters
from review_ui.marks import FIELDS, Piece, joined, paragraphs, spans_of
from review_ui.pages import Ask, go, page
from review_ui.rows import choices, load_rows
from review_ui.sections import Row, to_row
from review_ui.territory import load_story
from review_ui.views.decide import NOTE, load_done


@dataclass(frozen=True, slots=True)
class Text:
    """An article's words, cut for marking and masking; how many places are masked and paragraphs marked.

    `reproach`: the paper exposes the child; else names are hidden out of caution alone. `cited`: facts for which words
    can be shown.
    """

    title: list[list[Piece]]
    sapo: list[list[Piece]]
    body: list[list[Piece]]
    masks: int
    reproach: bool
    marked: int
    reason: str
    cited: frozenset[str]


def cut(version: ArticleVersion, item: Item, *, unmasked: bool, elsewhere: Iterable[str] = ()) -> Text:
    """Evidence counts only on the version judged. What exposes a child is hidden wherever it stands; `elsewhere` are
    words that other papers of the story give away.
    """
    verdict = item.verdict if item.verdict is not None and item.verdict.version_id == version.id else None
    made, masks, texts = {}, 0, texts_of(version)
    words = sorted(exposing_words(texts, () if verdict is None else verdict.exposes_child).union(elsewhere))
    quotes = {} if verdict is None else quotes_of(verdict, texts)
    for name, text in texts.items():
        exposing = [] if verdict is None else spans_of(verdict.exposes_child, name)
        exposing = joined([*exposing, *places_of(text, words)])
        masks += len(exposing)
        counted = [] if verdict is None else spans_of(verdict.evidence, name)
        named = [(start, end, fact) for fact, (field, start, end) in quotes.items() if field == name]
        made[name] = paragraphs(text, counted, [] if unmasked else exposing, named)
    marked = sum(1 for name in FIELDS for line in made[name] if any(piece.marked for piece in line))
    reason = "" if verdict is None else verdict.reason
    shown = (piece for name in FIELDS for line in made[name] for piece in line if not piece.masked)
    cited = frozenset(fact for piece in shown for fact in piece.name.split())
    reason = reason if unmasked else hide(reason, words)
    reproach = verdict is not None and bool(reproached(verdict.exposes_child))
    return Text(made["title"], made["sapo"], made["text"], masks, reproach, marked, reason, cited)


@page("/tin/{id}", needs=Right.READ)
def show(ask: Ask) -> Response:
    filters, story_id = read_filters(ask.query, ask.now), ask.id()
    with ask.house.store.glance() as session:
        every = load_rows(session, filters, ask.reader)
        story = load_story(session, story_id, ask.reader)
        if story.id != story_id:
            return RedirectResponse(filters.at(f"/tin/{story.id}"))
        response, noted = _page(ask, session, story, filters, every)
    if not noted:
        with ask.house.store.jot() as session:
            review.arrive(session, story_id, user_id=ask.user.user_id, now=ask.now)
    return response


@page("/tin/{id}/xem-ten", method="POST", needs=Right.UNMASK)
def unmask(ask: Ask) -> Response:
    """Shows what is masked, once, to whoever states a reason; the reason goes into the audit trail."""
    reason = ask.form.get("reason")
    if not reason:
        message = "Hãy ghi lý do cần xem danh tính"
        raise FormError(message)
    filters = read_filters(ask.query, ask.now)
    with ask.house.store.write() as session:
        story = load_story(session, ask.id(), ask.reader)
        item = _item(story, ask.form.number("article"))
        audit.append(
            session,
            at=ask.now,
            action="article.unmask",
            user_id=ask.user.user_id,
            object=f"article/{item.id}",
            detail={"story": story.id, "reason": reason},
        )
        every = load_rows(session, filters, ask.reader)
        return _page(ask, session, story, filters, every, unmasked=True, item=item)[0]


@page("/tin/{id}/vu-viec", method="POST", needs=Right.CASES)
def open_case(ask: Ask) -> Response:
    with ask.house.store.write() as session:
        case_id = cases.open_case(session, ask.id(), user_id=ask.user.user_id, now=ask.now)
    return go(f"/vu-viec/{case_id}")


@page("/tin/{id}/ghi-chu", method="POST", needs=Right.DECIDE)
def add_note(ask: Ask) -> Response:
    story_id = ask.id()
    with ask.house.store.write() as session:
        review.add_note(session, story_id, ask.form.get("note", longest=NOTE), user_id=ask.user.user_id, now=ask.now)
    return go(read_filters(ask.query, ask.now).at(f"/tin/{story_id}", "#ghi-chu"))


def _item(story: StoryView, article_id: int | None) -> Item:
    """The article asked for, else the story's lead."""
    return next((item for item in story.items if item.id == article_id), story.lead)


def _place_said(item: Item, names: Iterable[str], *, unmasked: bool) -> str:
    """The article's words for the place; a hamlet or street may be the child's address."""
    said = "" if item.place is None else item.place.words
    return said if unmasked else hide(said, names)


def _page(
    ask: Ask,
    session: Session,
    story: StoryView,
    filters: Filters,
    every: Sequence[Row],
    *,
    unmasked: bool = False,
    item: Item | None = None,
) -> tuple[Response, bool]:
    """The page, and whether it was noted a moment ago that the person has it open."""
    item = item or _item(story, ask.query.number("bai"))
    before, after = neighbours(chosen(every, filters), story.id)
    done_id = ask.query.number("da")
    done = None if done_id is None else load_done(session, done_id, ask.reader)
    version = reading.version(session, item.shown_id)
    names = names_of_stories(session, [story.id])[story.id]
    row = to_row(story, filters.first, filters.last, ask.reader, names)
    left = traces(session, story.id)
    others, noted = review.people_at(session, story.id, user_id=ask.user.user_id, now=ask.now)
    response = ask.page(
        "story.html",
        story=story,
        row=row,
        emergency=emergencies(ask, session, [row]).get(story.id),
        item=item,
        version=version,
        place_said=_place_said(item, names, unmasked=unmasked),
        text=cut(version, item, unmasked=unmasked, elsewhere=names),
        names=names,
        stored=archive.of_versions(session, [version.id]).get(version.id),
        unmasked=unmasked,
        decisions=reading.decisions_of(session, story.id) if left.decided else [],
        notes=review.notes_of(session, story.id) if left.noted else [],
        **beside(ask, session, story, left),
        changes=grouping.changes_of(session, story.id) if left.regrouped else [],
        mergeable=choices(every, without=story.id),
        others=others,
        filters=filters,
        before=before,
        after=after,
        left=sum(1 for row in every if row.left),
        done=None if done is None or done.story.id == story.id else done,
    )
    return response, noted
