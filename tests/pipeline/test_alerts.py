"""Alerts end to end: a story in the store, a real SMTP server on loopback, channels that fail or are slow."""

import threading
import time
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from classifier.places import Gazetteer
from models.errors import DiembaoError
from models.records import FeedEntry, Reading, Verdict
from models.records import Place as FoundPlace
from models.session import Store
from models.store import alerts as queue
from models.store import articles, grouping, outlets, review, runs, users, verdicts
from models.store.review import Choice
from models.store.verdicts import Judged
from models.tables import Alert, Article, Story, Subscription
from pipeline.alerts import Rules, after_quiet, hand_on, queue_new, run_alerts, send_due
from pipeline.channels import ChannelError, check_channel, send
from pipeline.config import Settings
from pipeline.stories import group_new, load_index
from pipeline.subscriptions import Wish, add_subscription
from pipeline.urgency import load_table
from tests.pipeline.mailbox import Mailbox, free_port, mail_server

__all__ = ["mail_server"]
AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 21)
CHILD = "Nguyễn Thị Mẫu"


@pytest.fixture(scope="module")
def rules() -> Rules:
    return Rules(load_table(), ("01",), Gazetteer.load(), "https://diembao.example")


def add_story(store: Store, number: int, *, types: dict[str, float], commune: str = "00004") -> None:
    """A flagged article about a child whose name stands in headline, sapo and body, in a story of its own."""
    title = f"Vụ số {number}: cháu {CHILD} bị hại {'ở nhà trọ ' * number}"
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home="https://bao-mau.example", province=None)
        run_id = runs.start(session, day=DAY, at=AT)
        entry = FeedEntry(url=f"https://bao-mau.example/{number}", title=title, sapo=f"Cháu {CHILD}, lớp 3A")
        articles.see_entry(session, entry, identity=entry.url, outlet="bao_mau", run_id=run_id, day=DAY, at=AT)
        item = verdicts.unjudged(session, model="m", limit=9)[0]
        verdict = Verdict("m", 0.9, True, "vu_viec", types, stage="tin_ban_dau", age="6_12", sex="nu")
        place = FoundPlace("Mẫu", None, "Hà Nội", "new", (), (commune,), "01", "01", f"nhà {CHILD}", 0.9)
        verdicts.save(session, [Judged(item, verdict, place)], finder="f", at=AT)
    group_new(store, load_index(store, today=DAY), now=lambda: AT)
    assert isinstance(item.reading, Reading)


def subscribe(store: Store, channel: str, **wanted: Any) -> int:
    values = {"places": [], "types": [], "gravity_min": 0, **wanted}
    with store.write() as session:
        name = f"can_bo_{len(users.all_users(session))}"
        user = users.add_user(session, name=name, display="Cán bộ", role="officer", now=AT)
        subscription = Subscription(user_id=user.id, name="Nặng", channel=channel, **values)
        session.add(subscription)
        session.flush()
        return subscription.id


def fixed(moment: datetime) -> datetime:
    return moment


class Taker:
    """A channel in memory that can be told to fail."""

    def __init__(self, failures: int = 0) -> None:
        self.failures, self.taken = failures, list[tuple[str, str, str]]()

    def __call__(self, channel: str, title: str, body: str) -> bool:
        if self.failures:
            self.failures -= 1
            return False
        self.taken.append((channel, title, body))
        return True


def test_a_grave_story_is_told_once_and_again_when_it_turns_graver(store: Store, rules: Rules) -> None:
    subscribe(store, "json://a.example")
    add_story(store, 1, types={"xam_hai_tinh_duc": 0.9})
    assert [queue_new(store, rules, now=AT) for _ in range(3)] == [1, 0, 0]
    taker = Taker()
    assert send_due(store, taker, now=lambda: AT) == (1, 0)
    assert send_due(store, taker, now=lambda: AT) == (0, 0)
    with store.write() as session:
        from models.tables import Verdict as Row

        session.scalars(select(Row)).one().danger_now = True
    assert [queue_new(store, rules, now=AT) for _ in range(2)] == [1, 0]
    assert send_due(store, taker, now=lambda: AT) == (1, 0)
    assert len(taker.taken) == 2


