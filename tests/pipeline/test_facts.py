"""Facts of a story: the article to read first, the others where it is silent, a person's word above the machine's."""

from typing import Any

from models.session import Store
from models.store import reading
from pipeline.facts import facts_of, place_of
from pipeline.neutral import StoryFacts
from tests.pipeline.making import Maker


def facts_from(store: Store, *articles: dict[str, Any], **decided: Any) -> StoryFacts:
    make = Maker(store)
    story = make.story(*(make.article(**said) for said in articles), **decided)
    with store.read() as session:
        return facts_of(reading.story(session, story))


def test_what_the_first_article_does_not_know_another_one_tells(sqlite_store: Store) -> None:
    facts = facts_from(sqlite_store, {"age": "khong_ro", "sex": "nu"}, {"age": "6_12", "sex": "nam", "victims": 2})
    assert (facts.age, facts.sex, facts.victims) == ("6_12", "nu", 2)


def test_the_stage_is_the_furthest_that_any_article_reports(sqlite_store: Store) -> None:
    facts = facts_from(sqlite_store, {"stage": "tin_ban_dau"}, {"stage": "dang_xac_minh_dieu_tra"}, {"stage": None})
    assert facts.stage == "dang_xac_minh_dieu_tra"


def test_one_article_that_sees_danger_is_enough(sqlite_store: Store) -> None:
    assert facts_from(sqlite_store, {"danger_now": False}, {"danger_now": True}).danger_now is True


def test_nobody_who_says_anything_of_danger_leaves_it_unknown(sqlite_store: Store) -> None:
    assert facts_from(sqlite_store, {}).danger_now is None


def test_types_that_a_person_named_go_before_the_model_s(sqlite_store: Store) -> None:
    facts = facts_from(sqlite_store, {"types": {"bao_luc": 0.9}}, action="confirm", types=("boc_lot",))
    assert facts.types == ("boc_lot",)


def test_papers_stand_in_the_order_of_time_each_once(sqlite_store: Store) -> None:
    facts = facts_from(sqlite_store, {"outlet": "mau"}, {"outlet": "tin-som"}, {"outlet": "mau"})
    assert facts.outlets == ("Báo Mau", "Báo Tin-Som")
    assert facts.articles == 3


def test_the_place_is_the_first_one_that_has_words(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    nowhere = {"new_province": None, "words": ""}
    story = make.story(make.article(place=nowhere), make.article(place={"new_province": "01"}))
    with sqlite_store.read() as session:
        view = reading.story(session, story)
        found = place_of(view)
    assert found is not None
    assert found.new_province == "01"
    assert facts_of(view).place == "Hà Nội"
