"""What a model on trial says, kept apart from the verdicts that staff work with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from models.records import Verdict as Judgement
from models.store.insert import insert_all
from models.tables import Article, ArticleVersion, Outlet, ShadowVerdict, Verdict


@dataclass(frozen=True, slots=True)
class Trial:
    """How the model on trial and the one in force answered the same versions."""

    articles: int
    flagged: int
    flagged_current: int
    both: int


@dataclass(frozen=True, slots=True)
class Split:
    """An article on which the two differ."""

    article_id: int
    title: str
    outlet: str
    at: datetime
    flag: bool
    score: float
    current_flag: bool
    current_score: float


def keep(session: Session, verdicts: Mapping[int, Judgement], *, at: datetime) -> None:
    """Add verdicts by version id, once. Versions that are gone are passed over."""
    found = dict(
        session.execute(
            select(ArticleVersion.id, ArticleVersion.article_id).where(ArticleVersion.id.in_(list(verdicts)))
        ).all()
    )
    insert_all(
        session,
        ShadowVerdict,
        [
            {
                "version_id": version_id,
                "article_id": article_id,
                "model": verdicts[version_id].model,
                "judged_at": at,
                "score": verdicts[version_id].score,
                "flag": verdicts[version_id].flag,
                "kind": verdicts[version_id].kind,
                "types": dict(verdicts[version_id].types),
            }
            for version_id, article_id in found.items()
        ],
    )


def tally(session: Session, *, model: str, since: datetime) -> Trial:
    """Each version that both models judged since then counts once."""
    both = case((and_(ShadowVerdict.flag, Verdict.flag), 1), else_=0)
    query = (
        select(
            func.count(),
            func.sum(case((ShadowVerdict.flag, 1), else_=0)),
            func.sum(case((Verdict.flag, 1), else_=0)),
            func.sum(both),
        )
        .select_from(ShadowVerdict)
        .join(Article, Article.version_id == ShadowVerdict.version_id)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .where(ShadowVerdict.model == model, ShadowVerdict.judged_at >= since, Verdict.model != model)
    )
    count, flagged, current, together = session.execute(query).one()
    return Trial(count, int(flagged or 0), int(current or 0), int(together or 0))


def splits(session: Session, *, model: str, since: datetime, limit: int = 30) -> Sequence[Split]:
    """Articles that one of the two flags and the other does not, the widest apart first."""
    query = (
        select(
            Article.id,
            ArticleVersion.title,
            Outlet.title,
            Article.first_seen_at,
            ShadowVerdict.flag,
            ShadowVerdict.score,
            Verdict.flag,
            Verdict.score,
        )
        .select_from(ShadowVerdict)
        .join(Article, Article.version_id == ShadowVerdict.version_id)
        .join(ArticleVersion, ArticleVersion.id == ShadowVerdict.version_id)
        .join(Outlet, Outlet.id == Article.outlet_id)
        .join(Verdict, Verdict.id == Article.verdict_id)
        .where(
            ShadowVerdict.model == model,
            ShadowVerdict.judged_at >= since,
            Verdict.model != model,
            ShadowVerdict.flag != Verdict.flag,
        )
        .order_by(func.abs(ShadowVerdict.score - Verdict.score).desc(), Article.id)
        .limit(limit)
    )
    return [Split(*row) for row in session.execute(query)]
