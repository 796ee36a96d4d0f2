"""Random samples of what staff were not shown or rejected, judged like any other entry, and what they prove."""

from typing import Any

from starlette.responses import Response

from models.clock import day_of
from models.rights import Right
from models.store import exposing
from models.store import recall as samples
from models.store.recall import SampledEntry, SampleError
from pipeline.recall import certificate_words, certificates
from review_ui.forms import FormError
from review_ui.marks import Piece, pieces, spans_of
from review_ui.masking import SHORTEST, places_of
from review_ui.pages import Ask, go, page
from review_ui.territory import need_whole

SHOWN = 20


@page("/khong-bo-sot", needs=Right.DECIDE)
def show(ask: Ask) -> Response:
    return _page(ask)


@page("/khong-bo-sot/{id}", method="POST", needs=Right.DECIDE)
def answer(ask: Ask) -> Response:
    """A yes brings the article onto the list, where it is decided."""
    _whole(ask)
    said = ask.form.get("tra_loi")
    if said not in samples.ANSWERS:
        raise FormError("Hãy chọn một câu trả lời")
    try:
        with ask.house.store.write() as session:
            story = samples.answer(session, ask.id(), said, user_id=ask.user.user_id, now=ask.now)
    except SampleError as error:
        return _page(ask, message=f"{str(error).rstrip('.')}.", status=409)
    return go("/khong-bo-sot" if story is None else f"/khong-bo-sot?tin={story}")


def _whole(ask: Ask) -> None:
    """Samples come from everywhere: a person with a territory of their own does not judge them."""
    need_whole(ask.reader, "Mẫu để chấm")


def _masked(entry: SampledEntry, spans: list[Any]) -> tuple[list[Piece], list[Piece]]:
    """Title and sapo with what exposes a child hidden wherever it stands."""
    fields = {"title": entry.title, "sapo": entry.sapo}
    words = sorted(
        {
            word
            for field, text in fields.items()
            for start, end in spans_of(spans, field)
            if len(word := text[max(start, 0) : end].strip()) >= SHORTEST
        }
    )
    title, sapo = (pieces(text, (), spans_of(spans, field) + places_of(text, words)) for field, text in fields.items())
    return title, sapo


def _page(ask: Ask, *, message: str = "", status: int = 200) -> Response:
    _whole(ask)
    with ask.house.store.read() as session:
        waiting = samples.waiting(session)
        shown = waiting[:SHOWN]
        spans = exposing.spans_of_versions(session, [entry.version_id for entry in shown])
    found = certificates(ask.house.store, day=day_of(ask.now))
    return ask.page(
        "recall.html",
        status=status,
        message=message,
        shown=[(entry, *_masked(entry, spans.get(entry.version_id, []))) for entry in shown],
        waiting=len(waiting),
        story=ask.query.number("tin"),
        certificates=[(certificate, certificate_words(certificate)) for certificate in found],
    )
