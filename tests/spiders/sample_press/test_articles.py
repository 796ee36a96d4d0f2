"""The sample articles are many enough, varied enough, restrained, and labelled with codes that exist."""

import unicodedata
from collections import Counter
from datetime import datetime, timedelta

import pytest

from models.clock import VIET_NAM
from models.records import AGES, KINDS, RELATIONS, SETTINGS, SEXES, STAGES, TYPES
from spiders.sample_press import SampleArticle, load_articles
from tests.spiders.conftest import DAY

ARTICLES = list(load_articles().values())
CODES = {"kind": KINDS, "setting": SETTINGS, "stage": STAGES, "age": AGES, "sex": SEXES, "relation": RELATIONS}
LATER = datetime(2027, 1, 1, tzinfo=VIET_NAM)


def test_there_are_enough_of_each_sort() -> None:
    relevant = [article for article in ARTICLES if article.labels["flag"] == 1]
    hard = [article for article in ARTICLES if article.labels["flag"] == 0 and article.labels["kind"] != "khac"]
    assert len(ARTICLES) >= 44
    assert len(relevant) >= 12
    assert len(hard) >= 11
    assert {kind for article in relevant for kind in article.labels["types"]} == set(TYPES)
    assert {article.labels["kind"] for article in ARTICLES} == set(KINDS)
    assert {article.day for article in ARTICLES} == {-2, -1, 0}


@pytest.mark.parametrize("article", ARTICLES, ids=lambda article: article.id)
def test_an_article_is_complete(article: SampleArticle) -> None:
    text = article.text
    assert 3 <= len(text.body) <= 10
    assert len(text.title.split()) >= 6
    assert len(text.sapo.split()) >= 8
    for part in (text.title, text.sapo, *text.body):
        assert unicodedata.is_normalized("NFC", part)
        assert part == " ".join(part.split())
    for name, codes in CODES.items():
        assert article.labels.get(name, codes[0]) in codes
    assert set(article.labels.get("types", ())) <= set(TYPES)
    for quote in article.labels.get("exposes", ()):
        assert any(quote in part for part in (text.title, text.sapo, *text.body))


def test_events_are_told_by_several_papers_and_followed_up() -> None:
    stories = Counter(article.story for article in ARTICLES if article.story)
    assert sum(count > 1 for count in stories.values()) >= 3
    assert max(len(article.outlets) for article in ARTICLES) == 3
    assert any(article.labels.get("exposes") for article in ARTICLES)


def test_nothing_is_dated_in_the_future() -> None:
    noon = datetime.combine(DAY, datetime.min.time(), VIET_NAM) + timedelta(hours=12)
    for article in ARTICLES:
        assert article.published(DAY, noon) <= noon
        assert article.published(DAY, LATER).date() == DAY + timedelta(days=article.day)
