"""Outlets as data: one TOML file each, checked key by key. The file's name is the outlet's id."""

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, get_args
from urllib.parse import urlsplit

from models.errors import DiembaoError
from spiders.identity import bare_host
from spiders.source_values import (
    a_band,
    a_code,
    a_delay,
    a_flag,
    a_text,
    an_url,
    one_of,
    some_hosts,
    some_patterns,
    some_texts,
    some_urls,
)

Level = Literal["central", "ministry", "association", "province", "company", "unknown"]
"""Who owns it: central bodies of Party and State · a ministry, court or police force · a mass or professional
organisation · a province or city · a company (aggregators and general information sites) · not stated."""
Kind = Literal["paper", "magazine", "agency", "broadcaster", "portal"]
Proof = Literal["proven", "likely", "unproven"]
"""proven: on a saved page of that outlet · likely: public crawler code of 2023 or later uses it · unproven."""

FOLDER = Path(__file__).with_name("sources")
ID = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
CLAIMS = frozenset(
    "feeds sitemaps sections paging per_day title sapo body author section published modified drop".split()  # noqa: SIM905 - one line
)


class SourceError(DiembaoError):
    """An entry of the catalogue that cannot be used; the message names the file and the key."""


@dataclass(frozen=True, slots=True)
class ArticleRules:
    """Where an outlet's pages keep each field: CSS selectors, tried in order; older layouts come last.

    `drop` names what is cut out of the body (related boxes, captions). `double_escaped`: the site escapes its
    titles twice. `local_clock`: stamps with an offset carry a wrong one, their clock time is that of Viet Nam.
    `listing` selects the article links of a section page; without it any article-looking link counts.
    """

    title: tuple[str, ...] = ()
    sapo: tuple[str, ...] = ()
    body: tuple[str, ...] = ()
    author: tuple[str, ...] = ()
    section: tuple[str, ...] = ()
    published: tuple[str, ...] = ()
    modified: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()
    listing: tuple[str, ...] = ()
    double_escaped: bool = False
    local_clock: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """One outlet. `province` is the official code (two digits) since 1 July 2025, None for national ones;
    `former_province` that of the dissolved province whose paper it was. `per_day`: expected articles, low to
    high, where somebody states them. `verify = false` reads the outlet although its certificate does not prove
    that it is the outlet: for a portal that sends an incomplete chain, said in `note`. `paging`: the address of a
    section -> that of its page `{n}`, where its pages do not link to each other."""

    id: str
    title: str
    home: str
    level: Level
    kind: Kind = "paper"
    province: str | None = None
    former_province: str | None = None
    topics: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()
    paging: Mapping[str, str] = field(default_factory=dict)
    delay_s: float = 2.0
    verify: bool = True
    per_day: tuple[int, int] | None = None
    article: ArticleRules = ArticleRules()
    proof: Mapping[str, Proof] = field(default_factory=dict)
    note: str = ""

    def owns(self, url: str) -> bool:
        """Whether the address is on one of the outlet's hosts or below them."""
        try:
            host = _host(url)
        except ValueError:
            return False
        return any(host == own or host.endswith("." + own) for own in self.hosts)


def load_sources(folder: Path | None = None, *, base: str | None = None) -> dict[str, Source]:
    """Every outlet of a folder (default: the catalogue that ships), by id. `base` fills the slot `{base}`."""
    folder = FOLDER if folder is None else folder
    if not folder.is_dir():
        raise SourceError(f"{folder}: no such folder of sources")
    sources: dict[str, Source] = {}
    for path in sorted(folder.glob("*.toml")):
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as exc:
            raise SourceError(f"{path.name}: {exc}") from exc
        sources[path.stem] = parse_source(path.stem, text, base=base)
    refuse_duplicates(sources.values())
    return sources


def load_catalogue(own: Path | None = None) -> dict[str, Source]:
    """The catalogue that ships, and the outlets of a deployment's own folder, which replace those of the same id."""
    sources = load_sources() | (load_sources(own) if own else {})
    refuse_duplicates(sources.values())
    return dict(sorted(sources.items()))


def parse_source(name: str, text: str, *, base: str | None = None) -> Source:
    """One outlet from the text of its file; anything unknown, missing or of the wrong type is refused by name."""
    if not ID.fullmatch(name):
        raise SourceError(f"{name}.toml: the file name must be lower-case words joined by _")
    if base is not None:
        text = text.replace("{base}", base.rstrip("/"))
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as exc:
        raise SourceError(f"{name}.toml: {exc}") from exc
    if "{base}" in text:
        raise SourceError(f"{name}.toml: {{base}} is not filled")
    return _source(name, raw)


