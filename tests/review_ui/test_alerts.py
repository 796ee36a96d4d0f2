"""Subscriptions that show no secret, taking a story on, why it is urgent, and what administrators see of the queue."""

from datetime import timedelta

from sqlalchemy import select

from models.store import alerts, users
from models.tables import Alert, AuditEntry, SavedSearch, Subscription
from pipeline.alerts import Rules, queue_new, send_due
from pipeline.place_words import gazetteer
from pipeline.urgency import load_table
from review_ui.views.alerts import plain
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW
from tests.review_ui.test_digest import queue
from tests.review_ui.test_statements import statements

CHANNEL = "json://ai:mat-khau@may-chu.example/cho-bi-mat"
RULES = Rules(load_table(), (), gazetteer(), "https://diembao.example")


def subscribe(person: Person, **fields: object) -> int:
    person.get("/bao-dong")
    return person.post("/bao-dong", **{"ten": "Tin gấp mẫu", "kenh": CHANNEL, **fields}).status_code


def only(world: World) -> Subscription:
    with world.store.read() as session:
        return session.scalars(select(Subscription)).one()


def alarm(world: World) -> None:
    with world.store.write() as session:
        session.flush()
    assert queue_new(world.store, RULES, now=NOW) >= 1


def refuse(channel: str, title: str, body: str) -> bool:
    raise ConnectionError(f"no way to {channel}")


def test_a_subscription_is_kept_as_asked_and_its_channel_is_never_shown_again(world: World, officer: Person) -> None:
    wish = {"noi": "hà nội; phường bình thuận lâm đồng", "types": "bao_luc", "muc": "10", "tu": "22:00", "den": "06:30"}
    assert subscribe(officer, **wish) == 303
    row = only(world)
    assert (row.channel, row.places, row.types, row.gravity_min) == (CHANNEL, ["new:01", "new:22960"], ["bao_luc"], 10)
    assert (row.quiet_from, row.quiet_to, row.ack_minutes, row.escalate_to) == ("22:00", "06:30", None, None)
    page = officer.get("/bao-dong").text
    assert "json://…" in page
    assert "P. Bình Thuận, Lâm Đồng" in page
    for secret in ("mat-khau", "cho-bi-mat", "may-chu"):
        assert secret not in page
    with world.store.read() as session:
        assert not any("mat-khau" in str(detail) for detail in session.scalars(select(AuditEntry.detail)))


def test_what_cannot_be_kept_is_said_and_the_channel_is_not_repeated(officer: Person) -> None:
    assert subscribe(officer, kenh="cho-bi-mat") == 400
    assert "cho-bi-mat" not in officer.last.text
    assert subscribe(officer, noi="bình thuận") == 400
    assert "«bình thuận» có thể là" in officer.last.text
    assert subscribe(officer, noi="nơi không có") == 400
    assert subscribe(officer, noi="new:99999") == 400
    assert subscribe(officer, ten="") == 400
    assert subscribe(officer, tu="22:00", den="") == 400
    assert subscribe(officer, tu="ba", den="bốn") == 400
    assert subscribe(officer, muc="5000") == 400
    assert subscribe(officer, phut="10", tiep="77") == 400
    assert "Bạn chưa đăng ký" in officer.get("/bao-dong").text


def test_a_subscription_is_stopped_started_and_taken_away_by_its_owner_alone(world: World, officer: Person) -> None:
    subscribe(officer)
    other = world.sign_in("minh")
    other.get("/bao-dong")
    for address in ("/bao-dong/1/dung", "/bao-dong/1/xoa"):
        assert other.post(address, active="0").status_code == 404
    officer.get("/bao-dong")
    officer.post("/bao-dong/1/dung", active="0")
    assert not only(world).active
    officer.post("/bao-dong/1/dung", active="1")
    assert only(world).active
    alarm(world)
    officer.post("/bao-dong/1/xoa")
    row = only(world)
    assert (row.active, row.channel) == (False, "")
    with world.store.read() as session:
        assert {alert.state for alert in session.scalars(select(Alert))} == {"dropped"}
        assert alerts.claim(session, now=NOW + timedelta(days=2), limit=10) == []
    assert "Bạn chưa đăng ký" in officer.get("/bao-dong").text
    assert officer.post("/bao-dong/1/dung", active="1").status_code == 400


def test_whoever_is_next_in_line_cannot_leave_unnoticed(world: World, officer: Person) -> None:
    subscribe(officer)
    chief = world.sign_in("minh")
    assert subscribe(chief, phut="15", tiep="1") == 303
    assert "sau 15 phút báo Người LAN: Tin gấp mẫu" in chief.get("/bao-dong").text
    officer.get("/bao-dong")
    assert officer.post("/bao-dong/1/xoa").status_code == 400
    assert "chuyển tiếp tới đăng ký này" in officer.last.text


