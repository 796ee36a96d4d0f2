"""Builds the application from the settings: `uvicorn review_ui.app:create_app --factory`."""

import gc
import importlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from models import clock
from pipeline.config import Settings, read_settings
from pipeline.open_store import open_store
from pipeline.place_choice import place_search
from review_ui.api import create_api
from review_ui.forms import Form
from review_ui.pages import PAGES, Ask, House, Page, answer, trouble
from review_ui.security import Headers
from review_ui.templating import build_templates

AREAS = (
    "files",
    "sign_in",
    "sso",
    "account",
    "today",
    "story",
    "copies",
    "grouping",
    "compare",
    "places",
    "cases",
    "case_work",
    "clocks",
    "documents",
    "identities",
    "leads",
    "packages",
    "recipients",
    "answers",
    "indicators",
    "privacy",
    "desks",
    "digest",
    "reports",
    "alerts",
    "recall",
    "labels",
    "label_import",
    "models",
    "search",
    "name_search",
    "outlets",
    "outlet_add",
    "users",
    "rules",
    "audit",
    "service",
    "guide",
)
for area in AREAS:
    importlib.import_module(f"review_ui.views.{area}")

RARELY = (100_000, 50, 50)
"""Objects made before unreachable cycles are looked for. A page makes some ten thousand and leaves hardly any behind:
by Python's own threshold a fifth of its time went into looking."""
MISSING = {404: "Địa chỉ này không có gì.", 405: "Địa chỉ này không dùng được theo cách đó."}


def create_app(settings: Settings | None = None, *, now: Callable[[], datetime] = clock.now) -> FastAPI:
    """Raises StoreError when the database is of another version than the program."""
    settings = read_settings() if settings is None else settings
    place_search()  # the gazetteer is read now, not under the first person's click
    house = House(store=open_store(settings), settings=settings, templates=build_templates(), now=now)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        gc.collect()
        gc.freeze()  # the gazetteer's objects stay for ever: looking through them again and again would stall pages
        gc.set_threshold(*RARELY)
        yield
        house.store.close()

    app = FastAPI(title="Điểm báo", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    app.state.house = house
    app.add_middleware(Headers)
    for page in PAGES:
        app.router.routes.append(_route(page, house))
    app.mount("/api", create_api(house), name="api")

    async def missing(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        ask = Ask(request, house, house.now(), Form(), Form(), None)
        return trouble(ask, status, MISSING.get(status, "Yêu cầu này không làm được."))

    app.add_exception_handler(HTTPException, missing)
    return app


def _route(page: Page, house: House) -> Route:
    async def endpoint(request: Request) -> Response:
        return await answer(page, house, request)

    return Route(page.path, endpoint, methods=[page.method], name=f"{page.method} {page.path}")
