"""What a crawl may do and how politely; passed in by the caller, nothing is read from the environment."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from models.errors import DiembaoError
from spiders.manners import Manners

ROBOT = "diembao"
"""The name under which robots.txt may address us."""


def user_agent(contact: str = "contact not set") -> str:
    """An honest name with a way to reach the people who run this copy (an address or a page, in ASCII)."""
    return f"{ROBOT}/0.1 (daily press scan for child protection; {contact})"


class CrawlError(DiembaoError):
    """The crawl cannot be started as asked."""


@dataclass(frozen=True, slots=True)
class CrawlOptions:
    """Limits hold for each request; pass the same object (or `manners`) to several passes so that hosts which
    asked us to wait, and their robots.txt, are remembered between them.

    `allowed_private` names "host:port" that may be private (the sample press). `delay_s` replaces every
    outlet's own delay. `max_wait_s` bounds any single wait before a retry; a host that asks for more is left
    alone for the rest of the pass. After `deadline_s` no further request of the pass is started. `since`: nothing was
    read from that day on, so that sitemaps of earlier months are news too. `section_pages`: so many pages of a section
    are read when it is walked through, each after the outlet's own pause.
    `proxy` (http://[name:password@]host:port) resolves names itself, so it has to refuse private addresses as our
    guard does where there is none.
    """

    user_agent: str = user_agent()
    allowed_private: frozenset[str] = frozenset()
    replay: Path | None = None
    timeout_s: float = 30.0
    max_bytes: int = 8 * 1024 * 1024
    max_redirects: int = 5
    per_host: int = 2
    delay_s: float | None = None
    retries: int = 2
    backoff_s: float = 2.0
    max_wait_s: float = 20.0
    deadline_s: float | None = None
    lookahead: int = 20_000
    since: date | None = None
    section_pages: int = 30
    proxy: str = ""
    manners: Manners = field(default_factory=Manners, compare=False, repr=False)

    def __post_init__(self) -> None:
        if not self.user_agent.isascii() or not self.user_agent.isprintable():
            raise CrawlError("user_agent: must be printable ASCII")
        for name in ("timeout_s", "max_bytes", "per_host", "lookahead", "section_pages"):
            if getattr(self, name) <= 0:
                raise CrawlError(f"{name}: must be more than 0")
        for name in ("max_redirects", "retries", "backoff_s", "max_wait_s"):
            if getattr(self, name) < 0:
                raise CrawlError(f"{name}: must not be negative")
