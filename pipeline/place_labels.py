"""Places corrected by hand as labels for the next evaluation: the lines that `diembao judge` reads and scorers compare.

The file holds articles: it stays in the house, like the database.
"""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from models.store import places
from models.store.places import Label


def label_lines(session: Session) -> Iterator[str]:
    """One JSON object a line, by article; the same store gives the same lines."""
    for label in places.labels(session):
        yield json.dumps(as_row(label), ensure_ascii=False)


def as_row(label: Label) -> dict[str, Any]:
    """`place` from the finest level up, as a person named it; null with `province` where nobody can tell."""
    found = label.place
    names = [] if found is None else [found.commune, found.district, found.province]
    return {
        "id": f"bai-{label.article_id}",
        "source": label.outlet_id,
        "published": None if label.published_at is None else label.published_at.isoformat(),
        "url": label.url,
        "title": label.title,
        "sapo": label.sapo,
        "text": label.body,
        "flag": int(label.flag),
        "kind": label.kind,
        "province": None if found is None else found.province,
        "place": ", ".join(name for name in names if name) or None,
    }
