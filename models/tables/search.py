"""What search looks into: one row an article, in words folded by us (both databases fold Vietnamese wrongly or not).

SQLite keeps an FTS5 table over it (`fts_text`, kept in step by triggers), PostgreSQL two stored vectors with GIN
indexes. Both are made by `models.migrations.search_index`, for no table type describes them.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Key


class SearchText(Base):
    """`folded` without diacritics (đ is d), `exact` with them; both small letters, words split by one space."""

    __tablename__ = "search_text"
    article_id: Mapped[int] = mapped_column(ForeignKey("article.id"), primary_key=True, autoincrement=False)
    version_id: Mapped[int]
    folded: Mapped[str]
    exact: Mapped[str]


class SavedSearch(Base):
    """A search that a person keeps; an alert subscription may name it."""

    __tablename__ = "saved_search"
    id: Mapped[Key]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    name: Mapped[str]
    words: Mapped[str]
    filters: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
