"""A served application and a real Chromium. Skipped aloud without one, except in CI, where it must be there."""

import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from models.session import Store
from models.store import search
from tests.review_ui.conftest import World, build, clock

__all__ = ["build", "clock"]

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ARTEFACTS = Path(__file__).resolve().parents[1] / "artefacts"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        if os.environ.get("CI") == "true":
            pytest.fail("Chromium is missing, and CI must have it (apt-get install chromium)")
        pytest.skip("Chromium is not here (apt-get install chromium)")
    ARTEFACTS.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        yield found
        found.close()


@dataclass
class Site:
    """The application on a loopback port. `context` is a fresh browser profile in which strange noises are kept."""

    world: World
    address: str
    browser: Browser
    noises: list[str]

    def context(self, **options: object) -> BrowserContext:
        settings = {"locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh", "base_url": self.address, **options}
        context = self.browser.new_context(**settings)  # type: ignore[arg-type]
        context.set_default_timeout(10_000)
        context.on("console", lambda message: self.noises.append(message.text) if message.type == "error" else None)
        context.on("weberror", lambda error: self.noises.append(str(error.error)))
        return context

    def signed_in(self, name: str, **options: object) -> BrowserContext:
        context = self.context(**options)
        secret = self.world.sign_in(name).client.cookies["diembao"]
        context.add_cookies(
            [{"name": "diembao", "value": secret, "url": self.address, "httpOnly": True, "sameSite": "Strict"}]
        )
        return context


@pytest.fixture
def site(sqlite_store: Store, build: Callable[..., World], browser: Browser) -> Iterator[Site]:
    world = build(sqlite_store)
    with sqlite_store.write() as session:
        search.index_new(session)
    server = uvicorn.Server(uvicorn.Config(world.app, port=0, log_level="error", access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    site = Site(world, f"http://127.0.0.1:{port}", browser, [])
    yield site
    for context in browser.contexts:
        context.close()
    server.should_exit = True
    thread.join()
