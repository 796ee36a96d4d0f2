"""Searches that people keep, to run them again and to be told of grave stories that they would find."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.tables import SavedSearch, Subscription

MOST = 50
"""Searches that one person may keep."""


class SavedSearchError(DiembaoError):
    """A search that cannot be kept or removed; the message is for staff."""


def keep(
    session: Session, user_id: int, name: str, *, words: str, filters: Mapping[str, Any], now: datetime
) -> SavedSearch:
    """The person's search of that name from now on asks this."""
    row = session.scalar(select(SavedSearch).where(SavedSearch.user_id == user_id, SavedSearch.name == name))
    if row is None:
        if (session.scalar(select(func.count()).where(SavedSearch.user_id == user_id)) or 0) >= MOST:
            raise SavedSearchError(f"Chỉ lưu được {MOST} tìm kiếm: hãy bỏ bớt tìm kiếm cũ")
        row = SavedSearch(user_id=user_id, name=name, words="", filters={}, created_at=now)
        session.add(row)
    row.words, row.filters = words, dict(filters)
    session.flush()
    return row


def of_user(session: Session, user_id: int) -> Sequence[SavedSearch]:
    """By name."""
    query = select(SavedSearch).where(SavedSearch.user_id == user_id).order_by(SavedSearch.name, SavedSearch.id)
    return session.scalars(query).all()


def remove(session: Session, search_id: int, user_id: int) -> str:
    """Returns its name. One that an alert subscription names stays."""
    row = session.get(SavedSearch, search_id)
    if row is None or row.user_id != user_id:
        raise SavedSearchError("Không có tìm kiếm đã lưu này")
    if session.scalar(select(Subscription.id).where(Subscription.search_id == row.id, Subscription.channel != "")):
        raise SavedSearchError(f"Có đăng ký báo động dùng tìm kiếm «{row.name}»: hãy bỏ đăng ký đó trước")
    for gone in session.scalars(select(Subscription).where(Subscription.search_id == row.id)):
        gone.search_id = None
    name = row.name
    session.flush()
    session.delete(row)
    session.flush()
    return name
