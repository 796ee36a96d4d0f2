"""Whatever a newspaper prints is shown as text."""

from dataclasses import replace

from tests.review_ui.conftest import World
from tests.review_ui.seed import CARER, NOW, Telling, add_article, add_story, add_version

NASTY = "</script><script>alert(1)</script>\"'><img src=x onerror=alert(2)>{{ 7*7 }}{% raw %}"


def test_markup_in_an_article_is_escaped_on_every_page(one_world: World) -> None:
    with one_world.store.write() as session:
        telling = replace(
            CARER,
            title=NASTY,
            sapo=NASTY,
            body=f"{NASTY}\n{NASTY}",
            reason=NASTY,
            url="javascript:alert(3)//",
            evidence=[["title", 3, 20], ["text", 0, 15], ["text", 10, 60]],
            exposes=[["sapo", 2, 9]],
            types={NASTY: 0.9, "bao_luc": 0.9},
            setting=NASTY,
            age=NASTY,
        )
        story = add_story(session, 1, telling, Telling(title=NASTY, outlet="tin-mau"))
    person = one_world.sign_in("lan")
    person.get(f"/tin/{story}")
    pages = [person.last.text, person.get("/").text]
    with one_world.store.read() as session:
        from models.store import reading

        lead = reading.story(session, story).lead
        assert lead.verdict is not None
    person.post(
        f"/tin/{story}/quyet-dinh",
        action="confirm",
        article=lead.id,
        version=lead.shown_id,
        verdict=lead.verdict.id,
        seen="",
        note=NASTY,
    )
    person.post(f"/tin/{story}/ghi-chu", note=NASTY)
    case = person.post(f"/tin/{story}/vu-viec").headers["location"]
    pages += [person.get(case).text, person.get("/vu-viec").text, person.get(f"/tin/{story}").text]
    for text in pages:
        assert "<script>alert" not in text
        assert "<img src=x" not in text
        assert 'href="javascript:' not in text
        assert "&lt;script&gt;alert(1)" in text or "&lt;/script&gt;" in text or "49" not in text


def test_spans_of_another_version_mark_nothing(one_world: World) -> None:
    """The page shows what the verdict judged, even when a newer version is there."""
    with one_world.store.write() as session:
        article = add_article(session, 1, Telling(title="Bản đầu mẫu", evidence=[["text", 0, 5]]), 9)
        newer = add_version(session, 1, article, Telling(title="Bản sau mẫu"), number=2, at=NOW)
        from models.tables import Story, StoryArticle

        story = Story(day=article.day, created_at=NOW)
        session.add(story)
        session.flush()
        session.add(StoryArticle(story_id=story.id, article_id=article.id, added_at=NOW))
        article.version_id = newer.id
    text = one_world.sign_in("lan").get(f"/tin/{story.id}").text
    assert "báo đã sửa bài, bản mới chưa chấm" in text
    assert "Bản đầu mẫu" in text
    assert "<mark>" in text
