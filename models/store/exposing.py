"""Which spans of a version expose a child, by the newest verdict on it."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.tables import Verdict


def spans_of_versions(session: Session, version_ids: Iterable[int]) -> dict[int, list[Any]]:
    """Version -> spans as the verdict has them; versions that nobody judged are left out."""
    rows = session.execute(
        select(Verdict.version_id, Verdict.exposes_child)
        .where(Verdict.version_id.in_(list(version_ids)))
        .order_by(Verdict.id)
    )
    return {row[0]: row[1] for row in rows}
