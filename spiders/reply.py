"""What came of one request, without the framework: a response or a refusal, and what it says of the outlet."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from spiders.jobs import Health

MAX_RETRY_AFTER_S = 24 * 3600.0
BAD_STATUS: dict[int, Health] = {
    **dict.fromkeys((401, 403, 429, 451), "blocked"),
    **dict.fromkeys((404, 410), "gone"),
}

CHALLENGE = re.compile(
    rb"<title>\s*just a moment|cf-browser-verification|/cdn-cgi/challenge-platform/|cf-chl-"
    rb"|<title>\s*attention required! \| cloudflare|_incapsula_resource|captcha-delivery\.com"
    rb"|document\.cookie\s*=\s*[\"']D1N=|class=[\"'](?:g-recaptcha|h-captcha|cf-turnstile)[\"']",
    re.IGNORECASE,
)
"""Marks of pages that ask whether we are human. Only small pages are looked at: articles quote such words too."""
CHALLENGE_BYTES = 32 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """`health` and `error` are set when there is nothing to read; then `body` is what came with the refusal."""

    url: str
    fetched_at: datetime
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    health: Health | None = None
    error: str | None = None
    retry_after_s: float | None = None

    def header(self, name: str) -> str | None:
        """The first header of that name; `name` in lower case."""
        return next((value for key, value in self.headers if key.lower() == name), None)


def judge_status(url: str, status: int, headers: tuple[tuple[str, str], ...], body: bytes) -> Reply:
    """A response that arrived; 304 is `unchanged`, and a page that asks for a captcha is `blocked`."""
    reply = Reply(url, datetime.now(UTC), status, headers, body)
    wait = retry_after(reply.header("retry-after"), reply.fetched_at)
    health, error = _health(reply)
    return Reply(url, reply.fetched_at, status, headers, body, health, error, wait)


def _health(reply: Reply) -> tuple[Health | None, str | None]:
    status = reply.status or 0
    challenged = reply.header("cf-mitigated") == "challenge" or (
        len(reply.body) <= CHALLENGE_BYTES and CHALLENGE.search(reply.body) is not None
    )
    if challenged and status != 404:
        return "blocked", f"HTTP {status}: the site asks for a captcha"
    if 200 <= status < 300:
        return None, None
    if status == 304:
        return "unchanged", None
    if 300 <= status < 400:
        return "refused", f"HTTP {status}: a redirect to {reply.header('location')!r} is not followed"
    return BAD_STATUS.get(status, "failed"), f"HTTP {status}"


def retry_after(value: str | None, now: datetime) -> float | None:
    """Seconds to wait, from either form of the header; at least 0, at most a day."""
    if value is None:
        return None
    value = value.strip()
    if value.isdecimal() and value.isascii():
        return min(float(value[:9]), MAX_RETRY_AFTER_S)
    try:
        until = parsedate_to_datetime(value)
    except (ValueError, TypeError):
        return None
    until = until.replace(tzinfo=UTC) if until.tzinfo is None else until
    return min(max(0.0, (until - now).total_seconds()), MAX_RETRY_AFTER_S)
