import time

import pytest

from classifier.places import Gazetteer
from classifier.places.search import PlaceSearch


@pytest.fixture(scope="module")
def places(gazetteer: Gazetteer) -> PlaceSearch:
    return PlaceSearch(gazetteer)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("nghia do", "phường Nghĩa Đô, thành phố Hà Nội"),
        ("Phường Nghĩa Đô", "phường Nghĩa Đô, thành phố Hà Nội"),
        ("tp ho chi", "thành phố Hồ Chí Minh"),
        ("phuoc loi ben luc", "xã Mỹ Yên, tỉnh Tây Ninh (cũ: xã Phước Lợi, huyện Bến Lức, tỉnh Long An)"),
        ("dak lak", "tỉnh Đắk Lắk"),
        ("binh thuan", "tỉnh Lâm Đồng (cũ: tỉnh Bình Thuận)"),
    ],
)
def test_typing_without_diacritics_offers_todays_name_with_the_former_behind_it(
    places: PlaceSearch, typed: str, first: str
) -> None:
    assert first in [one.label for one in places.search(typed, 5)]


def test_nothing_is_offered_for_nothing(places: PlaceSearch) -> None:
    assert places.search("", 5) == []
    assert places.search("zzzz", 5) == []


def test_an_answer_takes_under_five_milliseconds(places: PlaceSearch) -> None:
    asked = ["t", "ta", "tan", "xa tan", "phuong 1", "binh", "ha noi", "chau thanh"]
    places.search("a", 10)
    for typed in asked:
        times = []
        for _ in range(5):
            start = time.process_time()
            assert len(places.search(typed, 10)) <= 10
            times.append(time.process_time() - start)
        assert min(times) < 0.005, typed
