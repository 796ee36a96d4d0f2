"""Which spans of a version expose a child, by all that was ever judged of it and of the other articles of its story."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, or_, select
from sqlalchemy.orm import Session

from models.store.among import among
from models.tables import ArticleVersion, StoryArticle, Verdict


def spans_of_versions(session: Session, version_ids: Iterable[int]) -> dict[int, list[Any]]:
    """Version -> spans as its verdicts have them; versions that nobody judged are left out.

    Every verdict counts: what one model saw stays hidden when a later one overlooks it.
    """
    ids = list(version_ids)
    if not ids:
        return {}
    rows = session.execute(
        select(Verdict.version_id, Verdict.exposes_child).where(Verdict.version_id.in_(ids)).order_by(Verdict.id)
    )
    found: dict[int, list[Any]] = {}
    for version, spans in rows:
        known = found.setdefault(version, [])
        known += [span for span in spans if span not in known]
    return found


@dataclass(frozen=True, slots=True)
class Told:
    """What one verdict says of a version: its spans in these texts, and by what more of them would be looked for."""

    flag: bool
    relation: str | None
    spans: list[Any]
    title: str
    sapo: str
    body: str


_TOLD = (
    Verdict.flag,
    Verdict.relation,
    Verdict.exposes_child,
    ArticleVersion.title,
    ArticleVersion.sapo,
    ArticleVersion.body,
)
_SAYS_SOMETHING = or_(Verdict.flag.is_(True), cast(Verdict.exposes_child, String) != "[]")
_OF_STORIES = (
    select(StoryArticle.story_id, *_TOLD)
    .join(Verdict, Verdict.article_id == StoryArticle.article_id)
    .join(ArticleVersion, ArticleVersion.id == Verdict.version_id)
    .where(among(StoryArticle.story_id, "ids"), _SAYS_SOMETHING)
)
_OF_ARTICLES = (
    select(Verdict.article_id, *_TOLD)
    .join(ArticleVersion, ArticleVersion.id == Verdict.version_id)
    .where(among(Verdict.article_id, "ids"), _SAYS_SOMETHING)
)
_STANDING = select(StoryArticle.article_id, StoryArticle.story_id).where(among(StoryArticle.article_id, "ids"))


def told_of_stories(session: Session, story_ids: Iterable[int]) -> dict[int, list[Told]]:
    """Story -> what verdicts that say something ever said of any version of its articles, by any model."""
    found: dict[int, list[Told]] = {id_: [] for id_ in story_ids}
    for story, *told in session.execute(_OF_STORIES, {"ids": list(found)}) if found else ():
        found[story].append(Told(*told))
    return found


def told_of_articles(session: Session, article_ids: Iterable[int]) -> dict[int, list[Told]]:
    """Article -> the same of it and of the other articles of the stories that it stands in."""
    found: dict[int, list[Told]] = {id_: [] for id_ in article_ids}
    if not found:
        return found
    standing = session.execute(_STANDING, {"ids": list(found)}).all()
    stories = told_of_stories(session, dict.fromkeys(story for _, story in standing))
    for article, story in standing:
        found[article] += stories[story]
    alone = found.keys() - {article for article, _ in standing}
    for article, *told in session.execute(_OF_ARTICLES, {"ids": list(alone)}) if alone else ():
        found[article].append(Told(*told))
    return found
