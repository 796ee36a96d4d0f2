"""The user guide: every picture is there, small, and described; each role reads of its own pages."""

import re

from review_ui.templating import static_files
from tests.review_ui.conftest import World

LARGEST = 70_000
"""Bytes of one picture."""


def test_every_picture_is_served_small_and_described(one_world: World) -> None:
    person = one_world.sign_in("lan")
    found = re.findall(r'<img src="([^"]+)" alt="([^"]+)"', person.get("/huong-dan").text)
    assert len(found) >= 4
    for address, words in found:
        answer = person.get(address)
        assert answer.headers["content-type"] == "image/jpeg"
        assert len(answer.content) < LARGEST
        assert len(words) > 20
    shown = {address.partition("?")[0].rpartition("/")[2] for address, _ in found}
    assert shown | {"huong-dan-quy-tac.jpg"} == {name for name in static_files() if name.endswith(".jpg")}


def test_each_role_reads_of_its_own_pages(one_world: World) -> None:
    officer, admin = (one_world.sign_in(name).get("/huong-dan").text for name in ("lan", "quan"))
    assert "<h3>Tin</h3>" in officer
    assert "<h3>Tin</h3>" not in admin
    assert "<h3>Người dùng, Nhật ký, Tình trạng</h3>" in admin
    assert "<h3>Người dùng, Nhật ký, Tình trạng</h3>" not in officer
