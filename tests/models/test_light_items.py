"""What a list keeps of an article holds only as long as the article points to the same verdict, place and version."""

from models.session import Store
from models.store import reading
from models.store.reading import StoryView
from models.tables import Article, Place, Verdict
from tests.review_ui.seed import NOW, Telling, add_house, add_story, add_version

DAY = NOW.date()


def told(stories: list[StoryView]) -> list[tuple[object, ...]]:
    return [
        (
            story.id,
            item.id,
            item.title,
            item.shown_id,
            None if item.verdict is None else (item.verdict.id, item.verdict.score, item.verdict.exposes_child),
            None if item.place is None else (item.place.new_province, item.place.new_codes),
        )
        for story in stories
        for item in story.items
    ]


def same_as_whole(store: Store) -> list[tuple[object, ...]]:
    with store.read() as session:
        light = told(reading.stories_between(session, DAY, DAY, light=True))
        assert light == told(reading.stories_between(session, DAY, DAY))
    return light


def test_an_article_that_was_corrected_judged_again_or_placed_again_is_read_anew(store: Store) -> None:
    with store.write() as session:
        run_id = add_house(session)
        add_story(session, run_id, Telling(title="Tin mẫu một"), Telling(title="Tin mẫu hai", outlet="tin-mau"))
    first = same_as_whole(store)
    assert first == same_as_whole(store), "the second time from what was kept"
    with store.write() as session:
        article = session.get_one(Article, first[0][1])
        verdict, place = session.get_one(Verdict, article.verdict_id), session.get_one(Place, article.place_id)
        columns = {column.key: getattr(verdict, column.key) for column in Verdict.__table__.columns}
        newer = add_version(session, run_id, article, Telling(title="Tin mẫu đã sửa"), number=2, at=NOW)
        again = Verdict(**{**columns, "id": None, "version_id": newer.id, "score": 0.11, "exposes_child": []})
        elsewhere = {column.key: getattr(place, column.key) for column in Place.__table__.columns}
        moved = Place(**{**elsewhere, "id": None, "version_id": newer.id, "new_province": "79"})
        session.add_all([again, moved])
        session.flush()
        article.version_id, article.verdict_id, article.place_id = newer.id, again.id, moved.id
    second = same_as_whole(store)
    assert {row[2] for row in second} == {"Tin mẫu đã sửa", "Tin mẫu hai"}
    assert second != first
