"""Differences between versions: nothing is lost, and masks hold in both."""

from hypothesis import given
from hypothesis import strategies as st

from models.tables import Article
from review_ui.differences import compare
from tests.review_ui.conftest import World
from tests.review_ui.seed import CARER, NOW, Telling, add_version

TEXTS = st.text(alphabet="ab ,ă\n", max_size=60)


@given(TEXTS, TEXTS)
def test_the_parts_make_up_both_texts(old: str, new: str) -> None:
    lines = compare(old, new)
    before = [line for line in lines if any(part.kind != "new" for part in line) or line == []]
    assert "".join(p.text for line in lines for p in line if p.kind != "new") == old.replace("\n", "")
    assert "".join(p.text for line in lines for p in line if p.kind != "gone") == new.replace("\n", "")
    assert len(before) <= len(lines)


def test_equal_texts_show_no_change() -> None:
    assert {part.kind for line in compare("a b\nc", "a b\nc") for part in line} == {"same"}


def test_a_changed_article_shows_what_changed_and_hides_what_is_masked(one_world: World) -> None:
    with one_world.store.write() as session:
        article = session.get_one(Article, 1)
        changed = Telling(title=CARER.title, sapo="Sapo mới mẫu.", body=CARER.body.replace("nhiều lần", "hai lần"))
        article.version_id = add_version(session, 1, article, changed, number=2, at=NOW).id
    text = one_world.sign_in("lan").get(f"/tin/{one_world.stories['carer']}/so-sanh").text
    assert "<del>nhiều</del><ins>hai</ins>" in text
    assert "phụ huynh của một" not in text
    assert "▇▇▇" in text


def test_two_papers_of_one_story_can_be_compared(one_world: World) -> None:
    person = one_world.sign_in("lan")
    text = person.get(f"/tin/{one_world.stories['carer']}/so-sanh?a=1&b=2").text
    assert "Báo Mẫu, bản 1" in text
    assert "<ins>" in text
    only = person.get(f"/tin/{one_world.stories['online']}/so-sanh").text
    assert "chưa có gì để so sánh" in only
