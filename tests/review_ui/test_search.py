"""The search page: with and without diacritics, filters, masks, and what it says when it cannot."""

import pytest
from sqlalchemy import select

from models.store import saved, search, users
from models.tables import SavedSearch
from pipeline.searching import search_of
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW, Telling, add_story


@pytest.fixture
def reader(world: World) -> Person:
    with world.store.write() as session:
        add_story(session, 1, Telling(title="Bé Mẫu Danh Tính bị bỏ rơi ở Hà Nội", exposes=[["title", 3, 16]]))
        search.index_new(session)
    return world.sign_in("lan")


@pytest.mark.parametrize("words", ["đuối nước", "duoi nuoc", '"tre mau duoi nuoc"', "tre -thuoc duoi"])
def test_words_are_found_with_and_without_diacritics(reader: Person, words: str) -> None:
    assert "Hai trẻ mẫu đuối nước" in reader.get("/tim", params={"q": words}).text


def test_filters_narrow_and_stay_in_the_address(one_world: World) -> None:
    with one_world.store.write() as session:
        search.index_new(session)
    found = one_world.sign_in("lan").get("/tim", params={"q": "mau OR trẻ", "noi": "TP. Hồ Chí Minh"}).text
    assert "Không tìm thấy bài nào" in found
    found = one_world.sign_in("lan").get("/tim", params={"q": "trẻ", "noi": "TP. Hồ Chí Minh"}).text
    assert "Cảnh báo người lạ gạ gẫm" in found
    assert "Hai trẻ mẫu đuối nước" not in found
    assert 'name="noi" value="TP. Hồ Chí Minh"' in found


def test_what_exposes_a_child_is_masked_in_results_too(reader: Person) -> None:
    found = reader.get("/tim", params={"q": "danh tính"}).text
    assert "bị bỏ rơi ở Hà Nội" in found
    assert "Mẫu Danh Tính" not in found.partition("<ol")[2]


def test_a_search_that_says_nothing_is_answered_in_words(reader: Person) -> None:
    assert "ít nhất một từ" in reader.get("/tim", params={"q": "-thước"}).text
    assert "Không tìm thấy bài nào" in reader.get("/tim", params={"q": "voi ma mút"}).text
    for odd in ('"', "*", "a OR b", "NEAR(", "'; DROP TABLE", "\x00"):
        assert reader.get("/tim", params={"q": odd}).status_code == 200


def test_a_place_is_found_by_its_old_or_new_name_and_its_code(one_world: World) -> None:
    with one_world.store.write() as session:
        search.index_new(session)
    person = one_world.sign_in("lan")
    title = "Cảnh báo người lạ gạ gẫm"
    for place in ("thành phố Hồ Chí Minh", "tp ho chi minh", "new:79"):
        assert title in person.get("/tim", params={"q": "trẻ", "noi": place}).text, place
    assert "Không tìm thấy bài nào" in person.get("/tim", params={"q": "trẻ", "noi": "Quận Ba Đình"}).text
    page = person.get("/tim", params={"q": "trẻ", "noi": "Bình Dương"}).text
    assert "Bạn muốn tìm ở" in page
    assert "noi=t%E1%BB%89nh+B%C3%ACnh+D%C6%B0%C6%A1ng" in page
    assert "tên «Xứ Mẫu»" in person.get("/tim", params={"q": "trẻ", "noi": "Xứ Mẫu"}).text


def test_a_search_is_kept_run_again_subscribed_to_and_removed(one_world: World) -> None:
    with one_world.store.write() as session:
        search.index_new(session)
    person = one_world.sign_in("lan")
    person.get("/tim", params={"q": "trẻ"})
    asked = {"q": "tre", "noi": "TP. Hồ Chí Minh", "loai": "xam_hai_tinh_duc"}
    assert person.post("/tim/luu", ten="", **asked).status_code == 400
    assert person.post("/tim/luu", ten="Trống").status_code == 400
    assert person.post("/tim/luu", ten="Sai", q="-mẫu").status_code == 400
    kept = person.post("/tim/luu", ten="Gạ gẫm", **asked)
    assert kept.status_code == 303
    page = person.get(kept.headers["location"]).text
    assert "Cảnh báo người lạ gạ gẫm" in page
    assert "từ cần tìm: tre · Xâm hại tình dục · thành phố Hồ Chí Minh" in page
    person.post("/tim/luu", ten="Gạ gẫm", **{**asked, "q": "canh bao"})
    with one_world.store.read() as session:
        (row,) = session.scalars(select(SavedSearch)).all()
        assert row.words == "canh bao"
        assert [found.article_id for found in search.find(session, search_of(row))] != []
    assert 'value="1" selected>Gạ gẫm' in person.get("/bao-dong?tim=1").text
    person.post("/bao-dong", ten="Báo", kenh="json://a.example", tim="1", muc="0")
    assert person.post("/tim/luu/1/bo").status_code == 400
    assert "bỏ đăng ký đó trước" in person.last.text
    person.post("/bao-dong/1/xoa")
    assert person.post("/tim/luu/1/bo").status_code == 303
    assert "Chưa lưu tìm kiếm nào" in person.get("/tim").text


def test_nobody_removes_or_sees_another_s_search(world: World) -> None:
    with world.store.write() as session:
        other = users.add_user(session, name="khac", display="Người khác", role="officer", now=NOW)
        saved.keep(session, other.id, "Riêng", words="trẻ", filters={}, now=NOW)
    person = world.sign_in("lan")
    assert "Riêng" not in person.get("/tim").text
    assert person.post("/tim/luu/1/bo").status_code == 400
    with world.store.read() as session:
        assert session.scalar(select(SavedSearch.name)) == "Riêng"
