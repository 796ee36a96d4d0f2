"""A lead goes to a desk, and a desk that cannot be reached is named aloud. All contacts are samples."""

import csv
import io

import pytest
from sqlalchemy import select

from models.session import Store
from models.store import audit, desks
from models.store.desks import DeskError
from models.tables import AuditEntry, DeskContact, Place
from pipeline.desks import desk_of, desk_words, directory_for, territory_words
from pipeline.export import export_leads
from tests.pipeline.test_export import WANTED, _open_case
from tests.review_ui.seed import NOW

OFFICE = {"name": "UBND phường Mẫu", "person": "bà Mẫu A", "phone": "024 0000 0000"}


def place(**fields: object) -> Place:
    blank = {"era": "new", "old_codes": [], "new_codes": ["00160"], "old_province": None, "new_province": "01"}
    return Place(**{**blank, **fields})


def lead(store: Store, user_id: int) -> dict[str, str]:
    with store.write() as session:
        content = export_leads(session, WANTED, user_id=user_id, now=NOW)
    header, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    return dict(zip(header, row, strict=True))


def test_a_lead_names_its_desks_and_every_contact_that_is_missing(store: Store) -> None:
    user_id = _open_case(store)
    row = lead(store, user_id)
    assert row["Đầu mối"] == ("UBND P. Nghĩa Đô; Công an P. Nghĩa Đô; Sở Y tế Hà Nội; Công an Hà Nội; Tổng đài 111")
    assert row["Liên hệ"] == "Tổng đài quốc gia bảo vệ trẻ em 111: 111"
    assert row["Cảnh báo"].count("Chưa có đầu mối") == 4
    with store.write() as session:
        desks.keep(session, "new:00160", "xa", OFFICE, user_id=user_id, now=NOW)
        for unit, office in (("new:00160", "cong_an"), ("new:01", "so_y_te"), ("new:01", "cong_an")):
            desks.keep(session, unit, office, {"name": "Mẫu", "email": "a@mau.example"}, user_id=user_id, now=NOW)
    row = lead(store, user_id)
    assert row["Liên hệ"].startswith("UBND phường Mẫu (bà Mẫu A): 024 0000 0000; Mẫu: a@mau.example")
    assert row["Cảnh báo"] == ""


def test_an_entry_without_phone_and_mail_is_no_contact(store: Store) -> None:
    with store.write() as session:
        desks.keep(session, "new:00160", "xa", {"name": "UBND phường Mẫu"}, user_id=None, now=NOW)
    with store.read() as session:
        words = desk_words(desk_of(directory_for(session, [place()]), place()))
    assert (words.short, words.reachable) == ("UBND P. Nghĩa Đô", False)
    assert words.warnings[0].startswith("Chưa có số điện thoại hoặc thư điện tử của đầu mối")
    assert "UBND phường Mẫu" not in words.contacts


def test_without_a_commune_the_province_answers_and_without_a_place_nobody_but_the_line(store: Store) -> None:
    with store.read() as session:
        wide, nowhere = place(new_codes=["01"]), None
        directory = directory_for(session, [wide, nowhere])
    assert desk_words(desk_of(directory, wide)).short == "Sở Y tế Hà Nội"
    assert "chỉ chuyển được cho cấp tỉnh" in desk_words(desk_of(directory, wide)).warnings[0]
    assert desk_words(desk_of(directory, nowhere)).desks == "Tổng đài 111"
    assert desk_words(desk_of(directory, nowhere)).short == ""


def test_a_late_change_is_refused_and_every_change_is_on_record_without_the_person(store: Store) -> None:
    user_id = _open_case(store)
    with store.write() as session:
        assert desks.keep(session, "new:00160", "xa", OFFICE, user_id=user_id, now=NOW, seen="")
        assert not desks.keep(session, "new:00160", "xa", OFFICE, user_id=user_id, now=NOW)
    with pytest.raises(DeskError, match="vừa được người khác sửa"), store.write() as session:
        desks.keep(session, "new:00160", "xa", {"name": "Khác"}, user_id=user_id, now=NOW, seen="")
    with store.write() as session:
        seen = desks.stamp(session.scalars(select(DeskContact)).one())
        desks.remove(session, "new:00160", "xa", user_id=user_id, now=NOW, seen=seen)
    with store.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.action.startswith("desk."))).all()
        assert [entry.action for entry in entries] == ["desk.keep", "desk.remove"]
        assert entries[0].object == "desk/new:00160/xa"
        assert "024 0000 0000" in entries[0].detail["phone"]
        assert all("Mẫu A" not in str(entry.detail) for entry in entries)
        assert audit.verify(session) is None


@pytest.mark.parametrize(
    ("territory", "fields", "words"),
    [
        (("01",), {}, "Trên địa bàn"),
        (("79",), {}, "Ngoài địa bàn"),
        (("00166",), {"new_codes": ["00160", "00166"]}, "Có thể trên địa bàn"),
        (("old:60",), {"new_codes": ["22960"], "new_province": "68"}, "Trên địa bàn"),
        (("old:60",), {"new_codes": ["68"], "new_province": "68"}, "Có thể trên địa bàn"),
        ((), {}, ""),
    ],
)
def test_the_territory_is_said_as_yes_no_or_possible(
    territory: tuple[str, ...], fields: dict[str, object], words: str
) -> None:
    assert territory_words(territory, place(**fields)) == words
