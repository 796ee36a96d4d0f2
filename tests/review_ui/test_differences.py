"""Differences between versions: nothing is lost, and masks hold in both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from models.tables import Article, StoryArticle, Verdict
from pipeline.masking import hide
from review_ui.differences import compare
from tests.review_ui.conftest import World
from tests.review_ui.seed import CARER, NOW, Telling, add_story, add_version

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


def test_a_name_that_a_paper_took_out_does_not_come_back_in_the_comparison(one_world: World) -> None:
    """The verdict in force speaks of the new version; the old one's own verdict still hides what stood there."""
    with one_world.store.write() as session:
        article = session.get_one(Article, 1)
        old = session.get_one(Verdict, article.verdict_id)
        start = CARER.body.index("phụ huynh")
        old.exposes_child = [["text", start, start + len("phụ huynh")]]
        told = Telling(title="PHỤ HUYNH mẫu lên tiếng", body=CARER.body.replace("phụ huynh", "người nhà"))
        version = add_version(session, 1, article, told, number=2, at=NOW)
        fields = {
            name: getattr(old, name) for name in ("article_id", "model", "score", "flag", "kind", "types", "reason")
        }
        verdict = Verdict(version_id=version.id, judged_at=NOW, evidence=[], exposes_child=[], **fields)
        session.add(verdict)
        session.flush()
        article.version_id, article.verdict_id = version.id, verdict.id
    text = one_world.sign_in("lan").get("/tin/1/so-sanh").text.lower()
    assert "phụ huynh" not in text
    assert "người nhà" in text


def test_a_name_stays_hidden_when_a_later_verdict_overlooks_it_and_where_it_is_shortened(one_world: World) -> None:
    body = "Cháu Nguyễn Mẫu Na kể với báo. Na nói thêm. Một nạn nhân khác im lặng."
    with one_world.store.write() as session:
        story = add_story(session, 1, Telling("Tin mẫu", body=body, exposes=[["text", 5, 18]]))
        article = session.scalars(select(StoryArticle.article_id).where(StoryArticle.story_id == story)).one()
        old = session.get_one(Article, article)
        first = session.get_one(Verdict, old.verdict_id)
        names = ("article_id", "model", "score", "flag", "kind", "types", "reason")
        fields = {name: getattr(first, name) for name in names} | {"model": "mau-2"}
        session.add(Verdict(version_id=first.version_id, judged_at=NOW, evidence=[], exposes_child=[], **fields))
        changed = Telling("Tin mẫu", body=body.replace("Cháu Nguyễn Mẫu Na", "Em Mẫu Na"))
        old.version_id = add_version(session, 1, old, changed, number=2, at=NOW).id
    text = one_world.sign_in("lan").get(f"/tin/{story}/so-sanh").text
    assert "Na " not in text
    assert "▇▇▇ nói thêm" in text
    assert "nạn nhân khác" in text


@pytest.mark.parametrize(
    ("text", "word", "shown"),
    [
        ("Bé Na, BÉ NA và bé na", "Na", "Bé ▇▇▇, BÉ ▇▇▇ và bé na"),
        ("Nam và Na", "Na", "Nam và ▇▇▇"),
        ("nguyễn  thị mẫu ở NGUYỄN THỊ MẪU", "Nguyễn Thị Mẫu", "▇▇▇ ở ▇▇▇"),
        ("lớp 3B, lớp 3b", "lớp 3B", "▇▇▇, ▇▇▇"),
        ("(Na) “Na”", "Na", "(▇▇▇) “▇▇▇”"),
    ],
)
def test_what_exposes_is_hidden_in_any_capitals_but_not_inside_other_words(text: str, word: str, shown: str) -> None:
    assert hide(text, {word}) == shown
