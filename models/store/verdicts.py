"""What the machine said of articles: queue of the unjudged, verdicts, places."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, TextClause, and_, func, select, text, update
from sqlalchemy.orm import Session

from models.records import HIDDEN, Reading
from models.records import Place as FoundPlace
from models.records import Verdict as Judgement
from models.store.insert import insert_all
from models.tables import Article, ArticleVersion, Place, Verdict
from models.tables.press import UNJUDGED


@dataclass(frozen=True, slots=True)
class Unjudged:
    article_id: int
    version_id: int
    reading: Reading


def unjudged(session: Session, *, model: str, limit: int, again: bool = True) -> list[Unjudged]:
    """Newest versions of which this model has said nothing yet: those of which no model has, then (`again`) the
    others; each oldest first."""
    found = readings(session, text(UNJUDGED.format("article.")), limit=limit)
    if found or not again:
        return found
    other = _other_model(session, model)
    if other is None:
        return []
    return readings(session, and_(Article.judged_model == other, Article.same_as.is_(None)), limit=limit)


def outdated(session: Session, *, model: str, limit: int) -> list[Unjudged]:
    """Newest versions that another model judged last, the newest first."""
    other = _other_model(session, model)
    if other is None:
        return []
    return readings(session, and_(Article.judged_model == other, Article.same_as.is_(None)), limit=limit, newest=True)


def count_outdated(session: Session, *, model: str) -> int:
    query = select(func.count()).where(Article.judged_model != model, Article.same_as.is_(None))
    return session.scalar(query) or 0


def _other_model(session: Session, model: str) -> str | None:
    """A model whose verdicts stand although this one is asked; both ends of the index are looked at."""
    standing = Article.same_as.is_(None)
    below = select(func.max(Article.judged_model)).where(Article.judged_model < model, standing)
    above = select(func.min(Article.judged_model)).where(Article.judged_model > model, standing)
    return session.scalar(below) or session.scalar(above)


def readings(
    session: Session, *wanted: ColumnElement[bool] | TextClause, limit: int, newest: bool = False
) -> list[Unjudged]:
    """Newest versions of such articles, as the judge reads them; oldest first unless asked otherwise."""
    query = (
        select(Article.id, Article.url, Article.outlet_id, Article.published_at, ArticleVersion)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .where(*wanted)
        .order_by(Article.version_id.desc() if newest else Article.version_id)
        .limit(limit)
    )
    return [
        Unjudged(
            article_id,
            version.id,
            Reading(
                id=str(version.id),
                title=version.title,
                sapo=version.sapo,
                text=version.body,
                url=url,
                source=outlet,
                published=published,
            ),
        )
        for article_id, url, outlet, published, version in session.execute(query)
    ]


@dataclass(frozen=True, slots=True)
class Judged:
    """One answer to an `Unjudged`: the verdict and, for an event with one, its place."""

    item: Unjudged
    verdict: Judgement
    place: FoundPlace | None


def save(session: Session, batch: Sequence[Judged], *, finder: str, at: datetime) -> None:
    """Add verdicts and places once, and let each article point to them if it still stands at that version.

    All verdicts of one batch come from one model.
    """
    if not batch:
        return
    insert_all(session, Verdict, [_verdict_row(one, at) for one in batch])
    insert_all(session, Place, [_place_row(one, one.place, finder) for one in batch if one.place is not None])
    versions = [one.item.version_id for one in batch]
    verdict_ids = dict(
        session.execute(
            select(Verdict.version_id, Verdict.id).where(
                Verdict.version_id.in_(versions), Verdict.model == batch[0].verdict.model
            )
        ).all()
    )
    place_ids = dict(
        session.execute(
            select(Place.version_id, Place.id).where(Place.version_id.in_(versions), Place.finder == finder)
        ).all()
    )
    standing = dict(
        session.execute(
            select(Article.id, Article.version_id).where(Article.id.in_([one.item.article_id for one in batch]))
        ).all()
    )
    session.execute(
        update(Article),
        [
            {
                "id": one.item.article_id,
                "verdict_id": verdict_ids[one.item.version_id],
                "place_id": place_ids.get(one.item.version_id) if one.place else None,
                "score": one.verdict.score,
                "judged_version_id": one.item.version_id,
                "judged_model": one.verdict.model,
            }
            for one in batch
            if standing.get(one.item.article_id) == one.item.version_id
        ],
    )


def _columns(record: Judgement | FoundPlace) -> dict[str, Any]:
    """The record's fields as they are; `dataclasses.asdict` would copy each of them deeply."""
    return {item.name: getattr(record, item.name) for item in fields(record)}


def _verdict_row(one: Judged, at: datetime) -> dict[str, Any]:
    return {
        **{name: value for name, value in _columns(one.verdict).items() if name != "hides"},
        "types": dict(one.verdict.types),
        "evidence": [list(span) for span in one.verdict.evidence],
        "exposes_child": [list(s) for s in one.verdict.exposes_child] + [[*s, HIDDEN] for s in one.verdict.hides],
        "version_id": one.item.version_id,
        "article_id": one.item.article_id,
        "judged_at": at,
    }


def _place_row(one: Judged, place: FoundPlace, finder: str) -> dict[str, Any]:
    return {
        **_columns(place),
        "old_codes": list(place.old_codes),
        "new_codes": list(place.new_codes),
        "version_id": one.item.version_id,
        "article_id": one.item.article_id,
        "finder": finder,
    }
