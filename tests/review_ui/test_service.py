"""The state of the service: a page for administrators, one word for the outside."""

from dataclasses import replace

import pytest
from prometheus_client.parser import text_string_to_metric_families

from models.tables import FeedState, Run
from pipeline import machine
from review_ui.app import create_app
from review_ui.views import service
from tests.review_ui.conftest import World

TOKEN = "mot-ma-that-dai-va-kho"


def test_administrators_see_each_check_and_what_to_do(world: World) -> None:
    page = world.sign_in("quan").get("/quan-tri/tinh-trang").text
    assert "Quét báo" in page
    assert "lượt quét gần nhất xong" in page
    assert "diembao backup make" in page
    assert "1/3 nguồn tin lỗi" in page


def test_the_outside_is_told_one_word(one_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "DISK_BAD", -1.0)
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


def test_metrics_are_off_unless_asked_for_and_hold_no_personal_data(one_world: World) -> None:
    nobody = one_world.nobody()
    assert nobody.get("/metrics").status_code == 404
    settings = replace(one_world.app.state.house.settings, metrics=TOKEN)
    world = replace(one_world, app=create_app(settings, now=one_world.clock))
    nobody = world.nobody()
    assert nobody.get("/metrics").status_code == 404
    assert nobody.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}x"}).status_code == 404
    answer = nobody.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    found = {family.name: family for family in text_string_to_metric_families(answer.text)}
    states = {sample.labels["check"]: sample.value for sample in found["diembao_check"].samples}
    assert states["database"] == 0
    assert {"scan", "judging", "digest", "backup", "flagged", "volume", "disk", "clock", "certificate"} <= set(states)
    assert found["diembao_list_total"].samples[0].value == 3
    assert not any(name in answer.text for name in ("minh", "quan", "Báo", "http"))
    world.app.state.house.store.close()
