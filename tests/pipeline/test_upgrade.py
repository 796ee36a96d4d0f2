"""From the first released schema to this program's, with data; and back again when a step fails."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, make_url

from models.migrations import check_current, current, downgrade, head, upgrade
from models.session import Store
from models.store import audit, users
from models.tables import Article, User
from pipeline import backup
from pipeline import backup_rows as rows
from pipeline.config import Settings
from pipeline.upgrade import UpgradeError, run

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
RELEASED = "0001"


class Units:
    """The service's processes, as the upgrade drives them. `broken`: the new program does not come up."""

    def __init__(self, *, broken: bool = False) -> None:
        self.broken = broken
        self.did: list[str] = []

    def stop(self) -> None:
        self.did.append("stop")

    def start(self) -> None:
        self.did.append("start")
        if self.broken:
            raise UpgradeError("diembao-web không chạy lên được")


@pytest.fixture(params=["sqlite", "postgresql"])
def old(request: pytest.FixtureRequest) -> Store:
    """A deployment of the first release with data in it."""
    store: Store = request.getfixturevalue("sqlite_store" if request.param == "sqlite" else "postgres_store")
    downgrade(store.engine, "base")
    upgrade(store.engine, RELEASED)
    tables = {table.name: table for table in rows.tables_of(store.engine)}
    with store.engine.connect() as connection:
        user = {"name": "an", "display": "An", "role": "officer", "territory": ["01"], "active": True}
        user |= {"must_change": False, "failures": 0, "created_at": AT}
        outlet = {"id": "bao_mau", "title": "Báo Mẫu", "home": "https://bao-mau.example"}
        article = {"outlet_id": "bao_mau", "day": AT.date(), "first_seen_at": AT, "page": "read", "score": 0.5}
        article |= {"attempts": 0, "checks": 0}
        text = {"article_id": 1, "version_id": 1, "folded": "tin so mot", "exact": "tin số một"}
        connection.execute(tables["user"].insert(), [user])
        connection.execute(tables["outlet"].insert(), [outlet])
        found = [
            {"id": n, "url": f"https://bao-mau.example/{n}", "same_as": 2 if n == 1 else None, **article}
            for n in (2, 1)
        ]
        connection.execute(tables["article"].insert(), found)
        run = {"id": 1, "day": AT.date(), "started_at": AT, "counters": {"articles_read": 1}}
        version = {"id": 1, "article_id": 1, "number": 1, "origin": "page", "run_id": 1, "fetched_at": AT}
        version |= {"sha256": "x", "title": "Tin", "sapo": "", "body": "Thân bài", "provenance": {}}
        connection.execute(tables["run"].insert(), [run])
        connection.execute(tables["article_version"].insert(), [version])
        connection.execute(tables["search_text"].insert(), [text])
        connection.commit()
    return store


def settings_of(store: Store, tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "var", database_url=make_url(store.url).render_as_string(hide_password=False))


def state(store: Store) -> dict[str, tuple[int, str]]:
    with store.engine.connect() as connection:
        return {table.name: rows.summary(connection, table) for table in rows.tables_of(store.engine)}


def test_the_first_release_is_brought_up_with_its_data_and_a_proven_backup(old: Store, tmp_path: Path) -> None:
    units = Units()
    done = run(settings_of(old, tmp_path), units, password="khoa", now=AT, say=lambda _: None)
    assert (done.before, done.after) == (RELEASED, head())
    assert units.did == ["stop", "start"]
    check_current(old.engine)
    with old.write() as session:
        assert session.get_one(Article, 1).same_as == 2
        assert session.get_one(User, 1).territory == ["01"]
        assert users.add_user(session, name="binh", display="Bình", role="officer", now=AT).id == 2
        audit.append(session, action="test", user_id=1, at=AT)
    assert done.saved is not None
    assert backup.read_manifest(done.saved, "khoa").revision == RELEASED


@pytest.mark.parametrize(
    ("old", "fault"),
    [("sqlite", "migration"), ("sqlite", "start"), ("postgresql", "migration"), ("postgresql", "lost rows")],
    indirect=["old"],
)
def test_whatever_fails_the_data_are_as_they_were(old: Store, tmp_path: Path, fault: str) -> None:
    before = state(old)

    def half(engine: Engine) -> None:
        upgrade(engine, "0002")
        raise RuntimeError("đĩa đầy")

    def losing(engine: Engine) -> None:
        upgrade(engine)
        with engine.connect() as connection:
            connection.exec_driver_sql("DELETE FROM search_text")
            connection.commit()

    migrate = {"migration": half, "lost rows": losing, "start": upgrade}[fault]
    units, settings = Units(broken=fault == "start"), settings_of(old, tmp_path)

    def go_back() -> None:
        assert state(old) == before, "the older program finds the data that it knows"
        units.broken = False
        units.did.append("older program")

    with pytest.raises(UpgradeError, match=r"dữ liệu đã về bản 0001.*đã được cài lại và dịch vụ đang chạy"):
        run(settings, units, password="khoa", now=AT, say=lambda _: None, migrate=migrate, go_back=go_back)
    assert units.did[-2:] == ["older program", "start"]
    assert current(old.engine) == RELEASED
    assert state(old) == before
    run(settings_of(old, tmp_path), Units(), password="khoa", now=AT, say=lambda _: None)
    check_current(old.engine)


@pytest.mark.parametrize("old", ["sqlite"], indirect=True)
def test_an_old_backup_is_restored_into_this_program(old: Store, tmp_path: Path) -> None:
    saved = backup.make(old, tmp_path / "none", tmp_path / "b", password="khoa", now=AT)
    target = Store(f"sqlite:///{tmp_path / 'again.db'}")
    backup.restore(saved, target, tmp_path / "files", password="khoa")
    check_current(target.engine)
    with target.read() as session:
        assert session.get_one(Article, 1).same_as == 2
    target.close()
