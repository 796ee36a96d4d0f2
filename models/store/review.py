"""Decisions on stories: added, never changed, and none lost when two people decide at one time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import audit, reasons
from models.store.insert import put
from models.store.reading import Judged, NotThereError, judged
from models.store.reasons import Reason
from models.tables import Case, CaseStory, Decision, Presence, Story, StoryArticle, StoryNote, User, Utc

PRESENT = timedelta(minutes=3)
NOTED_EVERY = timedelta(minutes=1)
ACTIONS = ("confirm", "reject", "unsure")


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person chose, on which article and version, and the decision that their page showed (None: none).

    `reason` is the code of a line of the team's list.
    """

    action: str
    article_id: int
    version_id: int
    verdict_id: int | None
    seen_id: int | None
    reason: str | None = None
    note: str | None = None
    types: tuple[str, ...] | None = None


class ChoiceError(DiembaoError):
    """A choice that cannot be kept as it is: unknown action or reason, nothing to undo, an article of another story."""


class OvertakenError(DiembaoError):
    """Somebody decided in between; `current` is what holds now (None: their decision was taken back)."""

    def __init__(self, current: Judged | None) -> None:
        super().__init__("decided meanwhile")
        self.current = current


class InCaseError(DiembaoError):
    """The story belongs to a case, which must be ended before the confirmation can go."""

    def __init__(self, case_id: int, code: str) -> None:
        super().__init__(f"Tin này thuộc vụ việc {code}.")
        self.case_id, self.code = case_id, code


def locked_story(session: Session, story_id: int) -> Story:
    """The story, held against other writers until the transaction ends."""
    found = session.scalar(
        select(Story).where(Story.id == story_id).with_for_update().execution_options(populate_existing=True)
    )
    if found is None or found.merged_into is not None:
        message = f"Tin số {story_id} không còn (có thể đã được gộp vào tin khác)"
        raise NotThereError(message)
    return found


def in_force(session: Session, story: Story) -> Judged | None:
    if story.decision_id is None:
        return None
    decision, by = session.execute(
        select(Decision, User.display).join(User, User.id == Decision.user_id).where(Decision.id == story.decision_id)
    ).one()
    return judged(decision, by)


def decide(session: Session, story_id: int, choice: Choice, *, user_id: int, now: datetime) -> int:
    """Keep the decision and return its id. Raises OvertakenError when the page that was seen is out of date."""
    said = _check(session, choice)
    story = locked_story(session, story_id)
    if story.decision_id != choice.seen_id:
        raise OvertakenError(in_force(session, story))
    if session.get(StoryArticle, (story_id, choice.article_id)) is None:
        message = "Bài này không còn thuộc tin"
        raise ChoiceError(message)
    if choice.action != "confirm":
        _refuse_in_case(session, story_id)
    decision = Decision(
        story_id=story_id,
        article_id=choice.article_id,
        version_id=choice.version_id,
        verdict_id=choice.verdict_id,
        user_id=user_id,
        at=now,
        action=choice.action,
        reason=None if said is None else said.meaning,
        reason_words=None if said is None else said.words,
        note=choice.note,
        types=None if choice.types is None else list(choice.types),
    )
    session.add(decision)
    session.flush()
    story.decision_id = decision.id
    _record(session, decision)
    return decision.id


def _check(session: Session, choice: Choice) -> Reason | None:
    """The reason to reject, as the team has it; None where nothing is rejected."""
    if choice.action not in ACTIONS:
        message = f"Không có quyết định «{choice.action}»"
        raise ChoiceError(message)
    if choice.action != "reject":
        return None
    reason = reasons.of_code(session, choice.reason)
    if reason is None:
        message = "Hãy chọn lý do bỏ qua"
        raise ChoiceError(message)
    if reason.code == reasons.OTHER and not (choice.note or "").strip():
        message = f"Lý do «{reason.words}» cần ghi rõ"
        raise ChoiceError(message)
    return reason


def _refuse_in_case(session: Session, story_id: int) -> None:
    row = session.execute(
        select(Case.id, Case.code).join(CaseStory, CaseStory.case_id == Case.id).where(CaseStory.story_id == story_id)
    ).one_or_none()
    if row is not None:
        raise InCaseError(*row)


