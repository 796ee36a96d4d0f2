from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from models.clock import day_of
from models.session import Store
from models.store import articles, outlets, runs
from models.tables import Archived, ArticleVersion, Story, StoryArticle
from pipeline.entries import identity_of
from pipeline.evidence import RunArchive, copies, prove, read_again
from pipeline.keeping import Keeper, Tally
from pipeline.retention import prune_archive
from spiders.archive import drop, prune, read
from spiders.feed import list_outcome
from spiders.jobs import ListJob, PageJob
from spiders.page import page_outcome
from spiders.reply import judge_status
from spiders.source import ArticleRules, Source

DAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)
HOME = "https://bao-mau.example/"
LINE = "Người dân xã Mẫu kể lại buổi chiều mưa và con đường đất dẫn vào xóm trong những ngày cuối tháng mười một."
RULES = ArticleRules(title=("h1",), body=("div.cu p",))
MENDED = ArticleRules(title=("h1",), body=("div.moi p",))


def source(rules: ArticleRules = RULES) -> dict[str, Source]:
    made = Source("bao_mau", "Báo Mẫu", HOME, "province", hosts=("bao-mau.example",), feeds=(HOME,), article=rules)
    return {"bao_mau": made}


def page(number: int, note: str = "") -> bytes:
    paragraphs = "".join(f"<p>{LINE} Đoạn {n} của bài {number}. {note}</p>" for n in range(4))
    return (
        f"<html><head><title>Bài số {number} của báo mẫu</title></head><body><h1>Bài số {number} của báo mẫu</h1>"
        f"<div class='cu'>{paragraphs}</div><div class='moi'>{paragraphs}<p>Đoạn chỉ quy tắc mới thấy.</p></div>"
        "</body></html>"
    ).encode()


def url(number: int) -> str:
    return f"{HOME}bai-so-{100_000 + number}.html"


class Press:
    """Answers page jobs by hand, so that every byte of the archive is known."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store, self.folder = store, folder
        self.evidence = RunArchive(folder)
        with store.write() as session:
            outlets.keep(session, id="bao_mau", title="Báo Mẫu", home=HOME, province=None)
        self.new_run(AT)

    def new_run(self, at: datetime) -> None:
        with self.store.write() as session:
            run_id = runs.start(session, day=day_of(at), at=at)
        self.keeper = Keeper(self.store, source(), run_id, day_of, evidence=self.evidence)

    def read(self, number: int, *, at: datetime = AT, body: bytes | None = None, status: int = 200) -> int:
        with self.store.write() as session:
            identity = identity_of(url(number)) or ""
            article_id, _ = articles.see_address(
                session, url(number), identity=identity, outlet="bao_mau", day=DAY, at=at
            )
        job = PageJob("bao_mau", url(number), article_id)
        headers = (("Content-Type", "text/html; charset=utf-8"),)
        reply = replace(
            judge_status(url(number), status, headers, page(number) if body is None else body), fetched_at=at
        )
        self.keeper.keep_page(page_outcome(job, reply, source()["bao_mau"]), Tally())
        return article_id

    def show(self, *numbers: int, at: datetime = AT) -> bytes:
        """The paper's feed with these articles; returns its bytes."""
        items = "".join(f"<item><title>Bài số {n}</title><link>{url(n)}</link></item>" for n in numbers)
        body = f"<rss version='2.0'><channel><title>Báo Mẫu</title>{items}</channel></rss>".encode()
        reply = replace(judge_status(HOME, 200, (), body), fetched_at=at)
        outcome = list_outcome(ListJob("bao_mau", HOME), reply, None, max_bytes=1_000_000)
        self.keeper.keep_list(outcome, Tally())
        return body

    def in_story(self, article_id: int) -> None:
        with self.store.write() as session:
            story = Story(day=DAY, created_at=AT, decision_id=None)
            session.add(story)
            session.flush()
            session.add(StoryArticle(story_id=story.id, article_id=article_id, main=True, added_at=AT))

    def rows(self) -> list[Archived]:
        with self.store.read() as session:
            return list(session.scalars(select(Archived).order_by(Archived.id)))


@pytest.fixture
def press(store: Store, tmp_path: Path) -> Iterator[Press]:
    made = Press(store, tmp_path / "archive")
    yield made
    made.evidence.close()


def test_every_page_that_was_read_lies_in_the_archive_under_the_digest_of_the_database(press: Press) -> None:
    for number in range(3):
        press.read(number)
    for number, row in enumerate(press.rows()):
        assert read(press.folder, row.file, row.offset).body == page(number)
        assert row.version_id is not None
    proof = prove(press.store, press.folder)
    assert (proof.good, proof.sound, proof.unnamed) == (True, 3, 0)


def test_a_page_that_says_the_same_is_not_kept_again_and_a_corrected_one_is(press: Press) -> None:
    press.read(1)
    press.read(1, at=AT + timedelta(hours=1))
    press.read(1, at=AT + timedelta(hours=2), body=page(1, "Đính chính của tòa soạn."))
    found = list(copies(press.store, press.folder, url(1), identity=identity_of(url(1))))
    assert [copy.body for copy in found] == [page(1, "Đính chính của tòa soạn."), page(1)]


def test_a_page_in_which_no_article_was_found_is_kept_for_a_mended_rule(press: Press) -> None:
    press.read(1, body=b"<html><body>cho mot chut</body></html>")
    press.read(2, status=503)
    assert [row.version_id for row in press.rows()] == [None]


