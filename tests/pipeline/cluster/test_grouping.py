"""Workers group while others read: the order of arrival must not decide who stands with whom."""

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from models.clock import VIET_NAM
from models.session import Store
from models.store import outlets, runs, users
from models.store.review import Choice, decide
from models.tables import Article, ArticleVersion, Decision, Story, StoryArticle, Verdict
from pipeline.cluster.grouping import PAGE_WAIT, group_some
from pipeline.stories import group_new, load_index
from spiders.sample_press import load_articles
from spiders.sample_press.articles import SampleArticle

DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 20, 0, tzinfo=VIET_NAM)


def keep(store: Store, number: int, one: SampleArticle) -> int:
    """Read and judged, but its verdict is not in force yet: `arrive` does that."""
    labels, printed = one.labels, datetime.combine(DAY + timedelta(days=one.day), one.time, VIET_NAM)
    with store.write() as session:
        row = Article(
            outlet_id="bao", url=f"https://bao.example/{one.id}", day=DAY, first_seen_at=NOW, published_at=printed
        )
        row.page = "read"
        session.add(row)
        session.flush()
        version = ArticleVersion(
            article_id=row.id, number=1, origin="page", run_id=1, fetched_at=NOW, sha256=str(number), provenance={}
        )
        version.title, version.sapo, version.body = one.text.title, one.text.sapo, "\n".join(one.text.body)
        session.add(version)
        session.flush()
        types = dict.fromkeys(labels.get("types") or (), 0.9)
        verdict = Verdict(version_id=version.id, article_id=row.id, model="m", judged_at=NOW, score=0.9, flag=True)
        verdict.language, verdict.reason, verdict.types = "vi", "", types
        verdict.evidence = verdict.exposes_child = []
        for name in ("kind", "stage", "age", "sex"):
            setattr(verdict, name, labels.get(name))
        session.add(verdict)
        row.version_id = row.judged_version_id = version.id
        session.flush()
        return row.id


@pytest.fixture
def archive(sqlite_store: Store) -> tuple[Store, list[int]]:
    """Every sample report, flagged, none of which has arrived."""
    store = sqlite_store
    with store.write() as session:
        outlets.keep(session, id="bao", title="Báo", home="https://bao.example", province=None)
        runs.start(session, day=DAY, at=NOW)
    found = [one for one in load_articles().values() if one.labels["flag"] == 1]
    return store, [keep(store, number, one) for number, one in enumerate(found)]


def arrive(store: Store, articles: Sequence[int]) -> None:
    with store.write() as session:
        for article, verdict in session.execute(
            select(Verdict.article_id, Verdict.id).where(Verdict.article_id.in_(articles))
        ).all():
            session.execute(update(Article).where(Article.id == article).values(verdict_id=verdict))


def told(store: Store) -> list[list[int]]:
    members: dict[int, list[int]] = {}
    with store.read() as session:
        for row in session.scalars(select(StoryArticle)):
            members.setdefault(row.story_id, []).append(row.article_id)
        for story in session.scalars(select(Story)):
            assert (story.id in members) != (story.merged_into in members), "an emptied story leads on to a full one"
    return sorted(sorted(one) for one in members.values())


def start_over(store: Store) -> None:
    with store.write() as session:
        session.execute(update(Article).values(verdict_id=None, grouped_verdict_id=None))
        session.execute(update(Story).values(decision_id=None, merged_into=None))
        for table in (StoryArticle, Decision, Story):
            session.execute(delete(table))


def test_whatever_arrives_first_the_stories_are_those_of_one_pass(archive: tuple[Store, list[int]]) -> None:
    store, everything = archive
    arrive(store, everything)
    group_new(store, load_index(store, today=DAY), now=lambda: NOW)
    at_once = told(store)
    assert sum(len(one) > 1 for one in at_once) >= 3
    for seed in range(4):
        start_over(store)
        rng, left = random.Random(seed), list(everything)  # noqa: S311 - an order, no secret
        rng.shuffle(left)
        index = load_index(store, today=DAY)
        while left:
            count = rng.randint(1, 6)
            batch, left = left[:count], left[count:]
            arrive(store, batch)
            if rng.random() < 0.3:
                index = load_index(store, today=DAY)  # another worker's turn
            assert group_some(store, index, now=lambda: NOW) == (len(batch), False)
        assert told(store) == at_once, seed


def test_what_a_person_decided_on_is_not_put_together_anew(archive: tuple[Store, list[int]]) -> None:
    store, everything = archive
    last = max(everything)
    arrive(store, [last])
    index = load_index(store, today=DAY)
    group_some(store, index, now=lambda: NOW)
    with store.write() as session:
        user = users.add_user(session, name="thu", display="Thư", role="officer", now=NOW).id
        kept = session.scalars(select(StoryArticle.story_id)).one()
        choice = Choice("confirm", last, session.get_one(Article, last).version_id or 0, None, None)
        decide(session, kept, choice, user_id=user, now=NOW)
    arrive(store, everything)
    group_some(store, index, now=lambda: NOW)
    with store.read() as session:
        assert session.scalars(select(StoryArticle.story_id).where(StoryArticle.article_id == last)).all() == [kept]


@pytest.mark.parametrize("unsettled", [{"page": "due"}, {"judged_version_id": None}], ids=["unread", "unjudged"])
def test_an_entry_waits_for_what_its_page_says_but_not_for_ever(
    archive: tuple[Store, list[int]], unsettled: dict[str, str | None]
) -> None:
    store, everything = archive
    with store.write() as session:
        session.execute(update(Article).values(**unsettled))
    arrive(store, everything[:1])
    index = load_index(store, today=DAY)

    def grouped_at(at: datetime) -> int:
        return group_some(store, index, now=lambda: at)[0]

    assert grouped_at(NOW + PAGE_WAIT - timedelta(seconds=9)) == 0
    assert grouped_at(NOW + PAGE_WAIT + timedelta(seconds=9)) == 1