def refuse_duplicates(sources: Iterable[Source]) -> None:
    """Two outlets may share neither a home page nor a list address; they may share a loopback host."""
    seen: dict[str, str] = {}
    for source in sources:
        claims = {_key(url): url for url in (source.home, *source.feeds, *source.sitemaps, *source.sections)}
        if not _loopback(source):
            claims |= {host: host for host in source.hosts}
        for key, shown in claims.items():
            other = seen.setdefault(key, source.id)
            if other != source.id:
                raise SourceError(f"{source.id}.toml: {shown} is already in {other}.toml")


def source_of(url: str, sources: Mapping[str, Source]) -> Source | None:
    """The outlet whose host the address is on; the closest host wins."""
    owners = [source for source in sources.values() if source.owns(url)]
    host = bare_host(urlsplit(url).netloc) if owners else ""

    def closeness(source: Source) -> int:
        return max(len(own) for own in source.hosts if host == own or host.endswith("." + own))

    return max(owners, key=closeness, default=None)


def _source(name: str, raw: dict[str, Any]) -> Source:
    def fail(key: str, what: str) -> SourceError:
        return SourceError(f"{name}.toml: {key}: {what}")

    for key in ("title", "home", "level"):
        if key not in raw:
            raise fail(key, "missing")
    known = {item.name for item in fields(Source)} - {"id"}
    values: dict[str, Any] = {}
    for key, value in raw.items():
        if key not in known:
            raise fail(key, "unknown key")
        try:
            values[key] = READERS[key](value)
        except (ValueError, TypeError) as exc:
            raise fail(key, str(exc)) from exc
    if not values.get("hosts"):
        values["hosts"] = (_host(values["home"]),)
    source = Source(id=name, **values)
    for key, what in _faults(source):
        raise fail(key, what)
    return source


def _faults(source: Source) -> Iterator[tuple[str, str]]:
    """What contradicts itself: key, and what is wrong."""
    if not (source.feeds or source.sitemaps or source.sections):
        yield "feeds", "no feed, sitemap or section: the outlet can never be read"
    if not source.owns(source.home):
        yield "hosts", f"do not hold {source.home}"
    for section, pattern in source.paging.items():
        if section not in source.sections or not source.owns(pattern):
            yield "paging", f"{section}: not one of the sections, or its pages lie elsewhere"


def _rules(value: object) -> ArticleRules:
    if not isinstance(value, dict):
        raise TypeError("must be a table")
    flags = {"double_escaped", "local_clock"}
    known = {item.name for item in fields(ArticleRules)}
    values: dict[str, Any] = {}
    for key, given in value.items():
        if key not in known:
            raise ValueError(f"{key}: unknown key")
        if key in flags and not isinstance(given, bool):
            raise TypeError(f"{key}: must be true or false")
        values[key] = given if key in flags else some_texts(given)
    return ArticleRules(**values)


def _proof(value: object) -> Mapping[str, Proof]:
    if not isinstance(value, dict):
        raise TypeError("must be a table")
    for key, given in value.items():
        if key not in CLAIMS:
            raise ValueError(f"{key}: nothing that can be proven")
        if given not in get_args(Proof):
            raise ValueError(f"{key}: {given!r} is none of {', '.join(get_args(Proof))}")
    return dict(value)


READERS: Mapping[str, Callable[[object], Any]] = {
    "title": a_text,
    "home": an_url,
    "level": one_of(get_args(Level)),
    "kind": one_of(get_args(Kind)),
    "province": a_code,
    "former_province": a_code,
    "topics": some_texts,
    "hosts": some_hosts,
    "feeds": some_urls,
    "sitemaps": some_urls,
    "sections": some_urls,
    "paging": some_patterns,
    "delay_s": a_delay,
    "verify": a_flag,
    "per_day": a_band,
    "article": _rules,
    "proof": _proof,
    "note": a_text,
}


def _host(url: str) -> str:
    return bare_host(urlsplit(url).netloc)


def _key(url: str) -> str:
    parts = urlsplit(url)
    return f"{bare_host(parts.netloc)}{parts.path.rstrip('/')}?{parts.query}"


def _loopback(source: Source) -> bool:
    return all(host.rpartition(":")[0] in {"127.0.0.1", "localhost"} for host in source.hosts)
