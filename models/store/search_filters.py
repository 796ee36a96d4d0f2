"""What else a search may ask for: outlet, days, type, place; and the articles that this leaves, where they are few."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union,
)
from sqlalchemy.dialects.postgresql import JSONB, array
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.store import places
from models.tables import Article, Place, PlaceCorrection, Verdict

FEW = 3_000
"""Articles whose texts are read rather than asked of the index."""


@dataclass(frozen=True, slots=True)
class Area:
    """A unit as places are kept: the code of a whole province, or the finer codes that lie in the unit, by era."""

    old_province: str | None = None
    new_province: str | None = None
    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """`words` may hold "phrases" and -exclusions; all parts must hold. A type is asked of flagged articles alone."""

    words: str = ""
    outlet: str | None = None
    place: Area | None = None
    type: str | None = None
    since: date | None = None
    until: date | None = None
    flagged: bool = False

    @property
    def filters(self) -> bool:
        """Whether it asks for more than words."""
        return bool(self.place or self.type or self.flagged or self.outlet or self.since or self.until)


def few(session: Session, search: Search) -> Sequence[int] | None:
    """Articles that the filters leave, where they leave few: then those are looked through, for walking over every
    article with a common word until one lies in a small place takes seconds."""
    if not search.filters:
        return None
    left = select(Article.id).where(Article.same_as.is_(None), *filters_of(session, replace(search, place=None)))
    if search.type or search.flagged:
        left = left.join(Verdict, and_(Verdict.id == Article.verdict_id, Verdict.article_id == Article.id))
    found: Select[int] | CompoundSelect[int] = left
    if search.place:
        seen = left.join(Place, and_(Place.id == Article.place_id, Place.article_id == Article.id))
        found = seen = seen.where(_lies_in(session, Place, search.place))
        if places.any_correction(session):
            named = places.corrected_articles(_lies_in(session, PlaceCorrection, search.place))
            found = union(seen.where(Article.id.not_in(places.corrected_articles())), left.where(Article.id.in_(named)))
    ids = session.scalars(found.limit(FEW + 1)).all()
    return ids if len(ids) <= FEW else None


def filters_of(session: Session, search: Search) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if search.outlet:
        found.append(Article.outlet_id == search.outlet)
    if search.since:
        found.append(Article.day >= search.since)
    if search.until:
        found.append(Article.day <= search.until)
    if search.flagged and not search.type:
        found.append(Verdict.flag.is_(True))
    if search.type:
        found += [Verdict.flag.is_(True), Verdict.types[search.type].as_float() >= 0.5]
    if search.place:
        found.append(_placed(session, search.place))
    return found


def _placed(session: Session, area: Area) -> ColumnElement[bool]:
    """Articles that lie in this unit; what a person said of a story counts for all its articles."""
    seen = Article.place_id.in_(select(Place.id).where(_lies_in(session, Place, area)))
    if not places.any_correction(session):
        return seen
    named = places.corrected_articles(_lies_in(session, PlaceCorrection, area))
    return or_(Article.id.in_(named), and_(seen, Article.id.not_in(places.corrected_articles())))


def _lies_in(session: Session, kept: type[Place] | type[PlaceCorrection], area: Area) -> ColumnElement[bool]:
    found: list[ColumnElement[bool]] = []
    if area.old_province:
        found.append(kept.old_province == area.old_province)
    if area.new_province:
        found.append(kept.new_province == area.new_province)
    for column_, codes in ((kept.old_codes, area.old), (kept.new_codes, area.new)):
        if codes:
            found.append(_holds_any(session, column_, codes))
    return or_(false(), *found)


def _holds_any(session: Session, kept: InstrumentedAttribute[list[Any]], codes: Sequence[str]) -> ColumnElement[bool]:
    """Whether a list kept as JSON holds one of these."""
    if session.get_bind().dialect.name == "postgresql":
        held: ColumnElement[bool] = type_coerce(kept, JSONB).has_any(array([literal(code) for code in codes]))
        return held
    each = func.json_each(kept).table_valued("value")
    return exists(select(literal(1)).select_from(each).where(each.c.value.in_(codes)))
