"""The search page: with and without diacritics, filters, masks, and what it says when it cannot."""

import pytest

from models.store import search
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import Telling, add_story


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
    found = one_world.sign_in("lan").get("/tim", params={"q": "mau OR trẻ", "tinh": "79"}).text
    assert "Không tìm thấy bài nào" in found
    found = one_world.sign_in("lan").get("/tim", params={"q": "trẻ", "tinh": "79"}).text
    assert "Cảnh báo người lạ gạ gẫm" in found
    assert "Hai trẻ mẫu đuối nước" not in found
    assert 'value="79" selected' in found


def test_what_exposes_a_child_is_masked_in_results_too(reader: Person) -> None:
    found = reader.get("/tim", params={"q": "danh tính"}).text
    assert "bị bỏ rơi ở Hà Nội" in found
    assert "Mẫu Danh Tính" not in found.partition("<ol")[2]


def test_a_search_that_says_nothing_is_answered_in_words(reader: Person) -> None:
    assert "ít nhất một từ" in reader.get("/tim", params={"q": "-thước"}).text
    assert "Không tìm thấy bài nào" in reader.get("/tim", params={"q": "voi ma mút"}).text
    for odd in ('"', "*", "a OR b", "NEAR(", "'; DROP TABLE", "\x00"):
        assert reader.get("/tim", params={"q": odd}).status_code == 200
