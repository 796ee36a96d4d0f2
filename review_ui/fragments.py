"""Small pieces of HTML that a list shows hundreds of times: made here, for a template's macros take ten times as long.

Everything that comes from outside goes through `format` of Markup, which escapes it.
"""

from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache

from markupsafe import Markup, escape

from models import words
from models.clock import day_of
from models.store.reading import Judged
from pipeline.place_words import PlaceWords
from review_ui.marks import Piece

_TIME = Markup('<time datetime="{}" title="{}">{}</time>')
_MARK = Markup("<mark>{}</mark>")
_CITED = Markup('<span class="cited" id="tu-{}">{}</span>')
_OLD = Markup('{} <span class="old">(trước: {})</span>')
MASK = Markup('<span class="masked">▇▇▇<span class="unseen"> (đã che) </span></span>')
NOWHERE = Markup('<span class="old">chưa rõ nơi xảy ra</span>')


def when(moment: datetime, now: datetime) -> Markup:
    """The time as people say it; exact on hover and in print."""
    return _when(moment, day_of(now))


@lru_cache(maxsize=10_000)
def _when(moment: datetime, today: date) -> Markup:
    return _TIME.format(moment.isoformat(), words.exact(moment), words.said_on(moment, today))


def line(pieces: Iterable[Piece]) -> Markup:
    """Pieces of a text, marked and masked."""
    return Markup("").join(MASK if piece.masked else _named(piece) if piece.name else _plain(piece) for piece in pieces)


def _plain(piece: Piece) -> Markup:
    return _MARK.format(piece.text) if piece.marked else escape(piece.text)


def _named(piece: Piece) -> Markup:
    """Words that facts link to; several facts may rest on the same ones."""
    found = _plain(piece)
    for name in piece.name.split():
        found = _CITED.format(name, found)
    return found


@lru_cache(maxsize=5_000)
def place_of(place: PlaceWords) -> Markup:
    """Today's name with the old one behind."""
    if place.new and place.old:
        return _OLD.format(place.new, place.old)
    return escape(place.new or place.old) or NOWHERE


def reason_said(decision: Judged) -> str:
    """Why it was rejected, in the words of then; empty where nothing was."""
    return decision.reason_words or (words.word(words.REASON, decision.reason) if decision.reason else "")


def decided(decision: Judged, now: datetime) -> Markup:
    """What was decided, why, by whom and when."""
    called = reason_said(decision)
    reason = f": {called[:1].lower()}{called[1:]}" if called else ""
    return Markup("{}{} · {}, {}").format(
        words.word(words.ACTION, decision.action), reason, decision.by, when(decision.at, now)
    )
