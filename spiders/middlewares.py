"""Our rules in Scrapy's downloader: guard, robots.txt, pace, and patience with servers that stumble."""

import asyncio
import base64
import random
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, Any, Self, cast
from urllib.parse import unquote, urlsplit

from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.logformatter import LogFormatter
from scrapy.robotstxt import ProtegoRobotParser

from spiders.guard import DEFAULT_PORTS, AddressRefusedError, check_peer, check_url
from spiders.identity import bare_host
from spiders.jobs import Health
from spiders.manners import MAX_CRAWL_DELAY_S, ROBOTS_RETRY_S, ROBOTS_S, Host, Robots
from spiders.options import ROBOT
from spiders.reactor import resolver
from spiders.reply import retry_after
from spiders.settings import HEADERS, ROBOTS_MAX_BYTES

if TYPE_CHECKING:
    from spiders.fetch import PressSpider

RETRY_STATUS = frozenset({408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524})
RETRY_ERRORS = (
    CannotResolveHostError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)


CERTIFICATE = "the certificate does not prove that this is the outlet"


def is_certificate_fault(error: Exception) -> bool:
    """Whether the connection was given up for the server's certificate: expired, of another name, of no authority."""
    said = str(error)
    return isinstance(error, DownloadFailedError) and (
        "certificate verify failed" in said or "VerificationError" in said
    )


class NotReadError(IgnoreRequest):
    """A request that we do not make, with the health that it means for its outlet."""

    def __init__(self, health: Health, message: str) -> None:
        super().__init__(message)
        self.health = health


def host_key(url: str) -> str:
    """Requests with the same key share one pace: www and m of a paper are one host; ports are apart."""
    return bare_host(url.partition("//")[2].partition("/")[0].partition("?")[0].partition("#")[0])


def proxy_host(proxy: str) -> frozenset[str]:
    """The "host:port" that may be private besides: an organisation's proxy usually is."""
    if not proxy:
        return frozenset()
    parts = urlsplit(proxy)
    return frozenset({f"{parts.hostname}:{parts.port or DEFAULT_PORTS[parts.scheme]}"})


def through(proxy: str, request: Request) -> None:
    """Send the request by a proxy; a name and password in its address become the header that it asks for."""
    parts = urlsplit(proxy)
    request.meta["proxy"] = f"{parts.scheme}://{parts.hostname}:{parts.port or DEFAULT_PORTS[parts.scheme]}"
    if parts.username is not None:
        word = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        request.headers["Proxy-Authorization"] = b"Basic " + base64.b64encode(word.encode())


class Part:
    """What our middlewares share: the crawl's options, and Scrapy's engine once it runs."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.options = cast("PressSpider", crawler.spider).options
        self.manners = self.options.manners

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def set_pace(self, key: str, host: Host) -> None:
        slots = self.crawler.engine.downloader.slots
        slot = slots.get(key)
        if slot is None:
            slot = slots[key] = Slot(self.options.per_host, host.delay_s, 0.0)
            slot.lastseen = host.last_request
        slot.delay = host.delay_s


class GuardMiddleware(Part):
    """Outermost: every request, also that of a redirect or for robots.txt, is checked and given its host's pace."""

    def process_request(self, request: Request) -> None:
        try:
            check_url(request.url, self.options.allowed_private)
        except AddressRefusedError as exc:
            raise NotReadError("refused", str(exc)) from exc
        key = host_key(request.url)
        host = self.manners.host(key)
        host.base_delay_s = max(host.base_delay_s, request.meta.get("delay_s", 0.0))
        request.meta["download_slot"] = key
        self.set_pace(key, host)
        if self.options.proxy:
            through(self.options.proxy, request)


class PeerMiddleware(Part):
    """Innermost: where did the answer really come from?"""

    def process_response(self, request: Request, response: Response) -> Response:
        if self.options.proxy:  # the peer is the proxy
            return response
        try:
            check_peer(request.url, cast("Any", response.ip_address), self.options.allowed_private)
        except AddressRefusedError as exc:
            raise NotReadError("refused", str(exc)) from exc
        return response


