"""How the databases answer what every list asks: by looking up, never by reading a whole table."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from models.session import Store
from models.store import reading, review, search
from models.store.light_items import light_items

DAY = date(2026, 11, 22)


def plans(session: Session, ask: Callable[[Session], object]) -> str:
    """The plans of the statements of a question. PostgreSQL would rather read empty tables whole, so it may not."""
    asked: list[tuple[str, Any]] = []
    engine = session.get_bind()

    def note(_conn: object, _cursor: object, statement: str, parameters: Any, *_: object) -> None:
        asked.append((statement, parameters))

    postgresql = engine.dialect.name == "postgresql"
    if postgresql:
        session.execute(text("SET LOCAL enable_seqscan = off"))
    event.listen(engine, "before_cursor_execute", note)
    ask(session)
    event.remove(engine, "before_cursor_execute", note)
    explain = "EXPLAIN " if postgresql else "EXPLAIN QUERY PLAN "
    run = session.connection().exec_driver_sql
    return "\n".join(str(row[-1]) for words, values in asked for row in run(explain + words, values))


def test_a_days_list_is_looked_up_article_by_article(store: Store) -> None:
    with store.read() as session:
        plan = plans(session, lambda session: reading.stories_between(session, DAY, DAY, light=True))
        plan += plans(session, lambda session: light_items(session, [1], [1]))
    if store.engine.dialect.name == "postgresql":
        assert "article_id = ANY ((InitPlan" in plan
        assert re.search(r"Index Cond: \(id = ANY \(.*InitPlan", plan)
        assert re.search(r"Index Cond: \(+story_id = ANY", plan)
    else:
        whole = set(re.findall(r"^SCAN (\w+)", plan, re.MULTILINE))
        assert whole <= {"json_each", "outlet"}
        assert "SEARCH story_article USING INDEX ix_story_article_article_id (article_id=?)" in plan


def test_a_list_of_any_length_is_one_statement(store: Store) -> None:
    with store.read() as session:
        found: list[str] = []
        session.connection()
        event.listen(session.get_bind(), "before_cursor_execute", lambda *args: found.append(args[2]))
        reading.stories_by_id(session, [1])
        few = list(found)
        found.clear()
        reading.stories_by_id(session, range(1, 400))
        assert found == few


def test_flagged_articles_are_walked_back_by_their_own_index(sqlite_store: Store) -> None:
    with sqlite_store.read() as session:
        plan = plans(session, lambda session: search.find(session, search.Search(type="bao_luc")))
    assert "SCAN verdict USING INDEX ix_verdict_flagged" in plan
    assert "TEMP B-TREE" not in plan


def test_what_a_person_takes_back_is_looked_up_by_the_decision(sqlite_store: Store) -> None:
    with sqlite_store.read() as session:
        plan = plans(session, lambda session: (review.last_of(session, 1), review.story_where_in_force(session, 1)))
    assert set(re.findall(r"^SCAN (\w+)", plan, re.MULTILINE)) <= {"decision"}
    assert "AUTOMATIC" not in plan
