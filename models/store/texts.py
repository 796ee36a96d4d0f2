"""Several versions with their texts at once."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import ArticleVersion


def versions_by_id(session: Session, version_ids: Iterable[int]) -> dict[int, ArticleVersion]:
    query = select(ArticleVersion).where(ArticleVersion.id.in_(list(version_ids)))
    return {version.id: version for version in session.scalars(query)}
