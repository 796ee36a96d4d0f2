"""What was seen of each outlet: articles by day, by link of the chain, and how their pages were read."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Date, and_, case, cast, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.tables import Article, ArticleVersion

RULE = "rule:"
"""How the provenance of a field begins that a site's own selector found."""


@dataclass(frozen=True, slots=True)
class Link:
    """One kind of list of an outlet: articles that it showed, showed first, and did not show though another did."""

    kind: str
    seen: int
    first: int
    missed: int


@dataclass(frozen=True, slots=True)
class Reading:
    """Pages of one outlet read on one day: with a body by the site's rule, and by some other way."""

    day: date
    by_rule: int
    otherwise: int


def by_day(session: Session, *, since: date) -> dict[str, list[tuple[date, int]]]:
    """Articles that each outlet's lists showed for the first time, by day in Viet Nam; days without any are absent."""
    query = (
        select(Article.outlet_id, Article.day, func.count())
        .where(Article.day >= since, Article.same_as.is_(None))
        .group_by(Article.outlet_id, Article.day)
        .order_by(Article.outlet_id, Article.day)
    )
    found: defaultdict[str, list[tuple[date, int]]] = defaultdict(list)
    for outlet, day, count in session.execute(query):
        found[outlet].append((day, count))
    return dict(found)


def last_seen(session: Session) -> dict[str, datetime]:
    """When each outlet last showed an article that was new."""
    query = select(Article.outlet_id, func.max(Article.first_seen_at)).group_by(Article.outlet_id)
    return dict(session.execute(query).all())


def links(session: Session, *, since: datetime, until: datetime) -> dict[str, tuple[Link, ...]]:
    """How the links of each outlet's chain compare on the articles first seen between the two times.

    A kind of list counts for an outlet once it showed any of its articles; `until` leaves the others time to follow.
    """
    kinds = {"feed": Article.in_feed, "sitemap": Article.in_sitemap, "listing": Article.in_listing}
    counts: list[ColumnElement[int]] = [func.count()]
    for kind, column in kinds.items():
        others = [other for name, other in kinds.items() if name != kind]
        counts += [func.count(column), func.count(case((_is_first(column, others), 1)))]
    query = (
        select(Article.outlet_id, *counts)
        .where(Article.first_seen_at >= since, Article.first_seen_at < until, Article.same_as.is_(None))
        .group_by(Article.outlet_id)
    )
    found = {}
    for outlet, total, *rest in session.execute(query):
        pairs = zip(kinds, rest[::2], rest[1::2], strict=True)
        found[outlet] = tuple(Link(kind, seen, first, total - seen) for kind, seen, first in pairs if seen)
    return found


def _is_first(
    column: InstrumentedAttribute[datetime | None], others: Sequence[InstrumentedAttribute[datetime | None]]
) -> ColumnElement[bool]:
    """Shown there, and by no other list at an earlier time; lists of one moment are first together."""
    return and_(column.is_not(None), *(func.coalesce(other, column) >= column for other in others))


def readings(session: Session, *, since: datetime) -> dict[str, list[Reading]]:
    """How the bodies of pages were found, by outlet and day (UTC), oldest first."""
    how = ArticleVersion.provenance["body"].as_string()
    day = func.date(ArticleVersion.fetched_at)
    by_rule = func.count(case((how.startswith(RULE), 1)))
    query = (
        select(Article.outlet_id, cast(day, Date) if _has_dates(session) else day, by_rule, func.count(how))
        .join(Article, Article.id == ArticleVersion.article_id)
        .where(ArticleVersion.origin == "page", ArticleVersion.fetched_at >= since)
        .group_by(Article.outlet_id, day)
        .order_by(Article.outlet_id, day)
    )
    found: defaultdict[str, list[Reading]] = defaultdict(list)
    for outlet, when, rule, total in session.execute(query):
        stamp = date.fromisoformat(when) if isinstance(when, str) else when
        found[outlet].append(Reading(stamp, rule, total - rule))
    return dict(found)


def _has_dates(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"


def page_failures(session: Session) -> dict[str, int]:
    """Pages that were never read and whose last attempt failed, by outlet."""
    query = (
        select(Article.outlet_id, func.count())
        .where(Article.page == "failed", Article.same_as.is_(None))
        .group_by(Article.outlet_id)
    )
    return dict(session.execute(query).all())
