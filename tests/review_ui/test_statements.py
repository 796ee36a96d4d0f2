"""The number of statements does not grow with the list."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import event

from tests.review_ui.conftest import Person, World
from tests.review_ui.seed import Telling, add_story


@contextmanager
def counted(world: World) -> Iterator[list[str]]:
    found: list[str] = []
    engine = world.app.state.house.store.engine

    def note(_conn: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def statements(world: World, person: Person, address: str) -> int:
    with counted(world) as found:
        assert person.get(address).status_code == 200
    return len(found)


def test_a_long_list_takes_as_many_statements_as_a_short_one(world: World) -> None:
    person = world.sign_in("lan")
    person.get("/tin/1")
    before = {address: statements(world, person, address) for address in ("/", "/tin/1")}
    with world.store.write() as session:
        for number in range(40):
            add_story(session, 1, *(Telling(title=f"Tin mẫu {number}", outlet=o) for o in ("bao-mau", "tin-mau")))
    for address, count in before.items():
        new = statements(world, person, address)
        assert new <= count + 1, "what was never read is read in one statement, however much it is"
        assert statements(world, person, address) == count
        assert count <= 24
