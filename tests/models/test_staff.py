"""Leaving, standing in, the emergency key: who may do what afterwards, and that all of it is on record."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models.session import Store
from models.store import audit, staff, users
from models.store.users import UserError
from models.tables import AuditEntry, Case, CaseDetail, CaseTask, Departure, Subscription, User

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def people(store: Store) -> dict[str, int]:
    """Lan with a case, a task and a subscription; Minh; Quân, who keeps the house."""
    with store.write() as session:
        made = {
            name: users.add_user(session, name=name, display=name.title(), role=role, now=NOW)
            for name, role in (("lan", "officer"), ("minh", "officer"), ("quan", "admin"))
        }
        users.set_territory(session, made["lan"], ["01"])
        users.set_territory(session, made["minh"], ["38"])
        ids = {name: user.id for name, user in made.items()}
        for number, (owner, state) in enumerate((("lan", "mo"), ("lan", "dong"), ("minh", "mo")), 1):
            case = Case(code=f"VV-{number}", state=state, opened_at=NOW, opened_by=ids["minh"], note=None)
            session.add(case)
            session.flush()
            session.add(CaseDetail(case_id=case.id, owner_id=ids[owner]))
        for done in (None, NOW):
            task = CaseTask(case_id=1, text="Gọi", assignee_id=ids["lan"], created_at=NOW, created_by=ids["lan"])
            task.done_at = done
            session.add(task)
        channel = Subscription(user_id=ids["lan"], name="x", channel="json://a.example", places=[], types=[])
        session.add(channel)
    return ids


def person(session: object, user_id: int) -> User:
    return users.get_user(session, user_id)  # type: ignore[arg-type]


def test_who_leaves_is_signed_out_and_leaves_no_open_work_behind(store: Store, people: dict[str, int]) -> None:
    with store.write() as session:
        secret = users.open_session(session, person(session, people["lan"]), NOW)
    with store.write() as session:
        lan, minh = person(session, people["lan"]), person(session, people["minh"])
        with pytest.raises(UserError, match="hãy chọn người nhận"):
            staff.leave(session, lan, None, by=people["quan"], now=NOW)
        with pytest.raises(UserError, match="cùng vai trò"):
            staff.leave(session, lan, person(session, people["quan"]), by=people["quan"], now=NOW)
        staff.leave(session, lan, minh, by=people["quan"], now=NOW)
    with store.read() as session:
        assert users.find_session(session, secret, NOW) is None
        assert not person(session, people["lan"]).active
        assert staff.open_work(session, people["lan"]) == staff.OpenWork(0, 0, 0)
        assert staff.open_work(session, people["minh"]).cases == 2
        assert session.get_one(CaseDetail, 2).owner_id == people["lan"], "what is closed keeps its history"
        assert [task.assignee_id for task in session.scalars(select(CaseTask).order_by(CaseTask.id))] == [
            people["minh"],
            people["lan"],
        ]
        gone = session.scalars(select(Departure)).one()
        assert (gone.cases, gone.tasks, gone.subscriptions, gone.by_id) == (1, 1, 1, people["quan"])
        assert "user.leave" in session.scalars(select(AuditEntry.action)).all()
        assert audit.verify(session) is None


def test_a_deputy_sees_both_territories_until_the_last_day(store: Store, people: dict[str, int]) -> None:
    with store.write() as session:
        secret = users.open_session(session, person(session, people["minh"]), NOW)
        lan, minh = person(session, people["lan"]), person(session, people["minh"])
        with pytest.raises(UserError, match="Thời hạn"):
            staff.stand_in(session, lan, minh, until=NOW, by=people["quan"], now=NOW)
        number = staff.stand_in(session, lan, minh, until=NOW + timedelta(minutes=30), by=people["quan"], now=NOW)

    def territory(at: datetime) -> tuple[str, ...]:
        with store.read() as session:
            found = users.find_session(session, secret, at)
        assert found is not None
        return found[0].territory

    assert territory(NOW) == ("38", "01")
    assert territory(NOW + timedelta(minutes=31)) == ("38",)
    with store.write() as session:
        staff.end_stand_in(session, number, by=people["quan"], now=NOW + timedelta(minutes=5))
    assert territory(NOW + timedelta(minutes=6)) == ("38",)
    with store.write() as session:
        users.set_territory(session, person(session, people["lan"]), [])
        minh = person(session, people["minh"])
        secret = users.open_session(session, minh, NOW)
        staff.stand_in(session, person(session, people["lan"]), minh, until=NOW + DAY, by=None, now=NOW)
    assert territory(NOW) == (), "who stands in for somebody without limits has none"


def test_a_lost_phone_takes_the_second_step_away_and_ends_every_session(store: Store, people: dict[str, int]) -> None:
    with store.write() as session:
        lan = person(session, people["lan"])
        users.set_totp(session, lan, "JBSWY3DPEHPK3PXP")
        lan.password_hash = "x"
        secret = users.open_session(session, lan, NOW)
        token = staff.reset(session, lan, by=people["quan"], now=NOW)
    with store.write() as session:
        lan = person(session, people["lan"])
        assert (lan.password_hash, lan.totp_secret, lan.must_change) == (None, None, True)
        assert users.find_session(session, secret, NOW) is None
        signed_in = users.use_sign_in_token(session, token, NOW)
        assert signed_in is not None
        assert signed_in.id == lan.id


def test_the_emergency_key_is_a_new_name_and_on_record(store: Store, people: dict[str, int]) -> None:
    with store.write() as session:
        with pytest.raises(UserError, match="Đã có"):
            staff.emergency(session, "quan", now=NOW)
        token = staff.emergency(session, "truc", now=NOW)
        made = users.use_sign_in_token(session, token, NOW)
        assert made is not None
        assert (made.role, made.must_change) == ("admin", True)
        assert session.scalars(select(AuditEntry.action)).all()[-1] == "user.emergency"
