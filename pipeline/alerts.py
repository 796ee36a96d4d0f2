"""Tell the right person of a grave story within a minute, once, and again only when it turns graver.

Three steps over the store, each safe to run twice: queue what is new, send what is due, hand on what nobody answered.
An alert says what the neutral summary says, so nothing that identifies a child is in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from functools import partial

from sqlalchemy.orm import Session

from classifier.places import Gazetteer
from classifier.places.territory import Territory
from models.clock import VIET_NAM, day_of
from models.records import Place
from models.session import Store
from models.store import alerts, reading
from models.store.reading import StoryView
from models.store.search import matching
from models.tables import Place as PlaceRow
from models.tables import SavedSearch, Subscription
from pipeline.channels import send
from pipeline.config import Settings
from pipeline.facts import facts_of
from pipeline.neutral import neutral_headline, neutral_summary
from pipeline.outbox import AT_ONCE, CHANNEL_S, Book, Posting, Sender, deliver
from pipeline.place_words import gazetteer
from pipeline.searching import search_of
from pipeline.urgency import Line, Situation, Urgency, load_table, rate

BOOK = Book("alert", alerts.sent, alerts.failed)


@dataclass(frozen=True, slots=True)
class Rules:
    """`territory` codes are the deployment's own; `public_url` is where the review pages are reached."""

    table: tuple[Line, ...]
    territory: tuple[str, ...]
    gazetteer: Gazetteer
    public_url: str

    def holds(self, codes: Sequence[str], place: Place | None) -> str | None:
        if not codes:
            return None
        return Territory.of(codes, self.gazetteer).holds(place)


def queue_new(store: Store, rules: Rules, *, now: datetime) -> int:
    """Queue grave stories of yesterday and today for everybody who asked; returns how many alerts are new."""
    today, count = day_of(now), 0
    with store.write() as session:
        wanted = alerts.active_subscriptions(session)
        if not wanted:
            return 0
        views = [view for view in reading.stories_between(session, today - timedelta(days=1), today) if _open(view)]
        told = alerts.told_gravity(session, [view.id for view in views])
        for view in views:
            for subscription in wanted:
                urgency = _asked_for(view, subscription, rules, now)
                if urgency is None or urgency.gravity <= told.get((view.id, subscription.id), -1):
                    continue
                if subscription.search_id and not _found(session, subscription.search_id, view):
                    continue
                title, body = words_of(view, urgency, rules.public_url)
                count += alerts.queue(
                    session,
                    story_id=view.id,
                    subscription_id=subscription.id,
                    gravity=urgency.gravity,
                    title=title,
                    body=body,
                    at=now,
                    due=after_quiet(now, subscription.quiet_from, subscription.quiet_to),
                )
    return count


def _open(view: StoryView) -> bool:
    """Stories that a person rejected, and those of which no article is flagged any more, alarm nobody."""
    rejected = view.decision is not None and view.decision.action == "reject"
    return not rejected and any(item.verdict is not None and item.verdict.flag for item in view.items)


def _asked_for(view: StoryView, subscription: Subscription, rules: Rules, now: datetime) -> Urgency | None:
    facts, place = facts_of(view), _place(view)
    codes = tuple(subscription.places) or rules.territory
    where = rules.holds(codes, place)
    if where == "no" or (subscription.types and not set(subscription.types) & set(facts.types)):
        return None
    urgency = rate(Situation(facts, where, view.first_seen_at, now), rules.table)
    return urgency if urgency.grave and urgency.gravity >= subscription.gravity_min else None


def _place(view: StoryView) -> Place | None:
    rows = (item.place for item in (view.lead, *view.items) if item.place is not None)
    return next(map(_record, rows), None)


def _record(row: PlaceRow) -> Place:
    return Place(
        commune=row.commune,
        district=row.district,
        province=row.province,
        era=row.era,
        old_codes=tuple(row.old_codes),
        new_codes=tuple(row.new_codes),
        old_province=row.old_province,
        new_province=row.new_province,
        words=row.words,
        confidence=row.confidence,
    )


def _found(session: Session, search_id: int, view: StoryView) -> bool:
    saved = session.get_one(SavedSearch, search_id)
    return bool(matching(session, search_of(saved), [item.id for item in view.items]))


def words_of(view: StoryView, urgency: Urgency, public_url: str) -> tuple[str, str]:
    """Title and text of an alert, in Vietnamese, from facts alone."""
    facts = facts_of(view)
    why = "\n".join(f"- {line.words}" for line in urgency.lines if line.grave)
    body = (
        f"{neutral_summary(facts)}\n\nVì sao gấp:\n{why}\n\n"
        f"Xem và nhận việc: {public_url.rstrip('/')}/tin/{view.id}\n"
        "Tổng hợp từ báo chí, chưa xác minh."
    )
    return f"[Điểm báo] {neutral_headline(facts)}", body


def after_quiet(now: datetime, quiet_from: str | None, quiet_to: str | None) -> datetime:
    """The moment itself, or the end of the quiet hours (Vietnamese clock, may span midnight) that it falls into."""
    if not quiet_from or not quiet_to or quiet_from == quiet_to:
        return now
    local = now.astimezone(VIET_NAM)
    begin, end = time.fromisoformat(quiet_from), time.fromisoformat(quiet_to)
    clock = local.time()
    inside = begin <= clock < end if begin < end else clock >= begin or clock < end
    if not inside:
        return now
    over = local.replace(hour=end.hour, minute=end.minute, second=0, microsecond=0)
    return over if over > local else over + timedelta(days=1)


def send_due(
    store: Store, send: Sender, *, now: Callable[[], datetime], patience_s: float = CHANNEL_S
) -> tuple[int, int]:
    """Send what is due; returns how many were sent and how many failed for now. Safe to run beside itself."""
    with store.write() as session:
        waiting = alerts.claim(session, now=now(), limit=AT_ONCE)
    lines = [Posting(one.id, partial(send, one.channel, one.title, one.body)) for one in waiting]
    return deliver(store, lines, BOOK, now=now, patience_s=patience_s)


def hand_on(store: Store, *, now: datetime) -> int:
    """Tell the next person where nobody acknowledged in time; returns how many alerts were handed on."""
    count = 0
    with store.write() as session:
        for alert, subscription_id in alerts.unanswered(session, now=now):
            count += alerts.queue(
                session,
                story_id=alert.story_id,
                subscription_id=subscription_id,
                gravity=alert.gravity,
                title=alert.title,
                body=f"Chưa ai nhận việc này.\n\n{alert.body}",
                at=now,
                due=now,
                escalated_from=alert.id,
            )
    return count


def run_alerts(
    store: Store, settings: Settings, *, now: Callable[[], datetime], sender: Sender = send
) -> tuple[int, int]:
    """All three steps with the deployment's rules; returns (sent, failed for now)."""
    with store.read() as session:
        if not alerts.active_subscriptions(session):
            return 0, 0
    rules = Rules(load_table(settings.data_dir / "urgency.toml"), settings.territory, gazetteer(), settings.public_url)
    queue_new(store, rules, now=now())
    hand_on(store, now=now())
    return send_due(store, sender, now=now)
