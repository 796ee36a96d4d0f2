"""Every label there is, whoever gave it: readings and imports, and what decisions, samples and corrections say.

Decisions, audit samples and corrected places are facts of their own tables; they are read here, never copied, so that
an undone decision is no label any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from models.errors import DiembaoError
from models.records import AGES, KINDS, SETTINGS, SEXES, TYPES, Reading
from models.store.recall import NOT_OURS
from models.tables import (
    Article,
    ArticleVersion,
    AuditDraw,
    AuditSample,
    Decision,
    Label,
    PlaceCorrection,
    Story,
    StoryArticle,
    StoryChange,
    Verdict,
)

FLAGS = {"yes": 1, "no": 0, "unsure": 2, "confirm": 1, "reject": 0}
REASON_KINDS = {
    "nguoi_lon": "nguoi_lon", "tai_nan": "tai_nan", "chinh_sach": "chinh_sach", "nuoc_ngoai": "nuoc_ngoai",
    "khong_lien_quan": "khac", "khac": "khac",
}  # fmt: skip
CODES = {"kind": KINDS, "setting": SETTINGS, "age": AGES, "sex": SEXES}
READ, SECOND, SETTLED, IMPORT = "read", "second", "settled", "import"
DECISION, AUDIT = "decision", "audit"
COUNTS = 0.5


class LabelError(DiembaoError):
    """A label that cannot be kept; the message is for staff."""


@dataclass(frozen=True, slots=True)
class Said:
    """What a reader says of a text, in codes of the guide."""

    flag: int
    kind: str | None = None
    types: tuple[str, ...] = ()
    province: str | None = None
    setting: str | None = None
    age: str | None = None
    sex: str | None = None
    story: str | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """One label: who said what, when, of which version of which text, and what the model had said.

    `who` is `user-3` or the name that an import brought; `chance` is how probably a drawing had taken the text.
    """

    key: str
    reading: Reading
    said: Said
    who: str
    at: datetime
    source: str
    article_id: int | None = None
    version_id: int | None = None
    model: Mapping[str, Any] = field(default_factory=dict)
    why: str | None = None
    chance: float | None = None


def check(said: Said) -> Said:
    """Raises LabelError naming the code that the guide does not have."""
    if said.flag not in (0, 1, 2):
        raise LabelError(f"«flag» phải là 0, 1 hoặc 2, không phải {said.flag!r}")
    for name, codes in CODES.items():
        value = getattr(said, name)
        if value is not None and value not in codes:
            raise LabelError(f"«{name}» không có mã «{value}»")
    for code in said.types:
        if code not in TYPES:
            raise LabelError(f"«types» không có mã «{code}»")
    return said


def of_model(verdict: Verdict | None) -> dict[str, Any]:
    if verdict is None:
        return {}
    return {
        "model": verdict.model,
        "score": verdict.score,
        "flag": int(verdict.flag),
        "kind": verdict.kind,
        "types": [code for code, chance in verdict.types.items() if chance >= COUNTS],
    }


def reading_of(article: Article, version: ArticleVersion, *, texts: bool = True) -> Reading:
    return Reading(
        id=f"bai-{article.id}",
        title=version.title,
        sapo=version.sapo,
        text=version.body if texts else "",
        url=article.url,
        source=article.outlet_id,
        published=article.published_at or article.first_seen_at,
    )


def collect(session: Session, *, until: datetime | None = None, texts: bool = True) -> list[Given]:
    """Every label given until then, oldest first; several of one text stand side by side.

    `texts` False leaves the bodies out, where only the answers are looked at.
    """
    parts = (_decisions, _samples, _readings)
    found = [one for part in parts for one in part(session, () if texts else (defer(ArticleVersion.body),))]
    stories = _stories(session)
    places = _places(session)
    full = [_completed(one, stories, places) for one in found if until is None or one.at <= until]
    return sorted(full, key=lambda one: (one.at, one.key, one.source))


def _completed(one: Given, stories: Mapping[int, str], places: Mapping[int, str | None]) -> Given:
    """With the event that staff put the article into, and the province that they corrected."""
    if one.article_id is None:
        return one
    said = one.said
    if said.story is None and one.article_id in stories:
        said = replace(said, story=stories[one.article_id])
    if said.province is None and one.article_id in places:
        said = replace(said, province=places[one.article_id])
    return one if said is one.said else replace(one, said=said)


def _decisions(session: Session, lean: Sequence[Any]) -> Iterable[Given]:
    rows = session.execute(
        select(Decision, Article, ArticleVersion, Verdict)
        .join(Article, Article.id == Decision.article_id)
        .join(ArticleVersion, ArticleVersion.id == Decision.version_id)
        .join(Story, Story.decision_id == Decision.id)
        .outerjoin(Verdict, Verdict.id == Decision.verdict_id)
        .options(*lean)
    )
    for decision, article, version, verdict in rows:
        yield Given(
            key=f"bai-{article.id}",
            reading=reading_of(article, version, texts=not lean),
            said=_decided(decision, verdict),
            who=f"user-{decision.user_id}",
            at=decision.at,
            source=DECISION,
            article_id=article.id,
            version_id=version.id,
            model=of_model(verdict),
        )


def _decided(decision: Decision, verdict: Verdict | None) -> Said:
    """A rejection as a duplicate, an old case or false news is still a report for us."""
    if decision.action == "unsure":
        return Said(2)
    kind = None if verdict is None else verdict.kind
    named = tuple(of_model(verdict).get("types", ()))
    if decision.action == "reject" and decision.reason in NOT_OURS:
        return Said(0, REASON_KINDS.get(decision.reason or "", "khac"))
    kind = kind if kind in ("vu_viec", "xet_xu") else "vu_viec"
    return Said(1, kind, named if decision.types is None else tuple(decision.types))


def _samples(session: Session, lean: Sequence[Any]) -> Iterable[Given]:
    rows = session.execute(
        select(AuditSample, Article, ArticleVersion, Verdict, AuditDraw.rate)
        .join(Article, Article.id == AuditSample.article_id)
        .join(ArticleVersion, ArticleVersion.id == AuditSample.version_id)
        .join(AuditDraw, (AuditDraw.day == AuditSample.day) & (AuditDraw.stratum == AuditSample.stratum))
        .outerjoin(Verdict, Verdict.id == AuditSample.verdict_id)
        .where(AuditSample.answer.is_not(None))
        .options(*lean)
    )
    for sample, article, version, verdict, rate in rows:
        if sample.answer is None or sample.answered_at is None:
            continue
        flag = FLAGS[sample.answer]
        kind = None if verdict is None or flag != int(verdict.flag) else verdict.kind
        yield Given(
            key=f"bai-{article.id}",
            reading=reading_of(article, version, texts=not lean),
            said=Said(flag, kind),
            who=f"user-{sample.answered_by}",
            at=sample.answered_at,
            source=AUDIT,
            article_id=article.id,
            version_id=version.id,
            model=of_model(verdict),
            why=sample.stratum,
            chance=rate,
        )


def _readings(session: Session, lean: Sequence[Any]) -> Iterable[Given]:
    rows = session.execute(
        select(Label, Article, ArticleVersion)
        .outerjoin(Article, Article.id == Label.article_id)
        .outerjoin(ArticleVersion, ArticleVersion.id == Label.version_id)
        .order_by(Label.id)
        .options(*lean)
    )
    for label, article, version in rows:
        inside = article is not None and version is not None
        yield Given(
            key=label.key,
            reading=reading_of(article, version, texts=not lean) if inside else _imported(label),
            said=Said(
                label.flag,
                label.kind,
                tuple(label.types),
                label.province,
                label.setting,
                label.age,
                label.sex,
                label.story,
            ),
            who=label.reader or f"user-{label.user_id}",
            at=label.at,
            source=label.source,
            article_id=label.article_id,
            version_id=label.version_id,
            model=label.said,
            why=label.why,
            chance=label.chance,
        )


def _imported(label: Label) -> Reading:
    item = label.item
    published = item.get("published")
    return Reading(
        id=label.key,
        title=item.get("title", ""),
        sapo=item.get("sapo", ""),
        text=item.get("text", ""),
        url=item.get("url", ""),
        source=item.get("source", ""),
        published=datetime.fromisoformat(published) if published else None,
    )


def _stories(session: Session) -> dict[int, str]:
    """Article -> the event that it tells of."""
    rows = session.execute(
        select(StoryArticle.article_id, StoryArticle.story_id).where(StoryArticle.main).order_by(StoryArticle.story_id)
    )
    return {article_id: f"tin-{story_id}" for article_id, story_id in rows}


def _places(session: Session) -> dict[int, str | None]:
    """Article -> province as corrected last; None where nobody can tell."""
    undone = select(PlaceCorrection.undoes_id).where(PlaceCorrection.undoes_id.is_not(None))
    rows = session.execute(
        select(PlaceCorrection.article_id, PlaceCorrection.province)
        .where(PlaceCorrection.undoes_id.is_(None), PlaceCorrection.id.not_in(undone))
        .order_by(PlaceCorrection.id)
    )
    return {row[0]: row[1] for row in rows}


def story_pairs(session: Session) -> list[tuple[int, int, bool, int, datetime]]:
    """What people corrected of stories: (article, article of the other story, same event, user, when)."""
    undone = set(session.scalars(select(StoryChange.undoes_id).where(StoryChange.undoes_id.is_not(None))))
    changes = session.scalars(select(StoryChange).where(StoryChange.undoes_id.is_(None)).order_by(StoryChange.id)).all()
    members: dict[int, list[int]] = {}
    for story_id, article_id in session.execute(
        select(StoryArticle.story_id, StoryArticle.article_id)
        .where(StoryArticle.main)
        .order_by(StoryArticle.article_id)
    ):
        members.setdefault(story_id, []).append(article_id)
    found = []
    for change in changes:
        if change.id in undone:
            continue
        moved = set(change.articles)
        others = [article for article in members.get(change.story_id, []) if article not in moved]
        found += [
            (article, other, change.action == "merge", change.user_id, change.at)
            for article in sorted(moved)
            for other in others[:3]
        ]
    return found


def add(
    session: Session,
    said: Said,
    *,
    source: str,
    at: datetime,
    key: str,
    user_id: int | None = None,
    reader: str = "",
    article_id: int | None = None,
    version_id: int | None = None,
    item: Mapping[str, Any] | None = None,
    model: Mapping[str, Any] | None = None,
    why: str | None = None,
    chance: float | None = None,
    note: str | None = None,
) -> int:
    """Keep one label; its id. Raises LabelError for a code that the guide does not have."""
    check(said)
    row = Label(
        key=key,
        article_id=article_id,
        version_id=version_id,
        item=dict(item or {}),
        user_id=user_id,
        reader=reader,
        at=at,
        source=source,
        flag=said.flag,
        kind=said.kind,
        types=list(said.types),
        province=said.province,
        setting=said.setting,
        age=said.age,
        sex=said.sex,
        story=said.story,
        said=dict(model or {}),
        why=why,
        chance=chance,
        note=note,
    )
    session.add(row)
    session.flush()
    return row.id


def known(session: Session, key: str, reader: str, flag: int) -> bool:
    """Whether this reader's same word on this text was imported before."""
    query = select(Label.id).where(Label.key == key, Label.reader == reader, Label.flag == flag).limit(1)
    return session.scalar(query) is not None


