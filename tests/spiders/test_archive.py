"""Evidence is kept as it came, survives a kill, and is refused when it is no longer what was archived."""

import hashlib
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from spiders.archive import Archive, ArchiveError, Flaw, Kept, drop, find, mend, prune, read, verify
from spiders.crawl import CrawlOptions
from spiders.jobs import Answer, PageJob, PageOutcome
from spiders.page import page_outcome
from spiders.sample_press import SamplePress
from tests.spiders.conftest import DAY, Crawler

WHEN = datetime(2026, 3, 10, 1, 2, 3, tzinfo=UTC)
HEADERS = (("Content-Type", "text/html; charset=utf-8"), ("Content-Encoding", "gzip"), ("ETag", '"a"'))


def answer(number: int, body: bytes = b"<html>b\xc3\xa0i m\xe1\xba\xabu</html>") -> Answer:
    final = f"http://bao.example/bai-{number}.html"
    return Answer(f"http://bao.example/cu-{number}", final, WHEN, 200, HEADERS, body)


def written(folder: Path, count: int = 5, run: str = "run-1") -> list[Kept]:
    with Archive(folder, run=run, day=DAY) as archive:
        return [archive.write(answer(number, b"%d" % number * 2_000)) for number in range(count)]


def flaws(folder: Path) -> list[str]:
    return [found.kind for found in verify(folder) if isinstance(found, Flaw)]


def test_a_response_comes_back_as_it_was_kept(tmp_path: Path) -> None:
    with Archive(tmp_path, run="run-1", day=date(2026, 3, 10)) as archive:
        kept = archive.write(answer(1))
    stored = read(tmp_path, kept.file, kept.offset)
    assert kept.file == "2026-03/2026-03-10-run-1.warc.gz"
    assert kept.sha256 == hashlib.sha256(answer(1).body).hexdigest()
    assert (stored.kept, stored.body, stored.status, stored.fetched_at) == (kept, answer(1).body, 200, WHEN)
    assert (stored.url, stored.asked) == ("http://bao.example/bai-1.html", "http://bao.example/cu-1")
    assert ("ETag", '"a"') in stored.headers
    assert ("X-Archive-Orig-Content-Encoding", "gzip") in stored.headers


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.binary(max_size=5_000),
    st.text(max_size=60),
    st.lists(st.tuples(st.from_regex(r"[A-Za-z-]{1,20}", fullmatch=True), st.text(max_size=60)), max_size=5),
    st.integers(100, 599),
)
def test_any_body_and_any_headers_come_back_sound(
    tmp_path: Path, body: bytes, path: str, headers: list[tuple[str, str]], status: int
) -> None:
    url = f"http://bao.example/{path}"
    with Archive(tmp_path, run="run-1", day=DAY) as archive:
        kept = archive.write(Answer(url, url, WHEN, status, tuple(headers), body))
    assert read(tmp_path, kept.file, kept.offset).body == body


def test_other_tools_can_open_the_file_and_find_the_digests_right(tmp_path: Path) -> None:
    kept = written(tmp_path)
    with (tmp_path / kept[0].file).open("rb") as stream:
        types = []
        for record in ArchiveIterator(stream, check_digests="raise"):
            types.append(record.rec_type)
            record.content_stream().read()
    assert types == ["warcinfo", *["response"] * 5]


def test_an_article_is_read_again_from_the_archive_as_it_was_from_the_web(
    crawler: Crawler, press: SamplePress, options: CrawlOptions, tmp_path: Path
) -> None:
    sources = press.sources
    jobs = [PageJob("van_son", url, 1) for url in press.papers.urls() if "/van-son/" in url]
    pages = crawler.pages(jobs, options, sources)
    with Archive(tmp_path, run="run-1", day=DAY) as archive:
        kept = [archive.write(page.answer) for page in pages if page.answer is not None]
    for page, place in zip(pages, kept, strict=True):
        again = page_outcome(page.job, read(tmp_path, place.file, place.offset).reply(), sources["van_son"])
        assert again.article == page.article
        assert again.article is not None


def test_a_page_that_brought_no_response_has_nothing_to_keep() -> None:
    job = PageJob("mau", "http://bao.example/", 1)
    assert PageOutcome(job=job, health="failed", fetched_at=WHEN).answer is None


@pytest.mark.parametrize("lost", [1, 10, 60])
def test_a_torn_last_record_is_reported_then_cut_off_and_writing_goes_on(tmp_path: Path, lost: int) -> None:
    kept = written(tmp_path)
    path = tmp_path / kept[-1].file
    os.truncate(path, path.stat().st_size - lost)
    assert flaws(tmp_path) == ["torn"]
    with pytest.raises(ArchiveError, match="cut off"):
        read(tmp_path, kept[-1].file, kept[-1].offset)
    more = written(tmp_path, 2)
    assert flaws(tmp_path) == []
    assert [found for found in verify(tmp_path) if isinstance(found, Kept)] == [*kept[:-1], *more]
    assert more[0].offset == kept[-1].offset
    assert mend(path) == 0


