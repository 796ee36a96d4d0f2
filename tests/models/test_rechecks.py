from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from models.records import Article as ReadArticle
from models.session import Store
from models.store import articles, outlets, pages, rechecks, runs
from models.store.pages import Stored
from models.store.rechecks import CASE_RECHECK, RECHECK
from models.tables import Article, ArticleVersion, Case, CaseStory, Removal, Story, StoryArticle, User

DAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 0, 5, tzinfo=UTC)
BODY = "Cơ quan chức năng xã Mẫu đang xác minh phản ánh của người dân về vụ việc. " * 8


@pytest.fixture
def article_id(store: Store) -> int:
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home="https://bao-mau.example", province=None)
        runs.start(session, day=DAY, at=AT)
        url = "https://bao-mau.example/1"
        return articles.see_address(session, url, identity="bao/1", outlet="bao_mau", day=DAY, at=AT)[0]


def read(store: Store, article_id: int, at: datetime, body: str = BODY) -> Stored:
    page = ReadArticle(url="https://bao-mau.example/1", title="Tin một", body=body)
    with store.write() as session:
        return pages.record_page(session, article_id, page, identities=["bao/1"], run_id=1, at=at)


def fail(store: Store, article_id: int, at: datetime, *, gone: bool, wait_s: float | None = None) -> None:
    with store.write() as session:
        pages.page_failed(session, article_id, gone=gone, error="HTTP 404", at=at, wait_s=wait_s)


def row(store: Store, article_id: int) -> Article:
    with store.read() as session:
        return session.get_one(Article, article_id)


def next_due(store: Store, article_id: int) -> datetime | None:
    return row(store, article_id).check_at


def open_case(store: Store, article_id: int, state: str = "moi") -> None:
    with store.write() as session:
        user = User(name="thu", display="Thu", role="officer", created_at=AT)
        story = Story(day=DAY, created_at=AT, decision_id=None)
        session.add_all([user, story])
        session.flush()
        case = Case(code="VV-2026-0001", state=state, opened_at=AT, opened_by=user.id)
        session.add_all([case, StoryArticle(story_id=story.id, article_id=article_id, main=True, added_at=AT)])
        session.flush()
        session.add(CaseStory(story_id=story.id, case_id=case.id))


def read_through_the_schedule(store: Store, article_id: int) -> datetime:
    at = AT
    for wait in RECHECK:
        read(store, article_id, at)
        assert next_due(store, article_id) == at + wait
        at += wait
    read(store, article_id, at)
    return at


def test_an_ordinary_page_is_looked_at_five_times_in_all(store: Store, article_id: int) -> None:
    read_through_the_schedule(store, article_id)
    assert next_due(store, article_id) is None


def test_an_article_of_an_open_case_is_followed_for_as_long_as_the_case_is_open(store: Store, article_id: int) -> None:
    open_case(store, article_id)
    at = read_through_the_schedule(store, article_id)
    for wait in (*CASE_RECHECK, CASE_RECHECK[-1]):
        assert next_due(store, article_id) == at + wait
        at += wait
        read(store, article_id, at)
    with store.write() as session:
        session.scalars(select(Case)).one().state = "dong"
    read(store, article_id, at)
    assert next_due(store, article_id) is None


def test_a_case_that_is_opened_later_takes_its_articles_up_again(store: Store, article_id: int) -> None:
    at = read_through_the_schedule(store, article_id) + timedelta(days=20)
    open_case(store, article_id)
    with store.write() as session:
        assert [rechecks.follow_cases(session, now=at), rechecks.follow_cases(session, now=at)] == [1, 0]
    assert next_due(store, article_id) == at


def test_articles_of_closed_cases_are_left_alone(store: Store, article_id: int) -> None:
    at = read_through_the_schedule(store, article_id)
    open_case(store, article_id, state="dong")
    with store.write() as session:
        assert rechecks.follow_cases(session, now=at) == 0


def test_a_page_that_is_taken_down_after_it_was_read_is_recorded_with_the_time(store: Store, article_id: int) -> None:
    read(store, article_id, AT)
    later = AT + timedelta(hours=4)
    for hours in range(3):
        fail(store, article_id, later + timedelta(hours=hours), gone=True)
    with store.read() as session:
        found = rechecks.removals(session, [article_id])[article_id]
    assert [(one.noticed_at, one.error, one.back_at) for one in found] == [(later, "HTTP 404", None)]
    assert row(store, article_id).page == "gone"


def test_a_page_that_comes_back_is_recorded_too_and_is_no_first_reading(store: Store, article_id: int) -> None:
    read(store, article_id, AT)
    fail(store, article_id, AT + timedelta(hours=1), gone=True)
    back = AT + timedelta(hours=2)
    assert read(store, article_id, back, body=BODY + "Đính chính.") is Stored.CHANGED
    with store.read() as session:
        assert session.scalars(select(Removal)).one().back_at == back
    assert row(store, article_id).page == "read"


def test_a_page_that_never_stood_is_no_removal(store: Store, article_id: int) -> None:
    fail(store, article_id, AT, gone=True)
    with store.read() as session:
        assert session.scalars(select(Removal)).all() == []


def test_a_page_that_stays_gone_is_asked_for_no_more_unless_a_case_needs_it(store: Store, article_id: int) -> None:
    read(store, article_id, AT)
    for day in range(5):
        fail(store, article_id, AT + timedelta(days=day), gone=True)
    assert next_due(store, article_id) is None
    open_case(store, article_id)
    at = AT + timedelta(days=9)
    with store.write() as session:
        assert rechecks.follow_cases(session, now=at) == 1
    fail(store, article_id, at, gone=True)
    assert next_due(store, article_id) is not None


def test_a_failed_look_leaves_a_read_page_read_and_does_not_go_on_for_ever(store: Store, article_id: int) -> None:
    read(store, article_id, AT)
    at = AT
    looks = 0
    while (due := next_due(store, article_id)) is not None and looks < 100:
        at, looks = due, looks + 1
        fail(store, article_id, at, gone=False)
        assert row(store, article_id).page == "read"
    assert 8 <= looks < 40


def test_a_host_that_asks_for_time_is_given_it(store: Store, article_id: int) -> None:
    fail(store, article_id, AT, gone=False, wait_s=7200)
    assert next_due(store, article_id) == AT + timedelta(hours=2)


def test_a_stored_copy_read_anew_adds_a_version_only_where_it_says_something_else(
    store: Store, article_id: int
) -> None:
    read(store, article_id, AT)
    page = ReadArticle(url="https://bao-mau.example/1", title="Tin một", body=BODY)
    better = ReadArticle(url="https://bao-mau.example/1", title="Tin một", body=BODY, sapo="Lời dẫn.")
    with store.write() as session:
        same = pages.record_again(session, article_id, page, run_id=1, at=AT)
        other = pages.record_again(session, article_id, better, run_id=1, at=AT)
    assert (same, other) == (False, True)
    with store.read() as session:
        assert session.scalars(select(ArticleVersion.sapo).order_by(ArticleVersion.number)).all() == ["", "Lời dẫn."]


def test_a_sitemaps_change_date_gives_way_to_the_day_that_the_page_states(store: Store, article_id: int) -> None:
    first = AT - timedelta(days=30)
    for stated, expected in ((AT, AT), (first, first), (AT - timedelta(days=9), first)):
        page = ReadArticle(url="https://bao-mau.example/1", title="Tin một", body=BODY, published=stated)
        with store.write() as session:
            pages.record_page(session, article_id, page, identities=["bao/1"], run_id=1, at=AT)
        assert row(store, article_id).published_at == expected
