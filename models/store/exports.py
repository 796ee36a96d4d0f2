"""The register of files that left the house."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.store import audit
from models.tables import Export, User


def record(
    session: Session,
    *,
    kind: str,
    content: bytes,
    rows: int,
    scope: dict[str, str],
    ground: str,
    recipient: str,
    user_id: int,
    now: datetime,
) -> Export:
    """Note who made which file, on what ground and for whom, and what it was to the byte."""
    export = Export(
        at=now,
        user_id=user_id,
        kind=kind,
        recipient=recipient,
        ground=ground,
        scope=dict(scope),
        rows=rows,
        sha256=hashlib.sha256(content).hexdigest(),
    )
    session.add(export)
    session.flush()
    audit.append(
        session,
        at=now,
        action=f"export.{kind}",
        user_id=user_id,
        object=f"export/{export.id}",
        detail={"sha256": export.sha256, "rows": rows, "ground": ground, "recipient": recipient},
    )
    return export


def latest(session: Session, limit: int = 50) -> Sequence[tuple[Export, str]]:
    rows = session.execute(
        select(Export, User.display).join(User, User.id == Export.user_id).order_by(Export.id.desc()).limit(limit)
    )
    return [(export, by) for export, by in rows]
