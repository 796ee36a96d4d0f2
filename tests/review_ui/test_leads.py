"""Packages of leads: what each recipient sees, what is in the file, that it counts once, and what comes back."""

import csv
import hashlib
import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pytest
import pyzipper
from jsonschema_rs import Draft202012Validator

from models.store import audit, cases, clocks, leads, reading, recipients, users
from models.tables import Export, Lead, LeadAnswer, Package, RecipientMember
from pipeline.lead_files import parts_of, schema_text
from pipeline.lead_rows import hide_small
from pipeline.packages import encrypt, new_password
from pipeline.recipients import ProfileError, read_profiles
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW
from tests.review_ui.test_clocks import open_case

EXPOSED = "phụ huynh"
"""What the seeded article is marked to expose, in its text; its headline is "Nghi bảo mẫu mẫu đánh trẻ ở nhóm lớp"."""


def add_recipient(world: World, profile: str, *, territory: tuple[str, ...] = (), member: int | None = None) -> int:
    with world.store.write() as session:
        number = recipients.add(
            session, name=f"Nơi {profile}", profile=profile, territory=territory, contact="", user_id=1, now=NOW
        )
        if member is not None:
            session.add(RecipientMember(user_id=member, recipient_id=number))
        return number


def send(person: Person, recipient: int, *case_ids: int, key: str = "") -> int:
    text = person.get(f"/nguon-tin/goi?noi={recipient}&" + "&".join(f"vu={number}" for number in case_ids)).text
    shown = re.search(r'name="key" value="([0-9a-f]+)"', text)
    assert shown
    fields = {"csrf": person.csrf, "key": key or shown[1], "noi": recipient, "ground": "Quy chế mẫu", "vu": case_ids}
    answer = person.client.post("/nguon-tin/goi", data=fields)  # type: ignore[arg-type]
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("/", 1)[1])


def files(world: World, package_id: int) -> dict[str, bytes]:
    with world.store.read() as session:
        return parts_of(session.get_one(Package, package_id).content)


def printed(parts: dict[str, bytes]) -> str:
    """Everything that a reader of the package can see, whatever the form."""
    found = []
    for name, content in parts.items():
        if name.endswith(".docx"):
            paper = docx.Document(io.BytesIO(content))
            found += [line.text for line in paper.paragraphs]
            found += [cell.text for table in paper.tables for row in table.rows for cell in row.cells]
        elif name.endswith(".xlsx"):
            with zipfile.ZipFile(io.BytesIO(content)) as book:
                found += [book.read(part).decode("utf-8", "replace") for part in book.namelist()]
        elif not name.endswith((".gz", ".schema.json")):
            found.append(content.decode("utf-8-sig"))
    return "\n".join(found)


SECRETS = {
    "headline": "Nghi bảo mẫu mẫu đánh trẻ ở nhóm lớp",
    "address": "bao-mau.example",
    "case": "VV-2026-0001",
    "place": "Nghĩa Đô",
    "exposed": EXPOSED,
}


@pytest.mark.parametrize(
    ("profile", "sees"),
    [
        ("police", {"headline", "address", "case", "place"}),
        ("commune", {"headline", "case", "place"}),
        ("education", {"case", "place"}),
        ("statistics", set()),
    ],
)
def test_each_recipient_gets_what_its_profile_says_and_no_more(one_world: World, profile: str, sees: set[str]) -> None:
    """The headline of the seed exposes nobody, so a commune may read it; no form of the file holds more."""
    open_case(one_world)
    package_id = send(one_world.sign_in("lan"), add_recipient(one_world, profile), 1)
    parts = files(one_world, package_id)
    text = printed(parts)
    assert {name for name, secret in SECRETS.items() if secret in text} == sees
    mark = read_profiles()[profile].mark
    for name, content in parts.items():
        assert not re.search("mau|tre|be-|nghia", name.replace(".schema", ""), re.IGNORECASE)
        if name.endswith((".docx", ".csv", ".json", ".xlsx")) and "schema" not in name:
            assert mark in printed({name: content})
            assert f"Nơi {profile}" in printed({name: content})


def test_a_statistics_desk_cannot_tell_apart_what_fewer_than_three_leads_share() -> None:
    def rows(*lines: str) -> list[dict[str, str]]:
        return [dict(zip(("month", "types", "age", "province"), line.split(), strict=True)) for line in lines]

    same = ["11/2026 a 0_5 HN"] * 3
    assert hide_small(rows(*same)) == rows(*same)
    assert hide_small(rows(*same, "11/2026 a 6_12 HN")) == rows(*same, "11/2026 a • •")
    assert hide_small(rows("11/2026 a 0_5 HN")) == rows("11/2026 • • •")
    assert hide_small([]) == []


