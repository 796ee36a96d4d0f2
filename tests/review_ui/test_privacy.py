"""Deletion with proof, the register of grounds, and figures of the plans with what was typed in marked so."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from models.store import answers, audit, cases
from models.store.answers import Answer, Giver
from models.tables import Case, Erasure, Identity
from pipeline.case_retention import RetentionError, read_classes, run
from pipeline.identities import make_key
from pipeline.indicators import indicators
from tests.review_ui.conftest import World
from tests.review_ui.seed import NOW
from tests.review_ui.test_case_work import act, enter
from tests.review_ui.test_clocks import open_case
from tests.review_ui.test_documents import edited
from tests.review_ui.test_identities import NAME, everything, keyed, write
from tests.review_ui.test_leads import add_recipient, send

PAGE = "/vu-viec/1/quyen-rieng-tu"


def test_a_deletion_takes_all_that_was_written_of_persons_leaves_the_proof_and_keeps_what_was_sent(
    one_world: World, tmp_path: Path
) -> None:
    make_key(tmp_path / "key")
    person = keyed(one_world, tmp_path / "key")
    enter(person, note="Ghi khi nhập, chuyện riêng mẫu")
    write(person)
    act(person, 1, "ghi-chu", text="Ghi sau, chuyện riêng mẫu")
    act(person, 1, "viec", text="Gọi nhà, chuyện riêng mẫu")
    person.get("/vu-viec/1/van-ban")
    person.post("/vu-viec/1/van-ban/lap", kind="mau-01")
    draft = person.get("/vu-viec/1/van-ban/1/tep").content
    person.get("/vu-viec/1/van-ban")
    files = {"file": ("a.docx", edited(draft))}
    person.client.post("/vu-viec/1/van-ban/sua", data={"csrf": person.csrf, "kind": "mau-01"}, files=files)
    person.get(PAGE)
    assert person.post(PAGE, do="yeu-cau", asked_by="", ground="x").status_code == 400
    assert person.post(PAGE, do="yeu-cau", asked_by="mẹ của trẻ", ground="NĐ 56/2017 Đ36.3").status_code == 303
    decide = {"do": "giai-quyet", "request": "1", "accept": "co"}
    assert person.post(PAGE, **decide, reason=" ").status_code == 400
    assert person.post(PAGE, **decide, reason="đúng quy định").status_code == 303
    assert person.post(PAGE, **decide, reason="lần nữa").status_code == 400
    left = everything(one_world)
    assert "chuyện riêng mẫu" not in left
    assert "người dân" not in left
    assert NAME not in person.post("/vu-viec/1/danh-tinh/xem", reason="kiểm tra").text
    with one_world.store.read() as session:
        [row] = session.query(Erasure).all()
        [line] = [line for line in audit.lines(session) if line.action == "erasure.done"]
        assert row.erased == {"identities": 1, "notes": 1, "tasks": 1, "drafts": 1}
        assert line.detail["proof"] == row.proof
        assert audit.verify(session) is None
        assert session.get_one(Case, 1).code == "VV-2026-0001"
    assert str(row.proof) in person.get(PAGE).text


def test_a_refused_request_deletes_nothing(one_world: World) -> None:
    person = one_world.sign_in("lan")
    enter(person)
    act(person, 1, "ghi-chu", text="Ghi chú còn lại")
    person.get(PAGE)
    person.post(PAGE, do="yeu-cau", asked_by="báo", ground="không rõ")
    assert person.post(PAGE, do="giai-quyet", request="1", accept="khong", reason="không có quyền").status_code == 303
    assert "Ghi chú còn lại" in everything(one_world)
    assert "từ chối" in person.get(PAGE).text


def test_the_register_says_which_case_has_no_ground_yet(one_world: World) -> None:
    person = one_world.sign_in("lan")
    enter(person)
    assert "chưa ghi" in person.get("/so-can-cu").text
    person.get(PAGE)
    assert person.post(PAGE, do="can-cu", code="tu-nghi-ra").status_code == 400
    assert person.post(PAGE, do="can-cu", code="phong_chong_toi_pham", note="tin báo mẫu").status_code == 303
    text = person.get("/so-can-cu").text
    assert "Phòng, chống tội phạm và vi phạm pháp luật" in text
    assert "chưa ghi" not in text


def test_identities_of_an_ended_case_go_after_their_time_and_a_dry_run_only_counts(
    world: World, tmp_path: Path
) -> None:
    make_key(tmp_path / "key")
    person = keyed(world, tmp_path / "key")
    for number in (1, 2):
        enter(person, note=f"Vụ {number}")
        person.get(f"/vu-viec/{number}/danh-tinh")
        person.post(f"/vu-viec/{number}/danh-tinh", kind="child", name=NAME)
    with world.store.write() as session:
        cases.move(session, 1, "khong_phai", seen="moi", reason="nhầm", user_id=1, now=NOW)
    classes = read_classes(tmp_path)

    def gone(days: int, *, dry_run: bool) -> int:
        found = run(world.store, classes, now=NOW + timedelta(days=days), dry_run=dry_run)
        return next(one.rows for one in found if one.of.code == "identities")

    assert gone(89, dry_run=False) == 0
    assert gone(91, dry_run=True) == 1
    assert gone(91, dry_run=False) == 1
    assert gone(91, dry_run=False) == 0
    with world.store.read() as session:
        rows = {row.case_id: (row.sealed is None, row.erased_for) for row in session.query(Identity)}
        assert rows == {1: (True, "hết thời hạn lưu giữ"), 2: (False, None)}
        assert [line.action for line in audit.lines(session)].count("retention.erase") == 1
    (tmp_path / "case_retention.toml").write_text('[[class]]\ncode = "audit"\nname = "x"\ndays = 1\n')
    with pytest.raises(RetentionError, match="«audit»"):
        read_classes(tmp_path)


# -- indicators


@pytest.fixture
def answered(one_world: World) -> World:
    """Three leads to the police: one decided (prosecuted) and solved, one accepted, one refused."""
    case_ids = [open_case(one_world, name) for name in ("carer", "online", "trial")]
    send(one_world.sign_in("lan"), add_recipient(one_world, "police"), *case_ids)
    said = {
        1: [("accepted", None, False), ("decision", "khoi_to", None), ("result", "ket_thuc_dieu_tra", None)],
        2: [("accepted", None, True)],
        3: [("refused", None, None)],
    }
    with one_world.store.write() as session:
        for lead_id, lines in said.items():
            for number, (kind, outcome, known) in enumerate(lines):
                answer = Answer(kind, NOW, outcome, "lý do" if kind == "refused" else "", known=known)
                answers.give(session, lead_id, answer, Giver("page", user_id=1), key=str(number), now=NOW)
    return one_world


def test_figures_come_from_the_answers_and_typed_ones_are_marked(answered: World) -> None:
    period = (date(2026, 1, 1), date(2026, 11, 21))
    with answered.store.read() as session:
        found, worth = indicators(session, *period)
        outside, _ = indicators(session, date(2026, 1, 1), date(2026, 11, 20))
    counts = {one.rule.code: (one.part, one.whole, one.reached) for one in found}
    assert counts["thu_ly"] == (2, 3, False)
    assert counts["giai_quyet"] == (1, 2, False)
    assert counts["khoi_to"] == (1, 1, True)
    assert counts["kham_pha"] == (1, 1, True)
    assert counts["xet_xu"] == (None, None, None)
    assert (worth.asked, worth.new) == (2, 1)
    assert outside[0].whole == 0
    assert outside[0].reached is None
    person = answered.sign_in("lan")
    assert "1 là tin họ chưa biết" in person.get("/chi-tieu").text
    figure = {
        "code": "thu_ly",
        "part": "30",
        "whole": "31",
        "source": "Báo cáo mẫu",
        "tu": "2026-01-01",
        "den": "2026-11-21",
    }
    assert person.post("/chi-tieu", **{**figure, "part": "32"}).status_code == 400
    assert person.post("/chi-tieu", **{**figure, "source": ""}).status_code == 400
    assert person.post("/chi-tieu", **figure).status_code == 303
    text = person.get("/chi-tieu").text
    assert "nhập tay: Báo cáo mẫu" in text
    assert "tính từ trả lời: 2/3" in text


def test_over_ninety_five_per_cent_is_more_than_ninety_five(answered: World) -> None:
    period = (date(2026, 1, 1), date(2026, 11, 21))
    person = answered.sign_in("lan")
    person.get("/chi-tieu")
    figure = {"code": "giai_quyet", "whole": "100", "source": "Báo cáo mẫu", "tu": "2026-01-01", "den": "2026-11-21"}
    for part, reached in (("95", False), ("96", True)):
        person.post("/chi-tieu", **figure, part=part)
        with answered.store.read() as session:
            found, _ = indicators(session, *period)
        assert next(one for one in found if one.rule.code == "giai_quyet").reached is reached
