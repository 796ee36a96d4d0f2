"""Papers that staff add or pause are taken up by whoever reads all the time, without a restart."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.session import Store
from models.store import outlet_choices
from models.tables import Outlet
from pipeline.cluster.house import House
from pipeline.config import Settings
from pipeline.papers import PapersNow
from pipeline.watch import Watch
from spiders.options import CrawlOptions
from spiders.source import Source, SourceError, parse_source
from spiders.source_text import source_text
from tests.pipeline.watching_child import NoPlaces, WordJudge

NOW = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)


def paper(id_: str) -> Source:
    host = f"{id_.replace('_', '-')}.example"
    text = f'title = "Báo {id_}"\nhome = "https://{host}/"\nlevel = "unknown"\nhosts = ["{host}"]\n'
    return parse_source(id_, f'{text}feeds = ["https://{host}/rss"]\n')


def add(store: Store, id_: str) -> None:
    with store.write() as session:
        outlet_choices.declare(session, id_, source_text(paper(id_)), user_id=None, now=NOW)


def pause(store: Store, id_: str, *, on: bool) -> None:
    with store.write() as session:
        outlet_choices.pause(session, id_, on=on, note="", user_id=None, now=NOW)


def the_watch(store: Store, papers: PapersNow) -> Callable[[], set[str]]:
    watch = Watch(
        store=store,
        sources=papers,
        judge=WordJudge(),
        places=NoPlaces(),
        options=CrawlOptions(),
        now=lambda: NOW,
        report=lambda _: None,
    )
    return lambda: set(watch._due()[0])


def a_worker(store: Store, papers: PapersNow) -> Callable[[], set[str]]:
    house = House(store, Settings(), papers, WordJudge(), NoPlaces(), CrawlOptions(), lambda: NOW)
    return lambda: {due.outlet for due in house.due()}


@pytest.mark.parametrize("reader", [the_watch, a_worker])
def test_the_next_look_knows_what_was_added_and_paused(
    sqlite_store: Store, reader: Callable[[Store, PapersNow], Callable[[], set[str]]]
) -> None:
    papers = PapersNow(sqlite_store, {"cu": paper("cu")})
    due = reader(sqlite_store, papers)
    assert due() == {"cu"}
    add(sqlite_store, "moi")
    pause(sqlite_store, "cu", on=True)
    assert due() == {"moi"}
    assert papers["cu"].id == "cu", "a visit under way still finds it"
    with sqlite_store.read() as session:
        assert session.get_one(Outlet, "moi").title == "Báo moi"
    pause(sqlite_store, "cu", on=False)
    assert due() == {"cu", "moi"}


def test_only_the_papers_asked_for_are_read_and_each_must_be_there(sqlite_store: Store) -> None:
    add(sqlite_store, "moi")
    catalogue = {"cu": paper("cu"), "khac": replace(paper("khac"), title="Khác")}
    assert set(PapersNow(sqlite_store, catalogue, ["moi", "cu"])) == {"moi", "cu"}
    with pytest.raises(SourceError, match="la_lam"):
        PapersNow(sqlite_store, catalogue, ["la_lam"])
