"""Reminders of the yearly reports go to everybody who gets alerts, once each, over the same channels."""

from collections.abc import Callable
from datetime import date, datetime, time
from functools import partial

from models.clock import VIET_NAM, day_of
from models.session import Store
from models.store import alerts, reminders
from models.store.reminders import Telling
from pipeline.alerts import after_quiet
from pipeline.channels import send
from pipeline.config import Settings
from pipeline.outbox import AT_ONCE, Book, Posting, Sender, deliver
from pipeline.report_calendar import Reminding, ReportCalendar, read_calendar
from pipeline.report_calendar import reminders as due_today

BOOK = Book("reminder", reminders.sent, reminders.failed)
OFFICE_OPENS = time(7)
FILE = "report_calendar.toml"


def run_reminders(
    store: Store, settings: Settings, *, now: Callable[[], datetime], sender: Sender = send
) -> tuple[int, int]:
    """Queue what the calendar asks for today and send what is due; returns (sent, failed for now)."""
    queue_reminders(store, read_calendar(settings.data_dir / FILE), settings.public_url, now=now())
    with store.read() as session:
        if not reminders.any_due(session, now=now()):
            return 0, 0
    with store.write() as session:
        waiting = reminders.claim(session, now=now(), limit=AT_ONCE)
    return deliver(
        store, [Posting(one.id, partial(sender, one.channel, one.title, one.body)) for one in waiting], BOOK, now=now
    )


def queue_reminders(store: Store, calendar: ReportCalendar, public_url: str, *, now: datetime) -> int:
    """Returns how many tellings are new. They go out when offices open, outside the person's quiet hours; a person
    gets each over each channel once, however many subscriptions use it."""
    today = day_of(now)
    tellings = [_telling(one, today, public_url) for one in due_today(calendar, today)]
    if not tellings:
        return 0
    opens = max(now, datetime.combine(today, OFFICE_OPENS, VIET_NAM))
    with store.read() as session:
        told = reminders.queued(session, tellings)
        wanted = {(row.user_id, row.channel): row for row in reversed(alerts.active_subscriptions(session))}
    new = [(one, to) for one in tellings for to in wanted.values() if (*one.key, to.id) not in told]
    if not new:
        return 0
    with store.write() as session:
        return sum(
            reminders.queue(session, one, to.id, at=now, due=after_quiet(opens, to.quiet_from, to.quiet_to))
            for one, to in new
        )


def _telling(one: Reminding, today: date, public_url: str) -> Telling:
    due, report = one.due, one.due.report
    left = (due.last_day - today).days
    how_long = f"còn {left} ngày" if left else "hôm nay là ngày cuối"
    period = f"tu={due.period.first.isoformat()}&den={due.period.last.isoformat()}"
    body = (
        f"{report.name}\n"
        f"Nơi nhận: {report.recipient}\n"
        f"Hạn: trước ngày {due.before:%d/%m/%Y} ({how_long}).\n"
        f"Số liệu tính từ {due.period.first:%d/%m/%Y} đến {due.period.last:%d/%m/%Y}.\n"
        f"Căn cứ: {report.basis}\n\n"
        f"Lập báo cáo: {public_url.rstrip('/')}/bao-cao?{period}"
    )
    return Telling(report.code, due.before, one.days, f"[Điểm báo] Nhắc hạn báo cáo trước {due.before:%d/%m/%Y}", body)
