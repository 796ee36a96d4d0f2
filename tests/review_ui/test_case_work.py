"""A case worked on together: by hand, duplicates, merging, tasks, the checklist, the line of time."""

import csv
import io

import pytest

from models.states import CLOSING
from models.store import cases, clocks
from models.store.case_merge import merge, take_apart
from models.store.cases import CaseError
from models.store.clocks import Done, end
from models.tables import CaseDetail, CaseStory
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW
from tests.review_ui.test_clocks import open_case

BY_HAND = {
    "origin": "hotline",
    "received_at": "2026-11-21T06:30",
    "informant": "người dân",
    "types": "bao_luc",
    "age": "0_5",
    "sex": "nu",
    "setting": "nha_truong_mam_non",
    "relation": "nguoi_trong_tre",
    "victims": "1",
    "danger": "co",
    "place": "phường Nghĩa Đô, Hà Nội",
    "note": "Nội dung mẫu.",
}


def enter(person: Person, **other: str) -> int:
    person.get("/nhap-vu-viec")
    answer = person.post("/nhap-vu-viec", **{**BY_HAND, **other})
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("/", 1)[1])


def act(person: Person, case_id: int, do: str, **fields: str) -> int:
    person.get(f"/vu-viec/{case_id}")
    return person.post(f"/vu-viec/{case_id}/lam", do=do, **fields).status_code


def test_a_case_by_hand_has_facts_clocks_and_papers_without_any_article(world: World) -> None:
    person = world.sign_in("lan")
    case_id = enter(person)
    text = person.get(f"/vu-viec/{case_id}").text
    for said in ("Tổng đài 111", "Bạo lực", "0–5 tuổi", "P. Nghĩa Đô", "trẻ có thể đang gặp nguy hiểm", "Còn 11 giờ"):
        assert said.lower() in text.lower()
    person.get(f"/vu-viec/{case_id}/van-ban")
    assert person.post(f"/vu-viec/{case_id}/van-ban/lap", kind="mau-01").status_code == 303
    text = person.get(person.last.headers["location"]).text
    assert "Cán bộ nhập (Người LAN" in text
    assert "trẻ nữ" in person.get("/vu-viec").text
    person.get("/nguon-tin")
    fields = {"first": "2026-11-01", "last": "2026-11-30", "ground": "Căn cứ", "recipient": "Nơi nhận"}
    [row] = csv.DictReader(io.StringIO(person.post("/nguon-tin/tai", **fields).text.lstrip("\ufeff"), newline=""))
    assert (row["Loại"], row["Tuổi"], row["Nơi xảy ra"]) == ("Bạo lực", "0–5 tuổi", "P. Nghĩa Đô, Hà Nội")


def test_a_form_sent_twice_is_one_case_and_the_same_call_a_day_later_another(one_world: World) -> None:
    person = one_world.sign_in("lan")
    assert enter(person) == enter(person) == 1
    assert enter(person, note="Nội dung khác.") == 2
    assert "Trẻ A (nữ, 0–5 tuổi)" in person.get("/vu-viec/1").text


@pytest.mark.parametrize("wrong", [{"origin": "story"}, {"types": "x"}, {"received_at": "2026-11-22T06:30"}])
def test_what_cannot_be_is_refused_and_the_form_keeps_what_was_typed(one_world: World, wrong: dict[str, str]) -> None:
    person = one_world.sign_in("lan")
    person.get("/nhap-vu-viec")
    answer = person.post("/nhap-vu-viec", **{**BY_HAND, **wrong})
    assert answer.status_code == 400
    assert 'value="người dân"' in answer.text
    assert person.post("/nhap-vu-viec", **{**BY_HAND, "place": "Nơi Không Có"}).status_code == 400
    with one_world.store.read() as session:
        assert cases.all_cases(session) == []


