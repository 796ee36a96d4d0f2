"""Where labels come from: readings and imports, and what decisions, samples and corrections say.

Decisions, audit samples and corrected places are facts of their own tables; they are read here, never copied, so that
an undone decision is no label any more.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, defer

from models.records import Reading
from models.store.label_records import AUDIT, DECISION, Given, Said, of_model, reading_of
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
    Verdict,
)

FLAGS = {"yes": 1, "no": 0, "unsure": 2, "confirm": 1, "reject": 0}
REASON_KINDS = {
    "nguoi_lon": "nguoi_lon", "tai_nan": "tai_nan", "chinh_sach": "chinh_sach", "nuoc_ngoai": "nuoc_ngoai",
    "khong_lien_quan": "khac", "khac": "khac",
}  # fmt: skip


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
