"""SQLAlchemy 2 typed tables, by area."""

from models.tables.alerts import Alert, Subscription
from models.tables.base import Base, Utc
from models.tables.judged import Place, PlaceCorrection, Story, StoryArticle, Verdict
from models.tables.outgoing import AuditDraw, AuditSample, CaseDocument, Digest, DigestRecipient, DigestSending
from models.tables.people import (
    AuditEntry,
    Case,
    CaseMove,
    CaseStory,
    Decision,
    Export,
    Presence,
    SignInToken,
    StoryChange,
    StoryNote,
    User,
    UserSession,
)
from models.tables.press import Archived, Article, ArticleAddress, ArticleVersion, FeedState, Outlet, Removal, Run
from models.tables.search import SavedSearch, SearchText

__all__ = [
    "Alert",
    "Archived",
    "Article",
    "ArticleAddress",
    "ArticleVersion",
    "AuditDraw",
    "AuditEntry",
    "AuditSample",
    "Base",
    "Case",
    "CaseDocument",
    "CaseMove",
    "CaseStory",
    "Decision",
    "Digest",
    "DigestRecipient",
    "DigestSending",
    "Export",
    "FeedState",
    "Outlet",
    "Place",
    "PlaceCorrection",
    "Presence",
    "Removal",
    "Run",
    "SavedSearch",
    "SearchText",
    "SignInToken",
    "Story",
    "StoryArticle",
    "StoryChange",
    "StoryNote",
    "Subscription",
    "User",
    "UserSession",
    "Utc",
    "Verdict",
]
