"""Is the service doing its work? A page for administrators, and one word for whoever watches from outside."""

import hmac
import logging
from datetime import datetime, timedelta

from starlette.responses import PlainTextResponse, Response

from models.clock import day_of
from models.errors import DiembaoError
from models.rights import Right
from models.session import Store
from models.store.doctor import figures
from models.store.reading import NotThereError
from pipeline.config import LOOPBACK, Settings
from pipeline.doctor import Check, examine, worst
from pipeline.metrics import render
from review_ui.pages import Ask, page

log = logging.getLogger(__name__)
KEPT = timedelta(seconds=20)
"""So long one answer serves everybody who asks from outside: the checks read the whole store."""
SIGN = {"ok": "Tốt", "warn": "Cần xem", "bad": "Hỏng"}


@page("/quan-tri/tinh-trang", needs=Right.SERVICE)
def show(ask: Ask) -> Response:
    checks = _examine(ask)
    return ask.page("service.html", checks=checks, worst=worst(checks), SIGN=SIGN)


@page("/healthz", needs=Right.PUBLIC)
def health(ask: Ask) -> Response:
    """200 and ok, or 503 and bad; nothing else is told to whoever is not signed in."""
    state = ask.request.app.state
    known: tuple[datetime, bool] | None = getattr(state, "health", None)
    if known is None or not timedelta(0) <= ask.now - known[0] < KEPT:
        known = state.health = (ask.now, _well(ask))
    return PlainTextResponse("ok" if known[1] else "bad", 200 if known[1] else 503)


@page("/metrics", needs=Right.PUBLIC)
def metrics(ask: Ask) -> Response:
    """For Prometheus, where the settings allow it; to anybody else the address is not there."""
    if not _may_measure(ask):
        raise NotThereError("Địa chỉ này không có gì")
    checks = _examine(ask)
    try:
        with ask.house.store.read() as session:
            found = figures(session, today=day_of(ask.now), now=ask.now)
    except DiembaoError:
        found = None
    text = render(checks, found, ask.house.settings, now=ask.now)
    return Response(text, media_type="text/plain; version=0.0.4; charset=utf-8")


def _may_measure(ask: Ask) -> bool:
    """By token; or from this machine itself, not through the proxy that stands in front of the pages."""
    wanted = ask.house.settings.metrics
    if wanted == LOOPBACK:
        client = ask.request.client
        proxied = any(name in ask.request.headers for name in ("x-forwarded-for", "forwarded"))
        return client is not None and client.host in {"127.0.0.1", "::1"} and not proxied
    given = ask.request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    return bool(wanted) and hmac.compare_digest(given.encode(), wanted.encode())


def _well(ask: Ask) -> bool:
    try:
        return worst(_examine(ask)) != "bad"
    except Exception:
        log.exception("health check failed")
        return False


def _examine(ask: Ask) -> list[Check]:
    def ours(_settings: Settings) -> Store:
        return ask.house.store

    return examine(ask.house.settings, ours, now=ask.now)
