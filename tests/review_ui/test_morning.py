"""What an officer does at seven: read the list, decide, undo, open a case."""

from collections.abc import Callable

from sqlalchemy import select

from models.session import Store
from models.store import audit, reading
from models.tables import AuditEntry, Decision, Story, StoryArticle
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW, Telling, add_article


def choice(world: World, name: str, **fields: object) -> dict[str, object]:
    """The fields that the story's page would send."""
    with world.store.read() as session:
        story = reading.story(session, world.stories[name])
    lead = story.lead
    assert lead.verdict is not None
    seen = "" if story.decision is None else story.decision.id
    return {"article": lead.id, "version": lead.shown_id, "verdict": lead.verdict.id, "seen": seen, **fields}


def in_force(world: World, name: str) -> Decision | None:
    with world.store.read() as session:
        story = session.get_one(Story, world.stories[name])
        return None if story.decision_id is None else session.get_one(Decision, story.decision_id)


def test_the_list_shows_each_story_once_with_place_types_score_and_first_seen(officer: Person) -> None:
    text = officer.get("/").text
    assert text.count("Nghi bạo lực với trẻ 0–5 tuổi ở nhà trường, mầm non") == 1
    for expected in ("Cần xem ngay", "2 báo", "sáng nay 06:30", "Báo Mẫu", "P. Nghĩa Đô, Hà Nội", "0,97", "Còn 11 giờ"):
        assert expected in text
    assert "Còn <strong>3</strong>/3" in text
    assert "Báo không đọc được: 1" in text


def test_a_story_shows_the_sentences_that_counted_and_masks_the_child(officer: Person, world: World) -> None:
    text = officer.get(f"/tin/{world.stories['carer']}").text
    assert "<mark>" in text
    assert "bảo mẫu mẫu đánh" in text
    assert "▇▇▇" in text
    assert "phụ huynh của" not in text.partition('<details class="text"')[2]


def test_confirming_leads_to_the_next_story_and_is_kept_with_types_version_and_verdict(
    officer: Person, world: World
) -> None:
    sent = choice(world, "carer", action="confirm", has_types="1", types="bao_luc")
    response = officer.post(f"/tin/{world.stories['carer']}/quyet-dinh", **sent)
    assert response.status_code == 303
    assert response.headers["location"].startswith(f"/tin/{world.stories['online']}?da=")
    decision = in_force(world, "carer")
    assert decision is not None
    assert (decision.action, decision.types) == ("confirm", ["bao_luc"])
    assert (decision.version_id, decision.verdict_id) == (sent["version"], sent["verdict"])
    assert "Xác nhận" in officer.get(response.headers["location"]).text


def test_a_script_gets_the_next_story_in_the_same_answer_and_is_noted_there(one_world: World) -> None:
    lan, minh = one_world.sign_in("lan"), one_world.sign_in("minh")
    address, following = (f"/tin/{one_world.stories[name]}" for name in ("carer", "online"))
    sent = {"csrf": lan.csrf, **choice(one_world, "carer", action="confirm")}
    answer = lan.client.post(f"{address}/quyet-dinh", data=sent, headers={"x-in-one-go": "1"})
    assert (answer.status_code, answer.headers["x-address"].partition("?")[0]) == (200, following)
    assert "Nghi xâm hại tình dục" in answer.text
    assert "đang được Người LAN xem" in minh.get(following).text
    again = lan.client.post(f"{address}/quyet-dinh", data=sent, headers={"x-in-one-go": "1"})
    assert again.status_code == 409
    case = lan.client.post(f"{address}/vu-viec", data={"csrf": lan.csrf}, headers={"x-in-one-go": "1"})
    assert case.status_code == 303, "other pages are led to as ever"


def test_rejecting_needs_a_reason_from_the_list_and_other_needs_words(officer: Person, world: World) -> None:
    address = f"/tin/{world.stories['online']}/quyet-dinh"
    assert officer.post(address, **choice(world, "online", action="reject")).status_code == 400
    assert officer.post(address, **choice(world, "online", action="reject", reason="bịa")).status_code == 400
    assert officer.post(address, **choice(world, "online", action="reject", reason="khac")).status_code == 400
    assert in_force(world, "online") is None
    fields = choice(world, "online", action="reject", reason="khac", note="trùng với tin hôm qua")
    assert officer.post(address, **fields).status_code == 303
    decision = in_force(world, "online")
    assert decision is not None
    assert (decision.reason, decision.note) == ("khac", "trùng với tin hôm qua")