def test_an_officer_of_another_territory_finds_no_package_and_no_lead(one_world: World) -> None:
    open_case(one_world)
    package_id = send(one_world.sign_in("lan"), add_recipient(one_world, "police"), 1)
    with one_world.store.write() as session:
        minh = users.find_user(session, "minh")
        assert minh is not None
        users.set_territory(session, minh, ["48"])
    person = one_world.sign_in("minh")
    for address in (f"/nguon-tin/goi/{package_id}", f"/nguon-tin/goi/{package_id}/tep", "/nguon-tin-den/1"):
        assert person.get(address).status_code == 404, address
    assert "VV-2026" not in person.get("/nguon-tin/goi?noi=1&vu=1").text
    assert "NT-2026" not in person.get("/nguon-tin-den").text
    assert "VV-2026" not in person.get("/han-xu-ly").text
    fields = {"noi": "1", "vu": "1", "key": "k9", "ground": "Căn cứ"}
    assert person.post("/nguon-tin/goi", **fields).status_code == 404


def test_a_headline_that_names_the_child_is_hidden_from_all_but_the_police(one_world: World) -> None:
    open_case(one_world)
    with one_world.store.write() as session:
        lead = reading.story(session, one_world.stories["carer"]).lead
        assert lead.verdict is not None
        verdict = session.merge(lead.verdict)
        verdict.exposes_child = [["title", 5, 12]]
    person = one_world.sign_in("lan")
    for profile, shown in (("police", "Nghi bảo mẫu mẫu"), ("commune", "Nghi ▇▇▇ mẫu")):
        text = printed(files(one_world, send(person, add_recipient(one_world, profile), 1)))
        assert shown in text


def test_the_json_keeps_to_the_published_schema_and_csv_and_workbook_say_the_same(one_world: World) -> None:
    open_case(one_world)
    person = one_world.sign_in("lan")
    for profile in read_profiles():
        parts = files(one_world, send(person, add_recipient(one_world, profile), 1))
        number = next(name for name in parts if name.endswith(".json") and "schema" not in name)[: -len(".json")]
        package: dict[str, Any] = json.loads(parts[f"{number}.json"])
        Draft202012Validator(json.loads(schema_text())).validate(package)
        [row] = list(csv.DictReader(io.StringIO(parts[f"{number}.csv"].decode("utf-8-sig"), newline="")))
        sheet = openpyxl.load_workbook(io.BytesIO(parts[f"{number}.xlsx"])).active
        assert sheet is not None
        lines = [line for line in sheet.iter_rows(values_only=True) if line[0]]
        heads = next(line for line in lines if line[0] == "Mã nguồn tin")
        cells = dict(zip(heads, lines[lines.index(heads) + 1], strict=True))
        assert row["Mã nguồn tin"] == cells["Mã nguồn tin"] == package["leads"][0]["lead"]
        assert row["Loại"] == cells["Loại"] == package["leads"][0]["types"]
        assert row["Loại"] == ("•" if profile == "statistics" else "Bạo lực")
        sums = dict(reversed(line.split("  ")) for line in parts["SHA256SUMS.txt"].decode().splitlines())
        assert sums == {name: hashlib.sha256(parts[name]).hexdigest() for name in parts if name != "SHA256SUMS.txt"}


def test_the_same_form_twice_is_one_package_one_lead_one_export_and_moves_the_case_on(world: World) -> None:
    case_id = open_case(world)
    person, recipient = world.sign_in("lan"), add_recipient(world, "commune")
    assert send(person, recipient, case_id, key="ab12") == send(person, recipient, case_id, key="ab12")
    with world.store.read() as session:
        assert [session.query(table).count() for table in (Package, Lead, Export)] == [1, 1, 1]
        [export] = session.query(Export).all()
        assert (export.ground, export.recipient, export.rows) == ("Quy chế mẫu", "Nơi commune", 1)
        assert [line.action for line in audit.lines(session)].count("export.package") == 1
        assert cases.one_case(session, case_id).state == "da_chuyen"
        proof = clocks.load(session, [case_id])[case_id].proofs["chuyen_tin"]
        assert (proof.to, proof.by) == ("Nơi commune", "Người LAN")


