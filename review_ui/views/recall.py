"""Random samples of what staff were not shown or rejected, judged like any other entry, and what they prove."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy.orm import Session
from starlette.responses import Response

from classifier.calling import places_of
from models.clock import day_of
from models.rights import Right
from models.store import exposing, reading
from models.store import recall as samples
from models.store.reading import NotThereError
from models.store.recall import SampledEntry, SampleError
from pipeline.masking import exposing_words
from pipeline.place_words import covers
from pipeline.recall import certificate_words, certificates
from pipeline.story_names import names_of_articles
from review_ui.forms import FormError
from review_ui.marks import Piece, pieces, spans_of
from review_ui.pages import Ask, go, page
from review_ui.sections import Reader

SHOWN, MANY = 20, 2000


@page("/khong-bo-sot", needs=Right.DECIDE)
def show(ask: Ask) -> Response:
    return _page(ask)


@page("/khong-bo-sot/{id}", method="POST", needs=Right.DECIDE)
def answer(ask: Ask) -> Response:
    """A yes brings the article onto the list, where it is decided."""
    said = ask.form.get("tra_loi")
    if said not in samples.ANSWERS:
        raise FormError("Hãy chọn một câu trả lời")
    try:
        with ask.house.store.write() as session:
            if ask.reader.confined and ask.id() not in {entry.id for entry in _waiting(session, ask.reader)}:
                raise NotThereError(f"Không có bài số {ask.id()} trong mẫu")
            story = samples.answer(session, ask.id(), said, user_id=ask.user.user_id, now=ask.now)
    except SampleError as error:
        return _page(ask, message=f"{str(error).rstrip('.')}.", status=409)
    return go("/khong-bo-sot" if story is None else f"/khong-bo-sot?tin={story}")


def _waiting(session: Session, reader: Reader) -> list[SampledEntry]:
    """A person with a territory of their own judges what lies there or cannot be placed: which samples somebody gets
    does not depend on what the machine thought of them, so the bound stays what it says."""
    if not reader.confined:
        return samples.waiting(session)
    entries = samples.waiting(session, limit=MANY)
    lines = reading.headlines(session, [entry.article_id for entry in entries])
    return [entry for entry in entries if covers(reader.territory, lines[entry.article_id].place) is not False]


def _masked(entry: SampledEntry, spans: list[Any], names: Iterable[str]) -> tuple[list[Piece], list[Piece]]:
    """Title and sapo with what exposes a child hidden wherever it stands; `names` are what its story gives away."""
    fields = {"title": entry.title, "sapo": entry.sapo}
    words = sorted(exposing_words(fields, spans).union(names))
    title, sapo = (pieces(text, (), spans_of(spans, field) + places_of(text, words)) for field, text in fields.items())
    return title, sapo


def _page(ask: Ask, *, message: str = "", status: int = 200) -> Response:
    with ask.house.store.read() as session:
        waiting = _waiting(session, ask.reader)
        shown = waiting[:SHOWN]
        spans = exposing.spans_of_versions(session, [entry.version_id for entry in shown])
        names = names_of_articles(session, [entry.article_id for entry in shown])
    found = certificates(ask.house.store, day=day_of(ask.now))
    return ask.page(
        "recall.html",
        status=status,
        message=message,
        shown=[(entry, *_masked(entry, spans.get(entry.version_id, []), names[entry.article_id])) for entry in shown],
        waiting=len(waiting),
        story=ask.query.number("tin"),
        certificates=[(certificate, certificate_words(certificate)) for certificate in found],
    )
