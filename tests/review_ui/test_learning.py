"""The label and model pages: what a reader sees, what one person cannot do alone, what a tampered file leads to."""

from datetime import timedelta
from typing import Any

import pytest

from models.store import labels, learning_jobs, users
from models.store import models_registry as rows
from models.store.labels import Said
from pipeline.learning.live import registry_of
from review_ui.views import models as views
from tests.pipeline.learning.conftest import small_model
from tests.review_ui.conftest import World
from tests.review_ui.seed import NOW

FIGURES = {"average_precision": 0.9, "recall_of_flag": 0.99, "recall_at_budget": 0.9, "calibration_error": 0.01}
COMPARED: dict[str, Any] = {
    "relevant": 60, "labelled": 200, "unlabelled": 300, "days": 28, "budget": 20, "seen_by_current": True,
    "new": FIGURES, "old": FIGURES, "intervals": {name: [0.8, 0.95] for name in FIGURES},
    "difference": {name: [0.0, -0.01, 0.02] for name in FIGURES},
    "groups": [{"name": "type:bao_luc", "relevant": 20, "new": 0.9, "old": 0.85, "interval": [-0.1, 0.2],
                "precision": [0.9, 0.8]},
               {"name": "outlet:bao-mau", "relevant": 9, "new": 0.9, "old": 0.85, "interval": [-0.1, 0.2],
                "precision": [0.9, 0.8], "gain": [-0.05, 0.22], "small": True}],
    "differ": [
        {"article": 1, "title": "Đầu đề mẫu <b>", "outlet": "bao-mau", "said": 1,
         "new": {"score": 0.4, "flag": True, "kind": "vu_viec"}, "old": {"score": 0.1, "flag": False, "kind": "khac"}}
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def tiny() -> dict[str, Any]:
    return small_model(1)


def trained(world: World, tiny: dict[str, Any]) -> int:
    """A registered model with a training job that compared it."""
    house = world.app.state.house
    row = registry_of(house.store, house.settings).keep(tiny, {"id": "thu"}, at=NOW, user_id=None)
    with world.store.write() as session:
        current = registry_of(house.store, house.settings).working(session, NOW).name
        job = learning_jobs.queue(session, "train", {"until": "2026-10-24"}, user_id=None, at=NOW).id
        learning_jobs.start(session, job, at=NOW)
        suspects = [{"key": "bai-1", "article": 1, "title": "Nhãn mẫu", "said": 1, "own": 0.03}]
        result = {
            "model": row.name,
            "comparison": {**COMPARED, "model": row.name, "current": current},
            "suspects": suspects,
            "labels": 5356,
        }
        learning_jobs.finish(session, job, "done", at=NOW, message="Xong.", result=result)
    return row.id


def test_a_model_is_compared_promoted_by_two_people_and_taken_back(one_world: World, tiny: dict[str, Any]) -> None:
    number = trained(one_world, tiny)
    lan, minh = one_world.sign_in("lan"), one_world.sign_in("minh")
    listed = lan.get("/mo-hinh").text
    assert f'href="/mo-hinh/{number}#so-sanh"' in listed
    assert "học 5.356 bài" in listed
    text = lan.get(f"/mo-hinh/{number}").text
    for part in (
        "0,990",
        "+0,000 (-0,010 đến +0,020)",
        "Bạo lực",
        "ít bài",
        "(-0,05 đến +0,22)",
        "Đầu đề mẫu &lt;b&gt;",
        "Nhãn mẫu",
        "đã học một phần",
    ):
        assert part in text
    assert lan.post(f"/mo-hinh/{number}/duyet").status_code == 400
    assert lan.post(f"/mo-hinh/{number}/de-nghi").status_code == 303
    assert "người khác" in lan.post(f"/mo-hinh/{number}/duyet").text
    minh.get(f"/mo-hinh/{number}")
    assert minh.post(f"/mo-hinh/{number}/duyet").status_code == 303
    with one_world.store.read() as session:
        current = rows.in_role(session, rows.CURRENT)
        assert current is not None
        assert current.id == number
    assert "Quay lại mô hình trước" in minh.get("/mo-hinh").text
    assert minh.post("/mo-hinh/quay-lai").status_code == 303
    assert "Quay lại mô hình trước" not in minh.get("/mo-hinh").text
    for lang, word in (("vi", "Phiếu mô hình"), ("en", "Model card")):
        assert word in minh.get(f"/mo-hinh/{number}/the?tieng={lang}").text


def test_a_tampered_file_is_shown_with_the_reason_and_cannot_be_tried_or_proposed(
    one_world: World, tiny: dict[str, Any]
) -> None:
    number = trained(one_world, tiny)
    folder = one_world.app.state.house.settings.models_dir
    next(folder.glob("thu-*/model.skops")).write_bytes(b"khac")
    lan = one_world.sign_in("lan")
    page = lan.get(f"/mo-hinh/{number}").text
    assert "không mở được" in page
    assert "SHA-256 is not the one" in page
    assert "Đề nghị dùng" not in page
    for action in ("chay-thu", "de-nghi"):
        assert lan.post(f"/mo-hinh/{number}/{action}").status_code == 400


def test_training_is_queued_for_another_process_and_can_be_stopped(
    one_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[object] = []
    monkeypatch.setattr(views, "start_worker", started.append)
    lan = one_world.sign_in("lan")
    lan.get("/mo-hinh")
    assert lan.post("/mo-hinh/huan-luyen", den_ngay="2027-01-01").status_code == 400
    assert lan.post("/mo-hinh/huan-luyen", den_ngay="2026-10-24").status_code == 303
    assert lan.post("/mo-hinh/huan-luyen", den_ngay="2026-10-24").status_code == 400
    assert len(started) == 1
    assert "Đang chờ" in lan.get("/mo-hinh").text
    assert lan.post("/mo-hinh/viec/1/dung").status_code == 303
    assert "Đã dừng trước khi chạy" in lan.get("/mo-hinh").text


def test_a_disagreement_is_settled_beside_what_was_said_and_the_guide(one_world: World, tiny: dict[str, Any]) -> None:
    """So is a label that the newest training found contradicted: it is listed until somebody looked again."""
    trained(one_world, tiny)
    with one_world.store.write() as session:
        for name, flag in (("lan", 1), ("minh", 0)):
            user = users.find_user(session, name)
            assert user is not None
            said = Said(flag, "vu_viec" if flag else "khac", ("bao_luc",) if flag else ())
            at = NOW - timedelta(hours=1)
            labels.add(session, said, source="read", at=at, key="bai-1", user_id=user.id, article_id=1, version_id=1)
    lan = one_world.sign_in("lan")
    listed = lan.get("/nhan").text
    assert "Nhãn mẫu" in listed
    assert listed.count("/nhan/doc?bai=1&amp;viec=settled") == 2
    text = lan.get("/nhan/doc?bai=1&viec=settled").text
    assert "Người đọc đã trả lời" in text
    assert "Đuối nước" in text
    fields = {"bai": 1, "phien_ban": 1, "viec": "settled", "flag": 1, "kind": "vu_viec"}
    assert "ít nhất một loại hành vi" in lan.post("/nhan/doc", **fields).text
    assert lan.post("/nhan/doc", **fields, types="bao_luc").status_code == 303
    listed = lan.get("/nhan").text
    assert "Không có bất đồng nào" in listed
    assert "Nhãn mẫu" not in listed
    for kind in ("jsonl", "csv", "labelstudio", "doccano"):
        file = lan.get(f"/nhan/tep?dinh_dang={kind}")
        assert file.status_code == 200
        assert "attachment" in file.headers["content-disposition"]
        assert "user-" not in file.text


def test_what_exposes_a_child_is_hidden_from_a_reader_and_nothing_tells_the_model_s_opinion(one_world: World) -> None:
    text = one_world.sign_in("lan").get("/nhan/doc?bai=1").text
    assert "▇▇▇" in text
    assert "0,97" not in text


def test_a_person_with_a_territory_of_their_own_has_no_part_in_it(one_world: World) -> None:
    with one_world.store.write() as session:
        minh = users.find_user(session, "minh")
        assert minh is not None
        users.set_territory(session, minh, ["48"])
    person = one_world.sign_in("minh")
    for address in ("/nhan", "/nhan/doc", "/mo-hinh", "/mo-hinh/1"):
        assert person.get(address).status_code == 404
