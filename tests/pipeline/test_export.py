"""Leads as a file: nothing that a spreadsheet runs, nothing that the newspaper wrote, everything on record."""

import csv
import hashlib
import io
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.session import Store
from models.store import cases, review
from models.store.reading import story
from models.store.review import Choice
from models.tables import AuditEntry, Export
from pipeline.export import COLUMNS, ExportError, LeadsRequest, export_leads, harmless, to_csv
from tests.review_ui.seed import NOW, Telling, add_house, add_story, add_user

DANGEROUS = "=+-@＝＋－＠"
WANTED = LeadsRequest(date(2026, 11, 1), date(2026, 11, 21), ground="Kế hoạch mẫu 1", recipient="Công an mẫu")


@given(st.text(max_size=40))
def test_no_cell_opens_a_formula_however_it_begins(text: str) -> None:
    cell = harmless(text)
    assert not cell.lstrip().startswith(tuple(DANGEROUS))
    assert not any(ord(c) < ord(" ") for c in cell)


@given(
    st.sampled_from(list(DANGEROUS)), st.text(alphabet=" \t\r\n\u200b\ufeff\u00a0", max_size=4), st.text(max_size=20)
)
def test_what_hides_a_formula_s_first_sign_does_not_help_it(sign: str, before: str, rest: str) -> None:
    assert harmless(before + sign + rest).startswith("'")


@given(st.lists(st.lists(st.text(max_size=30), min_size=1, max_size=4), min_size=1, max_size=5))
def test_the_file_reads_back_cell_by_cell(rows: list[list[str]]) -> None:
    content = to_csv(rows)
    assert content.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    wanted = [[harmless(cell).encode("utf-8", "replace").decode() for cell in row] for row in rows]
    assert read == wanted


@pytest.mark.parametrize("text", ["Hà Nội", "1.234", "VV-2026-0001", "P. Nghĩa Đô, Hà Nội", "", "/vu-viec/1"])
def test_ordinary_cells_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text


def _open_case(store: Store) -> int:
    with store.write() as session:
        user = add_user(session, "lan", "officer")
        run_id = add_house(session)
        story_id = add_story(
            session,
            run_id,
            Telling(
                title="Tựa mẫu không được ra ngoài",
                sapo="Sapo mẫu không được ra ngoài",
                body="Nội dung mẫu không được ra ngoài",
                url="https://bao-mau.example/tua-mau-khong-duoc-ra-ngoai.html",
            ),
            Telling(title="Bài thứ hai mẫu", outlet="tin-mau", hours_ago=0.5),
        )
        lead = story(session, story_id).lead
        chosen = Choice("confirm", lead.id, lead.shown_id, None, None, types=("boc_lot",))
        review.decide(session, story_id, chosen, user_id=user.id, now=NOW)
        cases.open_case(session, story_id, user_id=user.id, now=NOW)
        return user.id


def test_the_file_says_what_a_desk_needs_and_nothing_of_the_article(store: Store) -> None:
    user_id = _open_case(store)
    with store.write() as session:
        content = export_leads(session, WANTED, user_id=user_id, now=NOW)
    header, row = csv.reader(io.StringIO(content.decode("utf-8-sig")))
    lead = dict(zip(header, row, strict=True))
    assert tuple(header) == COLUMNS
    assert lead["Mã vụ việc"] == "VV-2026-0001"
    assert lead["Loại"] == "Bóc lột"
    assert lead["Nơi xảy ra"] == "P. Nghĩa Đô, Hà Nội"
    assert (lead["Báo"], lead["Số bài"], lead["Sớm nhất"]) == ("Báo Mẫu; Tin Mẫu", "2", "21/11/2026 06:30")
    assert lead["Liên kết trong hệ thống"] == "/vu-viec/1"
    for secret in ("không được ra ngoài", "khong-duoc-ra-ngoai", ".example", "http"):
        assert secret not in content.decode()


def test_every_file_is_on_record_with_its_hash_ground_and_recipient(store: Store) -> None:
    user_id = _open_case(store)
    with store.write() as session:
        content = export_leads(session, WANTED, user_id=user_id, now=NOW)
    with store.read() as session:
        export = session.scalars(select(Export)).one()
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "export.leads")).one()
    assert export.sha256 == entry.detail["sha256"] == hashlib.sha256(content).hexdigest()
    assert (export.rows, export.ground, export.recipient) == (1, "Kế hoạch mẫu 1", "Công an mẫu")


@pytest.mark.parametrize(
    ("field", "value"), [("ground", " "), ("recipient", ""), ("first", NOW.date() + timedelta(days=1))]
)
def test_a_file_without_ground_recipient_or_sensible_days_is_not_made(
    sqlite_store: Store, field: str, value: object
) -> None:
    user_id = _open_case(sqlite_store)
    fields = {"first": WANTED.first, "last": WANTED.last, "ground": "Căn cứ", "recipient": "Nơi nhận", field: value}
    with pytest.raises(ExportError), sqlite_store.write() as session:
        export_leads(session, LeadsRequest(**fields), user_id=user_id, now=NOW)  # type: ignore[arg-type]
    with sqlite_store.read() as session:
        assert session.scalars(select(Export)).all() == []


def test_the_days_are_those_of_viet_nam(sqlite_store: Store) -> None:
    """Opened at 00:30 UTC on the 21st, which is half past seven there; the 20th does not have it."""
    user_id = _open_case(sqlite_store)
    for day, count in ((date(2026, 11, 20), 0), (date(2026, 11, 21), 1)):
        with sqlite_store.write() as session:
            content = export_leads(session, LeadsRequest(day, day, "Căn cứ", "Nơi nhận"), user_id=user_id, now=NOW)
        assert len(content.decode().splitlines()) == 1 + count
