"""Merging and splitting by people, and taking it back."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select

from models.session import Store
from models.store import audit, cases, grouping, review
from models.store.grouping import GroupingError
from models.store.reading import NotThereError, story
from models.store.review import Choice
from models.tables import StoryArticle, StoryChange
from tests.review_ui.seed import NOW, Telling, add_house, add_story, add_user


@pytest.fixture
def two(store: Store) -> tuple[Store, int, int]:
    """A store, one officer (id 1), and two stories of two articles each."""
    with store.write() as session:
        add_user(session, "lan", "officer")
        run_id = add_house(session)
        first, second = (
            add_story(session, run_id, *(Telling(title=f"Tin {n} {o}", outlet=o) for o in ("bao-mau", "tin-mau")))
            for n in "ab"
        )
    return store, first, second


def layout(store: Store) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    with store.read() as session:
        for link in session.scalars(select(StoryArticle)):
            found.setdefault(link.story_id, set()).add(link.article_id)
    return found


def merge(store: Store, into: int, other: int) -> int:
    with store.write() as session:
        return grouping.merge(session, into, other, user_id=1, now=NOW)


def last_change(store: Store) -> int:
    with store.read() as session:
        found = session.scalar(select(StoryChange.id).order_by(StoryChange.id.desc()).limit(1))
    assert found is not None
    return found


def take_back(store: Store, change: int) -> int:
    with store.write() as session:
        return grouping.take_back(session, change, user_id=1, now=NOW)


def test_a_merged_story_answers_as_the_one_it_went_into_and_comes_back_whole(two: tuple[Store, int, int]) -> None:
    store, first, second = two
    before = layout(store)
    assert merge(store, first, second) == first
    with store.read() as session:
        assert story(session, second).id == first
        assert len(story(session, first).items) == 4
    assert take_back(store, last_change(store)) == first
    assert layout(store) == before
    with store.read() as session:
        assert story(session, second).id == second
        assert audit.verify(session) is None


def test_split_articles_stand_in_a_story_of_their_own_until_that_is_taken_back(two: tuple[Store, int, int]) -> None:
    store, first, _ = two
    before = layout(store)
    article = min(before[first])
    with store.write() as session:
        new = grouping.split(session, first, [article], user_id=1, now=NOW)
    assert layout(store)[new] == {article}
    take_back(store, last_change(store))
    assert layout(store) == before


def test_several_steps_are_taken_back_from_the_last_to_the_first(two: tuple[Store, int, int]) -> None:
    store, first, second = two
    before = layout(store)
    merge(store, first, second)
    merged = last_change(store)
    with store.write() as session:
        grouping.split(session, first, [min(before[second])], user_id=1, now=NOW)
    with pytest.raises(GroupingError, match="gộp hoặc tách tiếp"):
        take_back(store, merged)
    take_back(store, last_change(store))
    take_back(store, merged)
    assert layout(store) == before
    with pytest.raises(GroupingError):
        take_back(store, merged)


def test_the_story_with_a_case_stays(two: tuple[Store, int, int]) -> None:
    store, first, second = two
    with store.write() as session:
        lead = story(session, second).lead
        review.decide(session, second, Choice("confirm", lead.id, lead.shown_id, None, None), user_id=1, now=NOW)
        cases.open_case(session, second, user_id=1, now=NOW)
    assert merge(store, first, second) == second


def test_what_makes_no_sense_is_refused(two: tuple[Store, int, int]) -> None:
    store, first, second = two
    before = layout(store)
    with pytest.raises(GroupingError):
        merge(store, first, first)
    with pytest.raises(NotThereError):
        merge(store, first, 99)
    for articles in ([], [99], sorted(before[first])):
        with pytest.raises(GroupingError), store.write() as session:
            grouping.split(session, first, articles, user_id=1, now=NOW)
    merge(store, first, second)
    with pytest.raises(NotThereError):
        merge(store, first, second)


def test_merging_both_ways_at_once_loses_no_article(two: tuple[Store, int, int]) -> None:
    store, first, second = two
    everything = set.union(*layout(store).values())

    def try_merge(pair: tuple[int, int]) -> bool:
        try:
            merge(store, *pair)
        except NotThereError:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(try_merge, [(first, second), (second, first)] * 2))
    assert done.count(True) == 1
    assert set.union(*layout(store).values()) == everything
