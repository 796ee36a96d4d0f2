"""SQLAlchemy 2 typed tables, by area."""

from models.tables.base import Base, Utc
from models.tables.judged import Place, Story, StoryArticle, Verdict
from models.tables.people import (
    AuditEntry,
    Case,
    CaseStory,
    Decision,
    Export,
    SignInToken,
    User,
    UserSession,
)
from models.tables.press import Article, ArticleAddress, ArticleVersion, FeedState, Outlet, Run

__all__ = [
    "Article",
    "ArticleAddress",
    "ArticleVersion",
    "AuditEntry",
    "Base",
    "Case",
    "CaseStory",
    "Decision",
    "Export",
    "FeedState",
    "Outlet",
    "Place",
    "Run",
    "SignInToken",
    "Story",
    "StoryArticle",
    "User",
    "UserSession",
    "Utc",
    "Verdict",
]
