"""Decisions and cases when many people work at once."""

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import func, select

from models.session import Store
from models.store import cases, review
from models.store.reading import stories_by_id, story
from models.store.review import Choice, OvertakenError
from models.tables import Case, CaseStory, Decision, Story
from tests.review_ui.seed import NOW, Telling, add_house, add_story, add_user


def morning(store: Store, stories: int = 1) -> tuple[list[int], list[int]]:
    """Ids of eight officers and of the stories."""
    with store.write() as session:
        run_id = add_house(session)
        people = [add_user(session, f"người{number}", "officer").id for number in range(8)]
        return people, [add_story(session, run_id, Telling(title=f"Tin mẫu {n}")) for n in range(stories)]


def choice(store: Store, story_id: int, seen: int | None = None, action: str = "confirm") -> Choice:
    with store.read() as session:
        lead = story(session, story_id).lead
    return Choice(action, lead.id, lead.shown_id, None, seen)


def test_of_eight_who_decide_at_once_one_is_kept_and_seven_are_told(store: Store) -> None:
    people, (story_id,) = morning(store)
    made = choice(store, story_id)

    def decide(user_id: int) -> bool:
        try:
            with store.write() as session:
                review.decide(session, story_id, made, user_id=user_id, now=NOW)
        except OvertakenError as error:
            return error.current is None
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(decide, people)) == [False] * 7 + [True]
    with store.read() as session:
        decision = session.scalars(select(Decision)).one()
        assert session.get_one(Story, story_id).decision_id == decision.id


def test_cases_opened_at_once_get_codes_in_a_row_and_one_case_a_story(store: Store) -> None:
    people, stories = morning(store, 4)
    for story_id in stories:
        with store.write() as session:
            review.decide(session, story_id, choice(store, story_id), user_id=people[0], now=NOW)

    def open_case(turn: int) -> int:
        with store.write() as session:
            return cases.open_case(session, stories[turn % 4], user_id=people[turn % 8], now=NOW)

    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(open_case, range(16)))
    with store.read() as session:
        codes = session.scalars(select(Case.code).order_by(Case.code)).all()
        links = session.scalar(select(func.count()).select_from(CaseStory))
    assert codes == [f"VV-2026-000{number}" for number in range(1, 5)]
    assert links == len(set(opened)) == 4


def test_an_undone_decision_gives_way_to_the_one_before(store: Store) -> None:
    (lan, minh, *_), (story_id,) = morning(store)
    with store.write() as session:
        first = review.decide(session, story_id, choice(store, story_id, action="unsure"), user_id=lan, now=NOW)
    with store.write() as session:
        second = review.decide(session, story_id, choice(store, story_id, first), user_id=minh, now=NOW)
    for seen, left in ((second, first), (first, None)):
        with store.write() as session:
            review.undo(session, story_id, seen_id=seen, user_id=lan, now=NOW)
        with store.read() as session:
            assert session.get_one(Story, story_id).decision_id == left


def test_a_story_without_articles_is_shown_nowhere(sqlite_store: Store) -> None:
    with sqlite_store.write() as session:
        session.add(Story(day=NOW.date(), created_at=NOW))
    with sqlite_store.read() as session:
        assert stories_by_id(session, [1]) == []
