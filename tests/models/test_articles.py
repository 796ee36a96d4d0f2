from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from sqlalchemy import select

from models.records import Article as ReadArticle
from models.records import FeedEntry
from models.session import Store
from models.store import articles, outlets, pages, runs
from models.store.articles import Seen
from models.store.pages import Stored
from models.tables import Article, ArticleVersion

DAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 0, 5, tzinfo=UTC)
BODY = "Cơ quan chức năng xã Mẫu đang xác minh phản ánh của người dân về vụ việc. " * 8


@pytest.fixture
def run_id(store: Store) -> int:
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home="https://bao-mau.example", province=None)
        return runs.start(session, day=DAY, at=AT)


def entry(number: int = 1, title: str = "Tin một", sapo: str = "") -> FeedEntry:
    stated = datetime(2026, 11, 21, 6, 30, tzinfo=timezone(timedelta(hours=7)))
    return FeedEntry(url=f"https://bao-mau.example/tin-{number}.html", title=title, sapo=sapo, published=stated)


def see(store: Store, run_id: int, item: FeedEntry) -> Seen:
    with store.write() as session:
        identity = item.url.removeprefix("https://")
        return articles.see_entry(session, item, identity=identity, outlet="bao_mau", run_id=run_id, day=DAY, at=AT)


def due(store: Store, at: datetime = AT) -> list[int]:
    with store.read() as session:
        return [page.id for page in pages.pages_due(session, now=at)]


def keep(store: Store, run_id: int, article_id: int, *, body: str = BODY, identity: str, at: datetime = AT) -> Stored:
    read = ReadArticle(url="https://bao-mau.example/x", title="Tin một", body=body)
    with store.write() as session:
        return pages.record_page(session, article_id, read, identities=[identity], run_id=run_id, at=at)


def test_an_entry_seen_twice_is_one_article_with_one_version(store: Store, run_id: int) -> None:
    assert [see(store, run_id, entry()), see(store, run_id, entry())] == [Seen.NEW, Seen.KNOWN]
    with store.read() as session:
        assert len(session.scalars(select(Article)).all()) == 1
        assert len(session.scalars(select(ArticleVersion)).all()) == 1


def test_times_are_kept_in_utc_beside_the_outlets_own(store: Store, run_id: int) -> None:
    see(store, run_id, entry())
    with store.read() as session:
        article = session.scalars(select(Article)).one()
    assert article.published_at == datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
    assert article.published_stated == "2026-11-21T06:30:00+07:00"


def test_a_fuller_entry_adds_a_version_and_a_barer_one_does_not(store: Store, run_id: int) -> None:
    see(store, run_id, entry())
    assert see(store, run_id, entry(sapo="Lời dẫn của bài.")) is Seen.CHANGED
    assert see(store, run_id, entry()) is Seen.KNOWN
    with store.read() as session:
        article = session.scalars(select(Article)).one()
        assert session.get_one(ArticleVersion, article.version_id).sapo == "Lời dẫn của bài."


def test_the_page_queue_is_ordered_by_score(store: Store, run_id: int) -> None:
    for number in (1, 2, 3):
        see(store, run_id, entry(number))
    with store.write() as session:
        session.get_one(Article, 2).score = 0.9
        session.get_one(Article, 3).score = 0.4
    assert due(store) == [2, 3, 1]


def test_a_read_page_is_due_again_after_half_an_hour_and_the_same_page_adds_no_version(
    store: Store, run_id: int
) -> None:
    see(store, run_id, entry())
    assert keep(store, run_id, 1, identity="bao-mau.example/tin-1.html") is Stored.FIRST
    assert due(store) == []
    later = AT + timedelta(minutes=31)
    assert due(store, later) == [1]
    assert keep(store, run_id, 1, identity="bao-mau.example/tin-1.html", at=later) is Stored.SAME
    assert keep(store, run_id, 1, body=BODY + "Đính chính.", identity="bao-mau.example/tin-1.html") is Stored.CHANGED
    with store.read() as session:
        numbers = session.scalars(select(ArticleVersion.number).order_by(ArticleVersion.number)).all()
    assert numbers == [1, 2, 3]


def test_a_new_headline_in_the_feed_makes_a_read_page_due_at_once(store: Store, run_id: int) -> None:
    see(store, run_id, entry())
    keep(store, run_id, 1, identity="bao-mau.example/tin-1.html")
    assert see(store, run_id, entry(title="Tin một (cập nhật)")) is Seen.CHANGED
    assert due(store) == [1]


def test_an_article_under_a_second_address_is_one_article(store: Store, run_id: int) -> None:
    see(store, run_id, entry(1))
    see(store, run_id, entry(2))
    keep(store, run_id, 1, identity="bao-mau.example/tin-1.html")
    assert keep(store, run_id, 2, identity="bao-mau.example/tin-1.html") is Stored.DUPLICATE
    assert see(store, run_id, entry(2)) is Seen.KNOWN
    with store.read() as session:
        assert session.get_one(Article, 2).same_as == 1


def test_the_same_words_under_a_new_address_of_the_same_paper_are_a_duplicate(store: Store, run_id: int) -> None:
    see(store, run_id, entry(1))
    see(store, run_id, entry(2))
    keep(store, run_id, 1, identity="bao-mau.example/tin-1.html")
    assert keep(store, run_id, 2, identity="bao-mau.example/tin-2.html") is Stored.DUPLICATE


def test_a_page_that_fails_comes_up_again_and_is_never_given_up(store: Store, run_id: int) -> None:
    see(store, run_id, entry())
    at = AT
    for _ in range(8):
        with store.write() as session:
            pages.page_failed(session, 1, gone=False, error="500", at=at)
        at += timedelta(days=1, seconds=1)
        assert due(store, at) == [1]


def test_a_first_visit_by_address_alone_waits_for_its_page(store: Store, run_id: int) -> None:
    with store.write() as session:
        first = articles.see_address(session, "https://a.example/1", identity="a/1", outlet="bao_mau", day=DAY, at=AT)
        again = articles.see_address(session, "https://a.example/1", identity="a/1", outlet="bao_mau", day=DAY, at=AT)
    assert (first[1], again) == (True, (first[0], False))
    assert due(store) == [first[0]]
