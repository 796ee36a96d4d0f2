"""Samples of what staff were not shown or rejected: drawn by a recorded seed, judged once, then counted."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, exists, func, select
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit
from models.store.insert import insert_new
from models.tables import (
    Article,
    ArticleVersion,
    AuditDraw,
    AuditSample,
    Decision,
    Outlet,
    Story,
    StoryArticle,
)

UNLISTED, REJECTED, CONTROL = "unlisted", "rejected", "control"
STRATA = (UNLISTED, REJECTED)
"""Those that the certificate speaks of. Controls are confirmed articles that are mixed in, so that who judges cannot
take everything for irrelevant, and to see how surely misses are recognised."""
DRAWN = (*STRATA, CONTROL)
ANSWERS = ("yes", "no", "unsure")
NOT_OURS = ("khong_lien_quan", "nguoi_lon", "tai_nan", "chinh_sach", "nuoc_ngoai", "khac")
"""Reasons that say "this is no report for us"; a duplicate or an old case was rejected although it is one."""


class SampleError(DiembaoError):
    """A sample that is not there or was judged already."""


@dataclass(frozen=True, slots=True)
class SampledEntry:
    """An entry to judge, shown like any other of the list: nothing tells from which stratum it comes."""

    id: int
    article_id: int
    version_id: int
    day: date
    outlet: str
    title: str
    sapo: str
    url: str
    published_at: datetime | None
    first_seen_at: datetime


@dataclass(frozen=True, slots=True)
class Tally:
    """What the judged samples of one stratum add up to.

    Days on which a sample still waits are left out, with their entries. Of the rest only samples below the lowest rate
    count, which makes them one uniform sample of all `size` entries; `misses` are the answers yes and unsure.
    """

    stratum: str
    size: int
    sampled: int
    misses: int


@dataclass(frozen=True, slots=True)
class Judged:
    """The samples of some days: `found` is how many articles of the full days stand in confirmed stories.

    `recognised` of `controls` were judged as reports that staff should see.
    """

    tallies: tuple[Tally, ...]
    found: int
    days: int
    open_days: int
    controls: int = 0
    recognised: int = 0


def chance_of(seed: str, stratum: str, article_id: int) -> float:
    """The entry's random number in [0, 1): the same for ever, and known to nobody before the seed is drawn."""
    digest = hashlib.sha256(f"{seed}|{stratum}|{article_id}".encode()).digest()
    return int.from_bytes(digest[:7], "big") / 2**56


def draw(session: Session, day: date, *, rates: Mapping[str, float], seed: str, at: datetime) -> dict[str, int]:
    """Draw the day's samples of the strata named, each entry with its stratum's rate; how many, by stratum. A second
    drawing adds none."""
    drawn = {}
    for stratum in (name for name in DRAWN if name in rates):
        entries = session.execute(_population(stratum, day)).all()
        rate = rates[stratum]
        if not insert_new(
            session, AuditDraw, day=day, stratum=stratum, size=len(entries), rate=rate, seed=seed, drawn_at=at
        ):
            continue
        taken = [(row, chance) for row in entries if (chance := chance_of(seed, stratum, row.id)) < rate]
        session.add_all(
            AuditSample(
                day=day,
                stratum=stratum,
                article_id=row.id,
                version_id=row.version_id,
                verdict_id=row.verdict_id,
                chance=chance,
            )
            for row, chance in taken
        )
        drawn[stratum] = len(taken)
    session.flush()
    if drawn:
        detail: dict[str, str | int | bool | None] = {"seed": seed, **drawn}
        audit.append(session, at=at, action="recall.draw", object=f"day/{day.isoformat()}", detail=detail)
    return drawn


def _population(stratum: str, day: date) -> Select[int, int | None, int | None]:
    query = (
        select(Article.id, Article.version_id, Article.verdict_id)
        .where(Article.day == day, Article.same_as.is_(None), Article.verdict_id.is_not(None))
        .order_by(Article.id)
    )
    if stratum == UNLISTED:
        return query.where(~exists().where(StoryArticle.article_id == Article.id))
    if stratum == CONTROL:
        return query.where(Article.id.in_(_confirmed(None)))
    rejected = (
        select(StoryArticle.article_id)
        .join(Story, Story.id == StoryArticle.story_id)
        .join(Decision, Decision.id == Story.decision_id)
        .where(Decision.action == "reject", Decision.reason.in_(NOT_OURS), StoryArticle.main)
    )
    return query.where(Article.id.in_(rejected), Article.id.not_in(_confirmed(None)))


def _confirmed(before: datetime | None) -> Select[int]:
    """Ids of articles in confirmed stories, into which they were put before that moment."""
    query = (
        select(StoryArticle.article_id)
        .join(Story, Story.id == StoryArticle.story_id)
        .join(Decision, Decision.id == Story.decision_id)
        .where(Decision.action == "confirm")
    )
    return query if before is None else query.where(StoryArticle.added_at <= before)


def waiting(session: Session, *, limit: int = 200) -> list[SampledEntry]:
    """Entries that nobody judged yet, in an order that does not depend on the stratum."""
    query = (
        select(AuditSample, Article, ArticleVersion, Outlet.title)
        .join(Article, Article.id == AuditSample.article_id)
        .join(ArticleVersion, ArticleVersion.id == AuditSample.version_id)
        .join(Outlet, Outlet.id == Article.outlet_id)
        .where(AuditSample.answer.is_(None))
        .order_by(AuditSample.day, Article.id)
        .limit(limit)
    )
    return [
        SampledEntry(
            sample.id,
            article.id,
            version.id,
            article.day,
            outlet,
            version.title,
            version.sapo,
            article.url,
            article.published_at,
            article.first_seen_at,
        )
        for sample, article, version, outlet in session.execute(query)
    ]


