"""Which entries of a list are news, and whether a page of them reaches back behind the time that nobody read."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from models.clock import VIET_NAM
from models.records import FeedEntry
from spiders.identity import BadAddress, article_identity
from spiders.jobs import ListKind, ListOutcome
from spiders.paging import day_in_address

SITEMAP_REACH = timedelta(days=3)
SITEMAP_END = 100
FEWEST_OLD, SHARE_OLD, SHARE_FIRST = 3, 0.2, 0.5
"""So many old entries of a page are no accident. On the first page of saved sections up to 0.47 stand in boxes of
videos, favourites and the like, whatever their age; further pages repeat those, and what is new on them is the stream
itself, the newest first."""


def identity_of(url: str, *, canonical: str | None = None) -> str | None:
    """The key of the article at an address, None for an address that no page can have."""
    try:
        return article_identity(url, canonical=canonical)
    except BadAddress:
        return None


def day_begins(day: date) -> datetime:
    return datetime.combine(day, time(), VIET_NAM)


def fresh_enough(outcome: ListOutcome, gap_since: date | None) -> list[FeedEntry]:
    """A plain sitemap may name all that a paper ever printed: only the last days of it are news, and of entries
    without a date those at either end, where new ones are added. Feeds and section pages are taken whole. After a gap
    the news begins with its first day."""
    if outcome.job.kind != "sitemap":
        return list(outcome.entries)
    since = outcome.fetched_at - SITEMAP_REACH
    if gap_since is not None:
        since = min(since, day_begins(gap_since))
    undated = [number for number, entry in enumerate(outcome.entries) if entry.published is None]
    ends = {*undated[:SITEMAP_END], *undated[-SITEMAP_END:]}
    return [
        entry
        for number, entry in enumerate(outcome.entries)
        if (entry.published >= since if entry.published is not None else number in ends)
    ]


def lies_behind(entries: Sequence[FeedEntry], known: Collection[str], since: date, *, first: bool) -> bool:
    """Whether what a page is the first to show goes back behind the day: by the dates beside the headlines or in the
    addresses, else by `known`, the identities of articles that were seen before that day. `first`: of its section."""
    start = day_begins(since)

    def old(entry: FeedEntry) -> bool:
        if entry.published is not None:
            return entry.published < start
        stated = day_in_address(entry.url)
        return stated < since if stated is not None else identity_of(entry.url) in known

    count = sum(map(old, entries))
    share = SHARE_FIRST if first else SHARE_OLD
    return count >= max(min(FEWEST_OLD, len(entries)), share * len(entries), 1)


def to_walk(kind: ListKind, good_at: datetime | None, gap_since: date | None) -> bool:
    """Whether a list is a section whose last good answer is from before the gap: it is walked through once."""
    if kind != "listing" or gap_since is None:
        return False
    return good_at is None or good_at.astimezone(VIET_NAM).date() <= gap_since
