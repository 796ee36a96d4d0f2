"""What the machine said of articles: queue of the unjudged, verdicts, places."""

from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from models.records import Place as FoundPlace
from models.records import Reading
from models.records import Verdict as Judgement
from models.store.insert import insert_new
from models.tables import Article, ArticleVersion, Place, Verdict


@dataclass(frozen=True, slots=True)
class Unjudged:
    article_id: int
    version_id: int
    reading: Reading


def unjudged(session: Session, *, model: str, limit: int) -> list[Unjudged]:
    """Newest versions of which this model has said nothing yet, oldest first."""
    query = (
        select(Article.id, Article.url, Article.outlet_id, Article.published_at, ArticleVersion)
        .join(ArticleVersion, ArticleVersion.id == Article.version_id)
        .outerjoin(Verdict, and_(Verdict.version_id == ArticleVersion.id, Verdict.model == model))
        .where(Verdict.id.is_(None), Article.same_as.is_(None))
        .order_by(ArticleVersion.id)
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


def save(
    session: Session,
    item: Unjudged,
    verdict: Judgement,
    place: FoundPlace | None,
    *,
    finder: str,
    at: datetime,
) -> None:
    """Add the verdict and the place once, and let the article point to them if it still stands at this version."""
    values = asdict(verdict)
    values.update(
        types=dict(verdict.types),
        evidence=[list(span) for span in verdict.evidence],
        exposes_child=[list(span) for span in verdict.exposes_child],
    )
    insert_new(session, Verdict, version_id=item.version_id, article_id=item.article_id, judged_at=at, **values)
    place_id = None
    if place is not None:
        insert_new(
            session,
            Place,
            version_id=item.version_id,
            article_id=item.article_id,
            finder=finder,
            **{**asdict(place), "old_codes": list(place.old_codes), "new_codes": list(place.new_codes)},
        )
        place_id = session.scalar(select(Place.id).where(Place.version_id == item.version_id, Place.finder == finder))
    article = session.get_one(Article, item.article_id)
    if article.version_id == item.version_id:
        article.verdict_id = session.scalar(
            select(Verdict.id).where(Verdict.version_id == item.version_id, Verdict.model == verdict.model)
        )
        article.place_id = place_id
        article.score = verdict.score