def test_undo_goes_back_any_number_of_steps_and_forgets_nothing(officer: Person, world: World) -> None:
    for name, fields in (
        ("carer", {"action": "unsure"}),
        ("carer", {"action": "confirm"}),
        ("online", {"action": "reject", "reason": "trung"}),
    ):
        officer.post(f"/tin/{world.stories[name]}/quyet-dinh", **choice(world, name, **fields))
    for left in (("confirm", None), ("unsure", None), (None, None)):
        officer.post("/hoan-tac")
        carer, online = in_force(world, "carer"), in_force(world, "online")
        assert (carer and carer.action, online and online.action) == left
    officer.post("/hoan-tac")
    with world.store.read() as session:
        actions = session.scalars(select(Decision.action).order_by(Decision.id)).all()
    assert actions == ["unsure", "confirm", "reject", "undo", "undo", "undo"]


def test_a_late_decision_is_shown_with_what_happened_meanwhile_and_can_still_be_made(world: World) -> None:
    lan, minh = world.sign_in("lan"), world.sign_in("minh")
    address = f"/tin/{world.stories['carer']}/quyet-dinh"
    late = choice(world, "carer", action="confirm", has_types="1", types="bao_luc", note="đã gọi phường")
    minh.post(address, **choice(world, "carer", action="reject", reason="trung"))
    response = lan.post(address, **late)
    assert response.status_code == 409
    for expected in (
        "vừa được Người MINH bỏ qua lúc 07:30",
        "Ý kiến của bạn chưa ghi",
        "Vẫn xác nhận",
        "đã gọi phường",
    ):
        assert expected in response.text
    first = in_force(world, "carer")
    assert first is not None
    assert first.action == "reject"
    assert lan.post(address, **{**late, "seen": first.id}).status_code == 303
    second = in_force(world, "carer")
    assert second is not None
    assert (second.action, second.note) == ("confirm", "đã gọi phường")


def test_a_case_is_opened_once_from_a_confirmed_story_only(officer: Person, world: World) -> None:
    story = world.stories["carer"]
    assert officer.post(f"/tin/{story}/vu-viec").status_code == 400
    officer.post(f"/tin/{story}/quyet-dinh", **choice(world, "carer", action="confirm"))
    first = officer.post(f"/tin/{story}/vu-viec").headers["location"]
    assert officer.post(f"/tin/{story}/vu-viec").headers["location"] == first
    assert "VV-2026-0001" in officer.get(first).text
    assert "VV-2026-0001" in officer.get("/vu-viec").text
    assert officer.get("/").text.count("VV-2026-0001") == 1


def test_a_story_in_a_case_stays_confirmed(officer: Person, world: World) -> None:
    story = world.stories["carer"]
    officer.post(f"/tin/{story}/quyet-dinh", **choice(world, "carer", action="confirm"))
    officer.post(f"/tin/{story}/vu-viec")
    response = officer.post(f"/tin/{story}/quyet-dinh", **choice(world, "carer", action="reject", reason="trung"))
    assert response.status_code == 409
    assert "thuộc vụ việc VV-2026-0001" in response.text
    officer.post("/hoan-tac")
    decision = in_force(world, "carer")
    assert decision is not None
    assert decision.action == "confirm"


def test_a_case_moves_only_along_the_table_and_ending_needs_a_reason(officer: Person, world: World) -> None:
    story = world.stories["carer"]
    officer.post(f"/tin/{story}/quyet-dinh", **choice(world, "carer", action="confirm"))
    case = officer.post(f"/tin/{story}/vu-viec").headers["location"]
    step = f"{case}/buoc"
    assert officer.post(step, seen="moi", after="dong", reason="xong").status_code == 400
    assert officer.post(step, seen="moi", after="khong_phai").status_code == 400
    assert officer.post(step, seen="moi", after="da_chuyen").status_code == 303
    assert officer.post(step, seen="moi", after="dang_xac_minh").status_code == 400
    text = officer.get(case).text
    assert "chuyển từ mới sang đã chuyển" in text


def test_sign_in_reading_a_case_decision_and_export_are_on_record_in_an_unbroken_chain(
    officer: Person, world: World
) -> None:
    story = world.stories["carer"]
    officer.post(f"/tin/{story}/quyet-dinh", **choice(world, "carer", action="confirm"))
    officer.get(officer.post(f"/tin/{story}/vu-viec").headers["location"])
    officer.post(
        "/nguon-tin/tai", first="2026-11-01", last="2026-11-21", recipient="Công an mẫu", ground="Kế hoạch mẫu"
    )
    with world.store.read() as session:
        actions = session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
        assert audit.verify(session) is None
    assert actions == ["signin.ok", "decision.confirm", "case.open", "case.read", "export.leads"]


