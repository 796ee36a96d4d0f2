"""Merge and split from the story page."""

import re

from tests.review_ui.conftest import World


def test_two_stories_become_one_and_two_again(one_world: World) -> None:
    person = one_world.sign_in("lan")
    carer, online = one_world.stories["carer"], one_world.stories["online"]
    assert person.post(f"/tin/{carer}/gop", other=online).status_code == 303
    text = person.get(f"/tin/{carer}").text
    assert f"gộp tin số {online} (1 bài) vào tin này" in text
    assert "Các bài của tin (3)" in text
    assert person.get(f"/tin/{online}").headers["location"] == f"/tin/{carer}"
    change = re.search(r'name="change" value="(\d+)"', text)
    assert change
    person.post(f"/tin/{carer}/hoan-tac-gop", change=change[1])
    assert "Các bài của tin (2)" in person.get(f"/tin/{carer}").text


def test_an_article_is_detached_and_the_story_keeps_the_rest(one_world: World) -> None:
    person = one_world.sign_in("lan")
    carer = one_world.stories["carer"]
    articles = re.findall(r'name="articles" value="(\d+)"', person.get(f"/tin/{carer}").text)
    assert len(articles) == 2
    assert person.post(f"/tin/{carer}/tach", articles=articles[1]).status_code == 303
    assert "Các bài của tin (1)" in person.get(f"/tin/{carer}").text
    assert person.post(f"/tin/{carer}/tach", articles=articles[0]).status_code == 400
