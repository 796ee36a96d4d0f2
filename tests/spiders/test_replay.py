"""Saved pages answer under their own addresses, and nothing else is fetched."""

from pathlib import Path

import pytest

from spiders.crawl import CrawlOptions
from spiders.jobs import PageJob
from spiders.replay import ReplayError, SavedPages, replay_jobs
from spiders.sample_press import SamplePress
from spiders.source import load_sources
from tests.spiders.conftest import Crawler

SAVED = Path(__file__).resolve().parents[2] / "../shared/press/pages"
HEAD = "file\turl\tdomain\tsaved\tkind\torigin\n"
URL = "https://bao-mau.example/bai-mau-400123.html"


@pytest.fixture
def folder(tmp_path: Path, press: SamplePress) -> Path:
    url = next(url for url in press.papers.urls() if "cau-moi-thong-xe" in url)
    body = press.papers.answer(url.removeprefix(press.base), 0).body
    (tmp_path / "bai").mkdir()
    (tmp_path / "bai" / "1.html").write_bytes(body)
    (tmp_path / "bai" / "2.html").write_bytes(b"<html></html>")
    rows = f"bai/1.html\t{URL}\tbao-mau.example\t\tarticle\tx\nbai/2.html\thttps://bao-mau.example/\tbao-mau.example\t\tlist\tx\n"
    (tmp_path / "pages.tsv").write_text(HEAD + rows, encoding="utf-8")
    return tmp_path


def test_a_saved_article_is_read_under_its_own_address_without_any_request(
    crawler: Crawler, folder: Path, names: dict[str, str]
) -> None:
    outcomes = crawler.pages(list(replay_jobs(folder)), CrawlOptions(replay=folder))
    assert [(outcome.health, outcome.final_url) for outcome in outcomes] == [("ok", URL)]
    assert outcomes[0].article is not None
    assert outcomes[0].article.title.startswith("Thông xe cầu vượt đầm")


def test_what_was_not_saved_is_not_fetched(crawler: Crawler, folder: Path, press: SamplePress) -> None:
    others = ["https://bao-mau.example/", "https://khac.example/x-400123.html", f"{press.base}/loi/trang/1"]
    options = CrawlOptions(replay=folder, allowed_private=press.hosts)
    outcomes = crawler.pages([PageJob("mau", url, key) for key, url in enumerate(others)], options)
    assert {outcome.health for outcome in outcomes} == {"gone"}
    assert press.asked == []


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (f"../bi-mat.html\t{URL}\tx\t\tarticle\tx", "lies outside the folder"),
        (f"/etc/hostname\t{URL}\tx\t\tarticle\tx", "lies outside the folder"),
        (f"bai/khong-co.html\t{URL}\tx\t\tarticle\tx", "bai/khong-co.html is missing"),
        (f"bai/2.html\t{URL}\tx\t\tarticle\tx", "is there twice"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_by_name(folder: Path, row: str, said: str) -> None:
    (folder.parent / "bi-mat.html").write_text("x")
    table = folder / "pages.tsv"
    table.write_text(table.read_text("utf-8") + row + "\n", "utf-8")
    with pytest.raises(ReplayError, match=said):
        SavedPages(folder)


def test_a_link_out_of_the_folder_is_refused(folder: Path) -> None:
    (folder.parent / "bi-mat.html").write_text("x")
    (folder / "bai" / "1.html").unlink()
    (folder / "bai" / "1.html").symlink_to(folder.parent / "bi-mat.html")
    with pytest.raises(ReplayError, match="lies outside the folder"):
        SavedPages(folder)


@pytest.mark.parametrize("table", ["", HEAD, "file\turl\n", "\x00"])
def test_a_table_without_articles_or_columns_is_refused(tmp_path: Path, table: str) -> None:
    (tmp_path / "pages.tsv").write_text(table, encoding="utf-8")
    with pytest.raises(ReplayError):
        SavedPages(tmp_path)


def test_a_crawl_with_a_bad_folder_fails_before_it_starts(crawler: Crawler, tmp_path: Path) -> None:
    with pytest.raises(ReplayError):
        crawler.pages([PageJob("mau", URL, 1)], CrawlOptions(replay=tmp_path))


@pytest.mark.skipif(not SAVED.is_dir(), reason="the saved pages of real papers are not on this machine")
def test_every_saved_article_of_the_real_papers_is_read(crawler: Crawler) -> None:
    sources = load_sources()
    jobs = replay_jobs(SAVED, sources)
    outcomes = crawler.pages(list(jobs), CrawlOptions(replay=SAVED), sources)
    assert len(jobs) == 21
    assert [outcome.error for outcome in outcomes if outcome.article is None] == []
    assert {"vnexpress", "tuoitre", "dantri"} <= {job.outlet for job in jobs}