def test_unmasking_needs_a_reason_and_is_on_record(officer: Person, world: World) -> None:
    address = f"/tin/{world.stories['carer']}/xem-ten"
    assert officer.post(address, reason=" ").status_code == 400
    shown = officer.post(address, reason="gọi cho nhà trường").text
    assert "phụ huynh" in shown
    with world.store.read() as session:
        entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.action, entry.detail["reason"]) == ("article.unmask", "gọi cho nhà trường")


def test_who_else_has_a_story_open_is_said(world: World) -> None:
    lan, minh = world.sign_in("lan"), world.sign_in("minh")
    address = f"/tin/{world.stories['carer']}"
    lan.get(address)
    assert "đang được Người LAN xem" in minh.get("/").text
    assert "đang được Người LAN xem" in minh.get(address).text
    world.clock.forward(minutes=5)
    assert "đang được" not in minh.get(address).text


def test_a_note_stays_with_the_story(officer: Person, world: World) -> None:
    address = f"/tin/{world.stories['carer']}"
    assert officer.post(f"{address}/ghi-chu", note="đã gọi <b>phường</b>").status_code == 303
    assert "đã gọi &lt;b&gt;phường&lt;/b&gt;" in officer.get(address).text


def test_what_one_person_is_not_sure_of_waits_for_a_second_one(world: World) -> None:
    lan, minh = world.sign_in("lan"), world.sign_in("minh")
    lan.post(f"/tin/{world.stories['carer']}/quyet-dinh", **choice(world, "carer", action="unsure"))
    assert "Còn <strong>2</strong>/3" in lan.get("/").text
    text = minh.get("/").text
    assert "Còn <strong>3</strong>/3" in text
    assert "trước đó: Chưa rõ · Người LAN" in text
    minh.post(f"/tin/{world.stories['carer']}/quyet-dinh", **choice(world, "carer", action="confirm"))
    assert "Còn <strong>2</strong>/3" in minh.get("/").text


def test_other_places_stand_in_a_section_of_their_own(sqlite_store: Store, build: Callable[..., World]) -> None:
    text = build(sqlite_store, territory=("79",)).sign_in("lan").get("/").text
    here, there = text.index("Vụ việc mới trên địa bàn"), text.index("Ngoài địa bàn")
    assert here < text.index("Nghi xâm hại tình dục") < there < text.index("Nghi bạo lực")


def test_filters_are_in_the_address_and_any_day_can_be_asked_for(one_world: World) -> None:
    person = one_world.sign_in("lan")
    text = person.get("/", params={"loai": "xam_hai_tinh_duc"}).text
    assert "Nghi xâm hại" in text
    assert "Nghi bạo lực" not in text
    assert "/tin/2?loai=xam_hai_tinh_duc" in text
    assert "Nghi bạo lực" in person.get("/", params={"tu": "2026-11-01", "den": "2026-11-30"}).text
    assert "Không có tin nào như vậy" in person.get("/", params={"ngay": "2026-11-20"}).text
    assert person.get("/", params={"tu": "2026-11-20", "den": "2026-11-01"}).status_code == 400
    assert person.get("/", params={"tu": "2020-01-01", "den": "2026-11-01"}).status_code == 400
    assert person.get("/", params={"ngay": "hôm qua", "loai": "bịa", "tinh": "x"}).status_code == 200


def test_a_new_article_on_a_later_day_brings_a_story_back_unless_it_was_rejected(one_world: World) -> None:
    person = one_world.sign_in("lan")
    for name, fields in (("carer", {"action": "confirm"}), ("online", {"action": "reject", "reason": "trung"})):
        person.post(f"/tin/{one_world.stories[name]}/quyet-dinh", **choice(one_world, name, **fields))
    one_world.clock.forward(days=1)
    with one_world.store.write() as session:
        for name in ("carer", "online"):
            article = add_article(session, 1, Telling(title="Tin mới mẫu", hours_ago=-23.5), 7)
            article.url = f"https://bao-mau.example/moi-{name}.html"
            session.add(StoryArticle(story_id=one_world.stories[name], article_id=article.id, added_at=NOW))
    text = one_world.sign_in("lan").get("/").text
    assert "Diễn biến vụ đã theo dõi" in text
    assert "mới: 1 bài" in text
    assert "Còn <strong>1</strong>/2" in text