class RobotsMiddleware(Part):
    """RFC 9309: 4xx means no rules, 5xx or no answer means nothing may be read for now; Crawl-delay is kept."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._locks: dict[str, asyncio.Lock] = {}

    async def process_request(self, request: Request) -> None:
        if request.meta.get("is_robots") or self.options.replay is not None:
            return
        scheme, _, rest = request.url.partition("://")
        origin = f"{scheme}://{rest.partition('/')[0].partition('?')[0]}"
        async with self._locks.setdefault(origin, asyncio.Lock()):
            robots = self.manners.robots.get(origin)
            if robots is None or robots.until <= monotonic():
                robots = self.manners.robots[origin] = await self._fetch(origin, request)
        if robots.error is not None:
            raise NotReadError("failed", f"{origin}/robots.txt: {robots.error}")
        key = request.meta["download_slot"]
        host = self.manners.host(key)
        if robots.crawl_delay_s > host.crawl_delay_s:
            host.crawl_delay_s = robots.crawl_delay_s
            self.set_pace(key, host)
        if robots.rules is not None and not robots.rules.allowed(request.url, ROBOT):
            raise NotReadError("refused", f"{request.url}: not allowed by robots.txt")

    async def _fetch(self, origin: str, request: Request) -> Robots:
        meta = {
            "is_robots": True,
            "download_maxsize": ROBOTS_MAX_BYTES,
            "download_timeout": self.options.timeout_s,
            "delay_s": request.meta.get("delay_s", 0.0),
        }
        headers = {**HEADERS, "User-Agent": self.options.user_agent}
        ask = Request(f"{origin}/robots.txt", headers=headers, meta=meta, callback=NO_CALLBACK)
        soon = monotonic() + ROBOTS_RETRY_S
        try:
            response = await self.crawler.engine.download_async(ask)
        except NotReadError:
            raise
        except Exception as exc:  # noqa: BLE001 whatever it was, the rules are unknown
            return Robots(until=soon, error=f"{type(exc).__name__}: {exc}")
        if response.status >= 500 or response.status == 429:
            return Robots(until=soon, error=f"HTTP {response.status}")
        if not 200 <= response.status < 300:
            return Robots(until=monotonic() + ROBOTS_S)
        rules = ProtegoRobotParser(response.body, None)
        delay = min(rules.crawl_delay(ROBOT) or 0.0, MAX_CRAWL_DELAY_S)
        return Robots(until=monotonic() + ROBOTS_S, rules=rules, crawl_delay_s=delay)


class BackoffMiddleware(Part):
    """Tries again after a growing wait, or after the wait that the server asks for when that is short."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        if response.status not in RETRY_STATUS:
            return response
        host = self.manners.host(request.meta["download_slot"])
        asked = None
        if (value := response.headers.get("Retry-After")) is not None:
            asked = retry_after(value.decode("latin-1"), datetime.now(UTC))
        if response.status == 429:
            host.slow_down()
        if asked is not None and asked > self.options.max_wait_s:
            host.close(asked, f"HTTP {response.status}: asked us to wait {asked:.0f} s")
            return response
        return await self._again(request, asked) or response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        if not isinstance(exception, RETRY_ERRORS):
            return None
        name = urlsplit(request.url).hostname or ""
        if (found := resolver().refused.get(name)) is not None:
            raise NotReadError("refused", f"{request.url}: {name} resolves to {found}, not a public address")
        if is_certificate_fault(exception):
            raise NotReadError("refused", f"{request.url}: {CERTIFICATE}")
        return await self._again(request, None)

    async def _again(self, request: Request, asked: float | None) -> Request | None:
        tried = request.meta.get("tried", 0)
        if tried >= self.options.retries:
            return None
        wait = self.options.backoff_s * 2**tried * random.uniform(0.75, 1.25)  # noqa: S311 only spreads load
        await asyncio.sleep(min(max(wait, asked or 0.0), self.options.max_wait_s))
        again = request.copy()
        again.meta["tried"] = tried + 1
        return again


class QuietFormatter(LogFormatter):
    """One line for each page is no news; outcomes are stored and counted instead."""

    def crawled(self, *_: Any) -> Any:
        return None
