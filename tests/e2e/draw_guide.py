"""Draws the pictures of the user guide anew from the sample morning:  python -m tests.e2e.draw_guide

Everything shown is invented (tests/review_ui/seed.py). The files go to review_ui/static.
"""

import tempfile
import threading
import time
from pathlib import Path

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from models.migrations import upgrade
from models.session import Store
from models.store import desks, search
from pipeline.config import Settings
from review_ui.app import create_app
from review_ui.templating import STATIC
from tests.e2e.conftest import ARGS, CHROMIUM
from tests.review_ui.conftest import Clock, World
from tests.review_ui.seed import NOW, add_user, fill

PICTURES = {
    "danh-sach": ("lan", "/", 620),
    "tin": ("lan", "/tin/1", 600),
    "danh-ba": ("lan", "/danh-ba/don-vi?ma=new:00160", 560),
    "bao": ("lan", "/bao", 420),
    "quy-tac": ("quan", "/quan-tri/quy-tac", 560),
}
WIDTH, QUALITY = 1100, 50
SAMPLE = {"name": "UBND phường Mẫu", "person": "bà Mẫu A", "phone": "024 0000 0000", "email": "phuong@mau.example"}


def world(folder: Path) -> World:
    store = Store(f"sqlite:///{folder / 'mau.db'}")
    upgrade(store.engine)
    with store.write() as session:
        for name, role in (("lan", "officer"), ("minh", "officer"), ("quan", "admin")):
            add_user(session, name, role)
    clock = Clock()
    settings = Settings(data_dir=folder, database_url=store.url, territory=("01",))
    made = World(store, create_app(settings, now=clock), clock, fill(store))
    with store.write() as session:
        desks.keep(session, "new:00160", "xa", SAMPLE, user_id=1, now=NOW)
        search.index_new(session)
    return made


def draw(house: World, address: str, browser: Browser) -> None:
    for name, (who, path, height) in PICTURES.items():
        secret = house.sign_in(who).client.cookies["diembao"]
        context = browser.new_context(locale="vi-VN", viewport={"width": WIDTH, "height": height})
        context.add_cookies([{"name": "diembao", "value": secret, "url": address, "httpOnly": True}])
        page = context.new_page()
        page.goto(address + path)
        page.screenshot(path=STATIC / f"huong-dan-{name}.jpg", type="jpeg", quality=QUALITY)
        context.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        house = world(Path(folder))
        server = uvicorn.Server(uvicorn.Config(house.app, port=0, log_level="error", lifespan="off"))
        thread = threading.Thread(target=server.run)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGS)
        draw(house, f"http://127.0.0.1:{port}", browser)
        browser.close()
        server.should_exit = True
        thread.join()


if __name__ == "__main__":
    main()
