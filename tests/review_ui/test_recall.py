"""Samples are judged unmarked and once; a yes brings the article onto the list; the certificate shows its counts."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models.store import recall as samples
from models.tables import AuditSample, StoryArticle
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import NOW, Telling, add_article, add_story
from tests.review_ui.test_statements import statements

TODAY = NOW.date()


@pytest.fixture
def drawn(world: World) -> World:
    """Two articles of yesterday that nobody was shown, one of a rejected story; all are drawn."""
    with world.store.write() as session:
        for number in range(2):
            title = f"Bài mẫu số {number} về Tí Mẫu"
            add_article(session, 1, Telling(title=title, hours_ago=20, exposes=[["title", 17, 23]]), 100 + number)
        draw(session)
    return world


def draw(session: object, *, days: int = 1) -> None:
    samples.draw(
        session,  # type: ignore[arg-type]
        TODAY - timedelta(days=days),
        rates=dict.fromkeys(samples.DRAWN, 1.0),
        seed="hạt mẫu",
        at=NOW,
    )


def numbers(page: str) -> list[str]:
    return re.findall(r'action="/khong-bo-sot/(\d+)"', page)


def test_an_entry_is_shown_with_nothing_of_what_the_machine_thought(drawn: World) -> None:
    officer = drawn.sign_in("lan")
    page = officer.get("/khong-bo-sot").text
    assert "Bài mẫu số 0" in page
    assert "Tí Mẫu" not in page
    assert "▇▇▇" in page
    for told in ("unlisted", "rejected", "control", "0,9", "Nêu người trông trẻ"):
        assert told not in page.split("Chứng nhận")[0], told


def test_an_answer_is_given_once_and_shows_in_the_counts(drawn: World) -> None:
    lan, minh = drawn.sign_in("lan"), drawn.sign_in("minh")
    first, second = numbers(lan.get("/khong-bo-sot").text)
    minh.get("/khong-bo-sot")
    assert lan.post(f"/khong-bo-sot/{first}", tra_loi="no").headers["location"] == "/khong-bo-sot"
    assert minh.post(f"/khong-bo-sot/{first}", tra_loi="yes").status_code == 409
    assert "vừa được một đồng nghiệp chấm" in minh.last.text
    assert lan.post(f"/khong-bo-sot/{second}", tra_loi="có").status_code == 400
    assert lan.post("/khong-bo-sot/999", tra_loi="no").status_code == 409
    assert numbers(lan.get("/khong-bo-sot").text) == [second]
    lan.post(f"/khong-bo-sot/{second}", tra_loi="unsure")
    page = lan.get("/khong-bo-sot").text
    assert "Không còn bài nào chờ chấm" in page
    assert 'data-label="Đã chấm" class="num">2<' in page
    assert 'data-label="Lẽ ra phải xem" class="num">1<' in page


def test_a_yes_brings_the_article_onto_the_list(drawn: World) -> None:
    officer = drawn.sign_in("lan")
    first, _ = numbers(officer.get("/khong-bo-sot").text)
    address = officer.post(f"/khong-bo-sot/{first}", tra_loi="yes").headers["location"]
    assert address.startswith("/khong-bo-sot?tin=")
    story = int(address.rpartition("=")[2])
    assert f'href="/tin/{story}"' in officer.get(address).text
    with drawn.store.read() as session:
        sample = session.get_one(AuditSample, int(first))
        assert (
            session.scalar(select(StoryArticle.article_id).where(StoryArticle.story_id == story)) == sample.article_id
        )


def test_nothing_to_judge_is_said(officer: Person) -> None:
    page = officer.get("/khong-bo-sot").text
    assert "Không còn bài nào chờ chấm" in page
    assert "Mức độ không bỏ sót 30 ngày" in page


def test_the_page_takes_as_many_statements_for_many_samples_as_for_few(drawn: World) -> None:
    officer = drawn.sign_in("lan")
    few = statements(drawn, officer, "/khong-bo-sot")
    with drawn.store.write() as session:
        for number in range(15):
            telling = Telling(title=f"Bài mẫu xa {number}", hours_ago=44)
            add_article(session, 1, telling, 200 + number)
        add_story(session, 1, Telling(title="Tin mẫu", hours_ago=44))
        draw(session, days=2)
    many = statements(drawn, officer, "/khong-bo-sot")
    assert many == few, "one more day drawn, fifteen more entries"
    assert many <= 16
