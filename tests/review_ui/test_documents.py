"""Documents of a case on the pages: drafted with sources, edited, approved to the byte, noted as sent once."""

import hashlib
import io

import docx
import pytest

from models.store import audit
from models.store.clocks import load
from models.tables import CaseDocument, DocumentSending
from tests.review_ui.conftest import Person, World
from tests.review_ui.test_clocks import open_case

KIND = "bao-cao-vu-viec"


def with_draft(world: World) -> tuple[Person, str]:
    case_id = open_case(world)
    person = world.sign_in("lan")
    person.get(f"/vu-viec/{case_id}/van-ban")
    person.post(f"/vu-viec/{case_id}/van-ban/lap", kind=KIND)
    assert person.last.status_code == 303
    return person, f"/vu-viec/{case_id}/van-ban"


def test_a_draft_names_the_source_of_every_place_and_dots_what_is_unknown(one_world: World) -> None:
    person, address = with_draft(one_world)
    text = person.get(f"{address}?xem=1").text
    assert "Máy đọc từ bài số 1 (Báo Mẫu)" in text
    assert "…… (chưa biết)" in text
    content = person.get(f"{address}/1/tep").content
    printed = "\n".join(paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs)
    assert "Chưa có kết quả, đang xác minh" in printed


def edited(content: bytes) -> bytes:
    document = docx.Document(io.BytesIO(content))
    document.add_paragraph("Câu do người sửa thêm.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_what_was_approved_is_the_very_file_that_a_person_put_back_and_its_sending_counts_once(world: World) -> None:
    person, address = with_draft(world)
    mine = edited(person.get(f"{address}/1/tep").content)
    person.get(address)
    sent = person.client.post(
        f"{address}/sua", data={"csrf": person.csrf, "kind": KIND}, files={"file": ("ten-tre.docx", mine)}
    )
    assert sent.status_code == 303
    sha256 = hashlib.sha256(mine).hexdigest()
    fields = {"to": "Sở Y tế mẫu", "how": "văn bản", "reference": "7/BC-M", "key": "a1"}
    assert person.post(f"{address}/2/gui", **fields).status_code == 400
    assert person.post(f"{address}/2/duyet", seen="0" * 64).status_code == 400
    assert person.post(f"{address}/2/duyet", seen=sha256).status_code == 303
    for _ in range(2):
        assert person.post(f"{address}/2/gui", **fields).status_code == 303
    assert person.get(f"{address}/2/tep").content == mine
    with world.store.read() as session:
        [row] = session.query(DocumentSending).all()
        assert (row.sha256, session.get_one(CaseDocument, 2).content) == (sha256, mine)
        proof = load(session, [1])[1].proofs["bao_cao_vu_viec"]
        assert (proof.to, proof.reference) == ("Sở Y tế mẫu", "7/BC-M")
        assert [line.action for line in audit.lines(session)].count("document.send") == 1


@pytest.mark.parametrize("content", [b"khong phai docx", b"PK\x03\x04 hong"])
def test_what_is_no_document_is_refused_and_nothing_is_kept(one_world: World, content: bytes) -> None:
    person, address = with_draft(one_world)
    person.get(address)
    fields = {"csrf": person.csrf, "kind": KIND}
    answer = person.client.post(f"{address}/sua", data=fields, files={"file": ("a.docx", content)})
    assert answer.status_code == 400
    assert "không phải văn bản .docx" in answer.text
    with one_world.store.read() as session:
        assert session.query(CaseDocument).count() == 1


def test_a_file_is_taken_only_where_a_page_asks_for_one_and_only_up_to_a_size(one_world: World) -> None:
    person, address = with_draft(one_world)
    person.get(address)
    data, files = {"csrf": person.csrf, "kind": KIND}, {"file": ("a.docx", b"x" * 9_000_000)}
    assert person.client.post(f"{address}/sua", data=data, files=files).status_code == 413
    assert person.client.post(f"{address}/lap", data=data, files={"file": ("a", b"x")}).status_code == 400


def test_another_case_s_document_is_not_there(one_world: World) -> None:
    person, _ = with_draft(one_world)
    other = open_case(one_world, "online")
    for method, path in (("get", "tep"), ("post", "duyet"), ("post", "gui")):
        assert getattr(person, method)(f"/vu-viec/{other}/van-ban/1/{path}").status_code == 404
