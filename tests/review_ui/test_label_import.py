"""Labels sent as a file: good rows kept and counted, bad ones named by line, what is no label file refused."""

import json

import pytest
from httpx import Response
from sqlalchemy import func, select

from models.store import users
from models.tables import AuditEntry, Label
from review_ui.views import label_import
from tests.review_ui.conftest import Person, World

GOOD = {"id": "m-1", "title": "Tin mẫu", "text": "Nội dung mẫu.", "flag": 1, "kind": "vu_viec", "types": ["bao_luc"]}


def send(person: Person, content: bytes | str, kind: str = "jsonl") -> Response:
    person.get("/nhan")
    fields = {"csrf": person.csrf, "dinh_dang": kind, "nguoi": "Tổ mẫu"}
    data = content.encode() if isinstance(content, str) else content
    return person.client.post("/nhan/nhap", data=fields, files={"tep": ("nhan.jsonl", data)})


def lines(*rows: object) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n" for row in rows)


def kept(world: World) -> int:
    with world.store.read() as session:
        return session.scalar(select(func.count(Label.id))) or 0


def test_good_rows_are_kept_once_and_bad_ones_named_by_line(world: World, officer: Person) -> None:
    file = lines(
        GOOD, "{hỏng", GOOD | {"id": "m-2", "flag": 0, "kind": None, "types": []}, GOOD | {"id": "m-3", "flag": 9}
    )
    page = send(officer, file).text
    assert "Đã nhận <strong>2</strong> nhãn; 0 đã có từ trước; 2 mục hỏng" in page
    assert "<li>Dòng (mục) 2: không phải JSON</li>" in page
    assert "Dòng (mục) 4: " in page
    assert "Expecting" not in page
    assert kept(world) == 2
    assert "Đã nhận <strong>0</strong> nhãn; 2 đã có từ trước" in send(officer, file).text
    assert kept(world) == 2
    with world.store.read() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "label.import")).first()
        assert entry is not None
        assert (entry.detail["new"], entry.detail["bad"], entry.user_id is not None) == (2, 2, True)


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (b"PK\x03\x04\x00\x00", "jsonl", "không phải tệp văn bản"),
        (b"\xff\xfe\xe9", "csv", "không phải UTF-8"),
        ("a,b\n1,2\n", "csv", "cần ít nhất các cột"),
        ("{}", "labelstudio", "cần một danh sách"),
        ("\n", "jsonl", "không có nhãn nào"),
        (lines(GOOD), "xlsx", "Hãy chọn định dạng"),
        (b"", "jsonl", "Hãy chọn tệp"),
        (lines(GOOD, GOOD, GOOD), "jsonl", "hơn 2 nhãn"),
    ],
)
def test_what_is_no_label_file_is_refused_whole(
    one_world: World, monkeypatch: pytest.MonkeyPatch, content: bytes | str, kind: str, said: str
) -> None:
    monkeypatch.setattr(label_import, "MOST_ROWS", 2)
    answer = send(one_world.sign_in("lan"), content, kind)
    assert answer.status_code == 400
    assert "Chưa nhập nhãn nào." in answer.text
    assert said in answer.text
    assert kept(one_world) == 0


def test_a_file_too_large_or_of_somebody_with_a_territory_is_refused(one_world: World) -> None:
    assert send(one_world.sign_in("lan"), b"x" * (8 * 1024 * 1024 + 10)).status_code == 413
    with one_world.store.write() as session:
        minh = users.find_user(session, "minh")
        assert minh is not None
        users.set_territory(session, minh, ["01"])
    person = one_world.sign_in("minh")
    person.get("/")
    answer = person.client.post(
        "/nhan/nhap", data={"csrf": person.csrf, "dinh_dang": "jsonl"}, files={"tep": ("a", lines(GOOD).encode())}
    )
    assert answer.status_code == 404
    assert kept(one_world) == 0
