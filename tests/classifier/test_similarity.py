"""Articles arriving one by one."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.similarity import StoryDoc, StoryIndex, StorySettings
from classifier.stories.features import features
from classifier.stories.frequencies import released
from classifier.stories.model import openings_apart
from tests.classifier.stories.samples import (
    DAY,
    NURSERY,
    NURSERY_TRIAL,
    OTHER_NURSERY,
    POOL,
    ROUND_UP,
    STEPFATHER,
)

EVERY = (*NURSERY, OTHER_NURSERY, STEPFATHER, POOL)


def placed(docs: tuple[StoryDoc, ...], index: StoryIndex | None = None) -> dict[str, str]:
    index = StoryIndex() if index is None else index  # an empty one is false
    return {doc.id: index.place(doc).story for doc in docs}


@pytest.mark.parametrize("seed", range(6))
def test_papers_on_one_event_share_a_story_in_whatever_order_they_come(seed: int) -> None:
    order = tuple(random.Random(seed).sample(EVERY, len(EVERY)))  # noqa: S311 -- no secret
    story = placed(order)
    assert len({story[doc.id] for doc in NURSERY}) == 1
    assert len(set(story.values())) == 4


def test_two_children_hurt_alike_in_two_places_are_two_stories() -> None:
    story = placed((NURSERY[0], OTHER_NURSERY, NURSERY[1]))
    assert story["nursery 1"] == story["nursery 2"] != story["other nursery"]


def test_two_children_stay_apart_when_only_names_ages_and_places_differ() -> None:
    other = replace(
        NURSERY[1],
        id="twin",
        title="Làm rõ clip bảo mẫu tát bé trai ở nhóm trẻ Mầm Xanh Non",
        sapo="Công an phường Cầu Đá mời bà Lý Thị Cúc Dại làm việc.",
        text="Liên quan vụ bảo mẫu đánh trẻ ở nhóm trẻ Mầm Xanh Non (phường Cầu Đá, quận Tân Mẫu), bà Cúc Dại khai do "
        "bé H., 5 tuổi, không chịu ngủ trưa nên đã tát hai cái.\nNhóm trẻ Mầm Xanh Non tạm dừng hoạt động từ ngày 6/4.",
    )
    story = placed((*NURSERY, other))
    assert story["twin"] not in {story[doc.id] for doc in NURSERY}


def test_another_event_of_the_same_town_that_retells_the_first_one_stays_apart() -> None:
    rumour = replace(
        NURSERY[1],
        id="rumour",
        title="Công an huyện Hòa Mẫu giải cứu hai người bị vây đánh vì tin đồn bảo mẫu đánh trẻ",
        sapo="",
        text="Sáng 4/4, người dân thôn Cầu Tre, xã Bãi Cau, huyện Hòa Mẫu vây đánh hai người đi bán sữa vì nghi họ là "
        "người nhà của một bảo mẫu. Công an xã Bãi Cau đưa hai người về trụ sở, xác định tin đồn là bịa đặt và đề nghị "
        "người dân bình tĩnh, không chia sẻ hình ảnh của hai người lên mạng xã hội. Một người bị xây xát ở tay, được "
        "trạm y tế băng bó rồi cho về. Chiếc xe máy chở sữa bị đập vỡ đèn, công an đang mời những người liên quan đến "
        "làm việc để xử lý theo quy định.\nTrước đó, ngày 3/4, clip bảo mẫu đánh trẻ ở nhóm trẻ Búp Sen Xanh (xã Suối "
        "Mơ, huyện Hòa Mẫu) lan truyền trên mạng xã hội. Bà Trịnh Thị Mẫu Đơn, 45 tuổi, khai đã tát bé K., 3 tuổi, ba "
        "cái vì bé không chịu ăn cháo.",
    )
    assert not openings_meet(NURSERY, rumour)
    story = placed((*NURSERY, rumour))
    assert story["rumour"] not in {story[doc.id] for doc in NURSERY}


def openings_meet(known: tuple[StoryDoc, ...], doc: StoryDoc) -> bool:
    seen = [features(one, released()) for one in known]
    return not openings_apart(features(doc, released()).marks, seen)


def test_openings_meet_where_a_rare_name_or_no_commune_stands_in_them() -> None:
    elsewhere = replace(NURSERY[2], sapo="Công an xã Bãi Cau, huyện Hòa Mẫu, tiếp nhận đơn.", text="")
    assert openings_meet(NURSERY[:2], elsewhere)  # the nursery's name
    nameless = replace(elsewhere, title="Phạt bảo mẫu tát bé 3 tuổi")
    assert not openings_meet(NURSERY[:2], nameless)
    assert openings_meet(NURSERY[:2], replace(nameless, sapo="Công an tiếp nhận đơn."))


def test_a_trial_months_later_joins_the_story_of_the_first_report() -> None:
    story = placed((*EVERY, NURSERY_TRIAL))
    assert story["nursery trial"] == story["nursery 1"]


def test_a_trial_is_found_after_its_story_has_left_the_window() -> None:
    index = StoryIndex(StorySettings(window=4))
    begun = placed((NURSERY[0],), index)["nursery 1"]
    for number in range(40):
        index.place(replace(POOL, id=f"pool {number}", kind="khac", text=f"{POOL.text} Hồ thứ {number}."))
    assert index.place(NURSERY_TRIAL).story == begun


def test_a_round_up_stands_in_the_story_of_each_event_it_tells() -> None:
    index = StoryIndex()
    story = placed((NURSERY[0], STEPFATHER, POOL), index)
    assert set(index.place(ROUND_UP).stories) == {story["nursery 1"], story["stepfather"]}


def test_a_round_up_does_not_draw_its_events_together() -> None:
    story = placed((ROUND_UP, NURSERY[0], STEPFATHER, NURSERY[1]))
    assert story["nursery 1"] == story["nursery 2"] != story["stepfather"]


def test_a_reprint_names_the_article_it_repeats_and_a_retelling_does_not() -> None:
    index = StoryIndex()
    index.place(NURSERY[0])
    reprint = replace(NURSERY[0], id="reprint", text=NURSERY[0].text.replace("hai phút", "2 phút"))
    again = replace(reprint, id="again", title="Bảo mẫu đánh bé 3 tuổi vì biếng ăn ở Suối Mơ")
    assert index.place(reprint).near_duplicate_of == "nursery 1"
    assert index.place(again).near_duplicate_of == "nursery 1"
    assert index.place(NURSERY[1]).near_duplicate_of is None


def test_an_article_placed_again_keeps_its_place() -> None:
    index = StoryIndex()
    first = [index.place(doc) for doc in EVERY]
    again = [index.place(doc) for doc in EVERY]
    assert [one.stories for one in again] == [one.stories for one in first]
    assert len(index) == len(EVERY)


def test_articles_known_from_the_store_keep_the_stories_they_were_given() -> None:
    index = StoryIndex()
    index.add(NURSERY[0], ("story 7",))
    assert index.place(NURSERY[0]).stories == ("story 7",)
    assert index.place(NURSERY[1]).story == "story 7"


def test_what_a_person_took_apart_is_not_put_together_again() -> None:
    index = StoryIndex()
    placed(NURSERY, index)
    index.move("nursery 2", ("apart",))
    assert index.place(NURSERY[1]).stories == ("apart",)
    assert "nursery 2" not in index.members("nursery 1")
    assert index.members("apart") == ("nursery 2",)


def test_merged_stories_take_new_articles_under_the_name_that_stays() -> None:
    index = StoryIndex()
    index.add(NURSERY[0], ("a",))
    index.add(NURSERY[1], ("b",))
    index.merge("a", into="b")
    assert set(index.members("b")) == {"nursery 1", "nursery 2"}
    assert index.members("a") == ()
    assert index.place(NURSERY[2]).story == "b"


def test_a_forgotten_article_leaves_nothing_to_join() -> None:
    index = StoryIndex()
    index.place(NURSERY[0])
    index.forget("nursery 1")
    assert len(index) == 0
    assert index.members("nursery 1") == ()
    assert index.place(NURSERY[1]).new


def test_memory_stays_within_its_settings() -> None:
    index = StoryIndex(StorySettings(window=5, long_memory=3))
    for number in range(30):
        index.place(StoryDoc(f"x{number}", f"Tin mẫu số {number}", text=f"Nội dung mẫu thứ {number * 7919}"))
    assert len(index) == 8


@given(
    texts=st.lists(st.tuples(st.text(max_size=40), st.text(max_size=200)), min_size=1, max_size=8),
    hours=st.integers(0, 10_000),
)
@settings(max_examples=60, deadline=None)
def test_any_text_is_placed_once_and_repeats_share_its_story(texts: list[tuple[str, str]], hours: int) -> None:
    index = StoryIndex()
    for number, (title, text) in enumerate(texts):
        doc = StoryDoc(f"{number}", title, text=text, published=NURSERY[0].published)
        first = index.place(doc)
        assert first.story == first.stories[0]
        assert 0 <= first.confidence <= 1
        later = replace(doc, published=DAY + timedelta(hours=hours))
        assert index.place(later).stories == first.stories


@given(st.permutations(range(5)))
@settings(max_examples=20, deadline=None)
def test_identical_reports_are_one_story_in_any_order(order: list[int]) -> None:
    copies = [replace(NURSERY[0], id=f"copy {number}") for number in range(4)] + [OTHER_NURSERY]
    story = placed(tuple(copies[number] for number in order))
    assert len({story[f"copy {number}"] for number in range(4)}) == 1
    assert story["other nursery"] != story["copy 0"]