def test_nothing_that_identifies_the_child_is_in_an_alert(store: Store, rules: Rules) -> None:
    subscribe(store, "json://a.example")
    add_story(store, 1, types={"xam_hai_tinh_duc": 0.9})
    queue_new(store, rules, now=AT)
    taker = Taker()
    send_due(store, taker, now=lambda: AT)
    (_, title, body) = taker.taken[0]
    for secret in (CHILD, "Mẫu", "3A", "nhà trọ", "bao-mau.example/1"):
        assert secret not in (title + body).replace("Báo Mẫu", "")
    assert "https://diembao.example/tin/" in body


def test_stories_elsewhere_and_of_other_types_are_not_told(store: Store, rules: Rules) -> None:
    subscribe(store, "json://a.example", places=["new:79"])
    subscribe(store, "json://a.example", types=["boc_lot"])
    subscribe(store, "json://a.example", gravity_min=1000)
    add_story(store, 1, types={"xam_hai_tinh_duc": 0.9})
    assert queue_new(store, rules, now=AT) == 0


def test_a_failing_channel_is_tried_again_and_never_given_up(store: Store, rules: Rules) -> None:
    subscribe(store, "json://a.example")
    add_story(store, 1, types={"tuoc_doat_tinh_mang": 0.9})
    queue_new(store, rules, now=AT)
    taker = Taker(failures=30)
    moments = (AT + number * timedelta(hours=1, seconds=1) for number in range(31))
    outcomes = [send_due(store, taker, now=partial(fixed, moment)) for moment in moments]
    assert outcomes == [(0, 1)] * 30 + [(1, 0)]


def test_a_channel_that_raises_or_hangs_does_not_hold_up_the_others(sqlite_store: Store, rules: Rules) -> None:
    for channel in ("hangs", "raises", "works"):
        subscribe(sqlite_store, channel)
    add_story(sqlite_store, 1, types={"tuoc_doat_tinh_mang": 0.9})
    assert queue_new(sqlite_store, rules, now=AT) == 3
    released = threading.Event()

    def act(channel: str, title: str, body: str) -> bool:
        if channel == "raises":
            message = "boom"
            raise RuntimeError(message)
        return channel == "works" or released.wait(20)

    began = time.monotonic()
    assert send_due(sqlite_store, act, now=lambda: AT, patience_s=0.5) == (1, 2)
    assert time.monotonic() - began < 5
    released.set()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with sqlite_store.read() as session:
            states = dict(session.execute(select(Subscription.channel, Alert.state).join(Alert)).all())
        if states["hangs"] == "sent":
            break
        time.sleep(0.05)
    assert states == {"hangs": "sent", "raises": "waiting", "works": "sent"}


def test_two_senders_beside_each_other_tell_once(store: Store, rules: Rules) -> None:
    subscribe(store, "json://a.example")
    add_story(store, 1, types={"tuoc_doat_tinh_mang": 0.9})
    queue_new(store, rules, now=AT)
    inner = Taker()

    def slow(channel: str, title: str, body: str) -> bool:
        assert send_due(store, inner, now=lambda: AT + timedelta(seconds=40)) == (0, 0), "it is being sent"
        return inner(channel, title, body)

    assert send_due(store, slow, now=lambda: AT) == (1, 0)
    assert len(inner.taken) == 1


def test_a_sender_that_died_leaves_its_alert_due(store: Store, rules: Rules) -> None:
    subscribe(store, "json://a.example")
    add_story(store, 1, types={"tuoc_doat_tinh_mang": 0.9})
    queue_new(store, rules, now=AT)
    with store.write() as session:
        assert len(queue.claim(session, now=AT, limit=9)) == 1
    assert send_due(store, Taker(), now=lambda: AT + timedelta(minutes=1)) == (0, 0)
    assert send_due(store, Taker(), now=lambda: AT + timedelta(minutes=3)) == (1, 0)


