"""Which papers a deployment reads: the catalogue, its own folder, what its people added, without what they paused."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.session import Store
from models.store import outlet_choices, outlets
from spiders.identity import bare_host
from spiders.source import Source, SourceError, parse_source, refuse_duplicates, source_of
from spiders.source_text import source_text

MOST_LISTS = 20


class PaperError(DiembaoError):
    """A paper that cannot be added as it was described; the message is for staff."""


def added_papers(session: Session) -> dict[str, Source]:
    """Those added in the pages. One that this version of the program cannot read any more is left out."""
    return parse_added(outlet_choices.declarations(session))


def parse_added(declarations: Mapping[str, str]) -> dict[str, Source]:
    found = {}
    for id_, text in declarations.items():
        try:
            found[id_] = parse_source(id_, text)
        except SourceError:
            continue
    return found


def papers_read(session: Session, catalogue: Mapping[str, Source]) -> dict[str, Source]:
    """The catalogue with what was added, without what is paused. The catalogue wins where it got the same id later."""
    stopped = outlet_choices.paused(session)
    return {id_: one for id_, one in (added_papers(session) | dict(catalogue)).items() if id_ not in stopped}


class PapersNow(Mapping[str, Source]):
    """The papers to read, for whoever reads all the time: `look_again` takes up what was added or paused in the pages.

    A paper that was paused is not counted or listed any more but still found by its id, so that a visit under way ends
    in good order. `only`: no others than these. Raises SourceError for one of them that is not there.
    """

    def __init__(self, store: Store, catalogue: Mapping[str, Source], only: Iterable[str] = ()) -> None:
        self._store, self._catalogue, self._only = store, dict(catalogue), frozenset(only)
        self._known: dict[str, Source] = {}
        self._read: dict[str, Source] = {}
        self.look_again()
        if missing := sorted(self._only - self._known.keys()):
            message = f"không có báo nào tên {missing[0]!r} trong danh mục (xem `diembao sources list`)"
            raise SourceError(message)

    def look_again(self) -> list[Source]:
        """The papers that came since the last look."""
        with self._store.read() as session:
            found = papers_read(session, self._catalogue)
        if self._only:
            found = {id_: one for id_, one in found.items() if id_ in self._only}
        new = [one for id_, one in found.items() if id_ not in self._known]
        self._known, self._read = self._known | found, found
        return new

    def __getitem__(self, id_: str) -> Source:
        return self._known[id_]

    def __contains__(self, id_: object) -> bool:
        return id_ in self._read

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def look_again(store: Store, sources: Mapping[str, Source]) -> None:
    """Take up what the pages say of papers by now, and keep the names of new ones. Other mappings stay as they are."""
    if not isinstance(sources, PapersNow) or not (new := sources.look_again()):
        return
    with store.write() as session:
        for one in new:
            outlets.keep(session, id=one.id, title=one.title, home=one.home, province=one.province)


def describe(title: str, home: str, lists: Mapping[str, str], known: Mapping[str, Source]) -> Source:
    """A paper from what a person filled in; `lists` holds addresses split by white space under `feeds`, `sitemaps`,
    `sections`. Raises PaperError with what is wrong.
    """
    title, home = " ".join(title.split()), home.strip()
    addresses = {name: tuple(dict.fromkeys(text.split())) for name, text in lists.items()}
    every = [address for found in addresses.values() for address in found]
    for address in (home, *every):
        if not re.match(r"https?://[^/\s]+\.[^/\s]+", address):
            raise PaperError(f"«{address[:80]}» không phải địa chỉ trang (phải bắt đầu bằng http:// hoặc https://)")
    if not title:
        raise PaperError("Hãy ghi tên báo")
    if not every:
        raise PaperError("Hãy ghi ít nhất một địa chỉ nguồn cấp tin, sơ đồ tin hoặc trang chuyên mục")
    if len(every) > MOST_LISTS:
        raise PaperError(f"Mỗi báo tối đa {MOST_LISTS} địa chỉ")
    for address in (home, *every):
        owner = source_of(address, known)
        if owner is not None:
            raise PaperError(f"{address} thuộc {owner.title}, báo này đã có trong danh mục")
    return _made(title, home, addresses, known)


def _made(title: str, home: str, addresses: Mapping[str, tuple[str, ...]], known: Mapping[str, Source]) -> Source:
    host = bare_host(home.split("/")[2])
    id_ = re.sub(r"[^a-z0-9]+", "_", host.lower()).strip("_")
    if id_ in known:
        raise PaperError(f"{title}: mã {id_} đã có trong danh mục")
    source = Source(id=id_, title=title, home=home, level="unknown", hosts=(host,), note="thêm trong giao diện")
    source = replace(source, **{name: found for name, found in addresses.items() if found})  # type: ignore[arg-type]
    try:
        made = parse_source(id_, source_text(source))
        refuse_duplicates([*known.values(), made])
    except SourceError as error:
        raise PaperError(f"Chưa thêm được: {error}") from error
    return made