def test_the_same_place_act_age_and_time_are_proposed_merged_and_told_together(world: World) -> None:
    """The story of the carer lies in the same ward, and so does the call about it; the court's story does not fit."""
    pressed, person = open_case(world), world.sign_in("lan")
    other = open_case(world, "trial")
    called = enter(person)
    text = person.get(f"/vu-viec/{pressed}").text
    assert "Có thể trùng" in text
    assert "cùng xã, phường, cùng loại hành vi" in text
    assert "Có thể trùng" not in person.get(f"/vu-viec/{other}").text
    with world.store.write() as session:
        done = Done(NOW, "Cán bộ mẫu", "UBND mẫu", "điện thoại", "77")
        end(session, called, "khan_cap", done, user_id=1, now=NOW)
    assert act(person, pressed, "gop", other="VV-2026-0003", reason="") == 400
    assert act(person, pressed, "gop", other="vv-2026-0003", reason="cùng một vụ") == 303
    text = person.get(f"/vu-viec/{pressed}").text
    assert "VV-2026-0003: mở vụ việc VV-2026-0003" in text
    assert "UBND mẫu (điện thoại), số 77" in text
    assert "Có thể trùng" not in text
    assert person.get(f"/vu-viec/{called}").headers["location"] == f"/vu-viec/{pressed}"
    assert "VV-2026-0003" not in person.get("/vu-viec").text
    with world.store.read() as session:
        assert clocks.load(session, [pressed])[pressed].proofs["khan_cap"].reference == "77"


def test_stories_of_a_merged_case_go_along_and_nothing_is_merged_twice(world: World) -> None:
    first, second = open_case(world), open_case(world, "online")
    with world.store.write() as session:
        merge(session, second, first, reason="một vụ", user_id=1, now=NOW)
    with world.store.read() as session:
        assert {session.get_one(CaseStory, world.stories[name]).case_id for name in ("carer", "online")} == {first}
        assert session.get_one(CaseDetail, second).merged_into == first
        assert len(cases.one_case(session, first).stories) == 2
    for one, other in ((second, first), (first, second), (first, first)):
        with pytest.raises(CaseError), world.store.write() as session:
            merge(session, one, other, reason="lại", user_id=1, now=NOW)
    with pytest.raises(CaseError, match="đã được gộp"), world.store.write() as session:
        cases.move(session, second, "da_chuyen", seen="moi", reason=None, user_id=1, now=NOW)


def test_a_merge_can_be_undone_from_the_last_one_on_and_everything_is_back_where_it_was(world: World) -> None:
    """The trial's case goes into the online one, that into the carer's; each taken apart again, the last first."""
    person = world.sign_in("lan")
    carer, online, trial = (open_case(world, name) for name in ("carer", "online", "trial"))
    with world.store.write() as session:
        merge(session, trial, online, reason="một vụ", user_id=1, now=NOW)
        merge(session, online, carer, reason="một vụ", user_id=1, now=NOW)
    with pytest.raises(CaseError, match="sau cùng"), world.store.write() as session:
        take_apart(session, trial, carer, reason="nhầm", user_id=1, now=NOW)
    assert act(person, carer, "tach", other="VV-2026-0002", reason="") == 400
    assert act(person, carer, "tach", other="VV-2026-0002", reason="hai vụ khác nhau") == 303
    assert "Tách VV-2026-0002 khỏi vụ việc này: hai vụ khác nhau" in person.get(f"/vu-viec/{carer}").text
    assert [len(view.stories) for view in found(world)] == [1, 2]
    with world.store.write() as session:
        take_apart(session, trial, online, reason="nhầm", user_id=1, now=NOW)
    assert [(view.id, len(view.stories)) for view in found(world)] == [(carer, 1), (online, 1), (trial, 1)]


def found(world: World) -> list[cases.CaseView]:
    with world.store.read() as session:
        return cases.all_cases(session)[::-1]


