"""Judging the archive again: stopped and resumed, newest first, while the scan goes on with what is new."""

from collections.abc import Sequence

import pytest

from models.records import Reading, Verdict
from models.session import Store
from models.store import verdicts
from models.tables import Article
from pipeline.judging import judge_new
from pipeline.learning.rejudging import rejudge
from tests.pipeline.learning.conftest import AT
from tests.pipeline.making import Maker


class Named:
    """A judge that remembers what it was asked."""

    def __init__(self, name: str) -> None:
        self.id, self.asked = name, [0] * 0

    def judge(self, readings: Sequence[Reading]) -> list[Verdict]:
        self.asked += [int(reading.id) for reading in readings]
        return [Verdict(self.id, 0.2, flag=False, kind="khac", types={}) for _ in readings]


class Nowhere:
    def find(self, _reading: Reading, *, kind: str | None = None) -> None: ...


def test_the_archive_is_judged_again_from_the_newest_on_after_a_stop_too(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.learning.rejudging.BATCH", 2)
    maker = Maker(store)
    articles = [maker.article() for _ in range(5)]
    old, new = Named("cu"), Named("moi")
    judge_new(store, old, Nowhere(), now=lambda: AT, progress=lambda _: None)
    assert judge_new(store, new, Nowhere(), now=lambda: AT, progress=lambda _: None) == 0

    def stop(done: int, total: int) -> None:
        assert total == 5
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rejudge(store, new, Nowhere(), now=lambda: AT, progress=stop)
    told: list[tuple[int, int]] = []
    assert rejudge(store, new, Nowhere(), now=lambda: AT, progress=lambda *x: told.append(x)) == 3
    assert told == [(0, 3), (2, 3), (3, 3)]
    assert new.asked == sorted(new.asked, reverse=True)
    with store.read() as session:
        assert {session.get_one(Article, n).judged_model for n in articles} == {"moi"}
        assert verdicts.count_outdated(session, model="moi") == 0
    back = rejudge(store, old, Nowhere(), now=lambda: AT, progress=lambda *_: None)
    with store.read() as session:
        assert back == 5
        assert {session.get_one(Article, n).judged_model for n in articles} == {"cu"}
