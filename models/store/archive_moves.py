"""Records of the evidence archive that went into another file: the rows follow, none is dropped."""

from collections.abc import Mapping

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.tables import Archived


def follow(session: Session, file: str, *, to: str, places: Mapping[int, tuple[int, int]]) -> None:
    """`places`: old offset → new offset and length. Rows whose offset is not named stay as they are."""
    for old, (offset, length) in places.items():
        here = (Archived.file == file, Archived.offset == old)
        session.execute(update(Archived).where(*here).values(file=to, offset=offset, length=length))