def test_a_call_that_came_before_the_paper_sets_the_clock_of_the_case_it_went_into(one_world: World) -> None:
    pressed, person = open_case(one_world), one_world.sign_in("lan")
    called = enter(person, received_at="2026-11-21T03:00")
    with one_world.store.write() as session:
        merge(session, called, pressed, reason="một vụ", user_id=1, now=NOW)
    assert "Còn 7 giờ 30" in person.get(f"/vu-viec/{pressed}").text
    with one_world.store.write() as session:
        take_apart(session, called, pressed, reason="nhầm", user_id=1, now=NOW)
    assert "Còn 11 giờ" in person.get(f"/vu-viec/{pressed}").text


def test_what_a_person_set_apart_is_not_proposed_again(one_world: World) -> None:
    pressed, person = open_case(one_world), one_world.sign_in("lan")
    enter(person)
    assert act(person, pressed, "khac-nhau", other="VV-2026-0002") == 303
    assert "Có thể trùng" not in person.get(f"/vu-viec/{pressed}").text
    assert "Có thể trùng" not in person.get("/vu-viec/2").text


def test_a_case_closes_only_when_the_checklist_is_done_and_opens_again_with_a_reason(world: World) -> None:
    case_id, person = open_case(world), world.sign_in("lan")
    person.get(f"/vu-viec/{case_id}")
    assert person.post(f"/vu-viec/{case_id}/buoc", seen="moi", after="da_chuyen").status_code == 303
    close = {"seen": "da_chuyen", "after": "dong", "reason": "đã xong"}
    assert person.post(f"/vu-viec/{case_id}/buoc", **close).status_code == 400
    assert "còn 7 mục" in person.last.text
    assert act(person, case_id, "kiem-tra", item=CLOSING[0], answer="not_needed") == 400
    for item in CLOSING:
        assert act(person, case_id, "kiem-tra", item=item, answer="not_needed", note="không cần") == 303
    assert person.post(f"/vu-viec/{case_id}/buoc", **close).status_code == 303
    again = {"seen": "dong", "after": "theo_doi"}
    assert person.post(f"/vu-viec/{case_id}/buoc", **again).status_code == 400
    assert person.post(f"/vu-viec/{case_id}/buoc", **again, reason="có tin mới").status_code == 303


def test_owner_watcher_task_and_note_are_on_the_line_of_time_apart_from_the_machine(world: World) -> None:
    case_id, person = open_case(world), world.sign_in("lan")
    assert act(person, case_id, "giao", owner="2") == 303
    assert act(person, case_id, "theo-doi") == 303
    assert act(person, case_id, "viec", text="Gọi trạm y tế mẫu", assignee="2", due="2026-11-23") == 303
    assert act(person, case_id, "ghi-chu", text="Ghi chú <b>mẫu</b>") == 303
    minh = world.sign_in("minh")
    rung = minh.get("/han-xu-ly").text
    assert "bạn được giao phụ trách" in rung
    assert "bạn có việc cần làm, hạn 23/11/2026" in rung
    assert act(minh, case_id, "xong-viec", task="1") == 303
    text = minh.get(f"/vu-viec/{case_id}").text
    assert "phụ trách: Người MINH" in text
    assert "ghi chú: Ghi chú &lt;b&gt;mẫu&lt;/b&gt;" in text
    assert "Người MINH xong việc: Gọi trạm y tế mẫu" in text
    machine = [line for line in text.split("<li") if line.startswith(' class="machine"')]
    assert any("tải bài của Báo Mẫu" in line for line in machine)
    assert not any("Ghi chú" in line for line in machine)


def test_a_confirmed_story_can_be_attached_and_one_outside_the_territory_is_not_there(one_world: World) -> None:
    person = one_world.sign_in("lan")
    called = enter(person)
    assert act(person, called, "gan-tin", story=str(one_world.stories["carer"])) == 400
    open_case(one_world, "online")
    assert act(person, called, "gan-tin", story=str(one_world.stories["online"])) == 400
    assert act(person, called, "gan-tin", story="999") == 404
