"""The audit trail: a chain in which whatever is changed afterwards shows."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import delete, select, update

from models.session import Store
from models.store import audit
from models.tables import AuditEntry
from tests.review_ui.seed import NOW, add_user


def fill(store: Store, count: int = 5) -> None:
    for number in range(count):
        with store.write() as session:
            audit.append(
                session, at=NOW, action="case.read", object=f"case/{number}", detail={"chữ": "ạ", "số": number}
            )


def test_an_untouched_chain_holds(store: Store) -> None:
    fill(store)
    with store.read() as session:
        assert audit.verify(session) is None


@pytest.mark.parametrize(
    "values", [{"object": "case/9"}, {"action": "signout"}, {"detail": {}}, {"user_id": 1}, {"previous": "0" * 64}]
)
def test_a_changed_entry_is_found(store: Store, values: dict[str, object]) -> None:
    fill(store)
    with store.write() as session:
        add_user(session, "lan", "officer")
        session.execute(update(AuditEntry).where(AuditEntry.id == 3).values(**values))
    with store.read() as session:
        assert audit.verify(session) == 3


def test_a_removed_entry_shows_at_the_next_one(store: Store) -> None:
    fill(store)
    with store.write() as session:
        session.execute(delete(AuditEntry).where(AuditEntry.id == 2))
    with store.read() as session:
        assert audit.verify(session) == 3


def test_many_writers_at_once_make_one_chain(store: Store) -> None:
    with ThreadPoolExecutor(8) as pool:
        for done in [pool.submit(fill, store, 5) for _ in range(8)]:
            done.result()
    with store.read() as session:
        assert audit.verify(session) is None
        assert len(session.scalars(select(AuditEntry.id)).all()) == 40


def test_newest_entries_come_first_and_page_by_page(sqlite_store: Store) -> None:
    fill(sqlite_store)
    with sqlite_store.read() as session:
        first = audit.lines(session, limit=2)
        second = audit.lines(session, before=first[-1].id, limit=2)
    assert [line.id for line in (*first, *second)] == [5, 4, 3, 2]
