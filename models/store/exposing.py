"""Which spans of a version expose a child, by all that was ever judged of it."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import ArticleVersion, Verdict


def spans_of_versions(session: Session, version_ids: Iterable[int]) -> dict[int, list[Any]]:
    """Version -> spans as its verdicts have them; versions that nobody judged are left out.

    Every verdict counts: what one model saw stays hidden when a later one overlooks it.
    """
    ids = list(version_ids)
    if not ids:
        return {}
    rows = session.execute(
        select(Verdict.version_id, Verdict.exposes_child).where(Verdict.version_id.in_(ids)).order_by(Verdict.id)
    )
    found: dict[int, list[Any]] = {}
    for version, spans in rows:
        known = found.setdefault(version, [])
        known += [span for span in spans if span not in known]
    return found


def exposing_versions(session: Session, version_ids: Iterable[int]) -> Sequence[tuple[ArticleVersion, list[Any]]]:
    """Those of the versions of which a verdict names spans that expose a child, with these spans."""
    spans = {id_: found for id_, found in spans_of_versions(session, version_ids).items() if found}
    if not spans:
        return []
    rows = session.scalars(select(ArticleVersion).where(ArticleVersion.id.in_(spans)).order_by(ArticleVersion.id))
    return [(version, spans[version.id]) for version in rows]
