"""Search over everything that was ever read; searches that one keeps, to run them again or to be told of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import Response

from classifier.calling import places_of
from models.records import TYPES
from models.rights import Right
from models.store import audit, outlets, reading, saved, search
from models.store.saved import SavedSearchError
from models.store.search import Found, Search, SearchError, read_terms
from models.tables import SavedSearch
from models.words import TYPES as TYPE_WORDS
from pipeline.place_words import covers, province_names
from pipeline.searching import PlaceAskedError, area_of, place_asked, unit_label
from pipeline.story_names import names_of_articles
from review_ui.forms import Form
from review_ui.marks import Piece, pieces, spans_of
from review_ui.pages import Ask, go, page
from review_ui.sections import Reader
from review_ui.views.name_search import check_person

PER_PAGE = 50
NAME, PLACE = 100, 200
ASKED = ("q", "bao", "loai", "noi", "tu", "den", "co")


@dataclass(frozen=True, slots=True)
class Hit:
    found: Found
    title: list[Piece]


def read_search(query: Form) -> Search:
    """Raises PlaceAskedError where the place is none, or one of several."""
    kind, place = query.get("loai"), query.get("noi", longest=PLACE)
    return Search(
        words=query.get("q"),
        outlet=query.get("bao") or None,
        place=area_of(place_asked(place)) if place else None,
        type=kind if kind in TYPES else None,
        since=query.day("tu"),
        until=query.day("den"),
        flagged=query.get("co") == "1",
    )


@page("/tim", needs=Right.READ)
def show(ask: Ask) -> Response:
    return _page(ask, ask.query)


def _page(ask: Ask, query: Form, *, message: str = "", status: int = 200) -> Response:
    offered: tuple[str, ...] = ()
    found, hits, asked = [], [], any(query.get(name) for name in ASKED)
    with ask.house.store.read() as session:
        if asked and not message:
            try:
                check_person(ask, session, query.get("q"))
                found = search.find(session, read_search(query), limit=PER_PAGE, before=query.number("truoc"))
                hits = _hits(session, found, ask.reader)
            except SearchError as error:
                message = str(error)
            except PlaceAskedError as error:
                message, offered = str(error), error.offered
        papers = outlets.titles(session)
        mine = saved.of_user(session, ask.user.user_id)
    kept = _address(query)
    return ask.page(
        "search.html",
        status=status,
        asked=asked,
        asks={name: query.get(name) for name in ASKED},
        hits=hits,
        message=message,
        offered=[(name, f"/tim?{_address(query, noi=name)}") for name in offered],
        papers=sorted(papers.items(), key=lambda pair: pair[1].casefold()),
        provinces=sorted(province_names().values()),
        saved=[(row, address_of(row), words_of(row, papers)) for row in mine],
        older=f"/tim?{kept}&truoc={found[-1].article_id}" if len(found) == PER_PAGE else "",
    )


def _address(query: Form, **other: str) -> str:
    """The search as in the address, some fields replaced."""
    fields = {name: query.get(name) for name in ASKED} | other
    return urlencode({name: value for name, value in fields.items() if value})


@page("/tim/luu", method="POST", needs=Right.READ)
def keep(ask: Ask) -> Response:
    """Under a name, to be run again and to be told of; the same name replaces."""
    name = ask.form.get("ten", longest=NAME)
    if not name or not any(ask.form.get(field) for field in ASKED):
        return _page(ask, ask.form, message="Hãy tìm trước, rồi đặt tên cho tìm kiếm cần lưu.", status=400)
    try:
        wanted = read_search(ask.form)
        read_terms(wanted.words)
        place = ask.form.get("noi", longest=PLACE)
        filters = {
            "outlet": wanted.outlet,
            "place": place_asked(place) if place else None,
            "type": wanted.type,
            "since": wanted.since.isoformat() if wanted.since else None,
            "until": wanted.until.isoformat() if wanted.until else None,
            "flagged": wanted.flagged,
        }
        with ask.house.store.write() as session:
            row = saved.keep(session, ask.user.user_id, name, words=wanted.words, filters=filters, now=ask.now)
            audit.append(
                session,
                at=ask.now,
                action="search.keep",
                user_id=ask.user.user_id,
                object=f"search/{row.id}",
                detail={"name": name},
            )
            address = address_of(row)
    except (SearchError, PlaceAskedError, SavedSearchError) as error:
        return _page(ask, ask.form, message=str(error), status=400)
    return go(f"{address}#da-luu")


@page("/tim/luu/{id}/bo", method="POST", needs=Right.READ)
def drop(ask: Ask) -> Response:
    number = ask.id()
    try:
        with ask.house.store.write() as session:
            name = saved.remove(session, number, ask.user.user_id)
            audit.append(
                session,
                at=ask.now,
                action="search.drop",
                user_id=ask.user.user_id,
                object=f"search/{number}",
                detail={"name": name},
            )
    except SavedSearchError as error:
        return _page(ask, ask.query, message=str(error), status=400)
    return go("/tim#da-luu")


def address_of(row: SavedSearch) -> str:
    """The page that runs it."""
    kept = row.filters
    fields = {
        "q": row.words,
        "bao": kept.get("outlet"),
        "loai": kept.get("type"),
        "noi": unit_label(kept["place"]) if kept.get("place") else None,
        "tu": kept.get("since"),
        "den": kept.get("until"),
        "co": "1" if kept.get("flagged") else None,
    }
    return "/tim?" + urlencode({name: value for name, value in fields.items() if value})


def words_of(row: SavedSearch, papers: Mapping[str, str]) -> str:
    """What it asks for, in one line."""
    kept = row.filters
    days = [kept.get("since"), kept.get("until")]
    said = (
        f"từ cần tìm: {row.words}" if row.words else "",
        papers.get(kept.get("outlet") or "", ""),
        TYPE_WORDS.get(kept.get("type") or "", ""),
        unit_label(kept["place"]) if kept.get("place") else "",
        " – ".join(date.fromisoformat(day).strftime("%d/%m/%Y") if day else "…" for day in days) if any(days) else "",
        "máy đề nghị xem" if kept.get("flagged") else "",
    )
    return " · ".join(part for part in said if part)


def _hits(session: Session, found: list[Found], reader: Reader) -> list[Hit]:
    """A person with a territory of their own finds only what lies there or cannot be placed."""
    lines = reading.headlines(session, [one.article_id for one in found])
    names = names_of_articles(session, lines)
    hits = []
    for one in found:
        line = lines[one.article_id]
        if reader.confined and covers(reader.territory, line.place) is False:
            continue
        masks = [*spans_of(line.exposing, "title"), *places_of(line.title, sorted(names[one.article_id]))]
        hits.append(Hit(one, pieces(line.title, (), masks)))
    return hits
