"""A running application over a seeded store, and a browser-like client that signs in and fills in forms."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from httpx2 import Response  # what the test client answers with
from sqlalchemy import make_url
from starlette.testclient import TestClient

from models.session import Store
from models.store import users
from pipeline.config import Settings
from review_ui.app import create_app
from tests.review_ui.seed import NOW, add_user, fill


@dataclass
class Clock:
    """Time as the test wants it."""

    at: datetime = NOW

    def __call__(self) -> datetime:
        return self.at

    def forward(self, **length: float) -> None:
        self.at += timedelta(**length)


@dataclass
class Person:
    """One browser. `post` sends the form that carries the page's own word, as a person would."""

    client: TestClient
    csrf: str = ""
    last: Response = field(default_factory=lambda: Response(200))

    def get(self, address: str, **options: object) -> Response:
        self.last = self.client.get(address, **options)  # type: ignore[arg-type]
        found = re.search(r'name="csrf" value="([^"]+)"', self.last.text)
        self.csrf = found.group(1) if found else self.csrf
        return self.last

    def post(self, address: str, **fields: object) -> Response:
        self.last = self.client.post(address, data={"csrf": self.csrf, **fields})
        return self.last


@dataclass
class World:
    store: Store
    app: FastAPI
    clock: Clock
    stories: dict[str, int]

    def nobody(self) -> Person:
        return Person(TestClient(self.app, base_url="http://testserver", follow_redirects=False))

    def sign_in(self, name: str) -> Person:
        """By one-time link: quick, since no password is hashed."""
        person = self.nobody()
        with self.store.write() as session:
            user = users.find_user(session, name)
            assert user is not None
            token = users.new_sign_in_token(session, user.id, self.clock())
        person.get(f"/dang-nhap/mot-lan?token={token}")
        assert person.post("/dang-nhap/mot-lan", token=token).status_code == 303
        person.get("/tai-khoan")
        return person


@pytest.fixture(autouse=True)
def _quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashing is slow on purpose; tests of pages need not wait for it (tests/models/test_passwords.py does)."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr("models.passwords._hasher", hasher)
    monkeypatch.setattr("models.passwords._nobody", hasher.hash("nobody"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def build(clock: Clock, tmp_path: Path) -> Iterator[Callable[..., World]]:
    made: list[World] = []

    def make(store: Store, *, territory: tuple[str, ...] = ()) -> World:
        url = make_url(store.url).render_as_string(hide_password=False)
        settings = Settings(data_dir=tmp_path, database_url=url, territory=territory)
        with store.write() as session:
            add_user(session, "lan", "officer")
            add_user(session, "minh", "officer")
            add_user(session, "quan", "admin")
            add_user(session, "chi", "liaison")
        made.append(World(store, create_app(settings, now=clock), clock, fill(store)))
        return made[-1]

    yield make
    for world in made:
        world.app.state.house.store.close()


@pytest.fixture
def world(store: Store, build: Callable[..., World]) -> World:
    """On both databases."""
    return build(store)


@pytest.fixture
def one_world(sqlite_store: Store, build: Callable[..., World]) -> World:
    """On SQLite alone, for what does not depend on the database."""
    return build(sqlite_store)


@pytest.fixture
def officer(world: World) -> Person:
    return world.sign_in("lan")
