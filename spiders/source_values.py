"""Values of an outlet's file, checked one by one: what is not of its kind is a ValueError or a TypeError."""

import math
import re
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from spiders.identity import bare_host


def a_text(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise TypeError("must be a text that is not empty")
    return value.strip()


def some_texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError("must be a list of texts")
    texts = tuple(a_text(item) for item in value)
    if len(set(texts)) < len(texts):
        raise ValueError("holds the same entry twice")
    return texts


def an_url(value: object) -> str:
    url = a_text(value)
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.password:
        raise ValueError(f"{url!r} is not an http(s) address")
    return url


def some_urls(value: object) -> tuple[str, ...]:
    return tuple(an_url(item) for item in some_texts(value))


def some_patterns(value: object) -> Mapping[str, str]:
    """Address of a section -> address of its page `{n}`."""
    if not isinstance(value, dict):
        raise TypeError("must be a table")
    for pattern in value.values():
        if an_url(pattern).count("{n}") != 1:
            raise ValueError(f"{pattern!r} does not say once where the number {{n}} of the page stands")
    return {an_url(section): pattern for section, pattern in value.items()}


def some_hosts(value: object) -> tuple[str, ...]:
    hosts = some_texts(value)
    for host in hosts:
        if host != bare_host(host) or "/" in host:
            raise ValueError(f"{host!r} is not a bare host name (lower case, without www or m)")
    return hosts


def one_of(choices: Iterable[str]) -> Callable[[object], str]:
    allowed = tuple(choices)

    def read(value: object) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"{value!r} is none of {', '.join(allowed)}")
        return value

    return read


def a_code(value: object) -> str:
    if not isinstance(value, str) or not re.fullmatch(r"\d\d", value):
        raise ValueError(f"{value!r} is not a province code of two digits")
    return value


def a_delay(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError("must be a number of seconds, not negative")
    return float(value)


def a_flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError("must be true or false")
    return value


def a_band(value: object) -> tuple[int, int]:
    if not isinstance(value, list) or [type(item) for item in value] != [int, int]:
        raise TypeError("must be two whole numbers")
    low, high = value
    if not 0 <= low <= high:
        raise ValueError("must be [low, high] with 0 <= low <= high")
    return low, high
