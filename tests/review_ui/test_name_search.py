"""Searching by a person's name asks for a reason first, and keeps it."""

from models.store import search
from models.tables import AuditEntry
from tests.review_ui.conftest import World
from tests.review_ui.seed import Telling, add_story

NAME = "Nguyễn Văn Giả Định"


def test_a_name_is_searched_for_only_with_a_reason_on_record(one_world: World) -> None:
    with one_world.store.write() as session:
        add_story(session, 1, Telling(title=f"Ông {NAME} trao học bổng"))
        search.index_new(session)
    lan = one_world.sign_in("lan")
    asked = lan.get("/tim", params={"q": NAME}).text
    assert "hãy ghi lý do" in asked
    assert "trao học bổng" not in asked
    assert lan.post("/tim/theo-ten", q=NAME, ly_do="vì").status_code == 400
    answer = lan.post("/tim/theo-ten", q=NAME, ly_do="Đối chiếu với đơn số 12 của đơn vị", tu="2020-01-01")
    assert answer.status_code == 303
    assert "trao học bổng" in lan.get(answer.headers["location"]).text
    assert "hãy ghi lý do" in one_world.sign_in("minh").get("/tim", params={"q": NAME}).text
    with one_world.store.read() as session:
        (kept,) = session.query(AuditEntry).filter_by(action="search.person").all()
        assert kept.detail["reason"] == "Đối chiếu với đơn số 12 của đơn vị"
        assert NAME not in str(kept.detail)
