"""The number of statements does not grow with the list."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from models.store import users
from models.tables import Article, Outlet
from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import Telling, add_story


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    found: list[str] = []
    store = world.app.state.house.store
    engines = {store.engine, store.glances}

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield found
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


def statements(world: World, person: Person, address: str) -> int:
    with counted(world) as found:
        assert person.get(address).status_code == 200
    return len(found)


BEGINS = {"sqlite": 2, "postgresql": 0}
"""SQLite is told to begin a transaction; PostgreSQL answers a page's statements one by one."""


def test_a_long_list_takes_as_many_statements_as_a_short_one(world: World) -> None:
    person = world.sign_in("lan")
    person.get("/tin/1")
    before = {address: statements(world, person, address) for address in ("/", "/tin/1")}
    with world.store.write() as session:
        for number in range(40):
            add_story(session, 1, *(Telling(title=f"Tin mẫu {number}", outlet=o) for o in ("bao-mau", "tin-mau")))
    begins = BEGINS[world.store.engine.dialect.name]
    for address, count in before.items():
        new = statements(world, person, address)
        assert new <= count + 3, "what was never read is read in three statements, however much it is"
        assert statements(world, person, address) == count
        assert count - begins <= {"/": 5, "/tin/1": 12}[address]


def test_a_story_that_changed_is_read_anew_and_the_others_are_not(world: World) -> None:
    """What a person does, and what the machine does: each shows at once."""
    person = world.sign_in("lan")
    before = person.get("/").text
    assert person.get("/").text == before
    with world.store.write() as session:
        article = session.get_one(Article, 1)
        article.score = 0.95
    assert "0,95" in person.get("/").text
    with world.store.write() as session:
        outlet = session.get_one(Outlet, "tin-mau")
        outlet.title = "Tin Mẫu Mới"
    assert "Tin Mẫu Mới" in person.get("/").text
    with world.store.write() as session:
        user = users.find_user(session, "lan")
        assert user is not None
        user.display = "Người Đổi Tên"
    person.post("/tin/1/quyet-dinh", action="unsure", article=1, version=1, verdict=1, seen="")
    assert "Chưa rõ · Người Đổi Tên" in person.get("/").text
    person.post("/hoan-tac")
    assert "Chưa rõ · " not in person.get("/").text