def test_stories_that_were_merged_are_not_told_anew(store: Store, rules: Rules) -> None:
    subscribe(store, "json://a.example")
    add_story(store, 1, types={"xam_hai_tinh_duc": 0.9})
    assert queue_new(store, rules, now=AT) == 1
    with store.write() as session:
        user = users.add_user(session, name="an", display="An", role="officer", now=AT)
        told = session.scalars(select(Alert.story_id)).one()
        between, stays = Story(day=DAY, created_at=AT), Story(day=DAY, created_at=AT)
        session.add_all((between, stays))
        session.flush()
        grouping.merge(session, between.id, told, user_id=user.id, now=AT)
        grouping.merge(session, stays.id, between.id, user_id=user.id, now=AT)
    assert queue_new(store, rules, now=AT) == 0
    with store.write() as session:
        assert queue.acknowledge(session, stays.id, user_id=user.id, at=AT) == 1


def test_quiet_hours_put_an_alert_off_until_they_end() -> None:
    night = datetime(2026, 11, 20, 16, 30, tzinfo=UTC)  # 23:30 in Viet Nam
    assert after_quiet(night, "22:00", "05:30") == datetime(2026, 11, 20, 22, 30, tzinfo=UTC)
    assert after_quiet(AT, "22:00", "05:30") == AT
    assert after_quiet(AT, "08:00", "10:00") == datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
    assert after_quiet(AT, None, None) == AT


def test_an_unanswered_alert_goes_to_the_next_person_once(store: Store, rules: Rules) -> None:
    chief = subscribe(store, "chief", gravity_min=10_000)
    subscribe(store, "officer", ack_minutes=15, escalate_to=chief)
    add_story(store, 1, types={"tuoc_doat_tinh_mang": 0.9})
    queue_new(store, rules, now=AT)
    taker = Taker()
    send_due(store, taker, now=lambda: AT)
    assert hand_on(store, now=AT + timedelta(minutes=14)) == 0
    later = AT + timedelta(minutes=16)
    assert [hand_on(store, now=later) for _ in range(2)] == [1, 0]
    send_due(store, taker, now=lambda: later)
    assert [channel for channel, _, _ in taker.taken] == ["officer", "chief"]


@pytest.mark.parametrize("merged", [False, True])
def test_an_alert_of_a_rejected_story_is_handed_on_only_when_the_decision_is_taken_back(
    store: Store, rules: Rules, merged: bool
) -> None:
    chief = subscribe(store, "chief", gravity_min=10_000)
    subscribe(store, "officer", ack_minutes=15, escalate_to=chief)
    add_story(store, 1, types={"tuoc_doat_tinh_mang": 0.9})
    queue_new(store, rules, now=AT)
    send_due(store, Taker(), now=lambda: AT)
    later = AT + timedelta(hours=5)
    with store.write() as session:
        story_id, article = session.scalars(select(Alert.story_id)).one(), session.scalars(select(Article)).one()
        assert article.version_id is not None
        user_id = users.all_users(session)[0].id
        if merged:
            stays = Story(day=DAY, created_at=AT)
            session.add(stays)
            session.flush()
            grouping.merge(session, stays.id, story_id, user_id=user_id, now=AT)
            story_id = stays.id
        choice = Choice("reject", article.id, article.version_id, article.verdict_id, None, reason="nguoi_lon")
        decided = review.decide(session, story_id, choice, user_id=user_id, now=AT)
    assert hand_on(store, now=later) == 0
    with store.write() as session:
        review.undo(session, story_id, seen_id=decided, user_id=user_id, now=AT)
    assert hand_on(store, now=later) == 1


