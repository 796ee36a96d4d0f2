"""The reading queue and the watch, on a store."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from models.session import Store
from models.store import labels, reading_queue, watch_days
from models.store.labels import READ, SECOND, SETTLED, LabelError, Said
from models.tables import ReadingPick, WatchDay
from pipeline.learning.agreement import disputes, resolved
from pipeline.learning.reading import Answer, answer, draw, read_again
from pipeline.learning.settings import LearningSettingsError, read_learning
from pipeline.learning.watching import checks, count_days, findings, weekly_line
from tests.pipeline.learning.conftest import AT
from tests.pipeline.making import DAY, Maker


def test_a_day_s_queue_is_drawn_once_read_once_and_keeps_why_and_chance(store: Store, tmp_path: Path) -> None:
    maker = Maker(store)
    user, other = maker.user("lan"), maker.user("minh")
    articles = [maker.article(flag=False, kind="khac", score=0.001) for _ in range(8)]
    settings = replace(read_learning(tmp_path), queue_a_day=4, queue_random=0.5, second_share=1.0)
    assert draw(store, DAY, settings, threshold=0.01) == 4
    assert draw(store, DAY, settings, threshold=0.01) == 0
    with store.read() as session:
        offered = reading_queue.waiting(session, since=DAY, limit=10)
        random = session.scalars(select(ReadingPick).where(ReadingPick.why == "random")).all()
    assert {one.article_id for one in offered} <= set(articles)
    assert [pick.chance for pick in random] == [2 / 8, 2 / 8]
    first = random[0]
    said = Said(1, "vu_viec", ("bao_luc",))
    answer(store, Answer(first.article_id, first.version_id, said, READ), user_id=user, now=AT)
    with store.read() as session:
        assert reading_queue.counts(session, DAY) == (1, 4)
        given = labels.collect(session)
        (label,) = given
    assert (label.said, label.why, label.chance, label.who) == (said, "random", 0.25, f"user-{user}")
    assert label.model["flag"] == 0
    assert read_again(given, reader=f"user-{user}", share=1.0, limit=5) == []
    assert [one.key for one in read_again(given, reader=f"user-{other}", share=1.0, limit=5)] == [label.key]
    assert read_again(given, reader=f"user-{other}", share=0.0, limit=5) == []
    second = Answer(first.article_id, first.version_id, Said(0, "khac"), SECOND)
    answer(store, second, user_id=other, now=AT + timedelta(minutes=1))
    with store.read() as session:
        assert len(disputes(labels.collect(session))) == 1
    settled = Answer(first.article_id, first.version_id, said, SETTLED, note="Có nêu nạn nhân 15 tuổi.")
    answer(store, settled, user_id=user, now=AT + timedelta(minutes=2))
    with store.read() as session:
        assert [one.said.flag for one in resolved(labels.collect(session))] == [1]
    with pytest.raises(LabelError, match="không còn"):
        answer(store, replace(second, article_id=999), user_id=user, now=AT)


def test_days_are_counted_once_and_a_paper_that_fell_silent_is_told_with_what_to_do(sqlite_store: Store) -> None:
    maker = Maker(sqlite_store)
    maker.article(day=DAY - timedelta(days=1))
    assert count_days(sqlite_store, today=DAY, now=AT) == 1
    assert count_days(sqlite_store, today=DAY, now=AT) == 0
    assert findings(sqlite_store, today=DAY, now=AT)[0].code == "days"
    with sqlite_store.write() as session:
        counted = session.get_one(WatchDay, DAY - timedelta(days=1)).figures
        assert (counted["articles"], counted["flagged"], sum(counted["scores"])) == (1, 1, 1)
        session.delete(session.get_one(WatchDay, DAY - timedelta(days=1)))
        for back in range(1, 36):
            outlets = {"bao-mau": 300, "tin-mau": 0 if back <= 7 else 200}
            figures = {"articles": 500, "flagged": 5, "scores": [480, 20], "outlets": outlets, "words": [50] * 8}
            watch_days.keep(session, DAY - timedelta(days=back), figures, at=AT)
    found = {one.code: one for one in findings(sqlite_store, today=DAY, now=AT)}
    told = checks(sqlite_store, now=AT)
    assert [(one.code, one.state, one.todo) for one in told] == [("drift-outlets", "warn", found["outlets"].todo)]
    assert [code for code, one in found.items() if one.moved] == ["outlets"]
    assert "tin-mau" in found["outlets"].seen
    assert "«Báo»" in found["outlets"].todo


def test_the_week_is_told_from_decisions_and_samples(sqlite_store: Store) -> None:
    assert "chưa có quyết định" in weekly_line(sqlite_store, now=AT)
    maker = Maker(sqlite_store)
    for number in range(3):
        article = maker.article(types={"bao_luc": 0.9})
        story = maker.story(article)
        maker.decide(story, article, "confirm" if number else "reject", **({} if number else {"reason": "tai_nan"}))
    line = weekly_line(sqlite_store, now=AT + timedelta(days=1))
    assert "đúng 2 (66,7 %), không đúng 1" in line


def test_random_picks_weighed_by_their_chance_tell_how_much_the_list_lacks(sqlite_store: Store) -> None:
    """Ten of a day of 100 entries and ten of a day of 1,000 were read; one of the small day's was relevant."""
    maker = Maker(sqlite_store)
    user = maker.user()
    for number in range(20):
        article = maker.article(flag=False, kind="khac")
        with sqlite_store.write() as session:
            shown = labels.shown(session, article)
            assert shown is not None
            reading_queue.put(session, DAY, [(article, shown[1].id, "random", 0.1 if number < 10 else 0.01)])
        said = Said(1, "vu_viec", ("bao_luc",)) if number == 0 else Said(0, "khac")
        answer(sqlite_store, Answer(article, shown[1].id, said, READ), user_id=user, now=AT)
    line = weekly_line(sqlite_store, now=AT + timedelta(days=1))
    assert line.startswith("Tuần qua chưa có quyết định nào")
    assert "khoảng 0,9 % bài ngoài danh sách cần xem" in line


def test_a_mistyped_setting_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "learning.toml").write_text("[floors]\nrelevan = 3\n", encoding="utf-8")
    with pytest.raises(LearningSettingsError, match=r"learning\.toml.*relevan"):
        read_learning(tmp_path)
    (tmp_path / "learning.toml").write_text("second_share = 3\n", encoding="utf-8")
    with pytest.raises(LearningSettingsError, match="second_share"):
        read_learning(tmp_path)
