"""What became of a case's articles after they were read, and what proves what they said."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from models.store import archive, exposing, reading, rechecks
from models.store.archive import Place
from models.store.cases import CaseView
from models.store.reading import Item, VersionLine
from models.store.texts import versions_by_id
from models.tables import ArticleVersion, Removal
from pipeline.differences import Piece, changed, word_difference
from pipeline.masking import hide
from pipeline.story_names import names_of_case
from spiders.archive import ArchiveError, read

FIELDS = (("title", "Tựa"), ("sapo", "Sapo"), ("body", "Nội dung"))
SHORT = 12
"""Characters of a digest that are enough to tell two copies apart by eye."""
AROUND = 80
"""Characters of unchanged text that stay on each side of a change."""
CHECKED = 100
"""Copies that are read and held against their digest while somebody waits for the page."""
PROOF = {
    "sound": "đã kiểm",
    "altered": "KHÔNG khớp: hãy báo quản trị",
    "unchecked": "chưa kiểm ở trang này",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One correction by the paper: `fields` are (name, pieces) of what changed, with what exposes a child hidden;
    not `shown` while one of the two versions was not judged, for what exposes a child in it is not known."""

    story_id: int
    before_id: int
    after_id: int
    at: datetime
    fields: tuple[tuple[str, tuple[Piece, ...]], ...]
    shown: bool


@dataclass(frozen=True, slots=True)
class Copy:
    """A stored response and the version that was read from it; `proof` is a key of PROOF."""

    number: int
    fetched_at: datetime
    sha256: str
    proof: str

    @property
    def short(self) -> str:
        return self.sha256[:SHORT]


@dataclass(frozen=True, slots=True)
class Followed:
    """One article of the case."""

    item: Item
    removals: tuple[Removal, ...]
    changes: tuple[Change, ...]
    copies: tuple[Copy, ...]

    @property
    def moved(self) -> bool:
        return bool(self.removals or self.changes)


@dataclass(frozen=True, slots=True)
class Stored:
    """A version's number with the place of its response."""

    number: int
    place: Place


@dataclass(frozen=True, slots=True)
class Known:
    """What the database says of a case's articles, each by article id; `names` are what any of them gives away."""

    removals: Mapping[int, Sequence[Removal]]
    changes: Mapping[int, Sequence[Change]]
    stored: Mapping[int, Sequence[Stored]]
    names: frozenset[str]


def load_known(session: Session, case: CaseView) -> Known:
    """A fixed number of statements, however many articles the case has."""
    story_of = {item.id: story.id for story in case.stories for item in story.items}
    lines = reading.version_lines(session, list(story_of))
    places = archive.of_versions(session, [line.id for line in lines])
    spans = exposing.spans_of_versions(session, [line.id for line in lines])
    pages: defaultdict[int, list[VersionLine]] = defaultdict(list)
    stored: defaultdict[int, list[Stored]] = defaultdict(list)
    for line in lines:
        if line.origin == "page":
            pages[line.article_id].append(line)
        if line.id in places:
            stored[line.article_id].append(Stored(line.number, places[line.id]))
    pairs = {article: corrections(versions) for article, versions in pages.items()}
    wanted = {line.id for found in pairs.values() for pair in found for line in pair}
    texts = versions_by_id(session, wanted) if wanted else {}
    names = names_of_case(session, case.stories)
    changes = {
        article: [
            change
            for old, new in found
            if (change := _change(story_of[article], old, new, texts=texts, judged=spans, names=names))
        ]
        for article, found in pairs.items()
    }
    return Known(rechecks.removals(session, story_of), changes, stored, names)


def corrections(versions: Sequence[VersionLine]) -> list[tuple[VersionLine, VersionLine]]:
    """Neighbouring readings of a page. A stored copy that our own mended rule read anew is no correction."""
    return [(old, new) for old, new in pairwise(versions) if old.fetched_at != new.fetched_at]


def _change(
    story_id: int,
    old: VersionLine,
    new: VersionLine,
    *,
    texts: Mapping[int, ArticleVersion],
    judged: Mapping[int, Any],
    names: frozenset[str],
) -> Change | None:
    before, after = texts[old.id], texts[new.id]
    fields = []
    for name, label in FIELDS:
        pieces = word_difference(hide(getattr(before, name), names), hide(getattr(after, name), names))
        if changed(pieces):
            fields.append((label, shortened(pieces)))
    if not fields:
        return None
    return Change(story_id, old.id, new.id, new.fetched_at, tuple(fields), old.id in judged and new.id in judged)


def shortened(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """Long stretches without a change are cut to the words around the changes."""
    last = len(pieces) - 1
    found = []
    for n, piece in enumerate(pieces):
        text = piece.text
        if piece.change == "same" and len(text) > 2 * AROUND:
            text = (text[:AROUND] if n else "") + " … " + (text[-AROUND:] if n < last else "")
        found.append(Piece(piece.change, text))
    return tuple(found)


def follow(case: CaseView, known: Known, folder: Path) -> list[Followed]:
    """Every article of the case, with its copies held against their digests (the newest CHECKED ones). Reads files, so
    it is called with no transaction open."""
    proofs: dict[tuple[str, int], str] = {}
    places = [stored.place for every in known.stored.values() for stored in every]
    for place in sorted(places, key=lambda place: place.fetched_at, reverse=True):
        key = (place.file, place.offset)
        if key not in proofs:
            proofs[key] = _prove(folder, place) if len(proofs) < CHECKED else "unchecked"
    return [
        Followed(
            item,
            tuple(known.removals.get(item.id, ())),
            tuple(known.changes.get(item.id, ())),
            tuple(
                Copy(one.number, one.place.fetched_at, one.place.sha256, proofs[one.place.file, one.place.offset])
                for one in known.stored.get(item.id, ())
            ),
        )
        for story in case.stories
        for item in story.items
    ]


def _prove(folder: Path, place: Place) -> str:
    try:
        stored = read(folder, place.file, place.offset)
    except ArchiveError:
        return "altered"
    return "sound" if stored.kept.sha256 == place.sha256 else "altered"
