"""Places that a person corrected: facts of their own, beside what the place finder said; the newest one counts."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, ScalarSelect, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models import records
from models.errors import DiembaoError
from models.store import audit
from models.store.among import among
from models.tables import Article, ArticleVersion, Decision, Place, PlaceCorrection, Story, StoryArticle, User, Verdict

BY_HAND = "người"
"""What stands as finder of a place that a person named."""


class PlaceError(DiembaoError):
    """A correction that cannot be made or taken back; the message is for staff."""


@dataclass(frozen=True, slots=True)
class Correction:
    """One line of a story's history. Without `place` a person said that nobody can tell."""

    id: int
    at: datetime
    by: str
    place: Place | None
    machine: Place | None
    in_force: bool


@dataclass(frozen=True, slots=True)
class Label:
    """A corrected article as an evaluation needs it: the version that was corrected, and whether staff want it."""

    article_id: int
    url: str
    outlet_id: str
    published_at: datetime | None
    title: str
    sapo: str
    body: str
    flag: bool
    kind: str | None
    place: Place | None


_undoing, _asked, _other = aliased(PlaceCorrection), aliased(StoryArticle), aliased(StoryArticle)
_OF_STORIES = (
    select(StoryArticle.story_id, PlaceCorrection)
    .join(PlaceCorrection, PlaceCorrection.article_id == StoryArticle.article_id)
    .outerjoin(_undoing, _undoing.undoes_id == PlaceCorrection.id)
    .where(
        among(StoryArticle.story_id, "ids"),
        or_(StoryArticle.main, PlaceCorrection.story_id == StoryArticle.story_id),
        PlaceCorrection.undoes_id.is_(None),
        _undoing.id.is_(None),
    )
    .order_by(PlaceCorrection.id)
)
_OF_ARTICLES = (
    select(_asked.article_id, PlaceCorrection)
    .join(_other, _other.story_id == _asked.story_id)
    .join(PlaceCorrection, PlaceCorrection.article_id == _other.article_id)
    .outerjoin(_undoing, _undoing.undoes_id == PlaceCorrection.id)
    .where(
        among(_asked.article_id, "ids"),
        _asked.main,
        _other.main,
        PlaceCorrection.undoes_id.is_(None),
        _undoing.id.is_(None),
    )
    .order_by(PlaceCorrection.id)
)


def of_stories(session: Session, story_ids: Iterable[int]) -> dict[int, PlaceCorrection]:
    """The correction in force of each story that has one; it goes with its article through merge and split."""
    rows = session.execute(_OF_STORIES, {"ids": list(story_ids)})
    return {row[0]: row[1] for row in rows}


def newest_of(story: InstrumentedAttribute[int]) -> ScalarSelect[int | None]:
    """The id of the correction in force of a query's story; it changes with each correction and each undoing."""
    link, undoing = aliased(StoryArticle), aliased(PlaceCorrection)
    return (
        select(func.max(PlaceCorrection.id))
        .join(link, link.article_id == PlaceCorrection.article_id)
        .outerjoin(undoing, undoing.undoes_id == PlaceCorrection.id)
        .where(
            link.story_id == story,
            or_(link.main, PlaceCorrection.story_id == link.story_id),
            PlaceCorrection.undoes_id.is_(None),
            undoing.id.is_(None),
        )
        .scalar_subquery()
    )


def of_articles(session: Session, article_ids: Iterable[int]) -> dict[int, PlaceCorrection]:
    """The same for articles, by the story that each is on."""
    rows = session.execute(_OF_ARTICLES, {"ids": list(article_ids)})
    return {row[0]: row[1] for row in rows}


def any_correction(session: Session) -> bool:
    return session.scalar(select(PlaceCorrection.id).limit(1)) is not None


def corrected_articles(condition: ColumnElement[bool] | None = None) -> Select[int]:
    """Articles on stories with a correction in force (of which the condition holds); round-ups are not among them."""
    newest = (
        select(StoryArticle.story_id, func.max(PlaceCorrection.id).label("id"))
        .join(PlaceCorrection, PlaceCorrection.article_id == StoryArticle.article_id)
        .outerjoin(_undoing, _undoing.undoes_id == PlaceCorrection.id)
        .where(StoryArticle.main, PlaceCorrection.undoes_id.is_(None), _undoing.id.is_(None))
        .group_by(StoryArticle.story_id)
        .subquery()
    )
    query = select(_other.article_id).join(newest, newest.c.story_id == _other.story_id).where(_other.main)
    if condition is None:
        return query
    return query.join(PlaceCorrection, PlaceCorrection.id == newest.c.id).where(condition)


def best(correction: PlaceCorrection | None, place: Place | None, *, main: bool = True) -> Place | None:
    """What counts as an article's place. A round-up (not `main`) keeps its own."""
    if correction is None or not main:
        return place
    return as_place(correction)


def as_place(correction: PlaceCorrection) -> Place | None:
    """The place that a person named, in the form of the finder's; it belongs to no session."""
    if correction.ref is None or correction.era is None:
        return None
    return Place(
        version_id=correction.version_id,
        article_id=correction.article_id,
        finder=BY_HAND,
        commune=correction.commune,
        district=correction.district,
        province=correction.province,
        era=correction.era,
        old_codes=list(correction.old_codes),
        new_codes=list(correction.new_codes),
        old_province=correction.old_province,
        new_province=correction.new_province,
        words="",
        confidence=1.0,
    )


