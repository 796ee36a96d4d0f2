"""Reminders of yearly reports: who is told, when, and that nobody is told twice."""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

from models.session import Store
from models.store import users
from models.tables import Subscription
from pipeline.config import Settings
from pipeline.reminding import queue_reminders, run_reminders
from pipeline.report_calendar import read_calendar
from pipeline.telling import tell
from tests.pipeline.mailbox import Mailbox, address, mail_server

__all__ = ["mail_server"]
CALENDAR = read_calendar()
URL = "https://diembao.example/"
MORNING = datetime(2026, 12, 2, 1, 0, tzinfo=UTC)
"""08:00 in Viet Nam, seven days before the last day of the second report."""


def fixed(moment: datetime) -> datetime:
    return moment


def subscribe(store: Store, channel: str, name: str = "an", **wanted: Any) -> None:
    values = {"places": [], "types": [], "gravity_min": 0, **wanted}
    with store.write() as session:
        user = users.find_user(session, name) or users.add_user(
            session, name=name, display=name, role="officer", now=MORNING
        )
        session.add(Subscription(user_id=user.id, name="Nặng", channel=channel, **values))


def test_each_person_is_told_once_over_each_channel_however_often_the_timer_runs(store: Store) -> None:
    subscribe(store, "json://a.example")
    subscribe(store, "json://a.example", types=["boc_lot"])
    subscribe(store, "json://b.example")
    subscribe(store, "json://b.example", name="binh")
    subscribe(store, "json://c.example", name="chau", active=False)
    settings, told = Settings(public_url=URL), list[tuple[str, str, str]]()

    def take(channel: str, title: str, body: str) -> bool:
        told.append((channel, title, body))
        return True

    for minute in range(0, 60 * 24, 180):
        tell(store, settings, now=partial(fixed, MORNING + timedelta(minutes=minute)), sender=take)
    seven = [letter for letter in told if "10/12/2026" in letter[1]]
    assert sorted(channel for channel, _, _ in seven) == ["json://a.example", "json://b.example", "json://b.example"]
    assert len(told) == 6, "the other report's first reminder, missed the day before, is made up for once"
    body = seven[0][2]
    assert "Chỉ thị 18/CT-TTg" in body
    assert "còn 7 ngày" in body
    assert "https://diembao.example/bao-cao?tu=2025-12-01&den=2026-11-30" in body


def test_reminders_wait_for_the_morning_and_for_the_end_of_quiet_hours(sqlite_store: Store) -> None:
    subscribe(sqlite_store, "early")
    subscribe(sqlite_store, "late", quiet_from="22:00", quiet_to="09:30")
    night = datetime(2026, 12, 1, 17, 5, tzinfo=UTC)  # five past midnight
    told = list[str]()

    def take(channel: str, title: str, body: str) -> bool:
        told.append(channel)
        return bool(title and body)

    def told_by(hour: int, minute: int) -> set[str]:
        at = night.replace(day=2, hour=hour - 7, minute=minute) if hour >= 7 else night
        run_reminders(sqlite_store, Settings(public_url=URL), now=lambda: at, sender=take)
        return set(told)

    assert told_by(0, 5) == set()
    assert told_by(7, 0) == {"early"}
    assert told_by(9, 29) == {"early"}
    assert told_by(9, 31) == {"early", "late"}


def test_a_channel_that_fails_is_tried_until_it_takes_the_reminder(sqlite_store: Store) -> None:
    subscribe(sqlite_store, "json://a.example")
    answers, first = iter([False, False, True]), datetime(2026, 10, 21, 1, 0, tzinfo=UTC)
    outcomes = [
        run_reminders(
            sqlite_store,
            Settings(public_url=URL),
            now=partial(fixed, first + number * timedelta(minutes=10)),
            sender=lambda *_: next(answers),
        )
        for number in range(5)
    ]
    assert outcomes == [(0, 1), (0, 1), (1, 0), (0, 0), (0, 0)]


def test_on_most_days_nobody_is_told_anything(sqlite_store: Store) -> None:
    subscribe(sqlite_store, "json://a.example")
    quiet_day = datetime.combine(date(2026, 8, 1), MORNING.timetz())
    assert queue_reminders(sqlite_store, CALENDAR, URL, now=quiet_day) == 0


def test_a_reminder_arrives_by_real_smtp(sqlite_store: Store, mail_server: tuple[Mailbox, int]) -> None:
    mailbox, port = mail_server
    subscribe(sqlite_store, address(port))
    sent, failed = run_reminders(sqlite_store, Settings(public_url=URL), now=lambda: MORNING)
    assert (sent, failed) == (2, 0)
    assert len(mailbox.letters) == 2