def version_of(session: Session, article_id: int, version_id: int | None) -> tuple[int, int] | None:
    """(article, version) if they are there and belong together; the newest version where none is named."""
    article = session.get(Article, article_id)
    if article is None or article.version_id is None:
        return None
    if version_id is None:
        return article.id, article.version_id
    version = session.get(ArticleVersion, version_id)
    return (article.id, version.id) if version is not None and version.article_id == article.id else None


def shown(session: Session, article_id: int) -> tuple[Article, ArticleVersion, Verdict | None] | None:
    """An article as a reader is to see it."""
    article = session.get(Article, article_id)
    if article is None or article.version_id is None:
        return None
    verdict = None if article.verdict_id is None else session.get(Verdict, article.verdict_id)
    return article, session.get_one(ArticleVersion, article.version_id), verdict


def exposed(session: Session, version_ids: Sequence[int]) -> dict[int, list[Any]]:
    """Version -> spans that expose a child, of all verdicts on it."""
    found: dict[int, list[Any]] = {}
    for start in range(0, len(version_ids), 500):
        rows = session.execute(
            select(Verdict.version_id, Verdict.exposes_child).where(
                Verdict.version_id.in_(version_ids[start : start + 500])
            )
        )
        for version_id, spans in rows:
            found.setdefault(version_id, []).extend(spans)
    return found
