"""Where the evidence archive keeps which response."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Archived, Article


@dataclass(frozen=True, slots=True)
class Place:
    """`file` is below the archive's folder; `offset` and `length` are those of the record, `sha256` is the body's."""

    url: str
    fetched_at: datetime
    file: str
    offset: int
    length: int
    sha256: str


def add(session: Session, article_id: int, place: Place, *, read: bool) -> None:
    """`read`: the response became the article's newest version; otherwise no article was found in it."""
    article = session.get_one(Article, article_id)
    session.add(
        Archived(
            article_id=article_id,
            version_id=article.version_id if read else None,
            url=place.url,
            fetched_at=place.fetched_at,
            file=place.file,
            offset=place.offset,
            length=place.length,
            sha256=place.sha256,
        )
    )
    session.flush()


def of_article(session: Session, article_id: int) -> Sequence[Archived]:
    return session.scalars(select(Archived).where(Archived.article_id == article_id).order_by(Archived.id)).all()
