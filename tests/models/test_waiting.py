"""What waits for judging, grouping and search is found by an index and lost by nobody."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy import event, text, update
from sqlalchemy.orm import Session

from models.session import Store
from models.store import search, stories, verdicts
from models.tables import Article, StoryArticle, Verdict
from tests.pipeline.making import DAY, Maker, moment

STEPS: dict[str, Callable[[Session], object]] = {
    "unindexed": search.index_new,
    "unjudged": lambda session: verdicts.unjudged(session, model="m", limit=5),
    "ungrouped": stories.ungrouped,
}


def waiting(store: Store, model: str = "m") -> tuple[list[int], list[int]]:
    """Articles that wait for judging by the model, and for grouping."""
    with store.read() as session:
        judging = [item.article_id for item in verdicts.unjudged(session, model=model, limit=99)]
        return judging, [telling.article_id for telling in stories.ungrouped(session)]


def test_a_new_version_or_another_model_waits_again_whoever_wrote_it(store: Store) -> None:
    maker = Maker(store)
    first, second = maker.article(), maker.article()
    with store.write() as session:
        session.execute(
            update(Article).values(judged_version_id=Article.version_id, judged_model="m", grouped_verdict_id=None)
        )
    assert waiting(store) == ([], [first, second])
    assert waiting(store, "later") == ([first, second], [first, second])
    assert waiting(store, "a") == ([first, second], [first, second])
    with store.write() as session:
        session.execute(update(Article).where(Article.id == first).values(judged_version_id=None, same_as=None))
    assert waiting(store)[0] == [first]
    with store.write() as session:
        session.execute(update(Article).where(Article.id == first).values(same_as=second))
    assert waiting(store) == ([], [second])


def test_what_is_not_for_the_list_is_looked_at_once_until_its_verdict_changes(store: Store) -> None:
    maker = Maker(store)
    idle = maker.article(flag=False, kind="khac")
    grouped = maker.article()
    with store.write() as session:
        telling = next(one for one in stories.ungrouped(session) if one.article_id == grouped)
        stories.put(session, telling, [], reprint_of=None, at=moment(DAY))
        assert stories.settle(session) == 1
        assert stories.settle(session) == 0
    assert waiting(store)[1] == []
    with store.write() as session:
        old = session.get_one(Verdict, session.get_one(Article, idle).verdict_id)
        told = {name: getattr(old, name) for name in Verdict.__table__.columns.keys() if name != "id"}  # noqa: SIM118
        new = Verdict(**{**told, "model": "next", "flag": True, "judged_at": moment(DAY) + timedelta(hours=1)})
        session.add(new)
        session.flush()
        session.get_one(Article, idle).verdict_id = new.id
    assert waiting(store)[1] == [idle]
    with store.read() as session:
        assert [row.article_id for row in session.query(StoryArticle)] == [grouped]


def test_each_step_finds_what_waits_by_its_own_index(store: Store) -> None:
    maker = Maker(store)
    maker.article()
    asked: list[tuple[str, Any]] = []
    event.listen(store.engine, "before_cursor_execute", lambda *args: asked.append((args[2], args[3])))
    postgres = store.engine.dialect.name == "postgresql"
    for name, step in STEPS.items():
        asked.clear()
        with store.write() as session:
            step(session)
        sql, values = next(one for one in asked if "coalesce(" in one[0])
        with store.engine.connect() as connection:
            if postgres:
                connection.execute(text("SET enable_seqscan = off"))
            plan = connection.exec_driver_sql(f"EXPLAIN {'' if postgres else 'QUERY PLAN '}{sql}", values).all()
        assert f"ix_article_{name}" in str(plan), plan
