"""The restricted record: sealed under a key outside the database, opened with a reason, gone when erased."""

import dataclasses
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from models.store import audit
from models.tables import Identity
from pipeline.cli.identities import identity_key
from pipeline.identities import IdentityError, Place, make_key, read_ring
from tests.review_ui.conftest import Person, World
from tests.review_ui.test_clocks import open_case

NAME = "Bé Tên Mẫu Không Có Thật"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    make_key(tmp_path / "key")
    return tmp_path / "key"


def keyed(world: World, key_file: Path) -> Person:
    house = world.app.state.house
    settings = dataclasses.replace(house.settings, identity_key_file=key_file)
    object.__setattr__(house, "settings", settings)
    return world.sign_in("lan")


def write(person: Person, **fields: str) -> int:
    person.get("/vu-viec/1/danh-tinh")
    return person.post("/vu-viec/1/danh-tinh", **{"kind": "child", "name": NAME, **fields}).status_code


def everything(world: World) -> str:
    """All that the database holds, as one text."""
    with world.store.read() as session:
        names = [row[0] for row in session.execute(text("SELECT name FROM sqlite_master WHERE type='table'"))]
        return "\n".join(str(tuple(row)) for name in names for row in session.execute(text(f'SELECT * FROM "{name}"')))  # noqa: S608 - names of our own tables


def test_a_name_is_nowhere_in_the_database_and_shown_only_for_a_stated_reason(one_world: World, key_file: Path) -> None:
    open_case(one_world)
    person = keyed(one_world, key_file)
    assert write(person) == 303
    assert NAME not in everything(one_world)
    assert NAME not in person.get("/vu-viec/1/danh-tinh").text
    assert person.post("/vu-viec/1/danh-tinh/xem", reason=" ").status_code == 400
    shown = person.post("/vu-viec/1/danh-tinh/xem", reason="xác minh mẫu")
    assert NAME in shown.text
    assert NAME not in person.get("/vu-viec/1").text
    with one_world.store.read() as session:
        [line] = [line for line in audit.lines(session) if line.action == "identity.open"]
    assert (line.who, line.detail["reason"]) == ("lan", "xác minh mẫu")
    assert NAME not in str(line.detail)


def test_a_new_writing_and_an_erasure_leave_nothing_to_open(one_world: World, key_file: Path) -> None:
    open_case(one_world)
    person = keyed(one_world, key_file)
    write(person)
    write(person, letter="A", name="Tên khác mẫu")
    write(person)
    with one_world.store.read() as session:
        rows = session.query(Identity).order_by(Identity.id).all()
        assert [(row.letter, row.sealed is None) for row in rows] == [("A", True), ("A", False), ("B", False)]
    assert person.post("/vu-viec/1/danh-tinh/xoa", record="2", reason="").status_code == 400
    assert person.post("/vu-viec/1/danh-tinh/xoa", record="2", reason="theo yêu cầu").status_code == 303
    shown = person.post("/vu-viec/1/danh-tinh/xem", reason="kiểm tra").text
    assert "Tên khác mẫu" not in shown
    assert NAME in shown


def test_a_row_copied_to_another_case_a_changed_byte_and_a_strange_key_do_not_open(tmp_path: Path) -> None:
    make_key(tmp_path / "key")
    ring, place = read_ring(tmp_path / "key"), Place(1, "child", "A")
    sealed = ring.seal({"name": NAME}, place)
    assert ring.open(sealed, ring.current, place) == {"name": NAME}
    for broken, where in ((sealed, Place(2, "child", "A")), (sealed[:-1] + bytes([sealed[-1] ^ 1]), place)):
        with pytest.raises(IdentityError, match="bị thay đổi"):
            ring.open(broken, ring.current, where)
    make_key(tmp_path / "other")
    with pytest.raises(IdentityError, match="không có khoá"):
        read_ring(tmp_path / "other").open(sealed, ring.current, place)


def test_without_a_key_or_with_one_that_others_can_read_nothing_is_written(one_world: World, key_file: Path) -> None:
    open_case(one_world)
    person = one_world.sign_in("lan")
    assert "Chưa đặt tệp khoá" in person.get("/vu-viec/1/danh-tinh").text
    assert write(person) == 400
    key_file.chmod(0o644)
    assert write(keyed(one_world, key_file)) == 400
    with one_world.store.read() as session:
        assert session.query(Identity).count() == 0


def test_a_new_key_seals_again_and_the_old_one_can_go(
    one_world: World, key_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_case(one_world)
    write(keyed(one_world, key_file))
    old = read_ring(key_file).current
    monkeypatch.setenv("DIEMBAO_DATABASE_URL", one_world.store.url)
    monkeypatch.setenv("DIEMBAO_IDENTITY_KEY_FILE", str(key_file))
    for arguments in (["make", str(key_file)], ["reseal"]):
        assert CliRunner().invoke(identity_key, arguments, catch_exceptions=False).exit_code == 0
    key_file.write_text(key_file.read_text().splitlines()[0] + "\n")
    ring = read_ring(key_file)
    assert ring.current != old
    assert list(ring.keys) == [ring.current]
    person = one_world.sign_in("lan")
    person.get("/vu-viec/1/danh-tinh")
    assert NAME in person.post("/vu-viec/1/danh-tinh/xem", reason="kiểm tra").text