def correct(
    session: Session,
    story_id: int,
    *,
    article_id: int,
    ref: str | None,
    place: records.Place | None,
    user_id: int,
    now: datetime,
) -> int:
    """Keep what a person says of the story's place, as read from one of its articles; None for "nobody can tell"."""
    article = session.get(Article, article_id)
    link = session.get(StoryArticle, (story_id, article_id))
    if article is None or link is None or article.version_id is None:
        raise PlaceError("Tin này không còn bài đó: hãy tải lại trang")
    said = None if article.place_id is None else session.get(Place, article.place_id)
    verdict = None if article.verdict_id is None else session.get(Verdict, article.verdict_id)
    fields = {} if place is None else asdict(place)
    row = PlaceCorrection(
        story_id=story_id,
        article_id=article_id,
        version_id=article.version_id if verdict is None else verdict.version_id,
        user_id=user_id,
        at=now,
        ref=None if place is None else ref,
        commune=fields.get("commune"),
        district=fields.get("district"),
        province=fields.get("province"),
        era=fields.get("era"),
        old_codes=list(fields.get("old_codes", ())),
        new_codes=list(fields.get("new_codes", ())),
        old_province=fields.get("old_province"),
        new_province=fields.get("new_province"),
        machine={} if said is None else {name: getattr(said, name) for name in _KEPT},
        undoes_id=None,
    )
    session.add(row)
    session.flush()
    before = None if said is None else ",".join(said.new_codes) or said.new_province
    _record(session, "place.correct", row, machine=before)
    return row.id


_KEPT = (
    "version_id", "article_id", "finder", "commune", "district", "province", "era",
    "old_codes", "new_codes", "old_province", "new_province", "words", "confidence",
)  # fmt: skip


def undo(session: Session, story_id: int, correction_id: int, *, user_id: int, now: datetime) -> None:
    """Take the correction in force back; what was said before it counts again."""
    current = of_stories(session, [story_id]).get(story_id)
    if current is None or current.id != correction_id:
        raise PlaceError("Không hoàn tác được: nơi xảy ra vừa được sửa tiếp hoặc đã hoàn tác. Hãy tải lại trang")
    row = PlaceCorrection(
        story_id=story_id,
        article_id=current.article_id,
        version_id=current.version_id,
        user_id=user_id,
        at=now,
        old_codes=[],
        new_codes=[],
        machine={},
        undoes_id=current.id,
    )
    session.add(row)
    session.flush()
    _record(session, "place.undo", row, machine=None)


def _record(session: Session, action: str, row: PlaceCorrection, *, machine: str | None) -> None:
    detail: dict[str, str | int | bool | None] = {"article": row.article_id, "ref": row.ref, "machine": machine}
    if row.undoes_id is not None:
        detail = {"undoes": row.undoes_id}
    audit.append(session, at=row.at, action=action, user_id=row.user_id, object=f"story/{row.story_id}", detail=detail)


def history(session: Session, story_id: int) -> list[Correction]:
    """Corrections of the story's articles that were not taken back, oldest first; the last one is in force."""
    rows = session.execute(
        _OF_STORIES.add_columns(User.display).join(User, User.id == PlaceCorrection.user_id), {"ids": [story_id]}
    ).all()
    return [
        Correction(
            row.id,
            row.at,
            by,
            as_place(row),
            Place(**row.machine) if row.machine else None,
            in_force=number == len(rows),
        )
        for number, (_, row, by) in enumerate(rows, 1)
    ]


def labels(session: Session) -> list[Label]:
    """Each corrected article with the correction in force of its story, by article; for evaluations in the house."""
    rows = session.execute(
        select(Article, ArticleVersion, Verdict, Decision.action, StoryArticle.story_id, PlaceCorrection)
        .join(PlaceCorrection, PlaceCorrection.article_id == Article.id)
        .join(ArticleVersion, ArticleVersion.id == PlaceCorrection.version_id)
        .join(StoryArticle, StoryArticle.article_id == Article.id)
        .join(Story, Story.id == StoryArticle.story_id)
        .outerjoin(Verdict, Verdict.id == Article.verdict_id)
        .outerjoin(Decision, Decision.id == Story.decision_id)
        .where(PlaceCorrection.undoes_id.is_(None))
        .order_by(PlaceCorrection.id)
    ).all()
    current = of_stories(session, {row[4] for row in rows})
    found: dict[int, Label] = {}
    for article, version, verdict, action, story_id, correction in rows:
        if story_id not in current or current[story_id].id != correction.id:
            continue
        flag = action == "confirm" or (action != "reject" and verdict is not None and verdict.flag)
        kind = None if verdict is None else verdict.kind
        found[article.id] = Label(
            article.id,
            article.url,
            article.outlet_id,
            article.published_at,
            version.title,
            version.sapo,
            version.body,
            flag,
            kind,
            as_place(correction),
        )
    return [found[article_id] for article_id in sorted(found)]
