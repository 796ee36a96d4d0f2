"""What we remember of each host so as not to be a nuisance: its pace, its requests to wait, its robots.txt.

One object lives as long as the process that crawls; nothing in it is needed to be correct, only to be polite.
"""

from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

ROBOTS_S = 24 * 3600.0
"""RFC 9309: a copy of robots.txt older than a day should not be used."""
ROBOTS_RETRY_S = 300.0
MAX_CRAWL_DELAY_S = 120.0
MAX_SLOWED_S = 30.0
BREAK_AFTER = 5
"""So many failures of the connection one after another, and the host is left alone for the rest of the pass."""


class RobotRules(Protocol):
    def allowed(self, url: str, user_agent: str) -> bool: ...


@dataclass(slots=True)
class Host:
    """Times are those of the monotonic clock, in seconds."""

    base_delay_s: float = 0.0
    crawl_delay_s: float = 0.0
    slowed_s: float = 0.0
    last_request: float = 0.0
    closed_until: float = 0.0
    closed_why: str = ""
    failures: int = 0

    @property
    def delay_s(self) -> float:
        return max(self.base_delay_s, self.crawl_delay_s, self.slowed_s)

    def slow_down(self) -> None:
        """The host said 'too many requests': twice the pace that was too fast."""
        self.slowed_s = min(max(1.0, 2 * self.delay_s), MAX_SLOWED_S)

    def close(self, seconds: float, why: str) -> None:
        self.closed_until = max(self.closed_until, monotonic() + seconds)
        self.closed_why = why

    @property
    def closed_for_s(self) -> float:
        return max(0.0, self.closed_until - monotonic())


@dataclass(slots=True)
class Robots:
    """`rules` None: everything may be read. `error`: the file could not be had, so nothing may be read yet."""

    until: float
    rules: RobotRules | None = None
    crawl_delay_s: float = 0.0
    error: str | None = None


@dataclass(slots=True)
class Manners:
    hosts: dict[str, Host] = field(default_factory=dict)
    robots: dict[str, Robots] = field(default_factory=dict)

    def host(self, key: str) -> Host:
        return self.hosts.setdefault(key, Host())

    def new_pass(self) -> None:
        """A pass probes afresh: failures are forgotten, and a pace slowed by refusals recovers by half."""
        for host in self.hosts.values():
            host.failures = 0
            host.slowed_s = host.slowed_s / 2 if host.slowed_s > 1 else 0.0
