"""Is the service doing its work? A page for administrators, and one word for whoever watches from outside."""

import logging
from datetime import datetime, timedelta

from starlette.responses import PlainTextResponse, Response

from models.rights import Right
from models.session import Store
from pipeline.config import Settings
from pipeline.doctor import Check, examine, worst
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
