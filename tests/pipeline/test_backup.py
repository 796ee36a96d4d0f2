import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.records import FeedEntry
from models.session import Store
from models.store import articles, audit, outlets, runs, search, users
from models.tables import Article, ArticleVersion, AuditEntry, Base, User
from pipeline import backup
from pipeline.backup import BackupError

AT = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)
PASSWORD = "khoa-thu"


COUNT = 17
"""Entries; in chunks of five that is more than three of them."""


@pytest.fixture
def filled(store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    monkeypatch.setattr("pipeline.backup_rows.CHUNK", 5)
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home="https://bao-mau.example", province=None)
        run_id = runs.start(session, day=AT.date(), at=AT)
        for number in range(COUNT):
            entry = FeedEntry(url=f"https://bao-mau.example/{number}", title=f"Tin số {number}", sapo="Dẫn")
            articles.see_entry(
                session, entry, identity=entry.url, outlet="bao_mau", run_id=run_id, day=date(2026, 11, 21), at=AT
            )
        session.flush()
        session.get_one(Article, 3).same_as = 14
        user = users.add_user(session, name="an", display="An", role="officer", now=AT)
        audit.append(session, action="test", user_id=user.id, at=AT)
    return store


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    folder = tmp_path / "archive"
    (folder / "2026").mkdir(parents=True)
    (folder / "2026" / "a.warc.gz").write_bytes(b"\x1f\x8b" + bytes(range(256)) * 40)
    return folder


def make(store: Store, archive: Path, folder: Path, at: datetime = AT) -> Path:
    return backup.make(store, archive, folder, password=PASSWORD, now=at)


def test_a_backup_holds_every_row_and_file_and_proves_it(filled: Store, archive: Path, tmp_path: Path) -> None:
    manifest = backup.verify(make(filled, archive, tmp_path / "b"), password=PASSWORD)
    assert manifest.tables["article"][0] == COUNT
    assert set(manifest.tables) == set(Base.metadata.tables)
    assert list(manifest.files) == ["2026/a.warc.gz"]


def test_a_restored_store_goes_on_working(filled: Store, archive: Path, tmp_path: Path, postgres_store: Store) -> None:
    path = make(filled, archive, tmp_path / "b")
    with postgres_store.write() as session:
        for table in reversed(Base.metadata.sorted_tables):
            session.execute(table.delete())
    restored = Store(f"sqlite:///{tmp_path / 'again.db'}")
    for number, target in enumerate((restored, postgres_store)):
        backup.restore(path, target, tmp_path / f"files{number}", password=PASSWORD)
        with target.write() as session:
            assert session.get_one(Article, 3).same_as == 14
            assert audit.verify(session) is None
            assert users.add_user(session, name="binh", display="Bình", role="officer", now=AT).id == 2
            while search.index_new(session):
                pass
            assert len(search.find(session, search.Search(words=f"tin so {COUNT - 1}"))) == 1
        assert (tmp_path / f"files{number}" / "2026" / "a.warc.gz").read_bytes() == (
            archive / "2026" / "a.warc.gz"
        ).read_bytes()
    restored.close()


def test_nothing_is_restored_over_existing_data(filled: Store, archive: Path, tmp_path: Path) -> None:
    path = make(filled, archive, tmp_path / "b")
    with pytest.raises(BackupError, match="trống"):
        backup.restore(path, filled, tmp_path / "other", password=PASSWORD)


def test_the_content_cannot_be_read_without_the_password(sqlite_store: Store, archive: Path, tmp_path: Path) -> None:
    with sqlite_store.write() as session:
        users.add_user(session, name="bi_mat_cua_toi", display="x", role="officer", now=AT)
    path = make(sqlite_store, archive, tmp_path / "b")
    assert b"bi_mat_cua_toi" not in path.read_bytes()
    with pytest.raises(BackupError, match="sai mật khẩu"):
        backup.verify(path, password="khac")


def test_a_damaged_backup_is_found_out(sqlite_store: Store, archive: Path, tmp_path: Path) -> None:
    path = make(sqlite_store, archive, tmp_path / "b")
    with zipfile.ZipFile(path) as backed_up:
        entry = max(backed_up.infolist(), key=lambda info: info.compress_size)
    content = bytearray(path.read_bytes())
    content[entry.header_offset + 100 + entry.compress_size // 2] ^= 0xFF
    path.write_bytes(bytes(content))
    with pytest.raises(BackupError, match=path.name):
        backup.verify(path, password=PASSWORD)


def test_a_backup_that_fails_half_way_leaves_no_file(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_write_files", full)
    with pytest.raises(BackupError, match="No space left"):
        make(sqlite_store, tmp_path / "none", tmp_path / "b")
    assert list((tmp_path / "b").iterdir()) == []


def test_work_goes_on_while_a_backup_is_made(sqlite_store: Store, archive: Path, tmp_path: Path) -> None:
    with sqlite_store.engine.connect() as reading:
        reading.execute(select(func.count()).select_from(ArticleVersion))
        with sqlite_store.write() as session:
            users.add_user(session, name="trong_luc", display="x", role="officer", now=AT)
    backup.verify(make(sqlite_store, archive, tmp_path / "b"), password=PASSWORD)
    with sqlite_store.read() as session:
        assert session.scalars(select(User.name)).all() == ["trong_luc"]
        assert session.scalars(select(AuditEntry)).all() == []


def test_rotation_keeps_days_weeks_and_months(tmp_path: Path) -> None:
    for age in range(400):
        made = AT - timedelta(days=age)
        (tmp_path / f"diembao-{made.strftime(backup.STAMP)}.zip").write_bytes(b"x")
    backup.rotate(tmp_path, now=AT)
    left = sorted(tmp_path.iterdir())
    assert left[-1].name == f"diembao-{AT.strftime(backup.STAMP)}.zip"
    assert 18 <= len(left) <= 24
    assert len([path for path in left if path.name >= "diembao-20261114"]) >= 7