def test_a_person_with_a_territory_of_their_own_is_told_of_nothing_outside_it(one_world: World) -> None:
    with one_world.store.write() as session:
        user = users.find_user(session, "lan")
        assert user is not None
        users.set_territory(session, user, ["48"])
    person = one_world.sign_in("lan")
    assert subscribe(person, noi="hà nội") == 400
    assert "không nằm trong địa bàn của bạn" in person.last.text
    assert subscribe(person) == 303
    assert only(one_world).places == ["48"]
    queue_new(one_world.store, RULES, now=NOW)
    with one_world.store.read() as session:
        assert 1 not in set(session.scalars(select(Alert.story_id))), "the story in Hà Nội"


def test_a_story_shows_its_alerts_and_is_taken_on_with_one_button(world: World, officer: Person) -> None:
    subscribe(officer)
    alarm(world)
    page = officer.get("/tin/1").text
    assert '<h2 id="bao-dong">Báo động</h2>' in page
    assert "chưa gửi được" in page
    send_due(world.store, lambda *_: True, now=world.clock)
    assert officer.post("/tin/1/tiep-nhan").headers["location"] == "/tin/1#bao-dong"
    page = officer.get("/tin/1").text
    assert "Người LAN đã tiếp nhận" in page
    assert "<button>Đã tiếp nhận</button>" not in page
    officer.post("/tin/1/tiep-nhan")
    with world.store.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action == "alert.acknowledge")).all()
    assert [(entry.object, entry.detail) for entry in entries] == [("story/1", {"alerts": 1})]


def test_a_story_says_why_it_is_urgent(officer: Person) -> None:
    page = officer.get("/tin/1").text
    assert "Vì sao gấp" in page
    assert "Trẻ có thể đang gặp nguy hiểm <span" in page


def test_a_broken_table_of_urgency_does_not_close_the_story(world: World, officer: Person) -> None:
    folder = world.app.state.house.settings.data_dir
    (folder / "urgency.toml").write_text("[[line]]\nhong = 1\n", "utf-8")
    assert officer.get("/tin/1").status_code == 200
    assert "Vì sao gấp" not in officer.last.text


def test_administrators_see_what_waits_but_neither_content_nor_secrets(world: World, officer: Person) -> None:
    admin = world.sign_in("quan")
    assert "Không có báo động nào đang chờ" in admin.get("/quan-tri/bao-dong").text
    subscribe(officer)
    alarm(world)
    send_due(world.store, refuse, now=world.clock)
    page = admin.get("/quan-tri/bao-dong").text
    assert "Người LAN (Tin gấp mẫu)" in page
    assert "ConnectionError" in page
    assert "mat-khau" not in page
    assert "bạo lực" not in page


def test_addresses_are_cut_out_of_errors() -> None:
    assert plain("lỗi ở mailtos://a:b@c?to=d khi gửi") == "lỗi ở … khi gửi"
    assert plain(None) == ""


def test_the_page_takes_as_many_statements_for_many_subscriptions_as_for_few(world: World, officer: Person) -> None:
    subscribe(officer)
    few = statements(world, officer, "/bao-dong")
    for number in range(10):
        subscribe(officer, ten=f"Mẫu {number}")
    assert statements(world, officer, "/bao-dong") == few
    assert few <= 8


def test_only_one_s_own_saved_search_is_subscribed(world: World, officer: Person) -> None:
    with world.store.write() as session:
        lan, minh = users.find_user(session, "lan"), users.find_user(session, "minh")
        assert lan is not None
        assert minh is not None
        for user in (lan, minh):
            kept = SavedSearch(user_id=user.id, name=f"Của {user.name}", words="nhóm lớp", filters={}, created_at=NOW)
            session.add(kept)
    officer.get("/bao-dong")
    assert "Của lan" in officer.last.text
    assert "Của minh" not in officer.last.text
    assert subscribe(officer, tim="2") == 400
    assert "không phải của bạn" in officer.last.text
    assert subscribe(officer, tim="1") == 303
    assert only(world).search_id == 1
    assert "tìm kiếm «Của lan»" in officer.get("/bao-dong").text


def test_administrators_see_digests_that_wait(world: World, officer: Person) -> None:
    queue(world, officer)
    page = world.sign_in("quan").get("/quan-tri/bao-dong").text
    assert "Điểm báo chưa gửi" in page
    assert "Phòng mẫu" in page
