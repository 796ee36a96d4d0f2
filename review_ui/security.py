"""Headers on every answer, where a form may come from, and how often an address may try to sign in."""

import hmac
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from threading import Lock
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "x-robots-tag": "noindex, nofollow",
}
TRIES, WINDOW = 20, 300.0
REMEMBERED = 10_000


class Headers:
    """ASGI middleware: nothing leaves without these, error pages included. Pages are never stored by a browser."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers.setdefault("cache-control", "no-store")
                if scope.get("scheme") == "https":
                    headers["strict-transport-security"] = "max-age=31536000"
            await send(message)

        await self.app(scope, receive, sending)


def same_origin(request: Request) -> bool:
    """Whether the browser says that the form came from our own pages; one that says nothing is left to the token.

    Under our referrer policy browsers send `Origin: null` with our own forms, so null says nothing either.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("origin", "null")
    return origin == "null" or urlsplit(origin).netloc == request.headers.get("host")


def same_word(sent: str, expected: str) -> bool:
    return bool(expected) and hmac.compare_digest(sent.encode(), expected.encode())


class Limiter:
    """At most TRIES a WINDOW (seconds) from one address, counted in this process.

    A whole office may sit behind one address: a try that succeeds is given back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = Lock()

    def allows(self, address: str) -> bool:
        now = self._clock()
        with self._lock:
            times = self._seen.setdefault(address, deque())
            self._seen.move_to_end(address)
            while times and times[0] <= now - WINDOW:
                times.popleft()
            if len(times) >= TRIES:
                return False
            times.append(now)
            if len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
            return True

    def give_back(self, address: str) -> None:
        with self._lock:
            times = self._seen.get(address)
            if times:
                times.pop()