def undo(session: Session, story_id: int, *, seen_id: int, user_id: int, now: datetime) -> None:
    """Take back the decision in force, whoever made it; the one before it, if any, holds again."""
    story = locked_story(session, story_id)
    if story.decision_id != seen_id:
        raise OvertakenError(in_force(session, story))
    standing = _standing(session, story_id)
    if not standing or standing[-1].id != seen_id:
        message = "Không có quyết định nào để hoàn tác"
        raise ChoiceError(message)
    before = standing[-2].id if len(standing) > 1 else None
    if before is None or standing[-2].action != "confirm":
        _refuse_in_case(session, story_id)
    taken = standing[-1]
    decision = Decision(
        story_id=story_id,
        article_id=taken.article_id,
        version_id=taken.version_id,
        verdict_id=taken.verdict_id,
        user_id=user_id,
        at=now,
        action="undo",
        undoes_id=taken.id,
    )
    session.add(decision)
    session.flush()
    story.decision_id = before
    _record(session, decision)


def _standing(session: Session, story_id: int) -> list[Decision]:
    """Decisions that nobody took back, oldest first."""
    rows = session.scalars(select(Decision).where(Decision.story_id == story_id).order_by(Decision.id)).all()
    undone = {row.undoes_id for row in rows}
    return [row for row in rows if row.action != "undo" and row.id not in undone]


def last_of(session: Session, user_id: int) -> tuple[int, int] | None:
    """(story, decision) of the newest decision in force that this person made: what their next undo takes back."""
    row = session.execute(
        select(Decision.story_id, Decision.id)
        .join(Story, Story.id == Decision.story_id)
        .where(Decision.user_id == user_id, Story.decision_id == Decision.id)
        .order_by(Decision.id.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else (row[0], row[1])


def story_where_in_force(session: Session, decision_id: int) -> int | None:
    """By the decision, for stories have no index of theirs."""
    query = select(Story.id).join(Decision, Decision.story_id == Story.id)
    return session.scalar(query.where(Decision.id == decision_id, Story.decision_id == Decision.id))


def _record(session: Session, decision: Decision) -> None:
    audit.append(
        session,
        at=decision.at,
        action=f"decision.{decision.action}",
        user_id=decision.user_id,
        object=f"story/{decision.story_id}",
        detail={"decision": decision.id, "reason": decision.reason, "undoes": decision.undoes_id},
    )


def add_note(session: Session, story_id: int, text: str, *, user_id: int, now: datetime) -> None:
    if not text.strip():
        message = "Ghi chú trống"
        raise ChoiceError(message)
    locked_story(session, story_id)
    session.add(StoryNote(story_id=story_id, user_id=user_id, at=now, text=text.strip()))
    session.flush()


def notes_of(session: Session, story_id: int) -> Sequence[tuple[StoryNote, str]]:
    rows = session.execute(
        select(StoryNote, User.display)
        .join(User, User.id == StoryNote.user_id)
        .where(StoryNote.story_id == story_id)
        .order_by(StoryNote.id)
    )
    return [(note, by) for note, by in rows]


def arrive(session: Session, story_id: int, *, user_id: int, now: datetime) -> None:
    """Note that this person has the story open, in one statement. A power cut may forget it: nobody waits for the
    disk.
    """
    put(session, Presence, hurried=True, user_id=user_id, story_id=story_id, at=now)


def leave(session: Session, user_id: int) -> None:
    session.execute(delete(Presence).where(Presence.user_id == user_id))


_OTHERS = (
    select(Presence.story_id, User.display)
    .join(User, User.id == Presence.user_id)
    .where(
        Presence.user_id != bindparam("user"),
        Presence.at > bindparam("since", type_=Utc),
    )
    .order_by(User.display)
)
_AT = (
    select(Presence.user_id, Presence.at, User.display)
    .join(User, User.id == Presence.user_id)
    .where(Presence.story_id == bindparam("story"), Presence.at > bindparam("since", type_=Utc))
    .order_by(User.display)
)


def others_at(session: Session, *, user_id: int, now: datetime) -> dict[int, list[str]]:
    """Story -> names of other people who have it open: of every story, for there are fewer people than rows."""
    rows = session.execute(_OTHERS, {"user": user_id, "since": now - PRESENT})
    found: dict[int, list[str]] = {}
    for story_id, name in rows:
        found.setdefault(story_id, []).append(name)
    return found


def people_at(session: Session, story_id: int, *, user_id: int, now: datetime) -> tuple[list[str], bool]:
    """Names of other people who have the story open, and whether this person's being there was noted a moment ago."""
    rows = session.execute(_AT, {"story": story_id, "since": now - PRESENT}).all()
    noted = any(who == user_id and at > now - NOTED_EVERY for who, at, _ in rows)
    return [name for who, _, name in rows if who != user_id], noted