def test_a_second_sending_says_what_changed(world: World) -> None:
    case_id = open_case(world)
    person, recipient = world.sign_in("lan"), add_recipient(world, "commune")
    send(person, recipient, case_id)
    assert "đã gửi, không có gì mới" in person.get(f"/nguon-tin/goi?noi={recipient}&vu={case_id}").text
    with world.store.write() as session:
        for item in reading.story(session, world.stories["carer"]).items:
            assert item.verdict is not None
            session.merge(item.verdict).victims = 3
    assert "thay đổi: Số trẻ, Tóm tắt" in person.get(f"/nguon-tin/goi?noi={recipient}&vu={case_id}").text
    second = files(world, send(person, recipient, case_id))
    package = json.loads(
        next(content for name, content in second.items() if name.startswith("GT") and name.endswith("json"))
    )
    assert package["leads"][0]["changed"] == ["victims", "summary"]
    with world.store.read() as session:
        [lead] = leads.of_case(session, [case_id])
    assert (lead.revision, lead.changed) == (2, ("victims", "summary"))


def test_the_file_is_encrypted_under_a_password_that_is_shown_once(one_world: World) -> None:
    open_case(one_world)
    person = one_world.sign_in("lan")
    package_id = send(person, add_recipient(one_world, "police"), 1)
    address = f"/nguon-tin/goi/{package_id}"
    assert person.get(f"{address}/tep").status_code == 404
    person.get(address)
    password = re.search(r"<code>([a-z0-9-]{23})</code>", person.post(f"{address}/ma-hoa").text)
    assert password
    assert password[1] not in person.get(address).text
    sealed = person.get(f"{address}/tep").content
    assert b"VV-2026" not in sealed
    with pyzipper.AESZipFile(io.BytesIO(sealed)) as file:
        assert all(entry.flag_bits & 1 for entry in file.infolist())
        [inner] = file.namelist()
        with pytest.raises(RuntimeError):
            file.read(inner, pwd=b"sai")
        content = file.read(inner, pwd=password[1].encode())
    with one_world.store.read() as session:
        package = session.get_one(Package, package_id)
        assert content == package.content
        assert password[1] not in str(vars(package))


def test_passwords_are_long_and_never_the_same() -> None:
    made = {new_password() for _ in range(50)}
    assert len(made) == 50
    assert encrypt(b"x", "a", "b") != encrypt(b"x", "a", "b")


def test_a_case_outside_the_recipient_s_territory_is_not_sent(one_world: World) -> None:
    """The carer's case lies in Hà Nội."""
    open_case(one_world)
    person, recipient = one_world.sign_in("lan"), add_recipient(one_world, "commune", territory=("48",))
    assert "ngoài địa bàn của nơi nhận" in person.get(f"/nguon-tin/goi?noi={recipient}&vu=1").text
    fields = {"noi": str(recipient), "vu": "1", "key": "k1", "ground": "Căn cứ"}
    assert person.post("/nguon-tin/goi", **fields).status_code == 400
    with one_world.store.read() as session:
        assert session.query(Package).count() == 0


@pytest.mark.parametrize("wrong", [{"ground": " "}, {"key": ""}, {"vu": "99"}, {"noi": "99"}])
def test_an_order_without_ground_key_case_or_recipient_is_refused(one_world: World, wrong: dict[str, str]) -> None:
    open_case(one_world)
    person, recipient = one_world.sign_in("lan"), add_recipient(one_world, "commune")
    person.get("/noi-nhan")
    fields = {"noi": str(recipient), "vu": "1", "key": "k1", "ground": "Căn cứ", **wrong}
    assert person.post("/nguon-tin/goi", **fields).status_code in (400, 404)
    with one_world.store.read() as session:
        assert session.query(Package).count() == 0


def test_a_profile_that_would_show_more_than_it_may_is_refused_by_name(tmp_path: Path) -> None:
    own = tmp_path / "recipients.toml"
    row = 'code = "x"\nname = "X"\nmark = "M"\nfields = ["types"]\narticles = "none"\nevidence = true\n'
    row += 'answers = true\nsmall_cells = "show"\n'
    own.write_text("[[profile]]\n" + row)
    with pytest.raises(ProfileError, match="«x»: bản lưu"):
        read_profiles(tmp_path)
    own.write_text("[[profile]]\n" + row.replace('"types"', '"name"'))
    with pytest.raises(ProfileError, match="không có cột name"):
        read_profiles(tmp_path)


# -- answers


