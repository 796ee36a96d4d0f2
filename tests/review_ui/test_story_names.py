"""A name that one article of a story gives away is in no headline and no quote of the others, wherever they show."""

import re
from typing import Any

import pytest
from sqlalchemy import select

from models.clock import day_of
from models.records import NONE_HIDDEN
from models.store import cases, reading, search
from models.tables import Place, StoryArticle, Verdict
from pipeline.case_file import case_file
from pipeline.cli.show import listed
from pipeline.lead_rows import lead_row
from pipeline.recipients import read_profiles
from pipeline.story_names import names_of_articles, names_of_stories
from tests.review_ui.conftest import World
from tests.review_ui.seed import NOW, Telling, add_story
from tests.review_ui.test_clocks import open_case

BODY = "Chiều qua, cháu Nguyễn Mẫu Nga (8 tuổi) kể lại với cô giáo."
NAME = ["text", BODY.index("Nguyễn"), BODY.index(" (8")]
TITLE = "Sáng nay Nga được về nhà"
LOOKED = [*NONE_HIDDEN, "hidden"]
QUOTE = "Cô giáo nói Nga vẫn sợ."


def tell(world: World, *spans: list[Any]) -> int:
    """The later article, which is the one to read, says the name alone, where nothing tells whose it is."""
    with world.store.write() as session:
        first = Telling(title="Một trẻ bị đánh", body=BODY, exposes=list(spans), score=0.8)
        second = Telling(
            title=TITLE, outlet="tin-mau", body=QUOTE, score=0.98, exposes=[LOOKED], evidence=[["text", 0, len(QUOTE)]]
        )
        story = add_story(session, 1, first, second)
        for place in session.scalars(select(Place).join(StoryArticle, StoryArticle.article_id == Place.article_id)):
            place.words = "xóm Nga"
        search.index_new(session)
        return story


@pytest.mark.parametrize(
    ("spans", "hidden"),
    [
        ([NAME, LOOKED], True),
        ([[*NAME, "hidden"]], True),
        ([], True),
        ([LOOKED], False),
        (["hỏng", ["khác", 0, 3]], True),
    ],
)
def test_the_list_hides_what_another_article_says_and_old_verdicts_are_looked_through(
    one_world: World, spans: list[Any], hidden: bool
) -> None:
    tell(one_world, *spans)
    page = one_world.sign_in("lan").get("/").text
    assert (TITLE in page) is not hidden
    assert "được về nhà" in page


def test_it_is_hidden_on_every_page_in_documents_and_in_a_commune_s_lead_and_not_from_the_police(world: World) -> None:
    story_id = tell(world, NAME, LOOKED)
    world.stories["names"] = story_id
    case_id = open_case(world, "names")
    person = world.sign_in("lan")
    last = max(item.id for item in _story(world, story_id).items)
    for address in (f"/tin/{story_id}", f"/tin/{story_id}?bai={last}", f"/vu-viec/{case_id}", "/tim?q=nga"):
        page = person.get(address).text
        assert "được về nhà" in page, address
        assert not re.search(r"\bNga\b", page), address
    with world.store.read() as session:
        [line] = [row.title for row in listed(session, day_of(NOW)) if "được về nhà" in row.title]
        case = cases.one_case(session, case_id)
        profiles = {
            code: lead_row(session, case, profile).get("articles", []) for code, profile in read_profiles().items()
        }
        source = case_file(session, case_id).summary.source
    assert line == "Sáng nay ▇▇▇ được về nhà"
    assert [one["headline"] for one in profiles["police"]][1] == TITLE
    assert [one["headline"] for one in profiles["commune"]][1] == "Sáng nay ▇▇▇ được về nhà"
    assert source is not None
    assert source.quote == "«Cô giáo nói ▇▇▇ vẫn sợ.»"


def test_an_article_knows_its_stories_words_and_alone_its_own(one_world: World) -> None:
    story_id = tell(one_world, NAME, LOOKED)
    with one_world.store.write() as session:
        one, other = (item.id for item in reading.story(session, story_id).items)
        told = names_of_articles(session, [one, other])
        assert told[one] == told[other] == names_of_stories(session, [story_id])[story_id]
        assert {"Nguyễn Mẫu Nga", "Nga"} <= told[other]
        session.scalars(select(Verdict).where(Verdict.article_id == one)).one().flag = False
        assert names_of_articles(session, [other])[other] == told[other], "what was said stays said"


def _story(world: World, story_id: int) -> reading.StoryView:
    with world.store.read() as session:
        return reading.story(session, story_id)
