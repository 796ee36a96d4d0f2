"""Which papers were read on a day."""

from datetime import timedelta

from models.session import Store
from models.store import runs
from pipeline.papers_read import PapersRead, papers_read
from tests.pipeline.making import DAY, Maker, moment


def of(store: Store) -> PapersRead:
    with store.read() as session:
        return papers_read(session, DAY)


def test_a_paper_failed_only_if_no_pass_of_the_day_could_read_it(store: Store) -> None:
    make = Maker(store)
    for name in ("mau", "tin-som", "chieu-nay"):
        make.outlet_of(name)
    make.feed_state("tin-som", health="unchanged")
    make.feed_state("chieu-nay", health="blocked")
    make.article(outlet="mau")
    make.run(ok=1, failed=("tin-som", "chieu-nay"), hour=6)
    make.run(ok=2, failed=("chieu-nay",), hour=12)
    found = of(store)
    assert found.read == (("Báo Mau", 1), ("Báo Tin-Som", 0))
    assert found.failed == (("Báo Chieu-Nay", "bị chặn"),)
    assert (found.first, found.last) == ("06:00", "12:05")


def test_a_pass_over_one_paper_says_nothing_of_the_others(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    make.run(ok=9, failed=("chieu-nay",))
    make.run(ok=1, failed=(), hour=12)
    assert [title for title, _ in of(sqlite_store).failed] == ["Báo Chieu-Nay"]


def test_a_pass_that_was_cut_off_is_counted_and_proves_nothing(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    make.outlet_of("mau")
    make.feed_state("mau", health="ok")
    with sqlite_store.write() as session:
        runs.start(session, day=DAY, at=moment(DAY))
    found = of(sqlite_store)
    assert (found.passes, found.cut_off, found.read) == (0, 1, ())


def test_papers_of_another_day_do_not_count(sqlite_store: Store) -> None:
    make = Maker(sqlite_store)
    make.article(day=DAY - timedelta(days=1), outlet="mau")
    make.feed_state("mau", health="ok", day=DAY - timedelta(days=1))
    make.run()
    assert of(sqlite_store).read == ()
