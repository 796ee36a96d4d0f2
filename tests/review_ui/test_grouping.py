"""Merge and split from the story page."""

import re

from sqlalchemy import select

from models.tables import StoryArticle
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


def test_near_identical_reprints_stand_under_the_first_with_the_differences_a_click_away(one_world: World) -> None:
    carer = one_world.stories["carer"]
    with one_world.store.write() as session:
        links = session.scalars(select(StoryArticle).where(StoryArticle.story_id == carer)).all()
        first, copy = sorted(links, key=lambda link: link.article_id)
        copy.reprint_of = first.article_id
    person = one_world.sign_in("lan")
    page = person.get(f"/tin/{carer}").text
    inside = page.partition("1 bài đăng lại gần như nguyên văn</summary>")[2].partition("</details>")[0]
    assert "Tin Mẫu" in inside
    address = re.search(r'href="([^"]*so-sanh[^"]*)" aria-label="Bài của Tin Mẫu khác gì bài của Báo Mẫu"', inside)
    assert address
    compared = person.get(address[1].replace("&amp;", "&")).text
    assert "<del>" in compared
    assert "<ins>" in compared


def test_an_older_story_is_merged_by_its_number(one_world: World) -> None:
    person = one_world.sign_in("lan")
    carer, online = one_world.stories["carer"], one_world.stories["online"]
    assert person.post(f"/tin/{carer}/gop", other="", number="").status_code == 400
    assert person.post(f"/tin/{carer}/gop", other="", number="99999").status_code == 404
    assert person.post(f"/tin/{carer}/gop", other="", number=online).status_code == 303
    assert "Các bài của tin (3)" in person.get(f"/tin/{carer}").text