def test_an_altered_torn_or_missing_record_is_found(press: Press) -> None:
    press.read(1)
    press.evidence.close()
    row = press.rows()[0]
    path = press.folder / row.file
    whole = path.read_bytes()
    path.write_bytes(whole[: row.offset + 40])
    torn = prove(press.store, press.folder)
    assert not torn.good
    drop(press.folder, row.file)
    assert prove(press.store, press.folder).missing == (f"{row.file}, byte {row.offset}",)
    path.write_bytes(whole)
    with press.store.write() as session:
        session.scalars(select(Archived)).one().sha256 = "0" * 64
    assert [flaw.kind for flaw in prove(press.store, press.folder).flaws] == ["altered"]


def test_a_mended_rule_reads_the_stored_pages_again_and_adds_a_version_with_its_evidence(press: Press) -> None:
    for number in range(2):
        press.read(number)
    press.evidence.close()

    def again(rules: ArticleRules) -> tuple[int, int]:
        done = read_again(press.store, press.folder, source(rules), outlet="bao_mau", day=DAY, now=lambda: AT)
        assert done.failed == ()
        return done.read, done.changed

    assert again(RULES) == (2, 0)
    assert again(MENDED) == (2, 2)
    assert again(MENDED) == (2, 0)
    with press.store.read() as session:
        bodies = session.scalars(select(ArticleVersion.body).order_by(ArticleVersion.id)).all()
        numbered = session.execute(
            select(ArticleVersion.article_id, func.count()).group_by(ArticleVersion.article_id)
        ).all()
    assert ["quy tắc mới" in body for body in bodies] == [False, False, True, True]
    assert [count for _, count in numbered] == [2, 2]
    assert prove(press.store, press.folder).good
    assert {row.version_id for row in press.rows()} == {1, 2, 3, 4}


def test_a_copy_that_cannot_be_read_is_named_and_stops_nothing_else(press: Press) -> None:
    press.read(1, body=b"<html><body>cho mot chut</body></html>")
    press.read(2)
    press.evidence.close()
    done = read_again(press.store, press.folder, source(MENDED), outlet=None, day=DAY, now=lambda: AT)
    assert (done.read, done.changed, len(done.failed)) == (1, 1, 1)
    assert url(1) in done.failed[0]


def test_old_pages_that_nobody_needs_go_and_those_of_stories_stay(press: Press) -> None:
    ids = [press.read(number) for number in range(4)]
    press.in_story(ids[1])
    press.new_run(AT + timedelta(days=80))
    press.read(9, at=AT + timedelta(days=80))
    press.evidence.close()
    size = sum(path.stat().st_size for path in press.folder.rglob("*.gz"))
    done = prune_archive(press.store, press.folder, now=AT + timedelta(days=91), days=90)
    assert (done.files, done.pages) == (1, 3)
    assert size - done.freed == sum(path.stat().st_size for path in press.folder.rglob("*.gz"))
    assert [row.article_id for row in press.rows()] == [ids[1], ids[-1] + 1]
    assert next(copies(press.store, press.folder, url(1), identity=None)).body == page(1)
    proof = prove(press.store, press.folder)
    assert (proof.good, proof.sound, proof.unnamed) == (True, 2, 0)
    assert prune_archive(press.store, press.folder, now=AT + timedelta(days=91), days=90).files == 0


def test_young_pages_stay_whatever_they_are(press: Press) -> None:
    press.read(1)
    assert prune_archive(press.store, press.folder, now=AT + timedelta(days=89), days=90).pages == 0
    assert prove(press.store, press.folder).sound == 1


def test_a_file_of_nothing_relevant_goes_altogether(press: Press) -> None:
    press.read(1)
    press.evidence.close()
    prune_archive(press.store, press.folder, now=AT + timedelta(days=91), days=90)
    assert list(press.folder.rglob("*.gz")) == []
    assert press.rows() == []


def test_thinning_that_was_killed_half_way_loses_nothing_and_is_finished_by_the_next(press: Press) -> None:
    """Killed after the copy, before the rows were moved: the copy is named by no row and goes later."""
    ids = [press.read(number) for number in range(3)]
    press.in_story(ids[0])
    press.evidence.close()
    row = press.rows()[0]
    prune(press.folder, row.file, {row.offset})
    assert prove(press.store, press.folder).good
    prune_archive(press.store, press.folder, now=datetime.now(UTC) + timedelta(days=91), days=90)
    proof = prove(press.store, press.folder)
    assert (proof.good, proof.sound, proof.unnamed) == (True, 1, 0)


def test_the_feed_that_first_showed_an_article_is_kept_and_one_that_shows_nothing_new_is_not(press: Press) -> None:
    shown = press.show(1, 2)
    press.show(2, 1, at=AT + timedelta(minutes=5))
    press.read(1, at=AT + timedelta(minutes=6))
    assert [found.body for found in copies(press.store, press.folder, HOME, identity=None)] == [shown]
    led = [found.body for found in copies(press.store, press.folder, url(1), identity=identity_of(url(1)))]
    assert led == [page(1), shown]
    proof = prove(press.store, press.folder)
    assert (proof.good, proof.sound, proof.unnamed) == (True, 2, 0)


def test_a_feed_is_no_page_when_the_archive_is_read_again(press: Press) -> None:
    press.show(1, 2)
    press.read(1)
    press.evidence.close()
    done = read_again(press.store, press.folder, source(MENDED), outlet=None, day=DAY, now=lambda: AT)
    assert (done.read, done.changed, done.failed) == (1, 1, ())


def test_a_feed_stays_for_the_one_article_that_is_needed(press: Press) -> None:
    shown = press.show(1, 2, 3)
    press.in_story(press.rows()[1].article_id)
    press.evidence.close()
    prune_archive(press.store, press.folder, now=AT + timedelta(days=91), days=90)
    assert len(press.rows()) == 1
    assert next(copies(press.store, press.folder, url(2), identity=identity_of(url(2)))).body == shown
    assert prune_archive(press.store, press.folder, now=AT + timedelta(days=91), days=90).files == 0
