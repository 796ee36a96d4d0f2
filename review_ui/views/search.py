"""Search over everything that was ever read."""

from dataclasses import dataclass
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import Response

from models.records import TYPES
from models.rights import Right
from models.store import outlets, reading, search
from models.store.search import Found, Search, SearchError
from pipeline.place_words import covers, province_names
from review_ui.forms import Form
from review_ui.marks import Piece, pieces, spans_of
from review_ui.pages import Ask, page
from review_ui.sections import Reader

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Hit:
    found: Found
    title: list[Piece]


def read_search(query: Form) -> Search:
    kind, province = query.get("loai"), query.get("tinh")
    return Search(
        words=query.get("q"),
        outlet=query.get("bao") or None,
        place=province if province in province_names() else None,
        type=kind if kind in TYPES else None,
        since=query.day("tu"),
        until=query.day("den"),
        flagged=query.get("co") == "1",
    )


@page("/tim", needs=Right.READ)
def show(ask: Ask) -> Response:
    wanted = read_search(ask.query)
    asked = any((wanted.words, wanted.outlet, wanted.place, wanted.type, wanted.since, wanted.until, wanted.flagged))
    message, found, hits = "", [], []
    with ask.house.store.read() as session:
        papers = outlets.titles(session)
        if asked:
            try:
                found = search.find(session, wanted, limit=PER_PAGE, before=ask.query.number("truoc"))
                hits = _hits(session, found, ask.reader)
            except SearchError as error:
                message = str(error)
    kept = urlencode([(name, value) for name, value in ask.query.pairs if name != "truoc" and value])
    return ask.page(
        "search.html",
        wanted=wanted,
        asked=asked,
        hits=hits,
        message=message,
        papers=sorted(papers.items(), key=lambda pair: pair[1].casefold()),
        provinces=sorted(province_names().items(), key=lambda pair: pair[1]),
        older=f"/tim?{kept}&truoc={found[-1].article_id}" if len(found) == PER_PAGE else "",
    )


def _hits(session: Session, found: list[Found], reader: Reader) -> list[Hit]:
    """A person with a territory of their own finds only what lies there or cannot be placed."""
    lines = reading.headlines(session, [one.article_id for one in found])
    hits = []
    for one in found:
        line = lines[one.article_id]
        if reader.confined and covers(reader.territory, line.place) is False:
            continue
        hits.append(Hit(one, pieces(line.title, (), spans_of(line.exposing, "title"))))
    return hits
