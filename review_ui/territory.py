"""What a person with a territory of their own may read. What lies outside is not even said to exist."""

from collections.abc import Collection

from sqlalchemy.orm import Session

from models.errors import DiembaoError
from models.store import cases, reading
from models.store.cases import CaseView
from models.store.reading import NotThereError, StoryView
from pipeline.case_facts import place_of_case
from pipeline.counting import Sight
from pipeline.place_words import covers, unit_name
from review_ui.sections import Reader


class WholeOnlyError(DiembaoError):
    """What is made for the whole deployment is not for a person with a territory of their own; the message says why."""


def need_whole(reader: Reader, what: str) -> None:
    """Raises WholeOnlyError for a person with a territory of their own. `what`: "Điểm báo chung"."""
    if reader.confined:
        raise WholeOnlyError(
            f"{what} là việc chung của mọi nơi, dành cho người phụ trách toàn địa bàn. Tài khoản của bạn phụ trách "
            f"{own_places(reader)}: tin, vụ việc, điểm báo và báo cáo của nơi đó vẫn mở cho bạn"
        )


def own_places(reader: Reader) -> str:
    """The names of the places that a person with a territory of their own works for."""
    return "; ".join(unit_name(code) for code in reader.territory)


def sight_of(reader: Reader) -> Sight:
    """What the person may count in a report."""
    if not reader.confined:
        return Sight()
    return Sight(reader.may_see, lambda case: may_see_case(case, reader), whole=False)


def load_story(session: Session, story_id: int, reader: Reader) -> StoryView:
    story = reading.story(session, story_id)
    if not reader.may_see(story):
        raise NotThereError(f"Không có tin số {story_id}")
    return story


def load_case(session: Session, case_id: int, reader: Reader) -> CaseView:
    case = cases.one_case(session, case_id)
    if not may_see_case(case, reader):
        raise NotThereError(f"Không có vụ việc số {case_id}")
    return case


def seen_cases(session: Session, case_ids: Collection[int], reader: Reader) -> set[int]:
    """Those of the cases that the person may read."""
    if not reader.confined:
        return set(case_ids)
    return {case.id for case in cases.cases_by_id(session, case_ids) if may_see_case(case, reader)}


def may_see_case(case: CaseView, reader: Reader) -> bool:
    if case.stories:
        return any(reader.may_see(story) for story in case.stories)
    return not reader.confined or covers(reader.territory, place_of_case(case)) is not False
