from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.clock import day_of
from models.session import Store
from models.store import articles, outlets, rules, runs, search, users
from models.store.texts import empty_bodies
from models.tables import Article, ArticleVersion, Label, Story, StoryArticle, Verdict
from pipeline import retention
from pipeline.retention import prune_old, prune_texts

AT = datetime(2026, 8, 1, 3, 0, tzinfo=UTC)
LATER = AT + timedelta(days=91)


def store_article(session: Session, number: int, *, at: datetime = AT, flag: bool | None = False) -> int:
    """An article with a body, judged unless `flag` is None."""
    url = f"https://bao-mau.example/bai-{number}.html"
    article_id, _ = articles.see_address(session, url, identity=url, outlet="bao_mau", day=day_of(at), at=at)
    version = ArticleVersion(
        article_id=article_id,
        number=1,
        origin="page",
        run_id=1,
        fetched_at=at,
        sha256=f"{number}",
        title=f"Hội chợ mẫu thứ {number}",
        sapo="Khai mạc sáng nay",
        body=f"Gian hàng hạt điều rang mộc số {number}",
        provenance={},
    )
    session.add(version)
    session.flush()
    judged = {} if flag is None else {"judged_version_id": version.id, "judged_model": "mau"}
    if flag is not None:
        verdict = {"types": {}, "evidence": [], "exposes_child": [], "reason": ""}
        session.add(
            Verdict(
                version_id=version.id, article_id=article_id, model="mau", judged_at=at, score=0.5, flag=flag, **verdict
            )
        )
    session.execute(update(Article).where(Article.id == article_id).values(version_id=version.id, **judged))
    return article_id


@pytest.fixture
def press(store: Store) -> Store:
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home="https://bao-mau.example/", province=None)
        runs.start(session, day=day_of(AT), at=AT)
    return store


def bodies(store: Store) -> dict[int, bool]:
    with store.read() as session:
        return {number: bool(body) for number, body in session.execute(_BODIES)}


_BODIES = select(ArticleVersion.article_id, ArticleVersion.body)


def test_bodies_that_nobody_needed_go_and_all_others_stay(press: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "TOGETHER", 2)
    with press.write() as session:
        idle = [store_article(session, number) for number in range(5)]
        flagged = store_article(session, 10, flag=True)
        young = store_article(session, 11, at=AT + timedelta(days=30))
        unjudged = store_article(session, 12, flag=None)
        told, read = store_article(session, 13), store_article(session, 14)
        story = Story(day=day_of(AT), created_at=AT, decision_id=None)
        session.add(story)
        session.flush()
        session.add(StoryArticle(story_id=story.id, article_id=told, main=True, added_at=AT))
        session.add(Label(key=f"bai-{read}", article_id=read, at=AT, source="read", flag=0, types=[]))
    assert prune_texts(press, now=LATER) == len(idle)
    kept = dict.fromkeys((flagged, young, unjudged, told, read), True)
    assert bodies(press) == dict.fromkeys(idle, False) | kept
    assert prune_texts(press, now=LATER) == 0


def test_an_article_whose_body_went_is_still_found_by_its_title_and_no_longer_by_its_body(press: Store) -> None:
    with press.write() as session:
        store_article(session, 7)
        search.index_new(session)
        assert [len(search.find(session, search.Search(words))) for words in ("hat dieu", "hoi cho")] == [1, 1]
    prune_texts(press, now=LATER)
    with press.write() as session:
        search.index_new(session)
        assert [len(search.find(session, search.Search(words))) for words in ("hat dieu", "hoi cho")] == [0, 1]


def test_the_days_are_those_of_the_team(press: Store, tmp_path: Path) -> None:
    with press.write() as session:
        store_article(session, 1)
        user = users.add_user(session, name="lan", display="Lan", role="admin", now=AT)
        rules.set_keep_days(session, 365, user_id=user.id, now=AT)
    assert prune_old(press, tmp_path, now=LATER).texts == 0
    assert prune_old(press, tmp_path, now=LATER, days=30).texts == 1


def test_search_learns_of_it_in_the_transaction_that_empties(press: Store) -> None:
    """A kill between two parts leaves no body in search whose version has none."""
    with press.write() as session:
        for number in range(4):
            store_article(session, number)
        search.index_new(session)
    with press.write() as session:
        assert empty_bodies(session, LATER, limit=2) == 2
    with press.read() as session:
        waiting = session.scalars(select(Article.id).where(Article.indexed_version_id.is_(None))).all()
    assert [number for number, whole in bodies(press).items() if not whole] == sorted(waiting)