def answer(session: Session, sample_id: int, said: str, *, user_id: int, now: datetime) -> int | None:
    """Keep what a person says of a sample. A yes puts the article into a new story of its own, if it is in none, so
    that it gets onto the list and its decision is made there; returns that story's id."""
    if said not in ANSWERS:
        raise SampleError(f"Không có câu trả lời «{said}»")
    sample = session.scalar(
        select(AuditSample)
        .where(AuditSample.id == sample_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if sample is None:
        raise SampleError(f"Không có bài số {sample_id} trong mẫu")
    if sample.answer is not None:
        raise SampleError("Bài này vừa được một đồng nghiệp chấm. Ý kiến của bạn chưa ghi.")
    sample.answer, sample.answered_by, sample.answered_at = said, user_id, now
    story_id = _list_it(session, sample.article_id, user_id, now) if said == "yes" else None
    audit.append(
        session, at=now, action="recall.answer", user_id=user_id, object=f"sample/{sample_id}", detail={"answer": said}
    )
    return story_id


def _list_it(session: Session, article_id: int, user_id: int, now: datetime) -> int:
    known = session.scalar(
        select(StoryArticle.story_id)
        .where(StoryArticle.article_id == article_id)
        .order_by(StoryArticle.main.desc(), StoryArticle.story_id)
    )
    if known is not None:
        return known
    story = Story(day=session.get_one(Article, article_id).day, created_at=now, decision_id=None)
    session.add(story)
    session.flush()
    session.add(StoryArticle(story_id=story.id, article_id=article_id, main=True, added_by=user_id, added_at=now))
    session.flush()
    return story.id


def judged(session: Session, first: date, last: date) -> Judged:
    """The samples of these days as the certificate needs them."""
    draws = session.scalars(
        select(AuditDraw).where(AuditDraw.day.between(first, last)).order_by(AuditDraw.day, AuditDraw.stratum)
    ).all()
    samples = session.scalars(select(AuditSample).where(AuditSample.day.between(first, last))).all()
    all_days = {row.day for row in draws}
    full = all_days - {row.day for row in samples if row.answer is None}
    controls = [row.answer for row in samples if row.stratum == CONTROL and row.day in full]
    return Judged(
        tallies=tuple(_tally(stratum, draws, samples, full) for stratum in STRATA),
        found=_found(session, full),
        days=len(full),
        open_days=len(all_days - full),
        controls=len(controls),
        recognised=controls.count("yes"),
    )


def _tally(stratum: str, draws: Sequence[AuditDraw], samples: Sequence[AuditSample], full: set[date]) -> Tally:
    own = [row for row in draws if row.stratum == stratum and row.day in full]
    rate = min((row.rate for row in own), default=0.0)
    kept = [row for row in samples if row.stratum == stratum and row.day in full and row.chance < rate]
    return Tally(stratum, sum(row.size for row in own), len(kept), sum(row.answer != "no" for row in kept))


def _found(session: Session, days: set[date]) -> int:
    """Articles of these days that staff were shown and confirmed; what came to light by the sample itself is none."""
    drawn = (
        select(AuditDraw.day, func.min(AuditDraw.drawn_at).label("at"))
        .where(AuditDraw.day.in_(days))
        .group_by(AuditDraw.day)
        .subquery()
    )
    query = (
        select(func.count(Article.id.distinct()))
        .join(drawn, drawn.c.day == Article.day)
        .join(StoryArticle, StoryArticle.article_id == Article.id)
        .join(Story, Story.id == StoryArticle.story_id)
        .join(Decision, Decision.id == Story.decision_id)
        .where(Decision.action == "confirm", Article.same_as.is_(None), StoryArticle.added_at <= drawn.c.at)
    )
    return session.scalar(query) or 0


def sizes(session: Session, *, before: date, days: int = 30) -> dict[str, float]:
    """How many entries a day the strata had on the last days drawn: what a rate for a wanted number is set by."""
    newest = select(AuditDraw.day).where(AuditDraw.day < before).distinct().order_by(AuditDraw.day.desc()).limit(days)
    rows = session.execute(
        select(AuditDraw.stratum, func.avg(AuditDraw.size)).where(AuditDraw.day.in_(newest)).group_by(AuditDraw.stratum)
    )
    return {stratum: float(mean) for stratum, mean in rows}


def entries_of(session: Session, day: date) -> dict[str, int]:
    """How many entries each stratum has on that day as of now."""
    return {
        stratum: session.scalar(select(func.count()).select_from(_population(stratum, day).order_by(None).subquery()))
        or 0
        for stratum in DRAWN
    }


def last_rates(session: Session) -> dict[str, float]:
    """The rate of each stratum's newest drawing."""
    found: dict[str, float] = {}
    for stratum in DRAWN:
        rate = session.scalar(
            select(AuditDraw.rate).where(AuditDraw.stratum == stratum).order_by(AuditDraw.day.desc()).limit(1)
        )
        if rate is not None:
            found[stratum] = rate
    return found


def undrawn(session: Session, first: date, last: date) -> list[date]:
    """Days with articles of which no sample was drawn yet."""
    days = select(Article.day).where(Article.day.between(first, last)).distinct().order_by(Article.day)
    drawn = set(session.scalars(select(AuditDraw.day).where(AuditDraw.day.between(first, last))))
    return [day for day in session.scalars(days) if day not in drawn]