def test_every_way_of_cutting_a_file_off_loses_only_its_last_record(tmp_path: Path) -> None:
    kept = written(tmp_path, 3)
    path = tmp_path / kept[0].file
    whole = path.read_bytes()
    for size in range(1, len(whole), 7):
        path.write_bytes(whole[:size])
        mend(path)
        complete = [place for place in kept if place.offset + place.length <= size]
        assert [found for found in verify(tmp_path) if isinstance(found, Kept)] == complete
        assert flaws(tmp_path) == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 3), st.floats(0, 1, exclude_max=True), st.integers(1, 255), st.uuids())
def test_a_changed_byte_is_noticed_and_the_other_records_are_still_read(
    tmp_path: Path, which: int, where: float, change: int, run: UUID
) -> None:
    kept = written(tmp_path, 4, run=f"run-{run}")
    path, changed = tmp_path / kept[0].file, kept[which]
    whole = bytearray(path.read_bytes())
    first = changed.offset + 10  # a gzip header's time and system mean nothing
    whole[first + int(where * (changed.length - 10))] ^= change
    path.write_bytes(whole)
    found = list(verify(tmp_path))
    sound = [place for place in found if isinstance(place, Kept)]
    assert [place for place in sound if place != changed] == [place for place in kept if place != changed]
    if changed in sound:  # some bits of a packed stream mean nothing
        assert read(tmp_path, changed.file, changed.offset).body == b"%d" % which * 2_000
    else:
        assert any(isinstance(flaw, Flaw) for flaw in found)
    assert mend(path) == 0 or changed == kept[-1]
    path.unlink()


def test_a_record_replaced_together_with_its_digest_is_noticed_by_the_database(tmp_path: Path) -> None:
    kept = written(tmp_path, 2)
    truth = {(place.file, place.offset): place.sha256 for place in kept}
    truth[kept[1].file, kept[1].offset] = "0" * 64
    found = list(verify(tmp_path, lambda place: truth.get((place.file, place.offset))))
    assert found[0] == kept[0]
    assert isinstance(found[1], Flaw)
    assert found[1].kind == "altered"


def test_copies_of_an_address_are_found_under_the_old_and_the_new_one(tmp_path: Path) -> None:
    first, second = written(tmp_path, 3), written(tmp_path, 3, run="run-2")
    for url in ("http://bao.example/cu-1", "http://bao.example/bai-1.html"):
        assert [stored.kept for stored in find(tmp_path, url)] == [first[1], second[1]]
    assert list(find(tmp_path, "http://bao.example/")) == []


def test_pages_that_need_not_be_kept_can_be_taken_out(tmp_path: Path) -> None:
    kept = written(tmp_path, 6)
    keep = {kept[1].offset, kept[4].offset}
    name, moved = prune(tmp_path, kept[0].file, keep)
    assert read(tmp_path, name, moved[kept[4].offset]).body == b"4" * 2_000
    drop(tmp_path, kept[0].file)
    assert [found.sha256 for found in verify(tmp_path) if isinstance(found, Kept)] == [kept[1].sha256, kept[4].sha256]
    with pytest.raises(ArchiveError, match="no sound record"):
        prune(tmp_path, name, {5})
    assert flaws(tmp_path) == []


@pytest.mark.parametrize("file", ["../../etc/passwd", "/etc/hostname", "2026-03/x.txt"])
def test_a_place_outside_the_archive_is_refused(tmp_path: Path, file: str) -> None:
    with pytest.raises(ArchiveError, match="not a file of the archive"):
        read(tmp_path, file, 0)


KILLED = """
import os, sys
from datetime import date, datetime, UTC
from pathlib import Path
from spiders.archive import Archive
from spiders.jobs import Answer
with Archive(Path(sys.argv[1]), run="run-1", day=date(2026, 3, 10)) as archive:
    for n in range(50):
        url = f"http://bao.example/{n}"
        archive.write(Answer(url, url, datetime.now(UTC), 200, (), b"x" * 3000))
    print("written", flush=True)
    os.kill(os.getpid(), 9)
"""


def test_what_was_written_before_a_kill_is_there(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], capture_output=True, check=False)
    assert (done.stdout, done.returncode) == (b"written\n", -9)
    assert sum(isinstance(found, Kept) for found in verify(tmp_path)) == 50
    assert flaws(tmp_path) == []
