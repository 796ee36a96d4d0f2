"""The crawler reads the sample press over HTTP as it reads any paper, and finds what was written."""

from spiders.crawl import CrawlOptions
from spiders.jobs import ListJob, ListKind, PageJob
from spiders.sample_press import SamplePress
from spiders.sample_press.render import text_of
from tests.spiders.conftest import Crawler


def list_jobs(press: SamplePress) -> list[ListJob]:
    jobs = []
    for source in press.sources.values():
        chain: list[tuple[ListKind, tuple[str, ...]]] = [
            ("feed", source.feeds),
            ("sitemap", source.sitemaps),
            ("listing", source.sections),
        ]
        jobs += [ListJob(source.id, url, kind) for kind, urls in chain for url in urls]
    return jobs


def test_the_lists_lead_to_every_article_and_each_page_says_what_was_written(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    sources, written, clock = press.sources, press.papers.urls(), press.papers.clock
    lists = crawler.lists(list_jobs(press), options, sources)
    found = {entry.url: outcome.job.outlet for outcome in lists for entry in outcome.entries}
    outcomes = crawler.pages([PageJob(name, url, 0) for url, name in found.items()], options, sources)
    read = {outcome.final_url: outcome.article for outcome in outcomes if outcome.article is not None}
    assert len(written) >= 44
    for url, article in written.items():
        if article.fault == "forbidden":
            assert url not in read
            continue
        page, text = read[url], text_of(article, clock)
        assert (page.title, page.sapo, page.body) == (text.title, text.sapo, "\n".join(text.body))
        assert page.published == (None if article.dateless else clock.published(article))
    bad = sorted(outcome.health for outcome in outcomes if outcome.health != "ok")
    assert bad == ["gone", "refused"]


def test_five_papers_of_different_mark_up_are_well_except_for_one_dead_feed(
    crawler: Crawler, press: SamplePress, options: CrawlOptions
) -> None:
    outcomes = crawler.lists(list_jobs(press), options, press.sources)
    bad = [outcome for outcome in outcomes if outcome.health != "ok"]
    assert len(press.sources) == 5
    assert {outcome.job.kind for outcome in outcomes} == {"feed", "sitemap", "listing"}
    assert [(outcome.job.outlet, outcome.health) for outcome in bad] == [("van_son", "gone")]


def test_each_edition_shows_more_and_the_last_one_takes_one_back(press: SamplePress) -> None:
    sizes = []
    for edition in range(4):
        press.edition = edition
        sizes.append(press.papers.urls().keys())
    assert sizes[0] < sizes[1] < sizes[2]
    assert len(sizes[3] - sizes[2]) == 1
    assert len(sizes[2] - sizes[3]) == 1


def test_the_agency_story_stands_in_three_papers_word_for_word(press: SamplePress) -> None:
    urls = [url for url, article in press.papers.urls().items() if len(article.outlets) == 3]
    assert len(urls) == 3
    assert len({article.text for article in press.papers.urls().values() if len(article.outlets) == 3}) == 1


def test_every_page_says_that_it_is_a_sample(press: SamplePress) -> None:
    for url, article in press.papers.urls().items():
        if article.charset == "utf-8" and article.encoding_form == "NFC":
            path = url.removeprefix(press.base)
            body = (press.papers.answer(path, 1)).body.decode()
            assert "đều là hư cấu" in body


def test_only_this_machine_can_reach_the_press(press: SamplePress) -> None:
    assert press.base.startswith("http://127.0.0.1:")
    assert press.hosts == {press.base.removeprefix("http://")}
