"""Clocks on the pages: what runs, the proof that ends it, pauses with a reason, what rings whom."""

from datetime import timedelta

import pytest

from models.store import audit, bells, cases, users
from models.store.reading import story
from models.store.review import Choice, decide
from models.tables import CaseWatcher, Subscription
from pipeline.bells import queue_bells, run_bells
from pipeline.case_standing import emergency_clocks, read_rules
from pipeline.config import Settings
from pipeline.deadlines import State
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW, Telling, add_article


def open_case(world: World, name: str = "carer", by: str = "lan") -> int:
    with world.store.write() as session:
        user = users.find_user(session, by)
        assert user is not None
        lead = story(session, world.stories[name]).lead
        chosen = Choice("confirm", lead.id, lead.shown_id, None, None)
        decide(session, world.stories[name], chosen, user_id=user.id, now=NOW)
        return cases.open_case(session, world.stories[name], user_id=user.id, now=NOW)


def proof(**other: str) -> dict[str, str]:
    return {
        "code": "chuyen_tin", "do": "xong", "at": "2026-11-21T08:00", "by": "Người LAN", "to": "UBND phường mẫu",
        "how": "điện thoại", "reference": "12/BC-M", **other,
    }  # fmt: skip


def test_a_clock_shows_both_starts_its_ground_and_what_is_left(world: World) -> None:
    case_id = open_case(world)
    text = world.sign_in("lan").get(f"/vu-viec/{case_id}").text
    assert "Biện pháp can thiệp khẩn cấp" in text
    assert "NĐ 56/2017 Đ26.3" in text
    assert "tính từ lúc hệ thống có tin" in text
    assert "tính từ lúc cán bộ xác nhận" in text
    assert "Còn 11 giờ" in text


def test_a_step_ends_its_clock_with_the_proof_and_can_be_taken_back_with_a_reason(world: World) -> None:
    case_id, person = open_case(world), None
    world.clock.forward(hours=1)
    person = world.sign_in("lan")
    person.get(f"/vu-viec/{case_id}")
    assert person.post(f"/vu-viec/{case_id}/han", **proof()).status_code == 303
    text = person.get(f"/vu-viec/{case_id}").text
    assert "Đã xong, đúng hạn" in text
    assert "Người LAN gửi UBND phường mẫu (điện thoại), số 12/BC-M" in text
    assert person.post(f"/vu-viec/{case_id}/han", **proof()).status_code == 400
    assert "đã được ghi là xong" in person.last.text
    assert person.post(f"/vu-viec/{case_id}/han", code="chuyen_tin", do="rut", step="1", reason="").status_code == 400
    done = person.post(f"/vu-viec/{case_id}/han", code="chuyen_tin", do="rut", step="1", reason="gọi nhầm")
    assert done.status_code == 303
    assert "Đã xong, đúng hạn" not in person.get(f"/vu-viec/{case_id}").text
    with world.store.read() as session:
        assert {line.action for line in audit.lines(session)} >= {"clock.end", "clock.take_back"}


@pytest.mark.parametrize("wrong", [{"to": " "}, {"at": "2026-11-21T07:00"}, {"at": "2026-11-22T07:00"}, {"at": "x"}])
def test_a_proof_without_addressee_or_of_an_impossible_time_is_refused(one_world: World, wrong: dict[str, str]) -> None:
    case_id = open_case(one_world)
    one_world.clock.forward(hours=1)
    person = one_world.sign_in("lan")
    person.get(f"/vu-viec/{case_id}")
    assert person.post(f"/vu-viec/{case_id}/han", **proof(**wrong)).status_code == 400
    assert "Đã xong" not in person.get(f"/vu-viec/{case_id}").text


def test_a_clock_stands_still_only_with_a_reason(one_world: World) -> None:
    case_id = open_case(one_world)
    person = one_world.sign_in("lan")
    person.get(f"/vu-viec/{case_id}")
    fields = {"code": "khan_cap", "do": "dung"}
    assert person.post(f"/vu-viec/{case_id}/han", **fields, reason="").status_code == 400
    assert person.post(f"/vu-viec/{case_id}/han", **fields, reason="chờ công an mẫu").status_code == 303
    one_world.clock.forward(hours=20)
    person = one_world.sign_in("lan")
    assert "Tạm dừng, còn 11 giờ" in person.get(f"/vu-viec/{case_id}").text
    assert person.post(f"/vu-viec/{case_id}/han", code="khan_cap", do="tiep").status_code == 303
    assert "Còn 11 giờ" in person.get("/han-xu-ly").text


