"""The place of a story is corrected by hand, in few keys, kept as a fact, and used everywhere from then on."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from models.store import places, reading, search, users
from models.store.places import PlaceError
from models.tables import AuditEntry, PlaceCorrection
from pipeline.alerts import _place
from pipeline.case_file import _place as _place_field
from pipeline.documents.fields import Source
from pipeline.facts import facts_of
from pipeline.place_choice import place_of, resolve
from pipeline.searching import area_of, place_asked
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW, Telling, add_story


def correct(world: World, story_id: int, ref: str | None, *, minutes: int = 0) -> int:
    with world.store.write() as session:
        lan = users.find_user(session, "lan")
        assert lan is not None
        return places.correct(
            session,
            story_id,
            article_id=reading.story(session, story_id).lead.id,
            ref=ref,
            place=None if ref is None else place_of(ref),
            user_id=lan.id,
            now=NOW + timedelta(minutes=minutes),
        )


def codes(world: World, story_id: int) -> list[list[str]]:
    with world.store.read() as session:
        story = reading.story(session, story_id)
        return [[] if item.place is None else list(item.place.new_codes) for item in story.items]


def test_typing_without_diacritics_offers_today_s_unit_first_and_old_names_behind_it(officer: Person) -> None:
    found = officer.get("/dia-danh?q=nghia do").json()
    assert found[0] == {"ref": "new:00160", "label": "phường Nghĩa Đô, thành phố Hà Nội"}
    assert any("cũ: phường Nghĩa Đô, quận Cầu Giấy" in one["label"] for one in found)
    assert officer.get("/dia-danh?q=n").json() == []
    assert officer.get("/dia-danh").json() == []


def test_a_correction_speaks_for_every_article_of_the_story(world: World, officer: Person) -> None:
    officer.get("/tin/1")
    answer = officer.post("/tin/1/noi", article=1, ref="new:22960", q="")
    assert answer.status_code == 303
    assert codes(world, 1) == [["22960"], ["22960"]]
    page = officer.get("/tin/1").text
    assert "P. Bình Thuận, Lâm Đồng" in page
    assert "do Người LAN ghi" in page
    assert "P. Nghĩa Đô, Hà Nội" in page
    assert "P. Bình Thuận, Lâm Đồng" in officer.get("/").text
    with world.store.read() as session:
        assert facts_of(reading.story(session, 1)).place.startswith("P. Bình Thuận, Lâm Đồng")
        place = _place(reading.story(session, 1))
        assert place is not None
        assert place.new_codes == ("22960",)


def test_the_first_machine_s_place_and_the_person_are_kept(world: World, officer: Person) -> None:
    officer.get("/tin/1")
    officer.post("/tin/1/noi", article=1, ref="old:60", q="")
    with world.store.read() as session:
        row = session.scalars(select(PlaceCorrection)).one()
        assert (row.ref, row.old_codes, row.new_codes, row.new_province) == ("old:60", ["60"], ["68"], "68")
        assert row.machine["new_codes"] == ["00160"]
        entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "place.correct")).one()
        assert entry.object == "story/1"
        assert entry.detail == {"article": 1, "ref": "old:60", "machine": "00160"}


def test_words_that_mean_one_unit_are_enough_without_scripts(world: World, officer: Person) -> None:
    officer.get("/tin/1")
    assert officer.post("/tin/1/noi", article=1, ref="", q="phuong cau giay, ha noi", action="set").status_code == 303
    assert codes(world, 1)[0] == ["00166"]


def test_words_that_mean_several_units_are_asked_back(world: World, officer: Person) -> None:
    officer.get("/tin/1")
    answer = officer.post("/tin/1/noi", article=1, q="binh thuan", action="set")
    assert answer.status_code == 200
    assert "phường Bình Thuận, tỉnh Lâm Đồng" in answer.text
    assert 'value="old:60"' in answer.text
    assert codes(world, 1)[0] == ["00160"]
    assert officer.post("/tin/1/noi", article=1, q="không có nơi này", action="set").status_code == 404
    assert "Không tìm thấy đơn vị hành chính" in officer.last.text
    assert officer.post("/tin/1/noi", article=1, q="", action="set").status_code == 400
    assert officer.post("/tin/1/noi", article=1, ref="new:99999").status_code == 400


def test_nobody_can_tell_is_an_answer_too(world: World, officer: Person) -> None:
    officer.get("/tin/1")
    officer.post("/tin/1/noi", article=1, q="", action="unknown")
    assert codes(world, 1) == [[], []]
    assert "chưa rõ nơi xảy ra" in officer.get("/tin/1").text


def test_taking_back_brings_the_answer_before_it(world: World, officer: Person) -> None:
    first, second = correct(world, 1, "new:22960"), correct(world, 1, "new:01", minutes=1)
    assert codes(world, 1)[0] == ["01"]
    officer.get("/tin/1")
    assert officer.post("/tin/1/noi/hoan-tac", seen=first).status_code == 400
    officer.post("/tin/1/noi/hoan-tac", seen=second)
    assert codes(world, 1)[0] == ["22960"]
    officer.post("/tin/1/noi/hoan-tac", seen=first)
    assert codes(world, 1)[0] == ["00160"]
    assert officer.post("/tin/1/noi/hoan-tac", seen=first).status_code == 400
    with world.store.read() as session:
        assert places.history(session, 1) == []
        assert len(session.scalars(select(PlaceCorrection)).all()) == 4


def test_a_round_up_keeps_its_own_place(one_world: World) -> None:
    with one_world.store.write() as session:
        story = add_story(
            session, 1, Telling(title="Tin mẫu"), Telling(title="Tổng hợp mẫu", outlet="tin-mau", main=False)
        )
    correct(one_world, story, "new:22960")
    assert codes(one_world, story) == [["22960"], ["00160"]]


def test_an_article_that_is_not_of_the_story_is_refused(one_world: World) -> None:
    with one_world.store.write() as session, pytest.raises(PlaceError):
        places.correct(session, 1, article_id=4, ref=None, place=None, user_id=1, now=NOW)


def test_the_territory_follows_the_correction(one_world: World) -> None:
    """Who works for Lâm Đồng sees the story from now on, who works for Hà Nội no more, not even by search."""
    with one_world.store.write() as session:
        for name, code in (("lan", "01"), ("minh", "68")):
            user = users.find_user(session, name)
            assert user is not None
            users.set_territory(session, user, [code])
        search.index_new(session)
    lan, minh = one_world.sign_in("lan"), one_world.sign_in("minh")
    assert minh.get("/tin/1").status_code == 404
    lan.get("/tin/1")
    answer = lan.post("/tin/1/noi", article=1, ref="new:22960")
    assert answer.headers["location"] == "/"
    assert minh.get("/tin/1").status_code == 200
    assert lan.get("/tin/1").status_code == 404
    assert "Nghi bảo mẫu" in minh.get("/tim?q=mẫu").text
    assert "Nghi bảo mẫu" not in lan.get("/tim?q=mẫu").text
    assert lan.post("/tin/1/noi", article=1, ref="new:01").status_code == 404


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        ("nghĩa đô, hà nội", "new:00160"),
        ("Phước Lợi, Bến Lức", "old:28030"),
        ("hà nội", "new:01"),
        ("nghia do", None),
        ("quận cầu giấy", "old:005"),
    ],
)
def test_typed_words_are_resolved_only_where_they_are_certain(typed: str, ref: str | None) -> None:
    answer = resolve(typed)
    assert answer.ref == ref
    assert answer.offered


def test_corrected_articles_become_labels(world: World) -> None:
    correct(world, 1, "old:28030")
    correct(world, 2, None)
    undone = correct(world, 3, "new:01")
    with world.store.write() as session:
        places.undo(session, 3, undone, user_id=1, now=NOW)
        found = places.labels(session)
    assert [(label.article_id, label.flag, label.place is None) for label in found] == [
        (1, True, False),
        (3, True, True),
    ]
    assert found[0].title == "Nghi bảo mẫu mẫu đánh trẻ ở nhóm lớp"


def found(world: World, code: str) -> list[int]:
    with world.store.write() as session:
        while search.index_new(session):
            pass
        hits = search.find(session, search.Search(words="mẫu", place=area_of(place_asked(code))))
        return sorted(hit.article_id for hit in hits)


def test_search_by_place_follows_the_correction(world: World) -> None:
    assert found(world, "new:22960") == []
    before = found(world, "01")
    assert {1, 2} <= set(before)
    made = correct(world, 1, "new:22960")
    assert found(world, "new:22960") == [1, 2]
    assert found(world, "68") == [1, 2]
    assert found(world, "01") == [number for number in before if number not in (1, 2)]
    with world.store.write() as session:
        places.undo(session, 1, made, user_id=1, now=NOW)
    assert found(world, "01") == before


def test_a_case_s_papers_name_the_person_s_correction_as_their_source(one_world: World) -> None:
    correct(one_world, 1, "new:22960")
    with one_world.store.write() as session:
        items = reading.story(session, 1).items
        facts = facts_of(reading.story(session, 1))
    field = _place_field(items, {}, {}, facts, frozenset())
    assert (field.value or "").startswith("P. Bình Thuận, Lâm Đồng")
    assert field.source == Source("Cán bộ sửa nơi xảy ra")
