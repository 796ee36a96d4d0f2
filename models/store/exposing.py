"""Which spans of a version expose a child, by the newest verdict on it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import ArticleVersion, Verdict


def spans_of_versions(session: Session, version_ids: Iterable[int]) -> dict[int, list[Any]]:
    """Version -> spans as the verdict has them; versions that nobody judged are left out."""
    rows = session.execute(
        select(Verdict.version_id, Verdict.exposes_child)
        .where(Verdict.version_id.in_(list(version_ids)))
        .order_by(Verdict.id)
    )
    return {row[0]: row[1] for row in rows}


def exposing_versions(session: Session, version_ids: Iterable[int]) -> Sequence[tuple[ArticleVersion, list[Any]]]:
    """Those of the versions whose newest verdict names spans that expose a child, with these spans."""
    spans = {id_: found for id_, found in spans_of_versions(session, version_ids).items() if found}
    if not spans:
        return []
    rows = session.scalars(select(ArticleVersion).where(ArticleVersion.id.in_(spans)).order_by(ArticleVersion.id))
    return [(version, spans[version.id]) for version in rows]
