import contextlib
from collections.abc import Sequence
from datetime import UTC, date, datetime

from sqlalchemy import select

from models.records import FeedEntry, Reading, Verdict
from models.records import Place as FoundPlace
from models.session import Store
from models.store import articles, listing, outlets, runs
from models.tables import Article, Place, StoryArticle
from models.tables import Verdict as VerdictRow
from pipeline.judging import judge_new
from pipeline.masking import looked_for, proper
from pipeline.stories import group_new, load_index

AT = datetime(2026, 11, 21, 0, 5, tzinfo=UTC)
DAY = date(2026, 11, 21)


class WordJudge:
    """Flags what speaks of a child; dies after `dies_after` readings, to stand for a power cut."""

    id = "words-1"

    def __init__(self, dies_after: int | None = None) -> None:
        self.dies_after, self.seen = dies_after, 0

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        self.seen += len(readings)
        if self.dies_after is not None and self.seen > self.dies_after:
            raise KeyboardInterrupt
        return [self._verdict("trẻ" in reading.title) for reading in readings]

    def _verdict(self, flag: bool) -> Verdict:
        return Verdict(
            model=self.id,
            score=0.9 if flag else 0.1,
            flag=flag,
            kind="vu_viec" if flag else "khac",
            types={"bao_luc": 0.8},
            evidence=(("title", 0, 3),),
        )


class OnePlace:
    def find(self, reading: Reading, *, kind: str | None = None) -> FoundPlace | None:
        assert kind == "vu_viec", "only events are asked for a place"
        return FoundPlace(
            commune="Mẫu Sơn",
            district=None,
            province="Lạng Sơn",
            era="new",
            old_codes=(),
            new_codes=("06000",),
            old_province="20",
            new_province="20",
            words="xã Mẫu Sơn",
            confidence=0.9,
        )


def fill(store: Store, titles: list[str]) -> None:
    with store.write() as session:
        outlets.keep(session, id="bao_mau", title="Báo Mẫu", home="https://bao-mau.example", province=None)
        run_id = runs.start(session, day=DAY, at=AT)
        for number, title in enumerate(titles):
            entry = FeedEntry(url=f"https://bao-mau.example/{number}", title=title)
            articles.see_entry(session, entry, identity=entry.url, outlet="bao_mau", run_id=run_id, day=DAY, at=AT)


def judge_all(store: Store, judge: WordJudge) -> int:
    return judge_new(store, judge, OnePlace(), now=lambda: AT, progress=lambda _: None)


def test_each_newest_version_is_judged_once_and_scores_order_the_list(store: Store) -> None:
    fill(store, ["Giá vàng", "Một trẻ bị đánh"])
    assert (judge_all(store, WordJudge()), judge_all(store, WordJudge())) == (2, 0)
    with store.read() as session:
        rows = listing.flagged(session, DAY)
        assert [(row.title, row.place, row.types) for row in rows] == [
            ("Một trẻ bị đánh", "Mẫu Sơn, Lạng Sơn", ("bao_luc",))
        ]
        assert len(session.scalars(select(Place)).all()) == 1


def test_names_that_are_only_hidden_are_kept_beside_what_the_model_marked(store: Store) -> None:
    fill(store, ["Một trẻ bị đánh: cháu Mẫu Na kể lại", "Cháu Mẫu Na được khen", "Một trẻ bị đánh ở nhà"])
    judge_all(store, WordJudge())
    with store.read() as session:
        kept = [verdict.exposes_child for verdict in session.scalars(select(VerdictRow).order_by(VerdictRow.id))]
    assert kept[:2] == [[["title", 22, 28, "hidden"], ["title", 26, 28, "hidden"]], []]
    assert (looked_for(kept[1]), looked_for(kept[2]), proper(kept[2])) == (False, True, [])


def test_a_cut_in_the_middle_of_judging_is_made_good_by_the_next_run(store: Store) -> None:
    fill(store, [f"Một trẻ {number}" for number in range(450)])
    with contextlib.suppress(KeyboardInterrupt):
        judge_all(store, WordJudge(dies_after=250))
    assert judge_all(store, WordJudge()) == 250
    with store.read() as session:
        assert len(session.scalars(select(VerdictRow)).all()) == 450
        assert all(article.verdict_id for article in session.scalars(select(Article)))


def test_every_listed_article_gets_into_a_story_and_only_once(store: Store) -> None:
    fill(store, ["Giá vàng", "Một trẻ bị đánh ở lớp", "Hai vợ chồng bắt trẻ đi ăn xin"])
    judge_all(store, WordJudge())
    counts = [group_new(store, load_index(store, today=DAY), now=lambda: AT) for _ in range(2)]
    assert counts == [2, 0]
    with store.read() as session:
        assert len(session.scalars(select(StoryArticle)).all()) == 2
