"""What people and alerts left on a story, so that its page asks only for what is there: mostly nothing."""

from dataclasses import dataclass

from sqlalchemy import BindParameter, Exists, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.tables import Alert, Decision, PlaceCorrection, StoryArticle, StoryChange, StoryNote


@dataclass(frozen=True, slots=True)
class Traces:
    decided: bool
    noted: bool
    regrouped: bool
    placed: bool
    told: bool


_story: BindParameter[int] = bindparam("story")


def _any(of_story: InstrumentedAttribute[int]) -> Exists:
    return exists().where(of_story == _story)


_TRACES = select(
    _any(Decision.story_id),
    _any(StoryNote.story_id),
    or_(_any(StoryChange.story_id), _any(StoryChange.other_id)),
    exists().where(StoryArticle.story_id == _story, PlaceCorrection.article_id == StoryArticle.article_id),
    _any(Alert.story_id),
)


def traces(session: Session, story_id: int) -> Traces:
    """Of the story of that number; what was taken back counts too."""
    return Traces(*map(bool, session.execute(_TRACES, {"story": story_id}).one()))
