"""Where the evidence archive keeps which response."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session

from models.store.among import among
from models.store.insert import insert_all
from models.tables import Archived, Article, ArticleAddress, ArticleVersion, StoryArticle, Verdict

TOGETHER = 500
"""Rows of one statement; databases bound the number of its parameters."""


@dataclass(frozen=True, slots=True)
class Place:
    """`file` is below the archive's folder; `offset` and `length` are those of the record, `sha256` is the body's."""

    url: str
    fetched_at: datetime
    file: str
    offset: int
    length: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Copy:
    """The stored copy of an article's page."""

    article_id: int
    outlet: str
    place: Place


@dataclass(frozen=True, slots=True)
class Kept:
    """A response kept for an article. `read`: it became the newest version; otherwise no article was found in it."""

    article_id: int
    place: Place
    read: bool


def add(session: Session, article_id: int, place: Place, *, read: bool) -> None:
    """One response; see `add_all`."""
    add_all(session, [Kept(article_id, place, read)])


def add_all(session: Session, kept: Sequence[Kept]) -> None:
    """Several; the same response may be kept for many articles, as that of a feed is."""
    for start in range(0, len(kept), TOGETHER):
        _add_part(session, kept[start : start + TOGETHER])


def _add_part(session: Session, kept: Sequence[Kept]) -> None:
    query = select(Article.id, Article.version_id).where(Article.id.in_([one.article_id for one in kept]))
    versions = dict(session.execute(query).all())
    rows = [
        {
            "article_id": one.article_id,
            "version_id": versions[one.article_id] if one.read else None,
            "url": one.place.url,
            "fetched_at": one.place.fetched_at,
            "file": one.place.file,
            "offset": one.place.offset,
            "length": one.place.length,
            "sha256": one.place.sha256,
        }
        for one in kept
    ]
    insert_all(session, Archived, rows)


def _place(row: Archived) -> Place:
    return Place(row.url, row.fetched_at, row.file, row.offset, row.length, row.sha256)


def digests(session: Session) -> dict[tuple[str, int], str]:
    """File and offset -> SHA-256 of the body, for every response that the database names."""
    query = select(Archived.file, Archived.offset, Archived.sha256)
    return {(file, offset): digest for file, offset, digest in session.execute(query)}


def places_of(session: Session, url: str, *, identity: str | None) -> list[Place]:
    """Copies of the article at an address, newest first; each response once."""
    owner = select(ArticleAddress.article_id).where(ArticleAddress.identity == (identity or ""))
    rows = session.scalars(
        select(Archived)
        .where(or_(Archived.url == url, Archived.article_id.in_(owner)))
        .order_by(Archived.fetched_at.desc(), Archived.id.desc())
    )
    return list({(row.file, row.offset): _place(row) for row in rows}.values())


_OF_VERSIONS = select(Archived).where(among(Archived.version_id, "versions")).order_by(Archived.id)


def of_versions(session: Session, version_ids: Sequence[int]) -> dict[int, Place]:
    """The response behind each version, where there is one."""
    rows = session.scalars(_OF_VERSIONS, {"versions": version_ids})
    return {row.version_id: _place(row) for row in rows if row.version_id is not None}


def newest_copies(session: Session, *, outlet: str | None = None) -> list[Copy]:
    """The newest stored page of each article, in the order of the archive; lists that showed it are no page."""
    entry = exists().where(ArticleVersion.id == Archived.version_id, ArticleVersion.origin == "entry")
    newest = select(func.max(Archived.id)).where(~entry).group_by(Archived.article_id)
    query = (
        select(Archived, Article.outlet_id)
        .join(Article, Article.id == Archived.article_id)
        .where(Archived.id.in_(newest), Article.same_as.is_(None))
        .order_by(Archived.file, Archived.offset)
    )
    if outlet is not None:
        query = query.where(Article.outlet_id == outlet)
    return [Copy(row.article_id, source, _place(row)) for row, source in session.execute(query)]


def _relevant() -> ColumnElement[bool]:
    """In a story (so also on a list, in a decision or a case), or flagged by a model at any time."""
    return or_(
        exists().where(StoryArticle.article_id == Archived.article_id),
        exists().where(Verdict.article_id == Archived.article_id, Verdict.flag.is_(True)),
    )


def files_before(session: Session, before: datetime) -> list[str]:
    """Files all of whose responses are older and of which some are of articles that are not relevant."""
    old = select(Archived.file).group_by(Archived.file).having(func.max(Archived.fetched_at) < before)
    query = select(Archived.file).where(Archived.file.in_(old), ~_relevant()).distinct().order_by(Archived.file)
    return list(session.scalars(query))


def named_files(session: Session) -> set[str]:
    return set(session.scalars(select(Archived.file).distinct()))


def relevant_offsets(session: Session, file: str) -> set[int]:
    return set(session.scalars(select(Archived.offset).where(Archived.file == file, _relevant())))


def move(session: Session, file: str, *, to: str, offsets: Mapping[int, int]) -> int:
    """Rows of a file now point into another; those that `offsets` does not name, and those of articles that are not
    relevant (a list may have shown both sorts), are deleted. How many were."""
    gone = session.execute(delete(Archived).where(Archived.file == file, ~_relevant()).returning(Archived.id)).all()
    for old, new in offsets.items():
        session.execute(
            update(Archived).where(Archived.file == file, Archived.offset == old).values(file=to, offset=new)
        )
    rest = session.execute(delete(Archived).where(Archived.file == file).returning(Archived.id)).all()
    return len(gone) + len(rest)