def test_the_list_has_the_overdue_first_and_the_report_counts_them_by_desk(one_world: World) -> None:
    case_id = open_case(one_world)
    one_world.clock.forward(hours=13)
    person = one_world.sign_in("lan")
    text = person.get("/han-xu-ly").text
    assert text.index("Quá hạn") < text.index("Báo cáo vụ việc bằng văn bản")
    person.get(f"/vu-viec/{case_id}")
    person.post(f"/vu-viec/{case_id}/han", **proof())
    report = person.get("/han-xu-ly/dung-han").text
    assert "UBND P. Nghĩa Đô, Hà Nội" in report
    assert "100 %" in report


def test_it_rings_before_and_after_running_out_once_and_on_the_person_s_own_channel(world: World) -> None:
    case_id = open_case(world)
    said: list[tuple[str, str]] = []
    with world.store.write() as session:
        lan, minh, quan = (users.find_user(session, name) for name in ("lan", "minh", "quan"))
        assert lan is not None
        assert minh is not None
        assert quan is not None
        upper = Subscription(user_id=quan.id, name="tiếp", channel="json://mau.example/2", places=[], types=[])
        session.add(upper)
        session.flush()
        session.add(
            Subscription(
                user_id=lan.id, name="tôi", channel="json://mau.example/1", places=[], types=[], escalate_to=upper.id
            )
        )
        session.add(CaseWatcher(case_id=case_id, user_id=minh.id, since=NOW))

    def at(hours: float) -> list[tuple[str, str]]:
        said.clear()
        settings = Settings(public_url="https://diembao.example")

        def send(channel: str, title: str, body: str) -> bool:
            said.append((channel, body))
            return True

        run_bells(world.store, settings, now=lambda: NOW + timedelta(hours=hours), sender=send)
        return [(channel[-1], body) for channel, body in said if "khẩn cấp" in body]

    assert at(1) == []
    [(channel, body)] = at(9)
    assert channel == "1"
    assert "sắp hết hạn" in body
    assert f"https://diembao.example/vu-viec/{case_id}" in body
    assert at(9.5) == []
    [(channel, body)] = at(12)
    assert (channel, "quá hạn từ" in body) == ("1", True)
    assert [channel for channel, _ in at(16)] == ["2"]
    assert at(17) == []
    with world.store.read() as session:
        assert [bell.kind for bell in bells.unseen(session, minh.id) if "khẩn cấp" in bell.text] == ["clock_over"]
    minh_s = world.sign_in("minh")
    assert "quá hạn từ" in minh_s.get("/han-xu-ly").text
    minh_s.get(f"/vu-viec/{case_id}")
    assert "Chuông của bạn" not in minh_s.get("/han-xu-ly").text


def test_an_article_that_comes_to_the_story_later_rings_the_owner(one_world: World) -> None:
    case_id = open_case(one_world)
    with one_world.store.write() as session:
        article = add_article(session, 1, Telling(title="Bài sau mẫu", outlet="tin-mau", hours_ago=-2), 9)
        from models.tables import StoryArticle

        session.add(StoryArticle(story_id=one_world.stories["carer"], article_id=article.id, main=True, added_at=NOW))
    assert queue_bells(one_world.store, read_rules(Settings().data_dir), now=NOW + timedelta(minutes=1)) > 0
    with one_world.store.read() as session:
        lan = users.find_user(session, "lan")
        assert lan is not None
        [bell] = [bell for bell in bells.unseen(session, lan.id) if bell.kind == "article"]
    assert (bell.case_id, "Tin Mẫu" in bell.text) == (case_id, True)


def test_the_emergency_clock_of_a_row_follows_the_case_s_pause(one_world: World) -> None:
    case_id = open_case(one_world)
    rules = read_rules(Settings().data_dir)
    person: Person = one_world.sign_in("lan")
    person.get(f"/vu-viec/{case_id}")
    person.post(f"/vu-viec/{case_id}/han", code="khan_cap", do="dung", reason="chờ")
    with one_world.store.read() as session:
        stories = [story(session, one_world.stories[name]) for name in ("carer", "online")]
        found = emergency_clocks(session, stories, rules, now=NOW + timedelta(hours=30))
    assert [found[view.id].state for view in stories] == [State.PAUSED, State.OVERDUE]
    assert found[stories[0].id].from_confirmation is not None
    assert found[stories[1].id].from_confirmation is None