def test_the_liaison_sees_only_their_own_desk_s_leads_and_answers_in_order(world: World) -> None:
    case_id = open_case(world)
    lan = world.sign_in("lan")
    chi_id = 4
    send(lan, add_recipient(world, "police", member=chi_id), case_id)
    send(lan, add_recipient(world, "commune"), case_id)
    world.clock.forward(hours=1)
    chi = world.sign_in("chi")
    text = chi.get("/nguon-tin-den").text
    assert "NT-2026-0001-1" in text
    assert "NT-2026-0001-2" not in text
    assert chi.get("/nguon-tin-den/2").status_code == 404
    assert "Nơi police" in chi.get("/nguon-tin-den/1").text
    fields = {"at": "2026-11-21T08:00", "known": "khong"}
    assert (
        chi.post("/nguon-tin-den/1/tra-loi", kind="decision", outcome="khoi_to", key="a", **fields).status_code == 400
    )
    assert chi.post("/nguon-tin-den/1/tra-loi", kind="refused", key="b", **fields).status_code == 400
    for _ in range(2):
        assert chi.post("/nguon-tin-den/1/tra-loi", kind="accepted", key="c", **fields).status_code == 303
    fields = {"at": "2026-11-21T08:10"}
    assert (
        chi.post("/nguon-tin-den/1/tra-loi", kind="decision", outcome="khoi_to", key="d", **fields).status_code == 303
    )
    assert chi.post("/nguon-tin-den/2/tra-loi", kind="received", key="e", **fields).status_code == 404
    with world.store.read() as session:
        assert [row.kind for row in session.query(LeadAnswer).order_by(LeadAnswer.id)] == ["accepted", "decision"]
        lead = session.get_one(Lead, 1)
        assert (lead.state, lead.known) == ("decision", False)
        facts = clocks.load(session, [case_id])[case_id]
        assert {"bien_nhan", "cqdt_phan_loai", "cqdt_quyet_dinh"} <= facts.proofs.keys()
    lan = world.sign_in("lan")
    assert "đã trả lời nguồn tin NT-2026-0001-1" in lan.get("/han-xu-ly").text
    lan.get(f"/vu-viec/{case_id}/van-ban")
    lan.post(f"/vu-viec/{case_id}/van-ban/lap", kind="bao-cao-vu-viec")
    report = docx.Document(io.BytesIO(lan.get(f"/vu-viec/{case_id}/van-ban/1/tep").content))
    text = "\n".join(line.text for line in report.paragraphs)
    assert "Nơi police: khởi tố vụ án (08:10 ngày 21/11/2026)." in text
    assert "chưa có kết quả" not in text.lower()


def filled(content: bytes, rows: list[dict[str, Any]]) -> bytes:
    """The workbook with answers in its lines, as a person would type them."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book.active
    assert sheet is not None
    head = next(row for row in sheet.iter_rows() if row[0].value == "Mã nguồn tin")
    columns = {cell.value: cell.column for cell in head}
    for number, row in enumerate(rows, head[0].row + 1):
        for name, value in row.items():
            sheet.cell(number, columns[name], value)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def put_back(person: Person, content: bytes) -> str:
    person.get("/nguon-tin-den")
    answer = person.client.post("/nguon-tin-den/nhap", data={"csrf": person.csrf}, files={"file": ("a.xlsx", content)})
    return str(answer.text)


def test_a_filled_workbook_is_taken_whole_or_not_at_all_and_once(world: World) -> None:
    first, second = open_case(world), open_case(world, "online")
    send(world.sign_in("lan"), add_recipient(world, "police", member=4), first, second)
    world.clock.forward(hours=2)
    chi = world.sign_in("chi")
    content = chi.get("/nguon-tin-den/1/tep").content
    right = [
        {"Trả lời": "Đã tiếp nhận", "Lúc": "21/11/2026 09:00", "Đã biết trước?": "Không", "Số văn bản": "1/M"},
        {"Trả lời": "từ chối", "Lúc": "", "Lý do, nội dung": "không thuộc địa bàn"},
    ]
    wrong = [right[0], {"Trả lời": "Từ chối", "Lúc": "hôm kia"}]
    text = put_back(chi, filled(content, wrong))
    assert "Chưa ghi dòng nào" in text
    assert "Dòng 6" in text
    assert "cột «Lúc» không đọc được" in text
    with world.store.read() as session:
        assert session.query(LeadAnswer).count() == 0
    assert "Đã ghi 2 trả lời mới" in put_back(chi, filled(content, right))
    with world.store.read() as session:
        assert session.query(LeadAnswer).count() == 2
    with world.store.read() as session:
        assert {lead.code: lead.state for lead in session.query(Lead)} == {
            "NT-2026-0001-1": "received",
            "NT-2026-0002-1": "refused",
        }


@pytest.mark.parametrize("content", [b"khong phai", b"PK\x03\x04"])
def test_what_is_no_workbook_is_refused(one_world: World, content: bytes) -> None:
    assert "không phải bảng tính" in put_back(one_world.sign_in("chi"), content)
