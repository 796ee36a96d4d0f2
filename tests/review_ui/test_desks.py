"""The directory of desks: what a story shows, who may edit, what is refused. All contacts are samples."""

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner
from sqlalchemy import select

from models.session import Store
from models.store import users
from models.tables import AuditEntry, DeskContact
from pipeline.cli.places import places
from tests.review_ui.conftest import Person, World

UNIT = "/danh-ba/don-vi"
FIELDS = {"ma": "new:00160", "dau_moi": "xa", "seen": "", "viec": "luu", "name": "UBND phường Mẫu"}


def save(person: Person, **fields: str) -> int:
    person.get(f"{UNIT}?ma=new:00160")
    return person.post(UNIT, **{**FIELDS, **fields}).status_code


def test_a_story_warns_of_every_empty_desk_until_its_contact_is_entered(world: World, officer: Person) -> None:
    page = officer.get("/tin/1").text
    assert "thiếu liên hệ của 4 đầu mối" in page
    assert "Tổng đài quốc gia bảo vệ trẻ em 111" in page
    assert 'đầu mối: UBND P. Nghĩa Đô <span class="hint">(thiếu liên hệ)' in officer.get("/").text
    assert save(officer, phone="024 0000 0000") == 303
    page = officer.get("/tin/1").text
    assert "thiếu liên hệ của 3 đầu mối" in page
    assert 'href="tel:02400000000"' in page
    row = officer.get("/").text.partition("đầu mối: UBND P. Nghĩa Đô")[2]
    assert not row.lstrip().startswith("<span")
    with world.store.read() as session:
        assert session.scalars(select(AuditEntry).where(AuditEntry.action == "desk.keep")).one().user_id


def test_a_wrong_entry_is_said_beside_its_field_and_nothing_is_kept(one_world: World) -> None:
    person = one_world.sign_in("quan")
    assert save(person, phone="gọi bà Mẫu", email="khong-co-a-cong") == 400
    assert "Số điện thoại chỉ gồm chữ số" in person.last.text
    assert "Thư điện tử phải có dạng" in person.last.text
    assert 'value="gọi bà Mẫu"' in person.last.text
    assert save(person, name=" ") == 400
    assert save(person, dau_moi="so_y_te") == 400
    assert save(person, ma="99999") == 404
    with one_world.store.read() as session:
        assert session.scalars(select(DeskContact)).all() == []


def test_two_people_do_not_overwrite_each_other(one_world: World) -> None:
    lan, minh = one_world.sign_in("lan"), one_world.sign_in("minh")
    assert save(lan, phone="024 0000 0001") == 303
    assert save(minh, phone="024 0000 0002") == 409
    assert "vừa được người khác sửa" in minh.last.text
    with one_world.store.read() as session:
        assert session.scalars(select(DeskContact.phone)).one() == "024 0000 0001"


def test_whoever_has_a_territory_of_their_own_edits_only_what_lies_in_it(one_world: World) -> None:
    with one_world.store.write() as session:
        minh = users.find_user(session, "minh")
        assert minh is not None
        users.set_territory(session, minh, ["00166"])
    person = one_world.sign_in("minh")
    assert save(person) == 400
    assert "ngoài địa bàn" in person.last.text
    assert '<form method="post" action="/danh-ba' not in person.get(f"{UNIT}?ma=new:00160").text
    assert save(person, ma="new:00166") == 303
    assert save(person, ma="all", dau_moi="111") == 400


def test_the_list_shows_a_province_by_unit_and_can_be_narrowed_without_diacritics(officer: Person) -> None:
    page = officer.get("/danh-ba?tinh=01&q=nghia+do").text
    assert "P. Nghĩa Đô" in page
    assert "P. Cầu Giấy" not in page
    assert "P. Dĩ An" in officer.get("/danh-ba?tinh=79").text


def test_a_starter_file_is_filled_in_and_loaded(
    sqlite_store: Store, build: Callable[..., World], tmp_path: Path, monkeypatch: object
) -> None:
    world = build(sqlite_store)
    file = tmp_path / "danh-ba.toml"
    env = {"DIEMBAO_DATABASE_URL": sqlite_store.url, "DIEMBAO_TERRITORY": "01"}
    made = CliRunner().invoke(places, ["directory", str(file), "--starter"], env=env)
    assert made.output.endswith("255 đầu mối, 254 chưa liên lạc được\n")
    text = file.read_text("utf-8")
    entry = 'unit = "new:00160"\noffice = "xa"\nname = "UBND P. Nghĩa Đô"\nperson = ""\nphone = ""'
    assert entry in text
    file.write_text(text.replace(entry, entry[:-2] + '"024 0000 0000"'), "utf-8")
    loaded = CliRunner().invoke(places, ["directory", str(file), "--load"], env=env)
    assert "Đã nạp 254 mục" in loaded.output
    again = CliRunner().invoke(places, ["directory", str(file), "--load"], env=env)
    assert "Đã nạp 0 mục" in again.output
    assert "024 0000 0000" in world.sign_in("lan").get("/tin/1").text
