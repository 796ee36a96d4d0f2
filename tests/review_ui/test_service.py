"""The state of the service: a page for administrators, one word for the outside."""

import pytest

from models.tables import FeedState, Run
from pipeline import doctor
from review_ui.views import service
from tests.review_ui.conftest import World


def test_administrators_see_each_check_and_what_to_do(world: World) -> None:
    page = world.sign_in("quan").get("/quan-tri/tinh-trang").text
    assert "Quét báo" in page
    assert "lượt quét gần nhất xong" in page
    assert "diembao backup make" in page
    assert "1/3 nguồn tin lỗi" in page


def test_the_outside_is_told_one_word(one_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "DISK_BAD", -1.0)
    with one_world.store.write() as session:
        for feed in session.query(FeedState):
            feed.failures = 0
    nobody = one_world.nobody()
    answer = nobody.get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok")
    with one_world.store.write() as session:
        for run in session.query(Run):
            run.finished_at = None
    assert nobody.get("/healthz").text == "ok", "one answer serves for some seconds"
    one_world.clock.forward(seconds=21)
    answer = nobody.get("/healthz")
    assert (answer.status_code, answer.text) == (503, "bad")


def test_a_check_that_breaks_is_bad_and_tells_nothing(one_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("chuyện riêng")

    monkeypatch.setattr(service, "examine", broken)
    answer = one_world.nobody().get("/healthz")
    assert (answer.status_code, answer.text) == (503, "bad")