def test_an_answered_alert_goes_to_nobody_else(store: Store, rules: Rules) -> None:
    chief = subscribe(store, "chief", gravity_min=10_000)
    subscribe(store, "officer", ack_minutes=15, escalate_to=chief)
    add_story(store, 1, types={"tuoc_doat_tinh_mang": 0.9})
    queue_new(store, rules, now=AT)
    send_due(store, Taker(), now=lambda: AT)
    with store.write() as session:
        story_id = session.scalars(select(Alert.story_id)).one()
        assert queue.acknowledge(session, story_id, user_id=users.all_users(session)[0].id, at=AT) == 1
    assert hand_on(store, now=AT + timedelta(hours=5)) == 0


def test_an_alert_arrives_by_real_smtp(sqlite_store: Store, rules: Rules, mail_server: tuple[Mailbox, int]) -> None:
    mailbox, port = mail_server
    address = f"mailto://127.0.0.1:{port}?from=diembao@coquan.example&to=canbo@coquan.example&mode=insecure"
    check_channel(address)
    subscribe(sqlite_store, address)
    add_story(sqlite_store, 1, types={"tuoc_doat_tinh_mang": 0.9})
    queue_new(sqlite_store, rules, now=AT)
    assert send_due(sqlite_store, send, now=lambda: AT) == (1, 0)
    assert len(mailbox.letters) == 1
    assert "canbo@coquan.example" in mailbox.letters[0]


def test_a_mail_server_that_is_down_leaves_the_alert_in_the_queue(sqlite_store: Store, rules: Rules) -> None:
    subscribe(sqlite_store, f"mailto://127.0.0.1:{free_port()}?from=a@b.example&to=c@d.example&mode=insecure")
    add_story(sqlite_store, 1, types={"tuoc_doat_tinh_mang": 0.9})
    queue_new(sqlite_store, rules, now=AT)
    assert send_due(sqlite_store, send, now=lambda: AT) == (0, 1)
    with sqlite_store.read() as session:
        assert session.scalars(select(Alert.state)).one() == "waiting"


def test_an_unreadable_channel_is_refused_without_repeating_its_password() -> None:
    with pytest.raises(ChannelError) as error:
        check_channel("khong-co-kenh-nay://an:mat-khau-bi-mat@may")
    assert "mat-khau-bi-mat" not in str(error.value)


def test_the_whole_round_runs_with_the_deployments_settings(sqlite_store: Store) -> None:
    subscribe(sqlite_store, "json://a.example")
    add_story(sqlite_store, 1, types={"tuoc_doat_tinh_mang": 0.9})
    taker = Taker()
    settings = Settings(territory=("new:01",))
    assert run_alerts(sqlite_store, settings, now=lambda: AT, sender=taker) == (1, 0)
    assert run_alerts(sqlite_store, settings, now=lambda: AT, sender=taker) == (0, 0)


@pytest.mark.parametrize(
    ("wish", "complaint"),
    [
        (Wish("a", "khong://x"), "địa chỉ kênh"),
        (Wish("a", "json://a.example", types=("bạo lực",)), "không có loại"),
        (Wish("a", "json://a.example", quiet=("22h", "05:00")), "giờ yên lặng"),
        (Wish("a", "json://a.example", ack_minutes=0), "số phút"),
        (Wish("a", "json://a.example", escalate_to=99), "số 99"),
        (Wish("a", "json://a.example", places=("999999",)), "999999"),
    ],
)
def test_a_wish_that_cannot_be_kept_is_refused_by_name(sqlite_store: Store, wish: Wish, complaint: str) -> None:
    with sqlite_store.write() as session:
        users.add_user(session, name="an", display="An", role="officer", now=AT)
        with pytest.raises(DiembaoError, match=complaint):
            add_subscription(session, "an", wish)
        assert add_subscription(session, "an", Wish("a", "json://a.example", places=("01",), quiet=("22:00", "05:00")))
